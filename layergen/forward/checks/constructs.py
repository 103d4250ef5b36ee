"""Statements that spec code does without, and how a block must end."""

from __future__ import annotations

import ast

from layergen.language.context import Context
from layergen.language.readers.code import check_compiles
from layergen.source.code import Code
from layergen.source.walk import children

Refusal = tuple[str, str]
PURE = "spec code only computes"
REFUSED: dict[type[ast.AST], Refusal] = {
    ast.Global: ("`global`", PURE),
    ast.Nonlocal: ("`nonlocal`", PURE),
    ast.Import: ("`import`", "put import statements under `imports`"),
    ast.ImportFrom: ("`import`", "put import statements under `imports`"),
    ast.ClassDef: ("`class`", "use local functions"),
    ast.Delete: ("`del`", "leave it out"),
    ast.Yield: ("`yield`", "return the result"),
    ast.YieldFrom: ("`yield`", "return the result"),
    ast.Await: ("`await`", PURE),
    ast.AsyncFor: ("`async`", PURE),
    ast.AsyncWith: ("`async`", PURE),
    ast.AsyncFunctionDef: ("`async`", PURE),
    ast.Try: ("`try`", "test the condition first, or state it under `require`"),
    ast.TryStar: ("`try`", "test the condition first, or state it under `require`"),
    ast.With: ("`with`", PURE),
    ast.Raise: ("`raise`", "state the condition under `require`"),
    ast.Assert: ("`assert`", "state the condition under `require`"),
    ast.Match: ("`match`", "use `if`"),
}
IN_REFERENCE = (ast.With,)


def check_statements(code: Code, what: str, context: Context) -> None:
    """Report what has no place in spec code."""
    before = len(context.problems.found)
    for node in code.nodes:
        refusal = REFUSED.get(type(node))
        if what == "`reference`" and isinstance(node, IN_REFERENCE):
            continue
        if refusal:
            message = f"{refusal[0]} has no place in {what}"
            context.add("LG409", code.place(node), message, refusal[1])
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            message = f"{what} assigns to the attribute `{node.attr}`"
            context.add("LG409", code.place(node), message, "use a local variable")
        elif isinstance(node, ast.comprehension) and node.is_async:
            message = f"`async` has no place in {what}"
            context.add("LG409", code.place(node.target), message, PURE)
    if len(context.problems.found) == before:
        check_compiles(code, what, context)


def check_returns(code: Code, what: str, context: Context) -> None:
    """Report a block that may end without a value."""
    if code.is_expression:
        return
    for statement in returns(code.body):
        if statement.value is None:
            message = f"this `return` of {what} gives nothing"
            context.add("LG411", code.place(statement), message)
    if not _ends(code.body):
        last = code.body[-1]
        hint = "write `return` and the result as the last line"
        if isinstance(last, ast.If):
            hint = "write a `return` in every branch, or after the `if`"
        message = f"{what} is a block that does not end in `return`"
        context.add("LG411", code.place(last), message, hint)


def returns(body: list[ast.stmt]) -> list[ast.Return]:
    """The `return` statements of a body, those of inner functions left out."""
    found: list[ast.Return] = []
    todo: list[ast.AST] = list(reversed(body))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Return):
            found.append(node)
        elif not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.expr)):
            todo += reversed(children(node))
    return found


def targets(target: ast.expr) -> list[ast.Name]:
    """The names that an assignment to `target` binds."""
    match target:
        case ast.Name():
            return [target]
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return [name for item in items for name in targets(item)]
        case ast.Starred(value=inner):
            return targets(inner)
    return []


def _ends(body: list[ast.stmt]) -> bool:
    match body[-1] if body else None:
        case ast.Return():
            return True
        case ast.If(body=then, orelse=other):
            return _ends(then) and _ends(other)
        case ast.With(body=inner):
            return _ends(inner)
        case ast.Raise():
            return True
    return False
