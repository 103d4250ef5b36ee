"""Calls of what the spec declares: functions, lists of layers, `add_loss`."""

from __future__ import annotations

import ast

from layergen.language.context import Context
from layergen.language.model import Function, Spec
from layergen.source.code import Code


def check_calls(code: Code, spec: Spec, context: Context) -> None:
    functions = {function.name: function for function in spec.functions}
    lists = {layer.name for layer in spec.layers if layer.loop}
    called = set()
    for node in code.nodes:
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in functions:
                _check_function(node, functions[name], code, context)
            case ast.Call(func=ast.Name(id=name)) if name in lists:
                message = f"`{name}` is a list of layers, and is called like one"
                hint = f"as in `for layer in {name}: x = layer(x)`"
                context.add("LG423", code.place(node), message, hint)
            case ast.Call(func=ast.Name(id="add_loss") as func):
                called.add(id(func))
                if len(node.args) != 1 or node.keywords:
                    message = "`add_loss` takes one value"
                    context.add("LG423", code.place(node), message)
            case ast.Name(id="add_loss") if id(node) not in called:
                message = "`add_loss` is called, as in `add_loss(value)`"
                context.add("LG423", code.place(node), message)


def _check_function(
    call: ast.Call, function: Function, code: Code, context: Context
) -> None:
    """A custom gradient takes its tensors by position alone."""
    given = [keyword.arg for keyword in call.keywords]
    if function.gradient and given:
        message = f"`{function.name}` has a gradient, and is given a name with a value"
        hint = "pass every argument by its position"
        context.add("LG423", code.place(call), message, hint)
        return
    if any(isinstance(one, ast.Starred) for one in call.args) or None in given:
        return
    named = set(function.args[len(call.args) :])
    if len(call.args) > len(function.args) or named != set(given):
        takes = ", ".join(function.args)
        message = f"this call does not fit `{function.name}({takes})`"
        context.add("LG423", code.place(call), message)
