"""Spec code as expressions and as bodies of functions and methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from layergen.source.code import Code, Size
from layergen.source.lexing import code_span
from layergen.source.rewrite import (
    Bind,
    Extra,
    Gather,
    Instead,
    Source,
    no_extra,
    source_of,
)
from layergen.source.written import Written


def unchanged(code: Code) -> Written:
    """Code as it stands."""
    return Written(code.text, reads=[node.id for node in code.names.free])


def expression(
    code: Code,
    bind: Bind,
    extra: Extra = no_extra,
    around: Mapping[ast.expr, tuple[str, str]] | None = None,
) -> Written:
    """An expression with its names bound; `extra` and `around` are those of `Source`."""
    source = replace(source_of(code, bind, dict(around or {})), extra=extra)
    return source.enclosed(code.expression)


def sized(size: Size, bind: Bind) -> Written:
    """A dimension with its names bound."""
    return expression(Code(size.text, ()), bind)


def numpy_body(code: Code, bind: Bind, gather: Gather | None = None) -> Written:
    """Code as the body of a function of NumPy arrays: `@` stays."""
    source = replace(source_of(code, bind, {}), matmul="")
    return _returned(code, replace(source, gathered=_tuples(code), gather=gather))


def edited(
    code: Code,
    around: Mapping[ast.expr, tuple[str, str]],
    extra: Extra,
    instead: Mapping[ast.AST, Instead],
) -> Code:
    """Code with text around expressions, with arguments added to calls, and with what is
    written `instead` of nodes."""
    source = source_of(code, str, dict(around))
    source = replace(source, extra=extra, matmul="", instead=instead)
    return Code(str(source.whole(code.body)), code.lines)


def of_tensors(code: Code) -> Code:
    """Code with a function for `@`, which an array has with no tensor of PyTorch's."""
    return Code(str(source_of(code, str, {}).whole(code.body)), code.lines)


def function_body(
    code: Code,
    bind: Bind,
    wrap: str = "{}",
    extra: Extra = no_extra,
    states: Mapping[str, bool] | None = None,
    around: Mapping[ast.expr, tuple[str, str]] | None = None,
    logical: frozenset[str] = frozenset(),
    apart: Mapping[ast.AST, str] | None = None,
    instead: Mapping[ast.AST, Instead] | None = None,
    gather: Gather | None = None,
    flat: frozenset[str] = frozenset(),
) -> Written:
    """Code as the body of a function, which returns each value as `wrap` formats it, and of
    several what `gather` makes of them.

    `extra`, `states`, `around`, `logical`, `apart`, `instead` and `flat` are those of
    `Source`.
    """
    before, after = wrap.split("{}")
    outside = dict(around or {})
    for value in _values(code):
        inside = outside.get(value, ("", ""))
        outside[value] = (
            Written(before + inside[0], wrap, inside),
            inside[1] + after,
        )
    source = source_of(code, bind, outside)
    source = replace(
        source,
        extra=extra,
        states=states or {},
        logical=logical,
        apart=apart or {},
        instead=instead or {},
        gathered=_tuples(code),
        gather=gather,
        flat=flat,
    )
    return _returned(code, source)


def _returned(code: Code, source: Source) -> Written:
    text = source.whole(code.body)
    if not code.is_expression:
        return text
    start, _ = code_span(text)
    return Written(f"{text[:start]}return {text[start:]}", text)


def _values(code: Code) -> list[ast.expr]:
    """The values that code returns."""
    return [code.expression] if code.is_expression else [*returned(code.body)]


def _tuples(code: Code) -> frozenset[ast.Tuple]:
    return frozenset(one for one in _values(code) if isinstance(one, ast.Tuple))


def returned(body: list[ast.stmt]) -> Iterator[ast.expr]:
    """The values that the code itself returns, not those of functions inside it."""
    for statement in body:
        if isinstance(statement, ast.Return) and statement.value:
            yield statement.value
        elif not isinstance(statement, ast.FunctionDef):
            blocks = [getattr(statement, name, []) for name in ("body", "orelse")]
            yield from returned([inner for block in blocks for inner in block])
