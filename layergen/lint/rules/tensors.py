"""Python used where only operations on tensors work, in `call`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.facts import LayerClass, Module
from layergen.lint.registry import Finding, module_rule, rule

_LARGE = 65504.0
_WHOLE = "use `ops` on the whole axis, `keras.layers.RNN`, or `ops.scan`"


def _found(module: Module, way: str, message: str, hint: str) -> Iterator[Finding]:
    for one in module.misuses:
        if one.way == way:
            yield Finding(one.node, message.format(one.shown), hint)


@module_rule("LG740")
def static_batch(module: Module) -> Iterator[Finding]:
    """The size of the batch is None while a model is built and in graphs that serve any
    batch."""
    message = "`{}` holds the size of the batch, which is None in a graph"
    yield from _found(
        module, "batch", message, "use `ops.shape(x)`, or -1 in `reshape`"
    )


@module_rule("LG741")
def loop(module: Module) -> Iterator[Finding]:
    """A graph's tensor cannot be gone over by Python, which does not know its size."""
    yield from _found(module, "loop", "a Python loop over `{}`", _WHOLE)


@module_rule("LGW74")
def unrolled(module: Module) -> Iterator[Finding]:
    """The loop becomes as many operations as the axis is long, compiles as slowly, and
    breaks where the size is unknown."""
    message = "a Python loop over an axis, `{}`, is unrolled in the graph"
    yield from _found(module, "unrolled", message, _WHOLE)


@module_rule("LG742")
def items(module: Module) -> Iterator[Finding]:
    """Tensors cannot be changed in place."""
    hint = "build it whole: `ops.where`, `ops.concatenate`, `ops.slice_update`"
    yield from _found(module, "items", "assigning to items of the tensor `{}`", hint)


@module_rule("LG743")
def truth(module: Module) -> Iterator[Finding]:
    """A tensor's value is not known while the graph is made, so that Python cannot
    decide by it."""
    hint = "`ops.where`, or `ops.cond`; `is not None` for what may be left out"
    yield from _found(module, "truth", "Python decides by the tensor `{}`", hint)


@module_rule("LG744")
def numpy(module: Module) -> Iterator[Finding]:
    """NumPy takes a tensor out of the graph: no gradient, no compiling."""
    yield from _found(
        module, "numpy", "`{}` takes a tensor out of the graph", "use `ops`"
    )


@module_rule("LG745")
def number(module: Module) -> Iterator[Finding]:
    """A tensor's value is not known while the graph is made."""
    message = "`{}` needs the value of a tensor, which a graph has not"
    yield from _found(module, "number", message, "use `ops`")


@rule("LG746")
def no_result(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A `call` without `return` returns None, which no other layer takes."""
    call = layer.own.get("call")
    if call is None:
        return
    nodes = [site.node for site in call.sites]
    ends = (ast.Return, ast.Yield, ast.Raise)
    computes = any(isinstance(node, ast.Assign) for node in nodes)
    if computes and not any(isinstance(node, ends) for node in nodes):
        yield Finding(call.node, "`call` returns nothing", "`return` the result")


@rule("LGW71")
def large_mask(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """float16 ends at 65504: a larger number becomes infinite, and the softmax of masked
    scores, or zero times infinity, is not a number."""
    for name in sorted(layer.only_in_call & layer.own.keys()):
        for site in layer.own[name].sites:
            for number in _added(site.node):
                yield Finding(
                    number,
                    f"`{module.source.written(number)}` is infinite in float16",
                    "take a number that the compute dtype holds, such as -1e4",
                )


def _added(node: ast.AST) -> Iterator[ast.expr]:
    """Large numbers that are added, subtracted, multiplied or chosen."""
    match node:
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub() | ast.Mult()):
            yield from (one for one in (left, right) if _is_large(one, node))
        case ast.AugAssign(value=value, op=ast.Add() | ast.Sub()) if _is_large(
            value, node
        ):
            yield value
        case ast.Call(func=ast.Attribute(attr="where"), args=[_, one, two]):
            yield from (value for value in (one, two) if _is_large(value, node))
        case ast.Call(
            func=ast.Attribute(attr="ones_like" | "full_like"), args=[_, one]
        ):
            if _is_large(one, node):
                yield one


def _is_large(value: ast.expr, inside: ast.AST) -> bool:
    """Whether a value is a number that stands for minus infinity."""
    negative = isinstance(getattr(inside, "op", None), ast.Sub)
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        negative, value = True, value.operand
    match value:
        case ast.Constant(value=int() | float() as number):
            return negative and _LARGE < number < float("inf")
    return False
