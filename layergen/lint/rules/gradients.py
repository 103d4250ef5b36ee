"""Functions with a gradient of their own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.facts import Gradient, LayerClass, Method, Module
from layergen.lint.registry import Finding, module_rule
from layergen.lint.walk import attribute_of

_KERAS = "keras.ops.custom_gradient"


@module_rule("LG730")
def given_a_variable(module: Module) -> Iterator[Finding]:
    """A custom gradient is of tensors: given a variable that is trained, it fails in eager
    mode."""
    for layer, method, call in _calls(module):
        for one in call.args:
            if attribute_of(one, method.this) in layer.trained_attributes:
                shown = ast.unparse(one)
                yield Finding(
                    one,
                    f"the custom gradient `{ast.unparse(call.func)}` is given the "
                    f"variable `{shown}`",
                    f"`ops.cast({shown}, self.compute_dtype)`",
                )


@module_rule("LG731")
def closes_over_a_weight(module: Module) -> Iterator[Finding]:
    """A weight that a custom gradient uses and is not given gets no gradient, or that of
    another argument."""
    for gradient in module.gradients:
        if gradient.owner is not None:
            layer, method = gradient.owner
            for node in ast.walk(gradient.node):
                if attribute_of(node, method.this) in layer.trained_attributes:
                    yield Finding(
                        node,
                        f"the custom gradient `{gradient.node.name}` closes over the "
                        f"weight `{ast.unparse(node)}`",
                        "make it an argument of the function",
                    )


@module_rule("LG732")
def by_keyword(module: Module) -> Iterator[Finding]:
    """A keyword argument makes eager mode drop the custom gradient, and says nothing."""
    for _, _, call in _calls(module):
        for one in call.keywords:
            if one.arg is not None:
                yield Finding(
                    one,
                    f"the custom gradient `{ast.unparse(call.func)}` is given "
                    f"`{one.arg}` by keyword",
                    "pass tensors by position, and let constants be closed over",
                )


def _calls(module: Module) -> Iterator[tuple[LayerClass, Method, ast.Call]]:
    """The calls in layers of functions that have custom gradients."""
    for layer in module.layers:
        for method in layer.own.values():
            known = {
                one.node.name
                for one in module.gradients
                if one.owner is None or one.owner[1] is method
            }
            for call in method.calls():
                if isinstance(call.func, ast.Name) and call.func.id in known:
                    yield layer, method, call


@module_rule("LG733")
def signature(module: Module) -> Iterator[Finding]:
    """TensorFlow and JAX call the inner function with the upstream gradient by position,
    PyTorch by keyword after the arguments."""
    for gradient in module.gradients:
        if gradient.maker == _KERAS and (grad := gradient.grad) is not None:
            only = dict(zip(grad.args.kwonlyargs, grad.args.kw_defaults, strict=True))
            upstream = [one for one in only if one.arg == "upstream"]
            if grad.args.vararg and upstream and only[upstream[0]] is not None:
                continue
            yield Finding(
                grad,
                f"not every backend can call `{grad.name}`, the gradient of "
                f"`{gradient.node.name}`",
                f"`def {grad.name}(*args, upstream=None):`, and take it from either",
            )


@module_rule("LG734")
def number_of_gradients(module: Module) -> Iterator[Finding]:
    """The inner function returns one gradient for each argument of the function."""
    for gradient in module.gradients:
        numbers = _arguments(gradient)
        if numbers is None or gradient.grad is None:
            continue
        for node in _returns(gradient.grad):
            given = _count(node.value)
            if given is not None and given not in numbers:
                arguments = numbers[0] if given < numbers[0] else numbers[-1]
                yield Finding(
                    node,
                    f"`{gradient.node.name}` has {arguments} "
                    f"argument{'s' * (arguments != 1)}, and {given} "
                    f"gradient{'s' * (given != 1)}",
                    "return one gradient for each argument, in their order",
                )


def _arguments(gradient: Gradient) -> range | None:
    """How many tensors a function may be given, if that is known."""
    args = gradient.node.args
    grad = gradient.grad
    if args.vararg or args.kwarg or args.kwonlyargs:
        return None
    if grad is not None and any(a.arg == "variables" for a in _all(grad.args)):
        return None
    most = len(args.posonlyargs) + len(args.args)
    return range(most - len(args.defaults), most + 1)


def _all(args: ast.arguments) -> list[ast.arg]:
    return [*args.posonlyargs, *args.args, *args.kwonlyargs]


def _returns(function: ast.FunctionDef) -> Iterator[ast.Return]:
    """The returns of a function itself."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Return):
            yield node
        elif not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            waiting += ast.iter_child_nodes(node)


def _count(value: ast.expr | None) -> int | None:
    """How many gradients an expression surely is."""
    match value:
        case ast.Tuple(elts=items) | ast.List(elts=items):
            starred = any(isinstance(one, ast.Starred) for one in items)
            return None if starred else len(items)
        case ast.BinOp(left=left, right=right, op=ast.Mult() | ast.Div() | ast.Sub()):
            return (
                None if isinstance(left, ast.List) or isinstance(right, ast.List) else 1
            )
        case ast.UnaryOp():
            return 1
    return None
