"""What a function in functional style checks of the shapes that it is given.

Its shapes leave the batch axis out, so every axis counted from the front is one further
on in the spec.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from layergen.language.axes import Dim, Rest, Shape
from layergen.language.model import Input
from layergen.layer.facts import Facts
from layergen.layer.shape_rules import (
    Measured,
    held,
    rank_check,
    rest_check,
    size_check,
)
from layergen.layer.shape_text import axis_index, documented, rest_axes, shape_reads
from layergen.source.code import Size
from layergen.source.rewrite import Bind
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
        found = _without_batch(tensor.shape)
        count = sum(not isinstance(dim, Rest) for dim in found)
        exact = tensor.shape.rest is None
        if tensor.shape.dims is not None and (exact or count):
            shown = f"`{shown_shape(tensor.shape)}` without the batch"
            yield rank_check(_measured(facts, tensor.name), exact, count, shown)


def known_checks(facts: Facts, needed: Collection[str]) -> Iterator[Check]:
    """The sizes that the model rests on are known; `needed` are local variables."""
    for fixed in facts.fixed_axes:
        shape = facts.inputs[fixed.tensor].shape
        position = fixed.index
        name = fixed.dimension
        text = size_text(facts, name) if name else _read(facts, fixed.tensor, position)
        if name is None or name not in needed:
            yield _known_check(facts, fixed.tensor, index(shape, position), name, text)
    for tensor, position in _chosen_from(facts):
        at = index(facts.inputs[tensor].shape, position)
        text = _read(facts, tensor, position)
        yield _known_check(facts, tensor, at, None, text)
    for name in facts.axes:
        if name in needed:
            axis = facts.axes[name]
            at = index(facts.inputs[axis.owner].shape, axis.position)
            yield _known_check(facts, axis.owner, at, name, name)


def size_checks(facts: Facts, bind: Bind) -> Iterator[Check]:
    """Axes that are held to a size have it, unless they are unknown."""
    for tensor in facts.spec.inputs:
        one = _measured(facts, tensor.name)
        for position, dim in held_axes(facts, tensor):
            yield size_check(one, index(tensor.shape, position), dim, bind, facts.axes)


def rest_checks(facts: Facts) -> Iterator[Statement]:
    """The axes of `...` are those of the first input."""
    first, *others = facts.spec.inputs
    for tensor in others:
        if None in (tensor.shape.rest, first.shape.rest):
            continue
        one, other = _measured(facts, tensor.name), _measured(facts, first.name)
        theirs = rest_axes(one.shape, tensor.shape, 1)
        ours = rest_axes(other.shape, first.shape, 1)
        yield rest_check(one, other, theirs, ours, facts.scope.fresh("pair"))


def held_axes(facts: Facts, tensor: Input) -> Iterator[tuple[int, Size]]:
    """The axes of an input, but the batch, that are held to a size."""
    for position, dim in held(facts, tensor):
        if not is_batch(tensor.shape, position):
            yield position, dim


def named_sizes(facts: Facts, names: Collection[str]) -> Iterator[Statement]:
    """The sizes that the function gives a name to."""
    for name in facts.axes:
        if name in names:
            yield Assign(name, size_text(facts, name))


def _known_check(
    facts: Facts, tensor: str, at: int, name: str | None, text: str
) -> Check:
    one = _measured(facts, tensor)
    where = "the last axis" if at == -1 else f"axis {at}"
    called = f" ({name})" if name else ""
    said = f"`{one.name}` must give the size of {where}{called}"
    return one.check(f"{text} is None", said)


def _measured(facts: Facts, tensor: str) -> Measured:
    """The shape that the function is given, by its own name."""
    shape = facts.shape_name(tensor)
    return Measured(shape, shape, shape)


def _chosen_from(facts: Facts) -> Iterator[tuple[str, int]]:
    """The axes from which arguments choose, all of which a model has to know."""
    chosen = {one.name for one in facts.chosen_axes}
    found = {
        (tensor, axis_index(facts.inputs[tensor].shape, position)): None
        for derived in facts.spec.derived
        if derived.name in chosen
        for tensor, position in shape_reads(derived.code)
    }
    yield from found


def _read(facts: Facts, tensor: str, position: int) -> str:
    shape = facts.inputs[tensor].shape
    return f"{facts.shape_name(tensor)}[{index(shape, position)}]"


def _without_batch(shape: Shape) -> tuple[Dim, ...]:
    found = shape.dims or (Rest(),)
    return found if isinstance(found[0], Rest) else found[1:]
