"""The shape rules of a spec that `input_spec` cannot hold, as checks of the layer's own.

`_check_shapes` makes them in `build` and on every call; sizes not yet known wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from layergen.language import dims
from layergen.language.model import Dim, Input
from layergen.layer.facts import Facts, FixedAxis
from layergen.layer.requirements import When, known, placed, requirement_check
from layergen.layer.shape_text import axis_index, documented, rank, rest_slice
from layergen.source.code import Size
from layergen.source.literals import Shown, message
from layergen.source.rewrite import Bind, sized
from layergen.source.statements import (
    Assign,
    Branch,
    Check,
    Each,
    Method,
    Statement,
)


def build_checks(facts: Facts) -> Iterator[Statement]:
    """What `build` alone checks: sizes that `input_spec` holds from then on."""
    bind = facts.from_shapes(set(facts.pinned))
    for position, dim in [] if facts.first.many else _checked(facts, facts.first):
        names = set(dim.names)
        if names <= facts.at_build and not names <= facts.static:
            yield _size_check(facts, facts.first, position, dim, bind, ())
    for requirement in placed(facts, When.BUILD):
        yield requirement_check(facts, requirement, bind)


def check_shapes(facts: Facts) -> Method | None:
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
    body: list[Statement] = [
        *(
            check
            for tensor in facts.spec.inputs
            for check in _rank_checks(facts, tensor)
        ),
        *(Assign(n, facts.size(n)) for n in (*facts.axes, *facts.counts) if n in used),
        *(_kept_check(facts, fixed) for fixed in facts.kept_axes),
        *sizes,
        *(requirement_check(facts, one, bind, facts.axes) for one in waiting),
    ]
    return (
        Method("_check_shapes", facts.shape_parameters, tuple(body)) if body else None
    )


def call_checks(facts: Facts) -> Iterator[Statement]:
    """The requirements that only a call can check, for they speak of its arguments."""
    for requirement in placed(facts, When.CALL):
        yield requirement_check(facts, requirement, facts.with_static_sizes, facts.axes)


def _held(facts: Facts, tensor: Input) -> list[tuple[int, Size]]:
    """The axes that `_check_shapes` holds to a size."""
    covered = (
        facts.at_build if tensor is facts.first and not tensor.many else frozenset()
    )
    return [
        (position, dim)
        for position, dim in _checked(facts, tensor)
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
    if tensor is facts.first and not tensor.many:
        return []
    found = _scoped(facts, tensor, [*_rank_check(facts, tensor)])
    if isinstance(tensor.many, str) and tensor.many not in facts.counts:
        found.insert(0, _count_check(facts, tensor, tensor.many))
    return found


def _size_checks(facts: Facts, tensor: Input, bind: Bind) -> list[Statement]:
    found: list[Statement] = [
        _size_check(facts, tensor, position, dim, bind, facts.axes)
        for position, dim in _held(facts, tensor)
    ]
    if tensor is not facts.first:
        found += _rest_check(facts, tensor)
    return _scoped(facts, tensor, found)


def _count_check(facts: Facts, tensor: Input, count: str) -> Check:
    shapes, wanted = facts.shape_name(tensor.name), facts.in_method(count)
    return Check(
        f"len({shapes}) != {wanted}",
        message(
            Shown("self.name"),
            f": `{tensor.name}` must hold ",
            Shown(wanted),
            f" tensors ({count}). Received: {shapes}=",
            Shown(shapes),
        ),
    )


def _checked(facts: Facts, tensor: Input) -> Iterator[tuple[int, Size]]:
    """The axes of an input that are held to a size, not bound to one."""
    for position, dim in tensor.shape.axes:
        if isinstance(dim, Size) and not _binds(facts, tensor, position, dim):
            yield position, dim


def _binds(facts: Facts, tensor: Input, position: int, dim: Dim) -> bool:
    """Whether an axis gives a dimension its size; of a list, each tensor must agree."""
    axis = facts.axes.get(str(dim))
    return axis == dims.Axis(tensor.name, position, of_input=True) and not tensor.many


def _size_check(
    facts: Facts,
    tensor: Input,
    position: int,
    dim: Size,
    bind: Bind,
    waiting: Collection[str],
) -> Check:
    """Hold an axis to a size; the check waits for the sizes in `waiting`."""
    shape = _shape(facts, tensor)
    index = axis_index(tensor.shape, position)
    wanted = sized(dim, bind)
    local = [name for name in dim.names if name in waiting]
    shown: list[str | Shown] = [f" ({dim})"] if dim.names else []
    return Check(
        f"{known(local)}{shape}[{index}] not in (None, {wanted})",
        message(
            Shown("self.name"),
            f": axis {index} of `{tensor.name}`",
            *shown,
            " must have size ",
            Shown(wanted) if dim.names else wanted,
            f". Received: {_label(facts, tensor)}=",
            Shown(shape),
        ),
    )


def _shape(facts: Facts, tensor: Input) -> str:
    """The shape that a check looks at: the loop's variable for a list of tensors."""
    one = facts.scope.fresh("shape")
    return one if tensor.many else facts.shape_name(tensor.name)


def _label(facts: Facts, tensor: Input) -> str:
    """What a message calls that shape, whatever the code must call it."""
    return "shape" if tensor.many else facts.shape_name(tensor.name)


def _kept_check(facts: Facts, fixed: FixedAxis) -> Check:
    """Hold an axis to the size that `build` found, once it has."""
    shape = facts.tensor_shape(fixed.tensor)
    called = f" ({fixed.dimension})" if fixed.dimension else ""
    return Check(
        f"None not in ({fixed.attribute}, {shape}[{fixed.index}]) "
        f"and {shape}[{fixed.index}] != {fixed.attribute}",
        message(
            Shown("self.name"),
            f": axis {fixed.index} of `{fixed.tensor}`{called} must have size ",
            Shown(fixed.attribute),
            f", as at build. Received: {shape}=",
            Shown(shape),
        ),
    )


def _rank_check(facts: Facts, tensor: Input) -> Iterator[Check]:
    kind, count = rank(tensor.shape)
    if tensor.shape.dims is None or (kind == "min_ndim" and not count):
        return
    shape = _shape(facts, tensor)
    least = "at least " if kind == "min_ndim" else ""
    yield Check(
        f"len({shape}) {'<' if least else '!='} {count}",
        message(
            Shown("self.name"),
            f": `{tensor.name}` must have {least}{count} "
            f"{'axis' if count == 1 else 'axes'}, {documented(tensor.shape.dims)}. "
            f"Received: {_label(facts, tensor)}=",
            Shown(shape),
        ),
    )


def _rest_check(facts: Facts, tensor: Input) -> Iterator[Statement]:
    """The axes of `...` must be those of the first input."""
    if tensor.shape.rest is None or facts.first.shape.rest is None:
        return
    first, shape = facts.tensor_shape(facts.first.name), _shape(facts, tensor)
    ours = f"{first}[{rest_slice(facts.first.shape)}]".replace("[:]", "")
    theirs = f"{shape}[{rest_slice(tensor.shape)}]".replace("[:]", "")
    pair = facts.scope.fresh("pair")
    yield Check(
        f"len({theirs}) != len({ours}) or any(None not in {pair} and "
        f"{pair}[0] != {pair}[1] for {pair} in zip({theirs}, {ours}, strict=True))",
        message(
            Shown("self.name"),
            f": the axes `...` of `{tensor.name}` must be those of "
            f"`{facts.first.name}`. Received: {first}=",
            Shown(first),
            f", {_label(facts, tensor)}=",
            Shown(shape),
        ),
    )
