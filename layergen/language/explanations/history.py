"""Changes against what was generated before: what each code means."""

from __future__ import annotations

from layergen.language.explanations.base import explain, spec

HISTORY = (
    explain(
        "LG801",
        "a change that breaks files saved from trained models",
        "A saved file holds the layer's variables in the order of their creation, and "
        "those of sublayers by the sublayers' names. Against `layergen.lock` a weight, a "
        "state or a sublayer is new, gone, renamed, reshaped, retyped or reordered, so "
        "that what was trained would not load, or into the wrong places. Where that is "
        "meant, `layergen generate --accept-weights-change`. The bad example is the good "
        "one, changed after it was generated.",
        spec("weights:\n  scale: [features, features]", "forward: x @ scale"),
    ),
)
