"""Powers of names and numbers, which Black writes without spaces."""

from __future__ import annotations

from layergen.black_style.leaves import Leaf, Unsure


def hug_powers(leaves: list[Leaf]) -> None:
    """Take the spaces from around `**` between names, attributes and numbers."""
    for index, leaf in enumerate(leaves):
        if leaf.kind == "op" and leaf.text == "**":
            start = _operand_start(leaves, index - 1)
            if start and (
                leaves[start - 1].kind == "unary" or leaves[start - 1].text == "**"
            ):
                raise Unsure  # Black adds parentheses
            simple = leaves[index - 1].kind in ("word", "number")
            if simple and _simple(leaves[index + 1 :]):
                leaf.hugs = leaves[index + 1].hugs = True


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
        if leaf.kind not in ("word", "keyword", "dot", "dots") or leaf.text == "for":
            return True
        if leaf.kind == "keyword":
            raise Unsure  # Black reads on, as if keywords were names
    return True
