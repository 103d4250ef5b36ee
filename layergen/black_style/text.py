"""A whole module in Black's style: its statements, docstrings, comments and blank lines."""

from __future__ import annotations

import ast
import re

from layergen.black_style.docstrings import docstring
from layergen.black_style.layout import statement
from layergen.black_style.leaves import Unsure

INDENT = re.compile(r"((?: *\n)*)( *)")
COMMENT = re.compile(r"# (?!type:|fmt:|yapf:|isort:|pylint:|noqa)[^\s#!:'][^\n]*\n")
F_STRING = re.compile(r'\bf"')


def is_formatted(text: str, line_length: int) -> bool:
    """Whether Black would surely leave a module as it is."""
    return formatted(text, line_length) == text


def formatted(text: str, line_length: int) -> str | None:
    """A module as Black would lay it out, or None where that is not certain."""
    try:
        ast.parse(text)
        return "".join(_Module(text, line_length).blocks())
    except (Unsure, SyntaxError, ValueError):
        return None


class Block:
    """A statement or a comment laid out, and what its neighbours need to know of it."""

    def __init__(
        self, kind: str, depth: int, blanks: int, text: str, opens: bool = False
    ) -> None:
        self.kind = kind
        self.depth = depth
        self.blanks = blanks
        self.text = text
        self.opens = opens


class _Module:
    """The statements of a module, read in order."""

    def __init__(self, text: str, width: int) -> None:
        if not text.endswith("\n") or not text.replace("\n", "").isprintable():
            raise Unsure
        self.text = text
        self.width = width
        self.star_commas = F_STRING.search(text) is not None

    def blocks(self) -> list[str]:
        """The text of every statement, with the blank lines before it."""
        found: list[str] = []
        blocks = self._read()
        definitions: list[int] = []
        for index, block in enumerate(blocks):
            ended = False
            while definitions and definitions[-1] >= block.depth:
                definitions.pop()
                ended = True
            if block.kind in ("def", "class"):
                definitions.append(block.depth)
            if index:
                before = blocks[index - 1]
                found.append("\n" * _blanks(before, block, ended, index, blocks))
            found.append(block.text)
        return found

    def _read(self) -> list[Block]:
        blocks: list[Block] = []
        at = 0
        while at < len(self.text):
            match = INDENT.match(self.text, at)
            assert match
            start = match.end()
            if start == len(self.text):
                break
            depth, rest = divmod(len(match[2]), 4)
            deepest = blocks[-1].depth + blocks[-1].opens if blocks else 0
            if rest or depth > deepest:
                raise Unsure
            blanks = match[1].count("\n")
            block, at = self._block(start, depth, blanks, blocks)
            blocks.append(block)
        return blocks

    def _block(
        self, at: int, depth: int, blanks: int, before: list[Block]
    ) -> tuple[Block, int]:
        indent = "    " * depth
        if self.text.startswith("#", at):
            match = COMMENT.match(self.text, at)
            if not match or "fmt" in match[0] or "coding" in match[0]:
                raise Unsure
            text = f"{indent}{match[0].rstrip()}\n"
            return Block("comment", depth, blanks, text), match.end()
        if self.text.startswith('"""', at):
            kinds = [found.kind for found in before] if not depth else []
            if (
                kinds != ["comment"] * len(kinds)
                or depth
                and (before[-1].kind not in ("def", "class") or not before[-1].opens)
            ):
                raise Unsure
            text, at = docstring(self.text, at, indent, self.width)
            return Block("docstring", depth, blanks, f"{indent}{text}\n"), at
        found, end = statement(self.text, at, depth, self.width, self.star_commas)
        kind = KINDS.get(found.word, "")
        return Block(kind, depth, blanks, found.text, found.opens), end


KINDS = {
    **{"def": "def", "class": "class", "@": "decorator"},
    **{"import": "import", "from": "import", "else": "else", "elif": "else"},
}
DEFINITIONS = ("def", "class", "decorator")


def _blanks(
    before: Block, block: Block, ended: bool, index: int, blocks: list[Block]
) -> int:
    """How many blank lines Black leaves between two statements."""
    top = 1 if block.depth else 2
    defines = block.kind in DEFINITIONS
    if block.kind == "comment" and not _leads(block, blocks[index + 1 : index + 2]):
        raise Unsure
    if block.kind == "docstring":
        if before.kind == "comment" and (block.blanks or block.depth or index > 1):
            raise Unsure
        return 0
    if before.opens or before.kind == "decorator":
        if block.blanks or before.kind == "decorator" and block.kind == "comment":
            raise Unsure
        return int(defines and before.kind not in DEFINITIONS)
    if before.kind == "docstring":
        return _after_docstring(before, block, defines, index, blocks)
    if before.kind == "comment" and (defines or not block.depth):
        raise Unsure
    if ended and block.kind == "else":
        raise Unsure
    if defines or ended:
        return top
    if before.kind == "import" and block.kind != "import":
        if block.depth == before.depth:
            return 1
    return min(block.blanks, top)


def _leads(comment: Block, following: list[Block]) -> bool:
    """Whether a comment is in a block, before a plain statement of the same block."""
    return comment.depth > 0 and all(
        block.depth == comment.depth
        and block.kind not in {*DEFINITIONS, "docstring", "else"}
        for block in following or [Block("", 0, 0, "")]
    )


def _after_docstring(
    before: Block, block: Block, defines: bool, index: int, blocks: list[Block]
) -> int:
    if not before.depth:
        if defines or block.kind == "comment":
            raise Unsure
        return 1
    if block.depth != before.depth:
        raise Unsure
    if defines or blocks[index - 2].kind == "class":
        return 1
    return min(block.blanks, 1)
