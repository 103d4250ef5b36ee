"""Where a statement may get parentheses that Black adds, hides or drops."""

from __future__ import annotations

from layergen.black_style.leaves import DOT, Leaf, Unsure
from layergen.black_style.scanner import Scanner

VALUE_AFTER = {"return", "assert", "if", "elif", "while"}
AS_IT_IS = {
    "def",
    "class",
    "raise",
    "pass",
    "break",
    "continue",
    "else",
    "import",
    "with",
}
BLOCKS = {"def", "class", "if", "elif", "else", "while", "for", "with"}


def prepared(scanner: Scanner) -> tuple[list[Leaf], bool]:
    """The tokens of a statement with the parentheses that Black may show or hide.

    The second value says that how it looks is known only as long as it is on one line.
    """
    leaves = scanner.leaves
    first, last = leaves[0], leaves[-1]
    block = first.kind == "keyword" and first.text in BLOCKS
    outer = _outer(leaves)
    if block != (last.kind == "colon") or last.kind == "comma":
        raise Unsure
    if any(leaves[i].kind == "colon" for i in outer[:-1]):
        raise Unsure
    if any(leaves[i].kind == "comma" and _ends(leaves[i + 1]) for i in outer[:-1]):
        raise Unsure  # Black puts a tuple of one in parentheses
    end = len(leaves) - block
    if first.kind == "decorator":
        if any(leaves[i].kind == "keyword" or leaves[i].priority > DOT for i in outer):
            raise Unsure
        return leaves, False
    if first.kind == "keyword":
        return _keyword(leaves, outer, end)
    equals = [i for i in outer if leaves[i].kind == "assign"]
    if first.kind == "word" and not equals:
        return leaves, any(leaves[i].priority > DOT for i in outer)
    if len(equals) != 1 or first.kind != "word" and not _kept(leaves[: equals[0]]):
        raise Unsure
    unpacks = any(leaves[i].kind == "comma" for i in outer if i < equals[0])
    leaves = _wrapped(leaves, equals[0] + 1, end)
    return _wrapped(leaves, 0, equals[0]) if unpacks else leaves, False


def _keyword(leaves: list[Leaf], outer: list[int], end: int) -> tuple[list[Leaf], bool]:
    word = leaves[0].text
    texts = [leaves[i].text for i in outer]
    if word in VALUE_AFTER:
        if word == "assert" and "," in texts:
            raise Unsure
        return _wrapped(leaves, 1, end) if end > 1 else leaves, False
    if word == "for":
        middle = outer[texts.index("in")]
        if "(" in (leaves[1].text, leaves[middle + 1].text):
            raise Unsure
        return _wrapped(_wrapped(leaves, middle + 1, end), 1, middle), False
    if word == "from":
        start = outer[texts.index("import")] + 1
        return _wrapped(leaves, start, end, keep_tuples=False), False
    if word not in AS_IT_IS or word == "class" and leaves[-2].opening is leaves[-3]:
        raise Unsure
    if word == "with" and leaves[1].kind == "open":
        raise Unsure
    return leaves, word == "with" and ("as" in texts or "," in texts)


def _ends(leaf: Leaf) -> bool:
    return (
        leaf.kind in ("assign", "colon") or leaf.kind == "keyword" and leaf.text == "in"
    )


def _kept(target: list[Leaf]) -> bool:
    """Whether a target keeps its parentheses: `(name,)`, and what a comma makes explode."""
    if not _in_parens(target):
        return False
    kinds = [leaf.kind for leaf in target]
    return target[-1].magic or kinds == ["open", "word", "comma", "close"]


def _outer(leaves: list[Leaf]) -> list[int]:
    """The indices of the tokens outside of all brackets."""
    found, depth = [], 0
    for index, leaf in enumerate(leaves):
        depth -= leaf.kind == "close"
        if not depth:
            found.append(index)
        depth += leaf.kind == "open"
    return found


def _wrapped(
    leaves: list[Leaf], start: int, end: int, *, keep_tuples: bool = True
) -> list[Leaf]:
    """Put a value in parentheses that do not show, in place of any that it can do without."""
    inner = leaves[start:end]
    if not inner[0].text and inner[-1].opening is inner[0]:
        return leaves
    if _in_parens(inner) and keep_tuples and inner[0].magic:
        return leaves
    while _in_parens(inner) and not (keep_tuples and inner[0].magic):
        inner = inner[1:-1]
    space = inner[0].space or leaves[start].space
    opening = Leaf("open", "", space=space, atom=True)
    closing = Leaf("close", "", opening=opening)
    closing.magic = not keep_tuples and inner[-1].kind == "comma"
    inner[0].space = False
    return [*leaves[:start], opening, *inner, closing, *leaves[end:]]


def _in_parens(leaves: list[Leaf]) -> bool:
    first, last = leaves[0], leaves[-1]
    return first.text == "(" and last.opening is first
