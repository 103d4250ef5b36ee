"""Masks of padded steps."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.facts import LayerClass, Method, Module
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


@rule("LG751")
def kept(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras keeps the mask of a tensor that has one: where `call` returns the very tensor
    that it was given, the mask that `compute_mask` makes is not taken."""
    call, mask = layer.own.get("call"), layer.own.get("compute_mask")
    if call is None or mask is None or not call.parameters:
        return
    given = call.parameters[0].name
    stored = [site.node for site in call.sites if _is_stored(site.node, given)]
    if stored or _hands_on(mask):
        return
    for site in call.sites:
        match site.node:
            case ast.Return(value=ast.Name(id=name) as result) if name == given:
                yield Finding(
                    result,
                    f"`call` of `{layer.name}` returns its input itself, which keeps "
                    "the mask that it has",
                    f"`ops.copy({given})`",
                )


def _is_stored(node: ast.AST, name: str) -> bool:
    stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    return stored and isinstance(node, ast.Name) and node.id == name


def _hands_on(method: Method) -> bool:
    """Whether a `compute_mask` returns the mask that it is given, and nothing else."""
    masks = {one.name for one in method.parameters[1:]}
    returned = [s.node.value for s in method.sites if isinstance(s.node, ast.Return)]
    return all(isinstance(one, ast.Name) and one.id in masks for one in returned)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
