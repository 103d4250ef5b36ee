"""YAML errors explained: above all, text that YAML cuts because it has no quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable

import yaml

from layergen.language.collector import Collector, clipped
from layergen.language.yaml.nodes import Node, Scalar, is_null
from layergen.problems import Place

QUOTE = "put the text in quotes, or write it as a block (`|`)"
VALUE = re.compile(r"""\s*(?:- )?(?:[^\s"'\[{#][^:]*?|"[^"]*"|'[^']*'):\s+(\S.*)$""")
STARTERS = {
    '"': "a text that begins with a quote ends at the next one",
    "'": "a text that begins with a quote ends at the next one",
    "[": "a text that begins with `[` is a list to YAML",
    "{": "a text that begins with `{` is a mapping to YAML",
    "@": "no YAML text begins with `@`",
    "`": "no YAML text begins with a backtick",
    "%": "no YAML text begins with `%`",
    "*": "a text that begins with `*` is an alias to YAML",
    "&": "a text that begins with `&` is an anchor to YAML",
    "!": "a text that begins with `!` is a tag to YAML",
}


def is_cut(key: Scalar, value: Node) -> bool:
    """Whether an entry of a flow mapping is the rest of a text that held a comma."""
    return (
        is_null(value)
        and isinstance(value, Scalar)
        and value.text == ""
        and value.place == Place(key.place.line, key.place.column + len(key.text))
    )


def explain_cut(
    key: Scalar, before: Iterable[tuple[Scalar, Node]], problems: Collector
) -> None:
    """Record that a text was cut at the comma before `key`."""
    whole = ""
    for name, _ in before:
        whole = name.text
    about = f" after `{clipped(whole)}`" if whole else ""
    problems.add(
        "LG108",
        key.place,
        f"`{clipped(key.text)}`{about} has no value: in braces a comma ends a text",
        "put text that holds `, [ ] { }` in quotes; a key needs `: ` after it",
    )


def explain(error: yaml.MarkedYAMLError, text: str, problems: Collector) -> None:
    """Record a YAML syntax error, with the likely reason."""
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    if mark is None:
        problems.add("LG101", Place(1, 1), f"no valid YAML: {error.problem}")
        return
    place = Place(min(mark.line + 1, len(lines)), mark.column + 1)
    reason = _misread(error, lines[place.line - 1], place.column)
    if reason:
        problems.add("LG108", place, f"YAML misreads this line: {reason}", QUOTE)
        return
    code, message, hint = _plain(error, lines)
    if "could not find expected ':'" in (error.problem or "") and error.context_mark:
        context = error.context_mark
        place = Place(context.line + 1, context.column + 1)
    problems.add(code, place, message, hint)


def _misread(error: yaml.MarkedYAMLError, line: str, column: int) -> str:
    what = error.problem or ""
    found = VALUE.match(line)
    value = found[1] if found else ""
    if "mapping values are not allowed" in what:
        inside = found is not None and found.start(1) < column
        return "`: ` inside a text begins a mapping" if inside else ""
    if "cannot start any token" in what:
        return STARTERS.get(line[column - 1 : column], "")
    if "expected ',' or" in what and line[column - 1 : column] in "[]{}":
        return "in braces and brackets `, [ ] { }` end a text"
    if value and column > 1 and value[0] in STARTERS:
        if "did not find expected" in what or "while scanning" in (error.context or ""):
            return STARTERS[value[0]]
    return ""


def _plain(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[str, str, str]:
    what = error.problem or "no valid YAML"
    context = error.context or ""
    start = error.context_mark
    where = f" that begins in line {start.line + 1}" if start else ""
    if "unexpected end of stream" in what and "quoted" in context:
        return "LG101", f"the quoted text{where} never ends", "close the quote"
    if "expected ',' or" in what or "flow" in context:
        kind = "list" if "sequence" in context else "mapping"
        closer = "]" if kind == "list" else "}"
        hint = f"end it with `{closer}`, and put `,` between its entries"
        return "LG101", f"the {kind}{where} is not closed properly", hint
    if "could not find expected ':'" in what:
        return "LG101", "a line that is no `key: value`", "write `key: value`"
    if "mapping values are not allowed" in what:
        hint = "is the line indented as its neighbours are?"
        return "LG101", "a mapping is not possible here", hint
    if "expected key" in what or "expected <block end>" in what:
        hint = "indent the keys of one mapping alike"
        return "LG101", "the indentation does not fit the lines before", hint
    return "LG101", f"no valid YAML: {what}" + (f" {context}" if context else ""), ""
