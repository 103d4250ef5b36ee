"""The weights that no built-in layer can hold as a spec has them, as problems."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.functional.builtin import WeightLayer
from layergen.functional.lowering import Lowering
from layergen.layer.facts import Facts
from layergen.problems import Place

CLASS = "use `style: class`"

Found = tuple[Place, str, str, str]
"""Where a problem is, its code, what it is and what to do instead."""


def weight_refusals(
    facts: Facts, lowering: Lowering, layers: tuple[WeightLayer, ...]
) -> Iterator[Found]:
    """The weights that no layer can hold as the spec has them."""
    spec, taken = facts.spec, lowering.taken
    named = [
        (code, node)
        for code in (spec.forward, *(f.forward for f in spec.functions))
        for node in code.names.free
        if node.id in facts.weights
    ]
    for code, node in named:
        if node not in taken:
            yield (
                code.place(node),
                "LG601",
                f"no built-in layer uses `{node.id}` as it is used here",
                "use it as in `x @ w`, `ops.einsum(equation, x, w)` or "
                "`ops.take(w, x, axis=0)`, or add it right there as the bias, or "
                f"{CLASS}",
            )
    for weight in spec.weights:
        if weight.name not in {node.id for _, node in named}:
            text = f"`{weight.name}` belongs to no layer: `forward` does not use it"
            yield weight.place, "LG601", text, "leave it out"
        elif weight.dtype:
            text = f"`{weight.name}` can have no dtype of its own"
            yield weight.place, "LG601", text, f"leave its dtype out, or {CLASS}"
    yield from _disagreements(facts, layers)


def _disagreements(facts: Facts, layers: tuple[WeightLayer, ...]) -> Iterator[Found]:
    forward = facts.spec.forward
    biases: set[str] = set()
    for layer in layers:
        name = layer.weight.name
        for use in layer.uses[1:]:
            if use.made != layer.use.made:
                text = f"`{name}` is used here in another way than before"
                hint = f"use it in the same way, the bias included, or {CLASS}"
                yield forward.place(use.node), "LG601", text, hint
        if layer.bias is None:
            continue
        if layer.bias.trainable != layer.weight.trainable:
            text = f"`{name}` and `{layer.bias.name}` are trainable or not together"
            yield layer.bias.place, "LG601", text, f"say the same of both, or {CLASS}"
        if layer.bias.name in biases:
            text = f"`{layer.bias.name}` is the bias of two layers"
            yield forward.place(layer.use.node), "LG601", text, f"use two, or {CLASS}"
        biases.add(layer.bias.name)
