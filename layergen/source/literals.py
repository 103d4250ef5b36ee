"""Values and messages as Python text.

Every string of a spec that reaches generated code goes through this module, so that it
stays data there: quoted by `repr`, or escaped for a docstring or an f-string.
"""

from __future__ import annotations

import math
import re
import textwrap
from dataclasses import dataclass

# A message that fits on a line of its own stays whole; others break earlier, so that
# no formatter joins two pieces on one line.
WHOLE_WIDTH = 68
MESSAGE_WIDTH = 64


def literal(value: object) -> str:
    """A Python expression for a literal value, strings in double quotes where Black does."""
    match value:
        case str():
            text = repr(value)
            if text.startswith("'") and '"' not in text:
                return f'"{text[1:-1]}"'
            return text
        case float() if not math.isfinite(value):
            return f'float("{value}")'
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case tuple():
            inner = ", ".join(map(literal, value))
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        case dict():
            items = (f"{literal(k)}: {literal(v)}" for k, v in value.items())
            return f"{{{', '.join(items)}}}"
    return repr(value)


@dataclass(frozen=True)
class Shown:
    """An expression whose value a message shows, such as `units!r`."""

    code: str


def message(*parts: str | Shown) -> tuple[str, ...]:
    """The literals, one a line, that join to a message: f-strings where they show values."""
    words: list[str] = []
    for part in parts:
        if isinstance(part, Shown):
            words[-1:] = [(words[-1] if words else "") + f"{{{part.code}}}"]
        else:
            first, *rest = _escaped(part).split(" ")
            words[-1:] = [(words[-1] if words else "") + first, *rest]
    return tuple(_quoted(line) for line in _lines(words))


def docstring_text(text: str, ends: bool = False) -> str:
    """Text as it can stand between triple double quotes, meaning itself.

    With `ends` the closing quotes come right behind it.
    """
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if ends and re.search(r'(?<!\\)(\\\\)*"\Z', escaped):
        escaped = escaped[:-1] + '\\"'
    return "".join(c if c == "\n" or c.isprintable() else _escape(c) for c in escaped)


def wrapped(text: str, width: int, indent: str = "") -> str:
    """A paragraph filled to `width`; later lines begin with `indent`."""
    return "\n".join(
        textwrap.wrap(
            text,
            width,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def _escaped(text: str) -> str:
    """Text for the inside of a double-quoted f-string."""
    braced = text.replace("{", "{{").replace("}", "}}")
    quoted = braced.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(c if c.isprintable() else _escape(c) for c in quoted)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()


def _lines(words: list[str]) -> list[str]:
    if len(" ".join(words)) <= WHOLE_WIDTH:
        return [" ".join(words)]
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) > MESSAGE_WIDTH:
            lines.append("")
        lines[-1] += word + " "
    lines[-1] = lines[-1][:-1]
    return lines


def _quoted(line: str) -> str:
    bare = line.replace("{{", "").replace("}}", "")
    if "{" in bare:
        return f'f"{line}"'
    plain = line.replace("{{", "{").replace("}}", "}")
    return f'"{plain}"'
