"""Where each line of a YAML scalar's text stands in the file."""

from __future__ import annotations

from layergen.problems import Place


def lines_of(
    text: str, style: str | None, place: Place, source: list[str]
) -> tuple[Place, ...]:
    """One place for each of `text.splitlines()`; exact for block (`|`) and one-line text.

    Where YAML folds lines together the first line's place is exact and holds for the
    rest.
    """
    count = max(len(text.splitlines()), 1)
    if style in ("|", ">"):
        return _block(text.splitlines(), style, place, source)
    start = Place(place.line, place.column + (1 if style else 0))
    if count == 1:
        return (start,)
    return (start, *_later_lines(count - 1, start, source))


def _block(
    lines: list[str], style: str, place: Place, source: list[str]
) -> tuple[Place, ...]:
    first = place.line + 1
    indent = _block_indent(lines, first, source)
    if style == "|":
        return tuple(Place(first + i, indent + 1) for i in range(max(len(lines), 1)))
    while first < len(source) and not source[first - 1].strip():
        first += 1
    return (Place(first, indent + 1),) * max(len(lines), 1)


def _block_indent(lines: list[str], first: int, source: list[str]) -> int:
    for line, raw in zip(lines, source[first - 1 :], strict=False):
        if line.strip() and raw.endswith(line):
            return len(raw) - len(line)
    for raw in source[first - 1 :]:
        if raw.strip():
            return len(raw) - len(raw.lstrip(" "))
    return 0


def _later_lines(count: int, start: Place, source: list[str]) -> list[Place]:
    """Guesses for a folded scalar's later lines: the file's next lines with text."""
    places = []
    line = start.line
    for _ in range(count):
        line += 1
        while line < len(source) and not source[line - 1].strip():
            line += 1
        line = min(line, len(source))
        raw = source[line - 1]
        places.append(Place(line, len(raw) - len(raw.lstrip(" ")) + 1))
    return places
