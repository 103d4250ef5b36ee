"""Whether Black splits at parentheses of its own or at brackets that are there."""

from __future__ import annotations

from layergen.black_style.leaves import DOT, Leaf, Unsure
from layergen.black_style.lines import Line, Parts, fits


def prefers(others: Parts, parts: Parts, width: int) -> bool:
    """Whether to split at `others`, inside the parentheses of `parts`."""
    head = parts.head
    if len(head.leaves) < 2 or head.leaves[-2].text != "=":
        return True
    if not any(leaf.kind in ("open", "close") for leaf in head.leaves[:-1]):
        return True
    if not fits(str(head), width - 1) or head.magic:
        return True
    if _assigns(head) > 1 and _assigns(head) > _assigns(others.head):
        return False
    after: list[Leaf] = []
    for leaf in reversed(others.head.leaves):
        if leaf.text == "=":
            return any(a.kind == "close" for a in after) or fits(
                str(others.head), width
            )
        after.append(leaf)
    return any(leaf.kind == "close" for leaf in after)


def _assigns(line: Line) -> int:
    """How many `=` a line has, those of keywords too."""
    return sum(leaf.text == "=" for leaf in line.leaves)


def can_omit(parts: Parts, width: int) -> bool:
    """Whether what optional parentheses hold splits well without them."""
    body = parts.body
    if not body.delimiters:
        return True
    priority = max(body.delimiters.values())
    if priority == DOT:
        raise Unsure
    if list(body.delimiters.values()).count(priority) > 1:
        return False
    first, last = body.leaves[0], body.leaves[-1]
    if first.kind == "open" and body.leaves[1].kind != "close":
        if _short_after(body, first, width):
            return True
    if last.kind != "close" or last.opening is None:
        return False
    if last.text == "]" and not last.opening.atom:
        return False
    return body.leaves[-2].kind != "open" and _short_before(body, last.opening, width)


def _short_after(body: Line, first: Leaf, width: int) -> bool:
    """Whether what follows the first brackets fits, up to brackets further on."""
    counted, length = False, 4 * body.depth
    for leaf in body.leaves:
        counted |= leaf.opening is first
        if counted:
            length += leaf.width
            if length > width:
                return False
            counted = leaf.kind != "open"
    return True


def _short_before(body: Line, last: Leaf, width: int) -> bool:
    """Whether what precedes the last brackets fits, or has others to split at."""
    length = 4 * body.depth
    for leaf in body.leaves:
        length += leaf.width
        if leaf is last:
            return length <= width
        if leaf.kind == "open":
            return True
    return False


def can_be_split(body: Line) -> bool:
    if len(body.leaves) > 1 and body.leaves[0].kind == "string":
        if body.leaves[1].kind == "dot":
            raise Unsure
    return len(body.leaves) > 1
