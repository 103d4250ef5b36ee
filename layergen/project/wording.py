"""What the battery says of a class, said of the spec that the class came from.

The battery knows layers alone, and tells what to write in one. Of a class that came from a
spec, that is another thing to write, or nothing: what is left out here Keras' class has, and
no spec says.
"""

from __future__ import annotations

import re

from layergen.language.model import Spec

# A part of a mend, and what stands for it; `{x}` is the spec's first input.
MENDS: tuple[tuple[str, str], ...] = (
    (
        "Correct `build` and `call`, or the inputs that the case states.",
        "Correct `forward` and the shapes of `weights`, or give other sizes in `example`.",
    ),
    (
        "Bring both to the policy's dtype there: `ops.cast(value, self.compute_dtype)`, or "
        "`dtype=self.dtype_policy` for the sublayer that it comes from.",
        "Bring both to one dtype there: `ops.cast(value, {x}.dtype)`.",
    ),
    (
        "Cast constants to `self.compute_dtype`, and give every sublayer "
        "`dtype=self.dtype_policy`.",
        "Cast constants to `{x}.dtype`.",
    ),
    (
        ", or say `self.supports_jit = False` in the constructor: models with the layer are "
        "then not compiled by XLA",
        "",
    ),
    ("; else state `gradient=None`", ""),
    ("; or state `gradient=None`", ""),
    ("; else state it in `zero_gradient`", ""),
    (", or state it in `zero_gradient`", ", or leave it out of the spec"),
    ("State it in `zero_gradient` if that is right.", ""),
    ("`self.add_loss(value)`", "`add_loss(value)`"),
    (
        "ake `self.seed_generator = keras.random.SeedGenerator(seed)` in the constructor "
        "and pass `seed=self.seed_generator` to every function of `keras.random`.",
        "ake every draw by `random`, which has the layer's seed.",
    ),
    ("Return a mask for each output from `compute_mask`. ", ""),
    (
        "Set `self.supports_masking = True` in the constructor.",
        "Say `mask: pass`, or what becomes of the mask.",
    ),
    ("Let `compute_mask` return None, where", "Say `mask: stop`, where"),
    ("Override `compute_mask`: it returns None where", "Say `mask: stop`, where"),
    ("Override `compute_mask` to return None.", "Say `mask: stop`."),
    ("Leave `compute_mask` as it is.", "Say `mask: pass`."),
    ("Return the new mask from `compute_mask(self, inputs, mask=None)`.", ""),
    (
        "`build`, `call` and `compute_output_shape` must work without values.",
        "`forward` must work without values.",
    ),
    (
        "keep none, on the layer or what it holds; compute it in `call`, or keep a NumPy array.",
        "compute it in `forward`.",
    ),
    ("or make a weight in `build`.", "or make it one of `weights`."),
    ("`self.compute_dtype`", "`{x}.dtype`"),
    ("`call`", "`forward`"),
)


def of_spec(line: str, spec: Spec) -> str:
    """A line of what the battery says of a layer, in words of the layer's spec."""
    for words, instead in MENDS:
        line = line.replace(words, instead.format(x=spec.inputs[0].name))
    names = {one.name for one in spec.weights} | {one.name for one in spec.states}
    names |= {one.name for one in spec.layers} | {one.name for one in spec.args}
    names |= {one.name for one in spec.derived}

    def bare(found: re.Match[str]) -> str:
        return found[1] if found[1] in names else found[0]

    return re.sub(r"\bself\.(\w+)\b", bare, line)
