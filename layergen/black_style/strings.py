"""The quotes that Black chooses for a string literal."""

from __future__ import annotations

import re

CASED = re.compile(r"\\(?:N|(?=x.?[A-F]|u.{0,3}[A-F]|U.{0,7}[A-F]))")


def normalized(literal: str) -> str | None:
    """A string literal of one line in the quotes that need fewer backslashes.

    It has no prefix, or is an f-string in double quotes without quotes or backslashes in
    its fields. None where Black may change more than the quotes.
    """
    prefix, quote = ("f", literal[1]) if literal[0] == "f" else ("", literal[0])
    body = literal[len(prefix) + 1 : -1]
    other = "'" if quote == '"' else '"'
    if "\\" not in body:
        # Other quotes could be the same length at best: double quotes stay, and single
        # ones stay only where they save escapes.
        return literal if quote == '"' or '"' in body else f'{prefix}"{body}"'
    if CASED.search(body):
        return None
    pieces = re.findall(r"\\.|[^\\]", body, re.DOTALL)
    kept = [other if piece == f"\\{other}" else piece for piece in pieces]
    swapped = [
        quote if piece == f"\\{quote}" else f"\\{other}" if piece == other else piece
        for piece in kept
    ]
    before, after = ("".join(found).count("\\") for found in (kept, swapped))
    if after > before or after == before and quote == '"':
        return f"{prefix}{quote}{''.join(kept)}{quote}"
    return f"{prefix}{other}{''.join(swapped)}{other}"
