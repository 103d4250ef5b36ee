"""The one door by which a spec's text reaches Python, escaped for where it will stand.

`literal` is for a value, `message` for what an error says, `docstring_text` for a
docstring, `comment_text` for a comment. What plans keep of a docstring has the type
`DocText`, which nothing else makes: text that did not come by the door is a type error,
and so is a piece put together of such text and other, which would be escaped in part.
"""

from __future__ import annotations

import math
import re
import textwrap
from typing import NewType

from msgspec import Struct

from layergen.invisible import ANYWHERE
from layergen.source.written import Written

DocText = NewType("DocText", str)
"""Text that can stand anywhere between triple double quotes, and means itself there."""
NO_TEXT = DocText("")

QUOTES = re.compile(r'"{3,}|"+\Z')
"""Double quotes that would close a docstring, or would with the quotes behind them."""


def literal(value: object) -> str:
    """A Python expression for a value, strings in double quotes where Black does."""
    match value:
        case Written():
            return str(value)
        case str():
            text = _visible(repr(value))
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


class Shown(Struct, frozen=True):
    """An expression whose value a message shows, such as `units!r`."""

    code: str


class Message(Struct, frozen=True):
    """What an error says: an f-string, or a literal where it shows no values.

    `words` are what stands between the quotes, with every brace doubled that shows nothing;
    a value that is shown is one word, whatever it is worked out from.
    """

    words: tuple[str, ...]

    @property
    def whole(self) -> str:
        """The message as one literal."""
        return _quoted(" ".join(self.words))

    def lines(self, width: int) -> list[str]:
        """The literals that join to the message, each of `width` characters at most.

        It is broken where a line is full, between words, and a message that fits a line
        is one literal: no formatter joins what stands here in pieces.
        """
        found = [""]
        for word in self.words:
            one = f"{word} "
            if found[-1] and len(_quoted(found[-1] + one)) > width:
                found.append("")
            found[-1] += one
        found[-1] = found[-1][:-1]
        return [self.whole] if len(self.whole) <= width else [*map(_quoted, found)]


def message(*parts: str | Shown) -> Message:
    """A message of texts and of the values that it shows."""
    words = [""]
    for part in parts:
        if isinstance(part, Shown):
            words[-1] += f"{{{part.code}}}"
        else:
            first, *rest = _escaped(part).split(" ")
            words[-1] += first
            words += rest
    return Message(tuple(words))


def numbered(name: str, index: str) -> str:
    """The f-string of a name with a number behind it, which the variable `index` holds."""
    return f'f"{_escaped(name)}_{{{index}}}"'


def docstring_text(text: str) -> DocText:
    """Text for a docstring, of one line or several; closing quotes may come right behind.

    Half a surrogate pair, which no docstring can hold, is shown as an escape.
    """
    whole = text.encode("utf-8", "backslashreplace").decode()
    escaped = QUOTES.sub(
        lambda found: '\\"' * len(found[0]), whole.replace("\\", "\\\\")
    )
    return DocText("\n".join(map(_visible, escaped.split("\n"))))


def comment_text(text: str) -> str:
    """Text for a comment, on one line."""
    return _visible(text)


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
    return _visible(quoted)


def _visible(text: str) -> str:
    """Text without line breaks and other characters that cannot be seen, as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c if c.isprintable() and not ANYWHERE.match(c) else _escape(c) for c in text
    )


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()


def _quoted(line: str) -> str:
    """A literal of a line, in the quotes that need the fewest escapes."""
    bare = line.replace("{{", "").replace("}}", "")
    shows = "{" in bare
    text = line if shows else line.replace("{{", "{").replace("}}", "}")
    if '\\"' in text and "'" not in text:
        return "f"[:shows] + "'" + text.replace('\\"', '"') + "'"
    return "f"[:shows] + f'"{text}"'
