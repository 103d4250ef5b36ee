"""Tokens of a logical line, with the space and the places to split that Black gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from layergen.black_style.strings import normalized


class Unsure(Exception):
    """What Black would do with a text is not known here."""


COMPREHENSION, COMMA, TERNARY, LOGIC, STRING, COMPARATOR, DOT = 20, 18, 16, 14, 12, 10, 1
MATH = {"|": 9, "^": 8, "&": 7, "<<": 6, ">>": 6, "+": 5, "-": 5}
MATH |= dict.fromkeys(("*", "/", "//", "%", "@"), 4) | {"**": 2}
COMPARISONS = {"==", "!=", "<", ">", "<=", ">="}
KEYWORDS = set(
    "and assert break continue def class elif else for from if import in is lambda not or "
    "pass raise return while with as".split()
)
UNKNOWN = set(
    "await async yield del global nonlocal try except finally print exec".split()
)
SOFT = {"match", "case", "type"}
PAIRS = {")": "(", "]": "[", "}": "{"}
TOKEN = re.compile(
    r"""[ ]*(?:
    (?P<newline>\n)
    |(?P<string>(?:"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'
        |f"(?:[^"\\{}\n]|\\[^\nN]|\{\{|\}\}|\{[^{}"'\\\n]+\})*"
        |f'(?:[^'\\{}\n]|\\[^\nN]|\{\{|\}\}|\{[^{}"'\\\n]+\})*')(?![\w"']))
    |(?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e-?[0-9]+)?(?![\w.]))
    |(?P<word>[A-Za-z_][A-Za-z_0-9]*(?![\w"'])|\.\.\.)
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


@dataclass(eq=False, slots=True)
class Leaf:
    """A token: `priority` is that of a split before it, or after it for a comma.

    Of an opening bracket, `atom` says that it begins a value, not a call or an index; a
    closing one knows its `opening`, and whether a trailing comma before it is magic.
    """

    kind: str
    text: str
    space: bool = False
    priority: int = 0
    depth: int = 0
    atom: bool = False
    opening: Leaf | None = None
    magic: bool = False

    @property
    def width(self) -> int:
        return self.space + len(self.text)


@dataclass(slots=True)
class Bracket:
    """An open bracket while its contents are read; the statement itself is one too."""

    opening: Leaf
    start: int
    call: bool = False
    commas: int = 0
    function: bool = False
    loop: bool = False
    target: bool = False
    sliced: bool = False
    complex: bool = False


@dataclass
class Scanner:
    """Reads one logical line; `rigid` says that it must not be split."""

    leaves: list[Leaf] = field(default_factory=list)
    open: list[Bracket] = field(default_factory=list)
    rigid: bool = False
    statement: Bracket = field(default_factory=lambda: Bracket(Leaf("open", ""), 0))

    def read(self, text: str, at: int) -> int:
        """Read the logical line at an offset; returns where the next line begins."""
        while True:
            match = TOKEN.match(text, at)
            if not match:
                raise Unsure
            at = match.end()
            kind = match.lastgroup or ""
            if kind == "newline":
                if not self.open:
                    if self.rigid:
                        hug_powers(self.leaves)
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
            self.rigid |= not bracket.loop

    def on_open(self, leaf: Leaf, prev: Leaf | None) -> None:
        self.bracket.complex = True
        leaf.atom = leaf.text == "{" or not _ends_value(prev)
        if not leaf.atom and prev and prev.kind not in ("word", "close", "string"):
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
        self.rigid |= text == "**"


def _ends_value(leaf: Leaf | None) -> bool:
    return leaf is not None and leaf.kind in ("word", "number", "string", "close")


def _spaced(prev: Leaf | None, leaf: Leaf) -> bool:
    """Whether a space stands between two tokens."""
    if prev is None or leaf.kind in ("comma", "dot", "close", "colon", "keyword="):
        return False
    if prev.kind in ("open", "dot", "unary", "star", "keyword=", "slice", "decorator"):
        return False
    if leaf.kind == "slice":
        return prev.kind == "comma"
    return leaf.kind != "open" or leaf.atom


def hug_powers(leaves: list[Leaf]) -> None:
    """Take the spaces from around `**` between names, attributes and numbers."""
    for index, leaf in enumerate(leaves):
        if leaf.kind == "op" and leaf.text == "**":
            start = _operand_start(leaves, index - 1)
            if start and (leaves[start - 1].kind == "unary" or leaves[start - 1].text == "**"):
                raise Unsure  # Black adds parentheses
            if leaves[index - 1].kind != "close" and _simple(leaves[index + 1 :]):
                leaf.space = leaves[index + 1].space = False


def _operand_start(leaves: list[Leaf], at: int) -> int:
    """The index of the first token of the operand whose last token is at an index."""
    while at > 0:
        leaf = leaves[at]
        if leaf.kind == "close":
            at = next(i for i, other in enumerate(leaves) if other is leaf.opening)
            if leaves[at].atom:
                break
            at -= 1
        elif leaf.kind == "word" and leaves[at - 1].kind == "dot":
            at -= 2
        else:
            break
    return at


def _simple(leaves: list[Leaf]) -> bool:
    """Whether an exponent is what Black writes without spaces, by its first tokens."""
    start = 1 if leaves[0].kind == "unary" else 0
    if leaves[start].kind == "number":
        return True
    if leaves[start].kind != "word":
        return False
    for leaf in leaves[start:]:
        if leaf.text in ("(", "["):
            return False
        if leaf.kind not in ("word", "keyword", "dot") or leaf.text == "for":
            return True
    return True
