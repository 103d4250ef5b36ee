"""What is kept from call to call, and functions kept on a layer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.names import READ_ONLY
from layergen.lint.facts import Assignment, LayerClass, Module
from layergen.lint.registry import Finding, rule

_STATE = "make a weight with `trainable=False` in `build`, and `assign` to it"


@rule("LG713")
def python_state(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """In a graph, Python in `call` runs once, when it is traced: an attribute keeps a
    symbolic tensor of that graph, or stands still."""
    for made in layer.assignments:
        if made.method in layer.only_in_call and _is_state(made):
            if made.attribute in layer.weight_attributes:
                message = f"the weight `{made.attribute}` is replaced by a tensor"
                hint = f"`self.{made.attribute}.assign(...)`"
            else:
                message = f"`{made.attribute}` is kept as a Python attribute in `call`"
                hint = _STATE
            yield Finding(made.site.node, message, hint)


def _is_state(made: Assignment) -> bool:
    if isinstance(made.value, ast.Constant) and not made.augmented:
        return False
    # What makes weights, layers and lambdas there has codes of its own.
    return made.attribute not in READ_ONLY and not isinstance(made.value, ast.Lambda)


@rule("LGW73")
def lambda_attribute(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A lambda can be neither saved nor copied into another process; a config that is to
    hold it fails."""
    for made in layer.assignments:
        if isinstance(made.value, ast.Lambda):
            yield Finding(
                made.value,
                f"`{made.attribute}` is a lambda, which no config can hold",
                "write a method, or a registered function",
            )
