"""One statement laid out as Black would."""

from __future__ import annotations

from functools import lru_cache

from layergen.black_style.choices import enclosed
from layergen.black_style.leaves import Unsure
from layergen.black_style.lines import Line, fits
from layergen.black_style.powers import hug_powers
from layergen.black_style.scanner import Scanner
from layergen.black_style.splits import Splitter
from layergen.black_style.statements import prepared


class Statement:
    """The text of a statement, its first word, and whether it opens a block."""

    def __init__(self, text: str, word: str, opens: bool) -> None:
        self.text = text
        self.word = word
        self.opens = opens


def statement(
    text: str, at: int, depth: int, width: int, star_commas: bool
) -> tuple[Statement, int]:
    """The statement that begins at an offset, and where the next line begins.

    `star_commas` allows commas after `*args`.
    """
    end = text.index("\n", at) + 1
    found = _of_one_line(text[at:end], depth, width, star_commas)
    if found:
        return found, end
    scanner = Scanner()
    end = scanner.read(text, at)
    if scanner.open:
        raise Unsure
    return _laid_out(scanner, depth, Splitter(width, star_commas)), end


@lru_cache(maxsize=4096)
def _of_one_line(
    text: str, depth: int, width: int, star_commas: bool
) -> Statement | None:
    """The statement on a line, or None where it goes on; most lines are in many files."""
    scanner = Scanner()
    scanner.read(text, 0)
    if scanner.open:
        return None
    return _laid_out(scanner, depth, Splitter(width, star_commas))


def _laid_out(scanner: Scanner, depth: int, splitter: Splitter) -> Statement:
    word, opens = scanner.leaves[0].text, scanner.leaves[-1].kind == "colon"
    once = _split(scanner, depth, splitter)
    if len(once) > 1:
        again = Scanner()
        again.read("\n".join([*once, ""]).lstrip(), 0)
        if _split(again, depth, splitter) != once:
            raise Unsure
    return Statement("\n".join([*once, ""]), word, opens)


def _split(scanner: Scanner, depth: int, splitter: Splitter) -> list[str]:
    if scanner.powers:
        hug_powers(scanner.leaves)
    if scanner.choices:
        scanner.leaves = enclosed(scanner.leaves)
    leaves, rigid = prepared(scanner)
    line = Line(depth, leaves)
    shown = line.shown()
    explodes = any(leaf.magic for leaf in leaves if leaf.kind == "close")
    if not explodes and fits(shown, splitter.width):
        return [shown]
    if rigid:
        raise Unsure
    line.track()
    return splitter.lines(line)
