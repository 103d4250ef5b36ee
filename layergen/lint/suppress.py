"""Comments that silence findings: `# noqa`, and `# noqa: LG711, LG722`."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from msgspec import Struct, field

_COMMENT = re.compile(r"#\s*noqa(?P<codes>\s*:\s*[A-Z]+\d+(?:[\s,]+[A-Z]+\d+)*)?", re.I)
_CODE = re.compile(r"[A-Z]+\d+", re.I)


class Silence(Struct, frozen=True):
    """What each line's comment silences; None for all."""

    lines: dict[int, frozenset[str] | None] = field(default_factory=dict)

    def hides(self, code: str, node: ast.AST) -> bool:
        """Whether the line where the node begins silences the code."""
        line = getattr(node, "lineno", 0)
        if line not in self.lines:
            return False
        codes = self.lines[line]
        return codes is None or code in codes


def suppressed(text: str) -> Silence:
    """What the comments of a module silence."""
    if "noqa" not in text.lower():
        return Silence()
    found: dict[int, frozenset[str] | None] = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and (match := _COMMENT.search(token.string)):
            codes = _CODE.findall(match["codes"] or "")
            named = frozenset(code.upper() for code in codes)
            found[token.start[0]] = named if match["codes"] else None
    return Silence(found)
