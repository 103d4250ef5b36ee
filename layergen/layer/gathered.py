"""Several outputs as `call` returns them: in a tuple, a list or a dict."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from layergen.language.lookup import Lookup
from layergen.language.model import Arg, Output
from layergen.source.bodies import expression
from layergen.source.literals import literal
from layergen.source.rewrite import Bind, Gather
from layergen.source.written import Written

LOOSE = (ast.IfExp, ast.Lambda, ast.NamedExpr)


def gather(lookup: Lookup, bind: Bind, kind: str = "") -> Gather | None:
    """How the values that `forward` returns are put together, None where they stay as
    they are. `kind` is that of the structure, by default what the spec says."""
    kind = kind or lookup.spec.outputs_as
    outputs = lookup.outputs or ()
    if len(outputs) < 2 or (kind == "tuple" and not lookup.spec.leaves_out):
        return None

    def together(parts: Sequence[str]) -> Written:
        whole = _structure(kind, outputs, parts)
        condition = lookup.spec.leaves_out
        if condition is None:
            return whole
        kept = [pair for pair in zip(outputs, parts, strict=True) if not pair[0].when]
        fewer = _structure(kind, [o for o, _ in kept], [part for _, part in kept])
        text = expression(condition, bind)
        text = _enclosed(text) if _is_loose(condition.expression) else text
        if kind == "tuple":
            whole = _enclosed(whole)
            fewer = _enclosed(fewer) if len(kept) > 1 else fewer
        chosen = Written(f"{whole} if {text} else {fewer}", whole, text, fewer)
        # Parentheses may have held the lines of a value together.
        return _enclosed(chosen) if "\n" in chosen else chosen

    return together


def deciding(lookup: Lookup) -> list[Arg]:
    """The arguments of `call` that decide which outputs there are."""
    condition = lookup.spec.leaves_out
    read = lookup.reads(condition) if condition else set()
    return [arg for arg in lookup.spec.call_args if arg.name in read]


def _structure(kind: str, outputs: Sequence[Output], parts: Sequence[str]) -> Written:
    """Some values in one structure; of a tuple, one alone as it is."""
    listed = ", ".join(parts)
    if kind == "dict":
        pairs = zip(outputs, parts, strict=True)
        listed = ", ".join(f"{literal(one.name)}: {part}" for one, part in pairs)
    texts = {"tuple": listed, "list": f"[{listed}]", "dict": f"{{{listed}}}"}
    return Written(texts[kind], [*parts])


def _enclosed(text: Written) -> Written:
    return Written(f"({text})", text)


def _is_loose(node: ast.expr) -> bool:
    return isinstance(node, LOOSE)
