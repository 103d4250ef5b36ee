"""Python used where only operations on tensors work, in `call`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.analysed import Analysis
from layergen.lint.facts import LayerClass, Module
from layergen.lint.registry import Finding, given, module_rule, rule, shown

_LARGE = 65504.0
_CASTS = ("builtins.float", "builtins.int", "builtins.bool", "builtins.complex")
# Functions of NumPy that look at no values.
_OF_SHAPES = ("numpy.shape", "numpy.ndim", "numpy.result_type")


@module_rule("LG742")
def items(module: Module) -> Iterator[Finding]:
    """Tensors cannot be changed in place."""
    for analysis, node in module.nodes_at_calls():
        match node:
            case ast.Subscript(value=owner, ctx=ast.Store()):
                if analysis.is_tensor(owner):
                    yield Finding(
                        node,
                        f"assigning to items of the tensor `{shown(owner)}`",
                        "build it whole: `ops.where`, `ops.concatenate`, "
                        "`ops.slice_update`",
                    )


@module_rule("LG743")
def truth(module: Module) -> Iterator[Finding]:
    """A tensor's value is not known while the graph is made, so that Python cannot
    decide by it."""
    hint = "`ops.where`, or `ops.cond`; `is not None` for what may be left out"
    for analysis, node in module.nodes_at_calls():
        for test in _tests(node):
            if _decides_by_tensor(analysis, test):
                message = f"Python decides by the tensor `{shown(test)}`"
                yield Finding(test, message, hint)


def _tests(node: ast.AST) -> Iterator[ast.expr]:
    """What Python takes the truth of at a node."""
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield _last(test)
        case ast.Assert(test=test):
            yield _last(test)
        case ast.comprehension(ifs=tests):
            yield from map(_last, tests)
        case ast.match_case(guard=test) if test:
            yield _last(test)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _last(operand)
        case ast.BoolOp(values=[*others, _]):
            yield from map(_last, others)
        case ast.Compare(ops=[_, _, *_]):
            yield node


def _last(test: ast.expr) -> ast.expr:
    """What is left to decide when the others of `and` and `or` have."""
    while isinstance(test, ast.BoolOp):
        test = test.values[-1]
    return test


def _decides_by_tensor(analysis: Analysis, test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare):
        return analysis.is_tensor(test)
    sides = [test.left, *test.comparators]
    by_value = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
    if any(_is_no_number(one) for one in sides):
        return False
    plain = all(isinstance(one, by_value) for one in test.ops)
    return plain and any(map(analysis.is_tensor, sides))


def _is_no_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str | None)


@module_rule("LG744")
def numpy(module: Module) -> Iterator[Finding]:
    """NumPy takes a tensor out of the graph: no gradient, no compiling."""
    for analysis, node in module.nodes_at_calls():
        if isinstance(node, ast.Call) and _leaves(analysis, node):
            message = f"`{shown(node.func)}` takes a tensor out of the graph"
            yield Finding(node, message, "use `ops`")


def _leaves(analysis: Analysis, node: ast.Call) -> bool:
    """Whether a call makes an array of a tensor."""
    match node.func:
        case ast.Attribute(value=owner, attr="numpy") if analysis.is_tensor(owner):
            return True
    path = analysis.path(node.func)
    tensors = any(map(analysis.is_tensor, given(node)))
    return tensors and path.startswith("numpy.") and path not in _OF_SHAPES


@module_rule("LG745")
def number(module: Module) -> Iterator[Finding]:
    """A tensor's value is not known while the graph is made."""
    for analysis, node in module.nodes_at_calls():
        if not isinstance(node, ast.Call):
            continue
        path, values = analysis.path(node.func), [*given(node)]
        values = values[:1] if path in _CASTS else values
        if path in _CASTS or path.startswith("math."):
            if any(map(analysis.is_tensor, values)):
                message = f"`{shown(node)}` needs the value of a tensor, which a graph has not"
                yield Finding(node, message, "use `ops`")


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
