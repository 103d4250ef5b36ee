"""Characters that a spec must not hold, and the marks of an unfinished merge."""

from __future__ import annotations

import re

from layergen.language.collector import Collector
from layergen.problems import Place

BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?= |$)", re.MULTILINE)
MAX_REPORTED = 10


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
    for match in TAB_INDENT.finditer(text):
        if text[match.end() - 1 :].split("\n", 1)[0].strip():
            complaint = ("LG105", "a tab in the indentation", "indent with spaces")
            found.append((match.end() - 1, complaint))
    for offset, (code, message, hint) in sorted(found)[:MAX_REPORTED]:
        problems.add(code, place_at(text, offset), message, hint)
    return bool(found)


def place_at(text: str, offset: int) -> Place:
    """The place of a character of `text`."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Place(text.count("\n", 0, offset) + 1, offset - line_start + 1)


def _complaint(char: str) -> tuple[str, str, str]:
    number = ord(char)
    if 0xDC80 <= number <= 0xDCFF:
        byte = f"the byte 0x{number - 0xDC00:02x} is not UTF-8"
        return ("LG106", byte, "save the file as UTF-8")
    if char == "\r":
        return ("LG106", "a lone carriage return", "end lines with a line feed")
    return ("LG106", f"the control character U+{number:04X}", "delete it")
