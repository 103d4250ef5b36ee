"""The sizes that a layer takes from its inputs, and the `input_spec` that holds them.

Keras holds the first input to the layer's `input_spec`: what the constructor knows is
stated there from the start, the sizes that weights rest on from `build` on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from layergen.language.along import axis_arguments
from layergen.language.axes import Rest
from layergen.language.chosen import ChosenAxis
from layergen.language.model import Input
from layergen.layer import along
from layergen.layer.constants import read_in_call, read_in_mask, read_in_methods
from layergen.layer.facts import Facts, FixedAxis
from layergen.layer.shape_text import axis_index, rank
from layergen.source.bodies import expression, sized
from layergen.source.code import Size
from layergen.source.literals import Shown, literal, message
from layergen.source.rewrite import Bind
from layergen.source.statements import Assign, Check, Statement


def constructor_spec(facts: Facts) -> str:
    """The `InputSpec` that the constructor can state, or "" for none."""
    if facts.spec.joins_inputs:
        return _joined_spec(facts)
    axes = _known_axes(facts, facts.static, facts.in_constructor)
    return _input_spec(facts.first, axes)


def build_spec(facts: Facts) -> str:
    """The `InputSpec` with the sizes that `build` learns, or "" where it learns none."""
    if facts.fixes_rest:
        whole = f"shape={_whole_shape(facts)}"
        if facts.spec.joins_inputs:
            return _joined_spec(facts, whole)
        return f"keras.layers.InputSpec({whole})"
    chooses = axis_arguments(facts.spec)
    if facts.spec.joins_inputs:
        return _joined_spec(facts, along.held_shape(facts, {})) if chooses else ""
    bind = facts.from_shapes(set(facts.pinned))
    axes = _known_axes(facts, facts.at_build, bind)
    for fixed in facts.fixed_axes:
        if fixed.tensor == facts.first.name:
            shape = facts.shape_name(fixed.tensor)
            axes.setdefault(fixed.index, fixed.dimension or f"{shape}[{fixed.index}]")
    for chosen in facts.chosen_axes:
        axes[expression(chosen.axis, bind)] = f"self.{chosen.name}"
    if chooses:
        return f"keras.layers.InputSpec({along.held_shape(facts, axes)})"
    if len(axes) == len(_known_axes(facts, facts.static, bind)):
        return ""
    return _input_spec(facts.first, axes)


def fixed_sizes(facts: Facts) -> Iterator[Statement]:
    """The sizes that `build` takes from its shapes, each of which must be known."""
    for count in facts.counts:
        yield Assign(count, facts.size(count))
    if facts.fixes_rest:
        shape = facts.tensor_shape(facts.first.name)
        said = message(
            Shown("self.name"),
            f" needs to know the sizes of the axes `...` of its input. Received: {shape}=",
            Shown(shape),
        )
        yield Check(f"None in {facts.rest_sizes}", said)
    for fixed in facts.fixed_axes:
        shape = facts.tensor_shape(fixed.tensor)
        size = f"{shape}[{fixed.index}]"
        if fixed.dimension:
            yield Assign(fixed.dimension, size)
        where = "last axis" if fixed.index == -1 else f"axis {fixed.index}"
        whose = f"`{fixed.tensor}`'s" if len(facts.inputs) > 1 else "its input's"
        called = f" ({fixed.dimension})" if fixed.dimension else ""
        need = f"needs to know the size of {whose} {where}{called}"
        if fixed.dimension == "batch":
            need = "keeps a state for each sample and needs a fixed batch size"
        said = message(Shown("self.name"), f" {need}. Received: {shape}=", Shown(shape))
        yield Check(f"{fixed.dimension or size} is None", said)


def chosen_size(facts: Facts, chosen: ChosenAxis) -> Check:
    """The size of an axis that arguments choose must be known."""
    shape = facts.tensor_shape(chosen.tensor)
    whose = f"`{chosen.tensor}`'s" if len(facts.inputs) > 1 else "its input's"
    said = message(
        Shown("self.name"),
        f" needs to know the size of {whose} axis ",
        Shown(expression(chosen.axis, facts.in_method)),
        f" ({chosen.name}). Received: {shape}=",
        Shown(shape),
    )
    return Check(f"self.{chosen.name} is None", said)


def _whole_shape(facts: Facts) -> str:
    """The shape of the first input where variables rest on `...`: the rank is fixed too."""
    known = facts.at_build
    bind = facts.from_shapes(set(facts.pinned))
    sizes = []
    for dim in facts.first.shape.dims or ():
        if isinstance(dim, Rest):
            sizes.append(f"*{facts.rest_sizes}")
        else:
            fixed = isinstance(dim, Size) and set(dim.names) <= known
            sizes.append(
                sized(dim, bind) if fixed and isinstance(dim, Size) else "None"
            )
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def _joined_spec(facts: Facts, first: str = "") -> str:
    """The `InputSpec` of every input that comes in one list or dict, and must be there.

    Keras finds those of a dict by name. Sizes are held by the layer itself.
    """
    found = []
    for tensor in facts.spec.inputs:
        whole = first if tensor is facts.first else ""
        parts = [whole] if whole else _rank_parts(tensor)
        if facts.spec.inputs_as == "dict":
            parts.append(f"name={literal(tensor.name)}")
        if not tensor.optional:
            found.append(f"keras.layers.InputSpec({', '.join(parts)})")
    return f"[{', '.join(found)}]"


def kept(facts: Facts) -> tuple[FixedAxis, ...]:
    """The axes whose size the layer keeps: those that later calls are held to, but not by
    `input_spec`, and those that `call` and the mask read, whose input may leave them open then.
    """
    read = read_in_call(facts) | read_in_mask(facts) | read_in_methods(facts)
    return tuple(
        fixed
        for fixed in facts.fixed_axes
        if fixed in facts.kept_axes or fixed.dimension in read
    )


def kept_sizes(facts: Facts) -> Iterator[Statement]:
    """The sizes that `build` keeps."""
    for fixed in kept(facts):
        size = f"{facts.tensor_shape(fixed.tensor)}[{fixed.index}]"
        yield Assign(fixed.attribute, fixed.dimension or size)


def _known_axes(facts: Facts, known: Iterable[str], bind: Bind) -> dict[int | str, str]:
    shape = facts.first.shape
    return {
        axis_index(shape, position): sized(dim, bind)
        for position, dim in shape.axes
        if isinstance(dim, Size) and set(dim.names) <= set(known)
    }


def _input_spec(tensor: Input, axes: Mapping[int | str, str]) -> str:
    if tensor.shape.dims is None or tensor.many:
        return ""
    parts = _rank_parts(tensor)
    if axes:
        inner = ", ".join(f"{index}: {text}" for index, text in axes.items())
        parts.append(f"axes={{{inner}}}")
    return f"keras.layers.InputSpec({', '.join(parts)})" if parts else ""


def _rank_parts(tensor: Input) -> list[str]:
    """The number of axes that an input has, as an argument of `InputSpec`."""
    if tensor.shape.dims is None:
        return []
    kind, count = rank(tensor.shape)
    return [f"{kind}={count}"] if count or kind == "ndim" else []
