"""Randomness: the layer's own seed generator, handed to what forward draws."""

from __future__ import annotations

import ast

from layergen.layer.facts import Facts

# Draws of floats, which take the compute dtype, and of everything else.
FLOAT_DRAWS = frozenset("beta binomial gamma normal truncated_normal uniform".split())
OTHER_DRAWS = frozenset("categorical dropout randint shuffle".split())


def is_random(facts: Facts) -> bool:
    """Whether forward draws random numbers."""
    return "random" in facts.reads(facts.spec.forward)


def draw_arguments(call: ast.Call) -> tuple[str, ...]:
    """What a call of `random` is given beyond what the spec says."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="random"), attr=name) if (
            name in FLOAT_DRAWS | OTHER_DRAWS
        ):
            given = {keyword.arg for keyword in call.keywords}
            position = {"normal": 4, "truncated_normal": 4, "uniform": 4}.get(name, 4)
            dtyped = "dtype" in given or len(call.args) >= position
            dtype = (
                ("dtype=self.compute_dtype",)
                if name in FLOAT_DRAWS and not dtyped
                else ()
            )
            seed = () if "seed" in given else ("seed=self.seed_generator",)
            return (*dtype, *seed)
    return ()
