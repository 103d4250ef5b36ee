"""Shapes of tensors, and what operations make of them, for any number of axes in `...`.

A shape is a tuple of sizes with at most one `REST` among them, `Made` for what a sublayer
makes of other shapes, `Carried` for what a loop over sublayers does, `Begun` where the
first size is known alone, `Narrow` where some sizes are 1 and nobody knows which, or None
where not even the number of axes is known.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from layergen.forward.sizes import Dim, Poly, RestAxis, bounded, size_of, surely_differ


class Rest:
    """The axes that `...` stands for."""

    def __repr__(self) -> str:
        return "..."


REST = Rest()

Axes = tuple[Any, ...]
"""Sizes, with at most one `REST`."""


class Several(Struct, frozen=True):
    """The shapes of a list of tensors that a sublayer is called on."""

    shapes: tuple[Shape | Several, ...]


class Made(Struct, frozen=True):
    """What the sublayer `layer`, or one of that list, makes of the shapes that it is
    called on."""

    layer: str
    given: tuple[Shape | Several, ...]
    listed: bool = False


class Carried(Struct, frozen=True):
    """The shape that a tensor called `name` has in a loop over sublayers, and after it."""

    name: str
    loop: ast.AST


class Begun(Struct, frozen=True):
    """The shape of a tensor of two axes or more, of which the first size is known."""

    first: Dim


class Narrow(Struct, frozen=True):
    """The shape of what broadcasts against tensors of the shape `of`: each of its sizes is
    the same, or 1."""

    of: Axes


Shape = Axes | Made | Carried | Begun | Narrow | None
Pair = tuple[Dim, Dim]

TRIED = (2, 3, 9)
"""Numbers of axes that stand for any number: what comes out alike holds for all. Among so
many as the last an axis counted from the front is one of `...`."""


def shown(shape: Shape) -> str:
    """A shape as specs write it."""
    if not isinstance(shape, tuple):
        return "any"
    dims = ["_" if one is None else "..." if one is REST else str(one) for one in shape]
    return f"[{', '.join(dims)}]"


def rank(shape: Shape) -> int | None:
    """The number of axes, None where it is not known."""
    if not isinstance(shape, tuple) or REST in shape:
        return None
    return len(shape)


def expanded(shape: Axes, count: int) -> Axes:
    """A shape in which `...` stands for `count` axes."""
    if REST not in shape:
        return shape
    at = shape.index(REST)
    rest = tuple(size_of(RestAxis(index)) for index in range(count))
    return (*shape[:at], *rest, *shape[at + 1 :])


def folded(shape: Axes, count: int) -> Axes | None:
    """A shape with `...` for its `count` axes; None where they do not stand together."""
    rest = [size_of(RestAxis(index)) for index in range(count)]
    places = [i for i, one in enumerate(shape) if one in rest]
    found: list[Any] = list(shape)
    if places:
        first, end = places[0], places[0] + count
        if found[first:end] != rest or len(places) != count:
            return None
        found[first:end] = [REST]
    return tuple(None if is_of_rest(one) else bounded(one) for one in found)


def is_of_rest(size: Any) -> bool:
    """Whether a size rests on one of the axes of `...`."""
    return isinstance(size, Poly) and any(isinstance(a, RestAxis) for a in size.atoms)


def joined(one: Shape, other: Shape) -> Shape:
    """What holds of a shape that is one of two."""
    if one == other:
        return one
    for narrow, whole in ((one, other), (other, one)):
        if isinstance(narrow, Narrow) and narrow.of == whole:
            return narrow
    if not isinstance(one, tuple) or not isinstance(other, tuple):
        return None
    if len(one) != len(other):
        return None
    found = []
    for left, right in zip(one, other, strict=True):
        if (left is REST) != (right is REST):
            return None
        found.append(left if left == right else None)
    return tuple(found)


def at_any_rank(rule: Callable[[int], Any], has_rest: bool) -> Any:
    """What a rule gives, called with the number of axes that `...` stands for.

    A rule gives axes, a list of them, or None; it may fail on what it cannot do.
    """
    results = [_tried(rule, count) for count in (TRIED if has_rest else TRIED[:1])]
    if any(isinstance(one, list) for one in results):
        if any(one is None or len(one) != len(results[0]) for one in results):
            return None
        return [_generalised(list(parts)) for parts in zip(*results, strict=True)]
    return _generalised(results)


def _tried(rule: Callable[[int], Any], count: int) -> Any:
    try:
        return rule(count)
    except (IndexError, TypeError, ValueError, ZeroDivisionError, StopIteration):
        return None


def _generalised(results: Sequence[Axes | None]) -> Axes | None:
    found: list[Axes] = []
    for count, axes in zip(TRIED, results, strict=False):
        one = folded(axes, count) if axes is not None else None
        if one is None:
            return None
        found.append(one)
    first = found[0]
    for other in found[1:]:
        if len(other) != len(first):
            return None
        both = joined(first, other)
        if both is None:
            return None
        first = both  # type: ignore[assignment]
    return first


def broadcast(*shapes: Shape) -> tuple[Shape, list[Pair]]:
    """What shapes broadcast to, and the sizes that must be equal or 1 for it, whatever
    number of axes `...` stands for."""
    whole = [shape for shape in shapes if shape != ()]
    if all(shape == whole[0] for shape in whole[1:]):
        return (whole[0] if whole else ()), []
    if any(not isinstance(shape, tuple) for shape in whole):
        return _narrow(whole) or _begun(whole), []
    axes = [shape for shape in whole if isinstance(shape, tuple)]
    has_rest = any(REST in shape for shape in axes)
    pairs: list[list[Pair]] = []

    def rule(count: int) -> Axes:
        pairs.append([])
        return _broadcast([expanded(shape, count) for shape in axes], pairs[-1])

    found = at_any_rank(rule, has_rest)
    return found, [
        pair
        for pair in dict.fromkeys(pairs[0])
        if not any(map(is_of_rest, pair)) and all(pair in others for others in pairs)
    ]


def _narrow(shapes: Sequence[Shape]) -> Shape:
    """What a shape and those that are narrower give."""
    narrow = {shape.of for shape in shapes if isinstance(shape, Narrow)}
    others = {shape for shape in shapes if not isinstance(shape, Narrow)}
    if len(narrow) != 1 or not others <= narrow:
        return None
    [whole] = narrow
    return whole if others else Narrow(whole)


def _begun(shapes: Sequence[Shape]) -> Begun | None:
    """What a shape of which the beginning is known and some of at most one axis give."""
    found = {shape for shape in shapes if isinstance(shape, Begun)}
    others = [shape for shape in shapes if shape not in found]
    short = (isinstance(one, tuple) and len(one) == 1 for one in others)
    plain = len(found) == 1 and all(short) and (REST,) not in others
    return found.pop() if plain else None


def _broadcast(shapes: Sequence[Axes], pairs: list[Pair]) -> Axes:
    found: list[Dim] = []
    for back in range(1, max(map(len, shapes)) + 1):
        sizes = [shape[-back] for shape in shapes if len(shape) >= back]
        wide = [*dict.fromkeys(size for size in sizes if size != 1)]
        known = [size for size in wide if size is not None]
        pairs += [(known[0], size) for size in known[1:]]
        if len(wide) == 1:
            found.append(wide[0])
        elif len(wide) == 2 and None in wide and isinstance(known[0], int):
            found.append(known[0])
        else:
            found.append(None if wide else 1)
    return tuple(reversed(found))


def cannot_meet(pair: Pair, exactly: bool) -> bool:
    """Whether two sizes surely differ, and neither is a 1 that would give way."""
    one, other = pair
    if exactly:
        return surely_differ(one, other)
    return (
        surely_differ(one, other) and surely_differ(one, 1) and surely_differ(other, 1)
    )
