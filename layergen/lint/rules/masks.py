"""Masks of padded steps."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.facts import LayerClass, Module
from layergen.lint.registry import Finding, rule


@rule("LG750")
def dropped(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A layer that takes a mask, and says neither that it supports masks nor what
    becomes of one, loses it: Keras warns, and later layers see the padding."""
    call = layer.own.get("call")
    mask = call.parameter("mask") if call else None
    if mask is None or not _is_none(mask.default) or not layer.is_plain:
        return
    if layer.sets("supports_masking") or layer.method("compute_mask"):
        return
    if layer.sets("state_size"):
        return
    yield Finding(
        mask.node,
        f"`{layer.name}` takes a mask, and hands none on",
        "`self.supports_masking = True` in `__init__`; a `compute_mask` where it changes",
    )


@rule("LGW75")
def unused(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A `mask` that `call` never reads masks nothing."""
    call = layer.own.get("call")
    mask = call.parameter("mask") if call else None
    if call is None or mask is None or "mask" in call.names():
        return
    if any(isinstance(s.node, ast.Raise) for s in call.sites):
        return
    yield Finding(
        mask.node,
        f"`call` of `{layer.name}` takes a mask and never uses it",
        "use it, or leave it out: Keras hands a mask on without it",
    )


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
