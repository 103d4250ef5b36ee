"""The spec's functions that are handed on by their names, and so get what they take alone.

What a function reads beside its parameters is passed to it by those that call it. Keras
calls the activation, and what `ops.map` and its like are given: nobody passes it more.
"""

from __future__ import annotations

import ast

from layergen.language.model import Function
from layergen.layer.facts import Facts
from layergen.layer.once import once
from layergen.source.code import Code


def codes(function: Function) -> tuple[Code, ...]:
    """The pieces of code of a function."""
    own = function.gradient.code if function.gradient else None
    return (function.forward, own) if own else (function.forward,)


@once
def bare_functions(facts: Facts) -> frozenset[str]:
    """The functions that are handed on, and those that they call."""
    spec, functions = facts.spec, facts.functions
    found: set[str] = set()
    todo = [spec.activation] if spec.activation in functions else []
    pieces = [spec.forward, *(c for one in spec.functions for c in codes(one))]
    if spec.gradient and spec.gradient.code:
        pieces.append(spec.gradient.code)
    todo += [name for code in pieces for name in _handed_on(code) & functions.keys()]
    while todo:
        name = str(todo.pop())
        if name not in found:
            found.add(name)
            read = {
                one.id for code in codes(functions[name]) for one in code.names.free
            }
            todo += read & functions.keys() - {*functions[name].args}
    return frozenset(found)


def _handed_on(code: Code) -> set[str]:
    """The names from outside that code reads, but not to call what they stand for."""
    called = {node.func for node in code.nodes if isinstance(node, ast.Call)}
    return {name.id for name in code.names.free if name not in called}
