"""Where code lies in Python text, and which of its lines begin inside a string literal."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from keyword import iskeyword

LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
SPANNING = re.compile(r"""['"]{3}|\\\n|=\s*[!:}]""")
"""What a text has whose string literals span lines: also an f-string of Python 3.12 that
shows an expression beside its value."""


def code_span(text: str) -> tuple[int, int]:
    """Where the code of a text begins and ends, comments around it left out."""
    if "#" not in text and "\\" not in text:
        return len(text) - len(text.lstrip()), len(text.rstrip())
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in LAYOUT
    ]
    first, last = found[0], found[-1]
    return (
        starts[first.start[0] - 1] + first.start[1],
        starts[last.end[0] - 1] + last.end[1],
    )


def indented(text: str, indent: str) -> str:
    """Python text moved to the right, the insides of its string literals left alone."""
    inside = set(_inside_literals(text)) if may_span_lines(text) else ()
    return "\n".join(
        indent + line if line.strip() and number not in inside else line
        for number, line in enumerate(text.split("\n"), 1)
    )


def may_span_lines(text: str) -> bool:
    """Whether a string literal in some Python may go over more than one line."""
    return SPANNING.search(text) is not None


def _inside_literals(text: str) -> Iterator[int]:
    """The lines of a text that begin inside a string literal."""
    starts: list[int] = []
    try:
        tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
    except tokenize.TokenError as error:
        raise SyntaxError(error.args[0]) from None
    for token in tokens:
        kind, first = tokenize.tok_name[token.type], token.start[0]
        if kind == "FSTRING_START":  # since Python 3.12
            starts.append(first)
        elif kind in ("STRING", "FSTRING_END"):
            first = first if kind == "STRING" else starts.pop()
            yield from range(first + 1, token.end[0] + 1)


def is_owned(before: str) -> bool:
    """Whether a parenthesis behind some text is a call's, or parts it from a keyword."""
    bare = before.rstrip()
    if bare[-1:] in (")", "]", "}", '"', "'"):
        return True
    first = len(bare)
    while first and (bare[first - 1].isalnum() or bare[first - 1] == "_"):
        first -= 1
    word = bare[first:]
    return bool(word) and (not iskeyword(word) or bare == before)
