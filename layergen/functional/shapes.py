"""What a function in functional style checks of the shapes that it is given.

Its shapes leave the batch axis out, so every axis counted from the front is one further
on in the spec.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from layergen.language import dims
from layergen.language.model import (
    Dim,
    Input,
    Rest,
    Shape,
)
from layergen.layer.facts import Facts
from layergen.layer.requirements import known
from layergen.layer.shape_text import axis_index, documented
from layergen.source.code import Size
from layergen.source.literals import Shown, message
from layergen.source.rewrite import Bind, sized
from layergen.source.statements import Assign, Check, Statement


def shown_shape(shape: Shape) -> str:
    """A shape without its batch axis, as a tuple for readers."""
    return documented(_without_batch(shape))


def is_batch(shape: Shape, position: int) -> bool:
    """Whether an axis is the batch axis."""
    return position == 0 and shape.rest is None or position == 0 != shape.rest


def has_batch(facts: Facts, tensor: Input) -> bool:
    """Whether the shape begins with a batch axis, of any size."""
    if tensor.shape.dims is None:
        return True
    first = tensor.shape.dims[0] if tensor.shape.dims else None
    if isinstance(first, Size):
        axis = facts.axes.get(first.text)
        return axis is not None and axis.position == 0
    return first is not None


def batch_names(facts: Facts) -> set[str]:
    """The dimensions that are the batch axis."""
    return {
        name
        for name, axis in facts.axes.items()
        if is_batch(facts.inputs[axis.owner].shape, axis.position)
    }


def size_text(facts: Facts, name: str) -> str:
    """Where a dimension is read off the shape that the function is given."""
    axis = facts.axes[name]
    return f"{facts.shape_name(axis.owner)}[{index(facts.inputs[axis.owner].shape, axis.position)}]"


def index(shape: Shape, position: int) -> int:
    """The subscript of an axis in a shape without the batch axis."""
    found = axis_index(shape, position)
    return found if found < 0 or shape.rest == 0 else found - 1


def rank_checks(facts: Facts) -> Iterator[Check]:
    """Each shape has the axes that the spec gives it."""
    for tensor in facts.spec.inputs:
        shape = facts.shape_name(tensor.name)
        found = _without_batch(tensor.shape)
        count = sum(not isinstance(dim, Rest) for dim in found)
        exact = tensor.shape.rest is None
        if tensor.shape.dims is None or not (exact or count):
            continue
        noun = "axis" if count == 1 else "axes"
        yield Check(
            f"len({shape}) {'!=' if exact else '<'} {count}",
            message(
                f"`{shape}` must have {'' if exact else 'at least '}{count} {noun}, "
                f"`{shown_shape(tensor.shape)}` without the batch. Received: {shape}=",
                Shown(shape),
            ),
        )


def known_checks(facts: Facts, needed: Collection[str]) -> Iterator[Check]:
    """The sizes that the model rests on are known; `needed` are local variables."""
    for fixed in facts.fixed_axes:
        shape = facts.inputs[fixed.tensor].shape
        position = fixed.index
        name = fixed.dimension
        text = size_text(facts, name) if name else _read(facts, fixed.tensor, position)
        if name is None or name not in needed:
            yield _known_check(facts, fixed.tensor, index(shape, position), name, text)
    for name in facts.axes:
        if name in needed:
            axis = facts.axes[name]
            at = index(facts.inputs[axis.owner].shape, axis.position)
            yield _known_check(facts, axis.owner, at, name, name)


def size_checks(facts: Facts, bind: Bind) -> Iterator[Check]:
    """Axes that are held to a size have it, unless they are unknown."""
    for tensor in facts.spec.inputs:
        shape = facts.shape_name(tensor.name)
        for position, dim in held_axes(facts, tensor):
            at = index(tensor.shape, position)
            wanted = sized(dim, bind)
            waiting = [name for name in dim.names if name in facts.axes]
            shown: list[str | Shown] = [f" ({dim})"] if dim.names else []
            yield Check(
                f"{known(waiting)}{shape}[{at}] not in (None, {wanted})",
                message(
                    f"axis {at} of `{shape}`",
                    *shown,
                    " must be ",
                    Shown(wanted) if dim.names else wanted,
                    f". Received: {shape}=",
                    Shown(shape),
                ),
            )


def rest_checks(facts: Facts) -> Iterator[Statement]:
    """The axes of `...` are those of the first input."""
    first, *others = facts.spec.inputs
    for tensor in others:
        if None in (tensor.shape.rest, first.shape.rest):
            continue
        names = [facts.shape_name(one.name) for one in (first, tensor)]
        ours, theirs = (_rest(facts, one) for one in (first, tensor))
        pair = facts.scope.fresh("pair")
        yield Check(
            f"len({theirs}) != len({ours}) or any(None not in {pair} and "
            f"{pair}[0] != {pair}[1] for {pair} in zip({theirs}, {ours}, strict=True))",
            message(
                f"the axes `...` of `{names[1]}` must be those of `{names[0]}`. "
                f"Received: {names[0]}=",
                Shown(names[0]),
                f", {names[1]}=",
                Shown(names[1]),
            ),
        )


def held_axes(facts: Facts, tensor: Input) -> Iterator[tuple[int, Size]]:
    """The axes of an input, but the batch, that are held to a size."""
    for position, dim in tensor.shape.axes:
        if isinstance(dim, Size) and not is_batch(tensor.shape, position):
            axis = dims.Axis(tensor.name, position, of_input=True)
            if facts.axes.get(dim.text) != axis:
                yield position, dim


def named_sizes(facts: Facts, names: Collection[str]) -> Iterator[Statement]:
    """The sizes that the function gives a name to."""
    for name in facts.axes:
        if name in names:
            yield Assign(name, size_text(facts, name))


def _known_check(
    facts: Facts, tensor: str, at: int, name: str | None, text: str
) -> Check:
    shape = facts.shape_name(tensor)
    where = "the last axis" if at == -1 else f"axis {at}"
    called = f" ({name})" if name else ""
    return Check(
        f"{text} is None",
        message(
            f"`{shape}` must give the size of {where}{called}. Received: {shape}=",
            Shown(shape),
        ),
    )


def _read(facts: Facts, tensor: str, position: int) -> str:
    shape = facts.inputs[tensor].shape
    return f"{facts.shape_name(tensor)}[{index(shape, position)}]"


def _rest(facts: Facts, tensor: Input) -> str:
    """The axes of `...` in the shape that the function is given."""
    shape, rest = facts.shape_name(tensor.name), tensor.shape.rest or 0
    after = len(tensor.shape.dims or ()) - rest - 1
    start = max(rest - 1, 0) or ""
    return f"{shape}[{start}:{-after if after else ''}]".replace("[:]", "")


def _without_batch(shape: Shape) -> tuple[Dim, ...]:
    found = shape.dims or (Rest(),)
    return found if isinstance(found[0], Rest) else found[1:]
