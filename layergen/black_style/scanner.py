"""The tokens of a logical line, with the space that Black puts between them."""

from __future__ import annotations

import re

from layergen.black_style.leaves import (
    COMMA,
    COMPARATOR,
    COMPREHENSION,
    DOT,
    LOGIC,
    MATH,
    STRING,
    TERNARY,
    Leaf,
    Unsure,
)
from layergen.black_style.strings import normalized

COMPARISONS = {"==", "!=", "<", ">", "<=", ">="}
KEYWORDS = set(
    "and assert break continue def class elif else for from if import in is lambda not or "
    "pass raise return while with as".split()
)
UNKNOWN = set(
    "await async yield del global nonlocal try except finally print exec".split()
)
SOFT = {"match", "case", "type"}
ENDS = {"word", "number", "string", "dots", "close"}
PAIRS = {")": "(", "]": "[", "}": "{"}
TOKEN = re.compile(
    r"""[ ]*(?:
    (?P<newline>\n)
    |(?P<string>(?:"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'
        |f"(?:[^"\\{}\n]|\\[^\nN]|\{\{|\}\}|\{[^{}"'\\\n]+\})*"
        |f'(?:[^'\\{}\n]|\\[^\nN]|\{\{|\}\}|\{[^{}"'\\\n]+\})*')(?![\w"']))
    |(?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e-?[0-9]+)?(?![\w.]))
    |(?P<dots>\.\.\.)
    |(?P<word>[A-Za-z_][A-Za-z_0-9]*(?![\w"']))
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<comma>,)
    |(?P<dot>\.)
    |(?P<colon>:(?!=))
    |(?P<assign>(?:\*\*|//|<<|>>|[-+*/%@&|^])?=(?!=))
    |(?P<op>\*\*|//|<<|>>|[=!<>]=|[-+*/%@&|^<>~])
    )""",
    re.VERBOSE,
)


class Bracket:
    """An open bracket while its contents are read; the statement itself is one too."""

    commas = 0
    function = False
    loop = False
    target = False
    sliced = False
    complex = False

    def __init__(self, opening: Leaf, start: int, call: bool = False) -> None:
        self.opening = opening
        self.start = start
        self.call = call


class Scanner:
    """Reads one logical line.

    `powers` says that it has `**` between values, `choices` that it has conditional
    expressions.
    """

    powers = False
    choices = False

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.open: list[Bracket] = []
        self.statement = Bracket(Leaf("open", ""), 0)

    def read(self, text: str, at: int) -> int:
        """Read the logical line at an offset; returns where the next line begins.

        Where the text ends in it, brackets stay `open`.
        """
        while True:
            match = TOKEN.match(text, at)
            if not match:
                raise Unsure
            at = match.end()
            kind = match.lastgroup or ""
            if kind == "newline":
                if not self.open or at == len(text):
                    return at
                continue
            self.add(kind, match[kind])

    @property
    def bracket(self) -> Bracket:
        return self.open[-1] if self.open else self.statement

    def add(self, kind: str, text: str) -> None:
        prev = self.leaves[-1] if self.leaves else None
        leaf = Leaf(kind, text)
        if kind == "close":
            self.close(leaf, prev)
        else:
            getattr(self, f"on_{kind}")(leaf, prev)
        leaf.space = _spaced(prev, leaf)
        self.leaves.append(leaf)
        if kind == "open":
            self.open.append(
                Bracket(leaf, len(self.leaves), text == "(" and not leaf.atom)
            )

    def on_string(self, leaf: Leaf, prev: Leaf | None) -> None:
        value = normalized(leaf.text)
        if value is None:
            raise Unsure
        leaf.text = value
        if prev and prev.kind == "string":
            leaf.priority = STRING

    def on_dots(self, leaf: Leaf, prev: Leaf | None) -> None:
        pass

    def on_number(self, leaf: Leaf, prev: Leaf | None) -> None:
        pass

    def on_word(self, leaf: Leaf, prev: Leaf | None) -> None:
        text, bracket = leaf.text, self.bracket
        if text in UNKNOWN or text in SOFT and prev is None:
            raise Unsure
        if text not in KEYWORDS:
            return
        leaf.kind = "keyword"
        bracket.complex = True
        if text in ("and", "or"):
            leaf.priority = LOGIC
        elif text == "is" or text == "not" and _ends_value(prev):
            leaf.priority = COMPARATOR
        elif text == "in":
            if bracket.target:
                bracket.target = False
            elif not prev or prev.text != "not":
                leaf.priority = COMPARATOR
        elif text == "lambda":
            bracket.function = True
        elif text == "for":
            leaf.priority = COMPREHENSION if prev else 0
            bracket.loop = bracket.target = True
        elif text in ("if", "else") and prev:
            leaf.priority = COMPREHENSION if bracket.loop else TERNARY
            self.choices |= not bracket.loop

    def on_open(self, leaf: Leaf, prev: Leaf | None) -> None:
        self.bracket.complex = True
        leaf.atom = leaf.text == "{" or not _ends_value(prev)
        if not leaf.atom and prev and prev.kind in ("number", "dots"):
            raise Unsure

    def close(self, leaf: Leaf, prev: Leaf | None) -> None:
        if not self.open:
            raise Unsure
        bracket = self.open.pop()
        opening = leaf.opening = bracket.opening
        if PAIRS[leaf.text] != opening.text or prev is None:
            raise Unsure
        self.end_item(bracket)
        if prev.kind == "comma":
            if leaf.text == "]" and not opening.atom or bracket.commas == 0:
                raise Unsure
            one_tuple = leaf.text == ")" and opening.atom and bracket.commas == 1
            leaf.magic = not one_tuple
        elif opening.text in "[{" and opening.atom and prev.text == ")":
            first = self.leaves[bracket.start]
            if first is prev.opening and not first.magic:
                raise Unsure  # Black drops parentheses around the only item
        if leaf.text == ")" and (bracket.commas or bracket.loop or prev is opening):
            opening.magic = True

    def on_comma(self, leaf: Leaf, prev: Leaf | None) -> None:
        bracket = self.bracket
        bracket.commas += 1
        leaf.priority = 0 if bracket.target else COMMA
        self.end_item(bracket)

    @staticmethod
    def end_item(bracket: Bracket) -> None:
        if bracket.sliced and bracket.complex:
            raise Unsure
        bracket.sliced = bracket.complex = False

    def on_dot(self, leaf: Leaf, prev: Leaf | None) -> None:
        if not prev or prev.kind not in ("word", "close", "string"):
            raise Unsure
        self.bracket.complex = True
        leaf.priority = DOT if prev.kind == "close" else 0

    def on_colon(self, leaf: Leaf, prev: Leaf | None) -> None:
        bracket = self.bracket
        if bracket.function:
            bracket.function = False
        elif self.open and bracket.opening.text == "[" and not bracket.opening.atom:
            leaf.kind = "slice"
            bracket.sliced = True
        elif self.open and bracket.opening.text != "{":
            raise Unsure

    def on_assign(self, leaf: Leaf, prev: Leaf | None) -> None:
        if self.open:
            if not self.bracket.call or leaf.text != "=":
                raise Unsure
            leaf.kind = "keyword="

    def on_op(self, leaf: Leaf, prev: Leaf | None) -> None:
        text = leaf.text
        if not _ends_value(prev):
            if text in ("*", "**") and not self.bracket.function:
                self.bracket.complex = True
                leaf.kind = "star"
                leaf.magic = self.bracket.call
            elif text in ("+", "-", "~"):
                leaf.kind = "unary"
            elif text == "@" and not prev:
                leaf.kind = "decorator"
            else:
                raise Unsure
            return
        self.bracket.complex = True
        leaf.priority = COMPARATOR if text in COMPARISONS else MATH[text]
        self.powers |= text == "**"


def _ends_value(leaf: Leaf | None) -> bool:
    return leaf is not None and leaf.kind in ENDS


def _spaced(prev: Leaf | None, leaf: Leaf) -> bool:
    """Whether a space stands between two tokens."""
    if prev is None or leaf.kind in ("comma", "dot", "close", "colon", "keyword="):
        return False
    if prev.kind in ("open", "dot", "unary", "star", "keyword=", "slice", "decorator"):
        return False
    if leaf.kind == "slice":
        return prev.kind == "comma"
    return leaf.kind != "open" or leaf.atom
