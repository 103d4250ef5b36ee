"""The shape rules of a spec that `input_spec` cannot hold, as checks of the layer's own.

`_check_shapes` makes them in `build` and on every call; sizes not yet known wait.
"""

from __future__ import annotations

from collections.abc import Iterator

from layergen.language.model import Input
from layergen.layer.facts import Facts, FixedAxis
from layergen.layer.requirements import When, placed, requirement_check
from layergen.layer.shape_rules import (
    Measured,
    held,
    rank_check,
    rest_check,
    size_check,
)
from layergen.layer.shape_text import axis_index, documented, rank, rest_axes
from layergen.source.code import Size
from layergen.source.functions import Function, method
from layergen.source.literals import Shown
from layergen.source.rewrite import Bind
from layergen.source.statements import (
    Assign,
    Branch,
    Check,
    Each,
    Statement,
)


def build_checks(facts: Facts) -> Iterator[Statement]:
    """What `build` alone checks: sizes that `input_spec` holds from then on."""
    bind = facts.from_shapes(set(facts.pinned))
    for position, dim in held(facts, facts.held) if facts.held else []:
        names = set(dim.names)
        if names <= facts.at_build and not names <= facts.static:
            at = axis_index(facts.first.shape, position)
            yield size_check(_measured(facts, facts.first), at, dim, bind, ())
    for requirement in placed(facts, When.BUILD):
        yield requirement_check(facts, requirement, bind)


def check_shapes(facts: Facts) -> Function | None:
    """The method that checks what `input_spec` cannot, or None where nothing is left."""
    bind = facts.from_shapes({*facts.axes, *facts.counts})
    waiting = placed(facts, When.SHAPES)
    sizes = [
        check
        for tensor in facts.spec.inputs
        for check in _size_checks(facts, tensor, bind)
    ]
    used = {
        n
        for tensor in facts.spec.inputs
        for dim in _held(facts, tensor)
        for n in dim[1].names
    }
    used |= {name for r in waiting for name in facts.reads(r.condition)}
    used |= {*facts.scanned}
    body: list[Statement] = [
        *(
            check
            for tensor in facts.spec.inputs
            for check in _rank_checks(facts, tensor)
        ),
        *(Assign(n, facts.size(n)) for n in (*facts.axes, *facts.counts) if n in used),
        *(_kept_check(facts, fixed) for fixed in facts.kept_axes),
        *(_scanned_check(facts, name) for name in facts.scanned),
        *(_told_check(facts, name) for name in facts.told_axes),
        *sizes,
        *(requirement_check(facts, one, bind, facts.axes) for one in waiting),
    ]
    return (
        method("_check_shapes", facts.shape_parameters, tuple(body)) if body else None
    )


def call_checks(facts: Facts) -> Iterator[Statement]:
    """The requirements that only a call can check, for they speak of its arguments."""
    for requirement in placed(facts, When.CALL):
        yield requirement_check(facts, requirement, facts.with_static_sizes, facts.axes)


def _held(facts: Facts, tensor: Input) -> list[tuple[int, Size]]:
    """The axes that `_check_shapes` holds to a size."""
    covered = facts.at_build if tensor is facts.held else frozenset()
    return [
        (position, dim)
        for position, dim in held(facts, tensor)
        if not (covered and set(dim.names) <= covered)
    ]


def _scoped(facts: Facts, tensor: Input, checks: list[Statement]) -> list[Statement]:
    """Checks of one shape, made for every tensor of a list, or only where one is given."""
    if not checks:
        return []
    name = facts.shape_name(tensor.name)
    if tensor.many:
        checks = [Each(_shape(facts, tensor), name, tuple(checks))]
    return [Branch(f"{name} is not None", tuple(checks))] if tensor.optional else checks


def _rank_checks(facts: Facts, tensor: Input) -> list[Statement]:
    if tensor is facts.held or (facts.spec.joins_inputs and not tensor.optional):
        return []  # `input_spec` holds it.
    found = _scoped(facts, tensor, [*_rank_check(facts, tensor)])
    if isinstance(tensor.many, str) and tensor.many not in facts.counts:
        found.insert(0, _count_check(facts, tensor, tensor.many))
    return found


def _size_checks(facts: Facts, tensor: Input, bind: Bind) -> list[Statement]:
    one, shape = _measured(facts, tensor), tensor.shape
    found: list[Statement] = [
        size_check(one, axis_index(shape, position), dim, bind, facts.axes)
        for position, dim in _held(facts, tensor)
    ]
    if tensor is not facts.first or tensor.many:
        found += _rest_check(facts, tensor)
    return _scoped(facts, tensor, found)


def _count_check(facts: Facts, tensor: Input, count: str) -> Check:
    shapes, wanted = facts.shape_name(tensor.name), facts.in_method(count)
    return _of_layer(shapes, shapes, tensor.name).check(
        f"len({shapes}) != {wanted}",
        f"`{tensor.name}` must hold ",
        Shown(wanted),
        f" tensors ({count})",
    )


def _measured(facts: Facts, tensor: Input) -> Measured:
    """The shape that a check looks at, whatever the code must call it."""
    label = "shape" if tensor.many else facts.shape_name(tensor.name)
    return _of_layer(_shape(facts, tensor), label, tensor.name)


def _of_layer(shape: str, label: str, name: str) -> Measured:
    """A shape of which messages speak in the name of the layer."""
    return Measured(shape, label, name, (Shown("self.name"), ": "), "must have size")


def _shape(facts: Facts, tensor: Input) -> str:
    """The shape that a check looks at: the loop's variable for a list of tensors."""
    one = facts.scope.fresh("shape")
    return one if tensor.many else facts.shape_name(tensor.name)


def _kept_check(facts: Facts, fixed: FixedAxis) -> Check:
    """Hold an axis to the size that `build` found, once it has."""
    shape = facts.tensor_shape(fixed.tensor)
    called = f" ({fixed.dimension})" if fixed.dimension else ""
    return _of_layer(shape, shape, fixed.tensor).check(
        f"None not in ({fixed.attribute}, {shape}[{fixed.index}]) "
        f"and {shape}[{fixed.index}] != {fixed.attribute}",
        f"axis {fixed.index} of `{fixed.tensor}`{called} must have size ",
        Shown(fixed.attribute),
        ", as at build",
    )


def _scanned_check(facts: Facts, name: str) -> Check:
    """TensorFlow fails to scan several tensors of which it does not know how many parts
    they have, with an error that does not say so."""
    axis = facts.axes[name]
    shape = facts.tensor_shape(axis.owner)
    return _of_layer(shape, shape, axis.owner).check(
        f'{name} is None and keras.backend.backend() == "tensorflow"',
        f"TensorFlow needs to know axis {axis.position} of `{axis.owner}` ({name})",
    )


def _told_check(facts: Facts, name: str) -> Check:
    """An input must have the axis that an argument says."""
    shape, told = facts.tensor_shape(facts.first.name), facts.in_method(name)
    return _of_layer(shape, shape, facts.first.name).check(
        f"not -len({shape}) <= {told} < len({shape})",
        f"`{facts.first.name}` must have the axis ",
        Shown(told),
        f" ({name})",
    )


def _rank_check(facts: Facts, tensor: Input) -> Iterator[Check]:
    kind, count = rank(tensor.shape)
    exact = kind == "ndim"
    if tensor.shape.dims is not None and (exact or count):
        shown = documented(tensor.shape.dims)
        yield rank_check(_measured(facts, tensor), exact, count, shown)


def _rest_check(facts: Facts, tensor: Input) -> Iterator[Statement]:
    """The axes of `...` must be those of the first input, or of its first tensor."""
    if tensor.shape.rest is None or facts.first.shape.rest is None:
        return
    shape = facts.tensor_shape(facts.first.name)
    first, one = _of_layer(shape, shape, facts.first.name), _measured(facts, tensor)
    ours = rest_axes(first.shape, facts.first.shape)
    theirs = rest_axes(one.shape, tensor.shape)
    yield rest_check(one, first, theirs, ours, facts.scope.fresh("pair"))
