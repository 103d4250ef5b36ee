"""The shape rules of a spec as the checks that a layer makes of its inputs.

Keras holds the first input to the layer's `input_spec`: what the constructor knows is
stated there from the start, the sizes that weights rest on from `build` on. Everything
else is checked by the layer's own `_check_shapes`, in `build` and on every call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from layergen.layer.facts import Facts, FixedAxis, axis_index, rank, rest_slice
from layergen.layer.literals import Shown, message
from layergen.layer.rewrite import Bind, negated, sized
from layergen.layer.statements import Assign, Check, Method, Statement
from layergen.spec import dims
from layergen.spec.model import Dim, Input, Requirement, Size


def constructor_spec(facts: Facts) -> str:
    """The `InputSpec` that the constructor can state, or "" for none."""
    axes = _known_axes(facts, facts.static, facts.in_constructor)
    return _input_spec(facts.first, axes)


def build_spec(facts: Facts) -> str:
    """The `InputSpec` with the sizes that `build` learns, or "" where it learns none."""
    bind = facts.from_shapes(set(facts.pinned))
    axes = _known_axes(facts, facts.at_build, bind)
    for fixed in facts.fixed_axes:
        if fixed.tensor == facts.first.name:
            shape = facts.shape_name(fixed.tensor)
            axes.setdefault(fixed.index, fixed.dimension or f"{shape}[{fixed.index}]")
    if len(axes) == len(_known_axes(facts, facts.static, bind)):
        return ""
    return _input_spec(facts.first, axes)


def fixed_sizes(facts: Facts) -> Iterator[Statement]:
    """The sizes that `build` takes from its shapes, each of which must be known."""
    for fixed in facts.fixed_axes:
        shape = facts.shape_name(fixed.tensor)
        size = f"{shape}[{fixed.index}]"
        if fixed.dimension:
            yield Assign(fixed.dimension, size)
        where = "last axis" if fixed.index == -1 else f"axis {fixed.index}"
        whose = f"`{fixed.tensor}`'s" if len(facts.inputs) > 1 else "its input's"
        called = f" ({fixed.dimension})" if fixed.dimension else ""
        yield Check(
            f"{fixed.dimension or size} is None",
            message(
                Shown("self.name"),
                f" needs to know the size of {whose} {where}{called}. Received: {shape}=",
                Shown(shape),
            ),
        )


def kept_sizes(facts: Facts) -> Iterator[Statement]:
    """The sizes that later calls are held to, but not by `input_spec`."""
    for fixed in facts.kept_axes:
        size = f"{facts.shape_name(fixed.tensor)}[{fixed.index}]"
        yield Assign(fixed.attribute, fixed.dimension or size)


def build_checks(facts: Facts) -> Iterator[Statement]:
    """What `build` alone checks: sizes that `input_spec` holds from then on."""
    bind = facts.from_shapes(set(facts.pinned))
    for position, dim in _checked(facts, facts.first):
        names = set(dim.names)
        if names <= facts.at_build and not names <= facts.static:
            yield _size_check(facts, facts.first, position, dim, bind, ())
    for requirement in facts.spec.require:
        names = facts.reads(requirement.condition)
        if names <= facts.at_build and not constructor_knows(facts, names):
            yield requirement_check(facts, requirement, bind)


def check_shapes(facts: Facts) -> Method | None:
    """The method that checks what `input_spec` cannot, or None where nothing is left."""
    bind = facts.from_shapes(set(facts.axes))
    later = facts.spec.inputs[1:]
    held = [
        (tensor, position, dim)
        for tensor in facts.spec.inputs
        for position, dim in _checked(facts, tensor)
        if tensor in later or not set(dim.names) <= facts.at_build
    ]
    waiting = [
        requirement
        for requirement in facts.spec.require
        if not facts.reads(requirement.condition) <= facts.at_build
    ]
    used = {name for _, _, dim in held for name in dim.names}
    used |= {name for r in waiting for name in facts.reads(r.condition)}
    body: list[Statement] = [
        *(check for tensor in later for check in _rank_check(facts, tensor)),
        *(Assign(name, facts.size(name)) for name in facts.axes if name in used),
        *(_kept_check(facts, fixed) for fixed in facts.kept_axes),
        *(_size_check(facts, *axis, bind, facts.axes) for axis in held),
        *(check for tensor in later for check in _rest_check(facts, tensor)),
        *(requirement_check(facts, requirement, bind) for requirement in waiting),
    ]
    return Method("_check_shapes", facts.shape_names, tuple(body)) if body else None


def requirement_check(facts: Facts, requirement: Requirement, bind: Bind) -> Check:
    """A requirement as the check that raises its message; unknown sizes wait."""
    names = facts.reads(requirement.condition)
    whole = {name for name in names if facts.is_whole(name)}
    condition = negated(requirement.condition, bind, whole)
    waiting = [
        name for name in facts.axes if name in names and name not in facts.pinned
    ]
    received: list[str | Shown] = []
    for name in sorted(names & {*facts.args, *facts.axes, *facts.derived}):
        received += [f"{', ' if received else ''}{name}=", Shown(f"{bind(name)}!r")]
    if received:
        received[0] = f" Received: {received[0]}"
    text = requirement.message.rstrip()
    stop = "" if text.endswith((".", "!", "?")) else "."
    return Check(_known(waiting) + condition, message(text + stop, *received))


def constructor_knows(facts: Facts, names: set[str]) -> bool:
    return names <= facts.static


def _known_axes(facts: Facts, known: Iterable[str], bind: Bind) -> dict[int, str]:
    shape = facts.first.shape
    return {
        axis_index(shape, position): sized(dim, bind)
        for position, dim in shape.axes
        if isinstance(dim, Size) and set(dim.names) <= set(known)
    }


def _input_spec(tensor: Input, axes: dict[int, str]) -> str:
    if tensor.shape.dims is None:
        return ""
    kind, count = rank(tensor.shape)
    parts = [f"{kind}={count}"] if count or kind == "ndim" else []
    if axes:
        inner = ", ".join(f"{index}: {text}" for index, text in axes.items())
        parts.append(f"axes={{{inner}}}")
    return f"keras.layers.InputSpec({', '.join(parts)})" if parts else ""


def _checked(facts: Facts, tensor: Input) -> Iterator[tuple[int, Size]]:
    """The axes of an input that are held to a size, not bound to one."""
    for position, dim in tensor.shape.axes:
        if isinstance(dim, Size) and not _binds(facts, tensor, position, dim):
            yield position, dim


def _binds(facts: Facts, tensor: Input, position: int, dim: Dim) -> bool:
    axis = facts.axes.get(str(dim))
    return axis == dims.Axis(tensor.name, position, of_input=True)


def _size_check(
    facts: Facts,
    tensor: Input,
    position: int,
    dim: Size,
    bind: Bind,
    waiting: Collection[str],
) -> Check:
    """Hold an axis to a size; the check waits for the sizes in `waiting`."""
    shape = facts.shape_name(tensor.name)
    index = axis_index(tensor.shape, position)
    wanted = sized(dim, bind)
    local = [name for name in dim.names if name in waiting]
    shown: list[str | Shown] = [f" ({dim})"] if dim.names else []
    return Check(
        f"{_known(local)}{shape}[{index}] not in (None, {wanted})",
        message(
            Shown("self.name"),
            f": axis {index} of `{tensor.name}`",
            *shown,
            " must have size ",
            Shown(wanted) if dim.names else wanted,
            f". Received: {shape}=",
            Shown(shape),
        ),
    )


def _kept_check(facts: Facts, fixed: FixedAxis) -> Check:
    """Hold an axis to the size that `build` found, once it has."""
    shape = facts.shape_name(fixed.tensor)
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
    shape = facts.shape_name(tensor.name)
    least = "at least " if kind == "min_ndim" else ""
    yield Check(
        f"len({shape}) {'<' if least else '!='} {count}",
        message(
            Shown("self.name"),
            f": `{tensor.name}` must have {least}{count} "
            f"{'axis' if count == 1 else 'axes'}, {tensor.shape}. "
            f"Received: {shape}=",
            Shown(shape),
        ),
    )


def _rest_check(facts: Facts, tensor: Input) -> Iterator[Statement]:
    """The axes of `...` must be those of the first input."""
    if tensor.shape.rest is None or facts.first.shape.rest is None:
        return
    first, shape = facts.shape_name(facts.first.name), facts.shape_name(tensor.name)
    ours = f"{first}[{rest_slice(facts.first.shape)}]".replace("[:]", "")
    theirs = f"{shape}[{rest_slice(tensor.shape)}]".replace("[:]", "")
    yield Check(
        f"len({theirs}) != len({ours}) or any(None not in pair and pair[0] != pair[1] "
        f"for pair in zip({theirs}, {ours}, strict=True))",
        message(
            Shown("self.name"),
            f": the axes `...` of `{tensor.name}` must be those of "
            f"`{facts.first.name}`. Received: {first}=",
            Shown(first),
            f", {shape}=",
            Shown(shape),
        ),
    )


def _known(names: list[str]) -> str:
    if len(names) > 1:
        return f"None not in ({', '.join(names)}) and "
    return f"{names[0]} is not None and " if names else ""
