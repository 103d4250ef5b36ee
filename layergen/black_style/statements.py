"""Where a statement may get parentheses that Black adds, hides or drops."""

from __future__ import annotations

from layergen.black_style.leaves import Leaf, Scanner, Unsure

VALUE_AFTER = {"return", "assert", "if", "elif", "while"}
AS_IT_IS = {"def", "class", "raise", "pass", "break", "continue", "else", "import", "with"}
BLOCKS = {"def", "class", "if", "elif", "else", "while", "for", "with"}


def prepared(scanner: Scanner) -> list[Leaf]:
    """The tokens of a statement with the parentheses that Black may show or hide.

    Sets `scanner.rigid` where it is known how the statement looks on one line only.
    """
    leaves = scanner.leaves
    first, last = leaves[0], leaves[-1]
    block = first.kind == "keyword" and first.text in BLOCKS
    outer = _outer(leaves)
    if block != (last.kind == "colon") or scanner.open or last.kind == "comma":
        raise Unsure
    if any(leaves[i].kind == "colon" for i in outer[:-1]):
        raise Unsure
    end = len(leaves) - block
    if first.kind == "decorator":
        return leaves
    if first.kind == "keyword":
        return _keyword(scanner, first.text, outer, end)
    equals = [i for i in outer if leaves[i].kind == "assign"]
    if first.kind != "word" or len(equals) > 1:
        raise Unsure
    if not equals:
        scanner.rigid |= any(leaves[i].kind == "op" or leaves[i].priority > 1 for i in outer)
        return leaves
    scanner.rigid |= any(leaves[i].kind == "comma" for i in outer if i < equals[0])
    return _wrapped(leaves, equals[0] + 1, end)


def _keyword(scanner: Scanner, word: str, outer: list[int], end: int) -> list[Leaf]:
    leaves = scanner.leaves
    texts = [leaves[i].text for i in outer]
    if word in VALUE_AFTER:
        if word == "assert" and "," in texts:
            raise Unsure
        return _wrapped(leaves, 1, end) if end > 1 else leaves
    if word == "for":
        middle = outer[texts.index("in")]
        if "(" in (leaves[1].text, leaves[middle + 1].text):
            raise Unsure
        return _wrapped(_wrapped(leaves, middle + 1, end), 1, middle)
    if word == "from":
        start = outer[texts.index("import")] + 1
        return _wrapped(leaves, start, end, keep_tuples=False)
    if word not in AS_IT_IS or word == "class" and leaves[-2].opening is leaves[-3]:
        raise Unsure
    if word == "with":
        if leaves[1].kind == "open":
            raise Unsure
        scanner.rigid |= "as" in texts or "," in texts
    return leaves


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
    if _in_parens(inner) and keep_tuples and inner[0].magic:
        return leaves
    while _in_parens(inner) and not (keep_tuples and inner[0].magic):
        inner = inner[1:-1]
    space = inner[0].space or leaves[start].space
    opening = Leaf("open", "", space, atom=True)
    closing = Leaf("close", "", opening=opening)
    closing.magic = not keep_tuples and inner[-1].kind == "comma"
    inner[0].space = False
    return [*leaves[:start], opening, *inner, closing, *leaves[end:]]


def _in_parens(leaves: list[Leaf]) -> bool:
    first, last = leaves[0], leaves[-1]
    return first.text == "(" and last.opening is first
