"""The rules, grouped by what they look at; importing this registers all of them."""

from layergen.lint.registry import RULES
from layergen.lint.rules import (  # noqa: F401
    axes,
    configs,
    construction,
    containers,
    effects,
    flat,
    gradients,
    initializers,
    kept,
    loading,
    masks,
    randomness,
    retired,
    states,
    sublayers,
    tensors,
    training,
    weights,
)

__all__ = ["RULES"]
