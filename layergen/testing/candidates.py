"""The inputs that are tried on a layer of which nobody says what it takes."""

from collections.abc import Iterator, Sequence

from .inputs import Input, InputValue, Shape

WIDTHS = 3
"""How many numbers among a constructor's arguments are tried for features."""
SHAPES: tuple[Shape, ...] = ((3, 8), (3, 5, 8), (3, 6, 6, 8), (3, 4, 4, 4, 8), (3,))
TOKENS = Input((3, 5), "int32", 0, 3)
# Images of three channels and of one, in bytes, and the patches of square ones.
FURTHER: tuple[Shape | Input, ...] = (
    *((3, 8, 8, 3), (3, 8, 8, 1), Input((3, 8, 8, 3), "float32", 0, 255)),
    *((3, 16, 8), (3, 4, 8)),
)
# What comes with a tensor: a matrix of steps (an adjacency, scores), a vector a sample or
# step, whole numbers a step.
PAIRS: tuple[tuple[Shape, Shape | Input], ...] = (
    ((3, 5, 8), (3, 5, 5)),
    ((3, 5, 8), (3, 8)),
    ((3, 8), (3, 5, 8)),
    ((3, 5, 8), (3, 5)),
    ((3, 8), (3,)),
    ((5, 8), (5, 5)),
    ((3, 5, 8), TOKENS),
    ((6, 8), Input((5, 2), "int32", 0, 5)),
)


Candidate = tuple[dict[str, InputValue], str | None]
"""Inputs, and the structure that they come in, as `LayerCase` has it."""


def candidates(
    names: Sequence[str], keys: Sequence[str], widths: Sequence[int]
) -> Iterator[Candidate]:
    """Inputs for the parameters of `call` that must be given, the most usual ones first.

    `keys` are the names by which it reads the members of a dict, `widths` numbers among
    the constructor's arguments, which may be of features.
    """
    for shape in SHAPES[:3] if keys else ():
        yield dict.fromkeys(keys, shape), "dict"
    for apart in _apart(names, widths):
        yield apart, None


def _apart(
    names: Sequence[str], widths: Sequence[int]
) -> Iterator[dict[str, InputValue]]:
    """Inputs that come one by one, or as a list where `call` takes a single thing."""
    if not names:
        return
    wide = [(*shape[:-1], width) for width in widths for shape in SHAPES[:3]]
    for same in (*SHAPES, TOKENS, *wide, *FURTHER):
        yield dict.fromkeys(names, same)
    first, *others = names
    if not others:
        for shape in SHAPES[:3]:
            yield {first: [shape, shape]}
    for one, other in PAIRS:
        if others:
            yield {first: one, **dict.fromkeys(others, other)}
        else:
            yield {first: [one, other]}
    if not others:
        for shape in SHAPES[:3]:
            yield {first: [shape, shape, shape]}
