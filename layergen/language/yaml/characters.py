"""Characters that a spec must not hold, and the marks of an unfinished merge."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

from layergen import invisible
from layergen.language.collector import Collector
from layergen.problems import Place

Hidden = tuple[int, str]
"""An offset in the file, and the character that stands there."""
Span = tuple[int, int]

BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?= |$)", re.MULTILINE)
MAX_REPORTED = 10
ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|.)", re.DOTALL
)
"""An escape of a text in double quotes; the groups are the number of a character."""
PROSE_OF = {"args", "call_args", "weights", "states", "functions"}


def is_unmerged(text: str, problems: Collector) -> bool:
    """Whether Git has left both versions of a place in `text`; the first is recorded."""
    found = CONFLICT.search(text)
    if found:
        problems.add(
            "LG101",
            place_at(text, found.start()),
            f"`{found[0]}` is a merge-conflict marker",
            "keep one of the two versions, and delete the lines that begin with "
            "`<<<<<<<`, `|||||||`, `=======` and `>>>>>>>`",
        )
    return found is not None


def has_bad_characters(text: str, problems: Collector) -> bool:
    """Whether `text` holds any; each is recorded, up to a few."""
    found = [(m.start(), _complaint(m[0])) for m in BAD.finditer(text)]
    found += [(m.start(), _hidden(m[0])) for m in invisible.ANYWHERE.finditer(text)]
    for match in TAB_INDENT.finditer(text):
        if text[match.end() - 1 :].split("\n", 1)[0].strip():
            complaint = ("LG105", "a tab in the indentation", "indent with spaces")
            found.append((match.end() - 1, complaint))
    for offset, (code, message, hint) in sorted(found)[:MAX_REPORTED]:
        problems.add(code, place_at(text, offset), message, hint)
    return bool(found)


def is_prose(path: tuple[str, ...]) -> bool:
    """Whether people write prose under these keys: a `doc`, or a requirement's message."""
    match path:
        case ("doc",) | ("require", _):
            return True
        case (part, _, "doc"):
            return part in PROSE_OF
    return False


def hidden_by_escapes(source: str, start: int, prose: bool) -> Iterator[Hidden]:
    """The characters that nobody sees among the escapes of a text in double quotes.

    `source` is the text as it stands in the file, from offset `start` on.
    """
    refused = invisible.ANYWHERE if prose else invisible.OUTSIDE_PROSE
    for match in ESCAPE.finditer(source):
        digits = match[1] or match[2] or match[3]
        if digits and int(digits, 16) <= sys.maxunicode:
            char = chr(int(digits, 16))
            if refused.match(char):
                yield start + match.start(), char


def hidden_joiners(text: str, prose: Iterable[Span]) -> Iterator[Hidden]:
    """The characters, such as joiners, that may stand in prose and stand elsewhere.

    The spans of `prose` are in the order of the file.
    """
    at = 0
    for first, last in (*prose, (len(text), len(text))):
        for match in invisible.OUTSIDE_PROSE.finditer(text, at, first):
            yield match.start(), match[0]
        at = last


def refuse_hidden(found: Iterable[Hidden], text: str, problems: Collector) -> bool:
    """Record these characters, up to a few; whether there are any."""
    listed = sorted(found)
    for offset, char in listed[:MAX_REPORTED]:
        code, message, hint = _hidden(char)
        problems.add(code, place_at(text, offset), message, hint)
    return bool(listed)


def place_at(text: str, offset: int) -> Place:
    """The place of a character of `text`."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Place(text.count("\n", 0, offset) + 1, offset - line_start + 1)


def _hidden(char: str) -> tuple[str, str, str]:
    said = invisible.described(char)
    if invisible.ANYWHERE.match(char):
        return ("LG106", said, "delete it")
    return ("LG106", f"{said} outside of `doc` and messages", "delete it")


def _complaint(char: str) -> tuple[str, str, str]:
    number = ord(char)
    if 0xDC80 <= number <= 0xDCFF:
        byte = f"the byte 0x{number - 0xDC00:02x} is not UTF-8"
        return ("LG106", byte, "save the file as UTF-8")
    if char == "\r":
        return ("LG106", "a lone carriage return", "end lines with a line feed")
    return ("LG106", f"the control character U+{number:04X}", "delete it")
