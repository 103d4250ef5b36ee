"""Shapes that Keras' layers give which move elements, or put tensors together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from layergen.keras_tables.joining_rules import concatenate
from layergen.keras_tables.moving_rules import reshape
from layergen.keras_tables.shape_parts import Answer, Shape, product, together

Argument = Callable[[str], Any]


def merged(argument: Argument, x: Sequence[Shape]) -> Answer:
    # Of other numbers of axes the shorter are filled up in a way of Keras' own.
    same = isinstance(x, list) and len({len(one) for one in x}) == 1
    return together(*x) if same else None


def joined(argument: Argument, x: Sequence[Shape]) -> Answer:
    return concatenate(x, argument("axis")) if isinstance(x, list) else None


def attention(argument: Argument, x: Sequence[Shape]) -> Answer:
    return (*x[0][:-1], x[1][-1]) if isinstance(x, list) else None


def flatten(argument: Argument, x: Shape) -> Answer:
    if argument("data_format") == "channels_first":
        return None
    return (x[0], product(x[1:]) if len(x) > 1 else 1)


def shaped(argument: Argument, x: Shape) -> Answer:
    found = reshape(x[1:], tuple(argument("target_shape")))
    return (x[0], *found) if isinstance(found, tuple) else None


def permuted(argument: Argument, x: Shape) -> Answer:
    return (x[0], *(x[axis] for axis in argument("dims")))


def repeated(argument: Argument, x: Shape) -> Answer:
    return (x[0], argument("n"), x[1])


def einsum(argument: Argument, x: Shape) -> Answer:
    terms, _, result = argument("equation").replace(" ", "").partition("->")
    term = terms.partition(",")[0]
    stated = argument("output_shape")
    stated = (stated,) if not isinstance(stated, tuple) else stated
    if "..." in result:
        if not (term.startswith("...") and result.startswith("...")):
            return None
        term, result = term[3:], result[3:]
        front = x[: len(x) - len(term)]
        if len(front) > 2:
            return (
                None  # Of symbolic tensors Keras turns the order of these axes round.
            )
    else:
        front, term, result = x[:1], term[1:], result[1:]
    sizes = dict(zip(term, x[len(x) - len(term) :], strict=True))
    # The stated sizes are those of the last axes; None is what the input has.
    ends = zip(reversed(result), reversed(stated), strict=False)
    known = {letter: size for letter, size in ends if size is not None}
    return (*front, *(known.get(one, sizes.get(one)) for one in result))


RULES: dict[str, Callable[..., Answer]] = {
    **dict.fromkeys(("Add", "Average", "Maximum", "Minimum"), merged),
    **dict.fromkeys(("Multiply", "Subtract"), merged),
    **dict.fromkeys(("AdditiveAttention", "Attention"), attention),
    "Concatenate": joined,
    "EinsumDense": einsum,
    "Flatten": flatten,
    "Permute": permuted,
    "RepeatVector": repeated,
    "Reshape": shaped,
}
