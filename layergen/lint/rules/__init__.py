"""The rules, grouped by what they look at; importing this registers all of them."""

from layergen.lint.registry import RULES
from layergen.lint.rules import (  # noqa: F401
    axes,
    configs,
    construction,
    gradients,
    masks,
    retired,
    states,
    sublayers,
    tensors,
    weights,
)

__all__ = ["RULES"]
