"""The rules: each a small function that yields what it finds."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from msgspec import Struct

from layergen.language.collector import clipped
from layergen.lint.facts import LayerClass, Module


class Finding(Struct, frozen=True):
    """A fault at a node, and a way out."""

    node: ast.AST
    message: str
    hint: str = ""


def shown(node: ast.AST) -> str:
    """A node as code, cut where it is long."""
    return clipped(ast.unparse(node))


def given(node: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call."""
    for one in node.args:
        yield one.value if isinstance(one, ast.Starred) else one
    yield from (one.value for one in node.keywords)


Check = Callable[[Module], Iterator[Finding]]
ClassCheck = Callable[[LayerClass, Module], Iterator[Finding]]


class Rule(Struct, frozen=True):
    """What finds the faults of one code; `check` has a docstring that says why."""

    code: str
    check: Check
    why: str


RULES: dict[str, Rule] = {}


def module_rule(code: str) -> Callable[[Check], Check]:
    """Make a function of a module the rule of a code."""

    def register(check: Check) -> Check:
        assert code not in RULES and check.__doc__
        RULES[code] = Rule(code, check, " ".join(check.__doc__.split()))
        return check

    return register


def rule(code: str) -> Callable[[ClassCheck], ClassCheck]:
    """Make a function of a layer class, and its module, the rule of a code."""

    def register(check: ClassCheck) -> ClassCheck:
        def every(module: Module) -> Iterator[Finding]:
            for layer in module.layers:
                yield from check(layer, module)

        every.__doc__ = check.__doc__
        module_rule(code)(every)
        return check

    return register
