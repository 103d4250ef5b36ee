"""What the emitted test shows a layer that it must refuse: arguments and shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from layergen.example.sizes import Sizes
from layergen.example.values import (
    call_of,
    call_values,
    constructor_call,
    input_shape,
    tensor_count,
)
from layergen.forward.scope import Scope
from layergen.language.along import along, as_axes, lying_along
from layergen.language.evaluate import evaluate
from layergen.language.model import Arg, Input
from layergen.language.words import OF_TESTS
from layergen.layer.build import build_method
from layergen.layer.cell import is_cell
from layergen.layer.facts import Facts
from layergen.layer.shape_checks import check_shapes
from layergen.layer.shape_text import rank
from layergen.source.literals import literal
from layergen.source.written import Written

# What the tests of refusals say besides.
TAKEN = ("pytest", "layer", "keras", "np")


class Refusal(Struct, frozen=True):
    """An argument, values that the constructor must refuse, and how it is called.

    `variable` is what the test calls the value.
    """

    name: str
    variable: str
    values: tuple[object, ...]
    arguments: Written


class Unknown(Struct, frozen=True):
    """Shapes whose unknown size `build` must refuse, and how both are called."""

    arguments: Written
    name: str
    passed: str
    shapes: tuple[object, ...]


class OtherRanks(Struct, frozen=True):
    """Shapes of more or fewer axes than the only input has, and how it is called.

    `variable` is what the test calls a shape.
    """

    variable: str
    shapes: tuple[object, ...]
    arguments: Written
    tensor: Written


class Structure(Struct, frozen=True):
    """Shapes in a dict where the layer takes a list, or in a list where it takes a dict,
    which `build` must refuse, and how the layer is made; `word` is what it asks for."""

    arguments: Written
    shapes: object
    word: str


def refusals(facts: Facts, sizes: Sizes) -> Iterator[Refusal]:
    """The arguments that not every value will do for."""
    for arg in facts.spec.args:
        values = arg.type.refused(facts.bounds(arg))
        listed = [*values, *_wrong_arrays(arg)]
        if listed:
            variable = _scope(facts).fresh(arg.name)
            value = Written(variable)
            given = {**dict(constructor_call(facts, sizes)), arg.name: value}
            tried = _once(listed)
            yield Refusal(arg.name, variable, tried, call_of(given, facts))


def _once(values: Iterable[object]) -> tuple[object, ...]:
    """The values, each once; values are the same if they are written the same."""
    return tuple({literal(value): value for value in values}.values())


def _scope(facts: Facts) -> Scope:
    """The names that mean something in the test's module."""
    spec = facts.spec
    own = (spec.layer, spec.stem, *facts.functions)
    gradients = (f"{name}_gradient" for name in facts.functions)
    return Scope.of(TAKEN, OF_TESTS, spec.imported, own, gradients)


def _wrong_arrays(arg: Arg) -> Iterator[object]:
    """An array with an axis more than the shape stated, and one of text."""
    if not arg.type.is_tensor or not arg.shape or arg.shape.dims is None:
        return
    axes = len(arg.shape.axes)
    if arg.shape.rest is None:
        yield _nested(1.0, axes + 1)
    yield _nested("text", axes)


def _nested(value: object, depth: int) -> object:
    """A list of a list and so on of one value."""
    for _ in range(depth):
        value = [value]
    return value


def unknown_sizes(facts: Facts, sizes: Sizes) -> Unknown | None:
    """The sizes that `build` needs to know, one at a time unknown."""
    whole = [_built_shape(facts, tensor, sizes) for tensor in facts.spec.inputs]
    names = [tensor.name for tensor in facts.spec.inputs]
    found: list[object] = []
    for name, index in needed_axes(facts, sizes):
        place = names.index(name)
        tensor = facts.spec.inputs[place]
        axes: list[int | None] = list(input_shape(tensor.shape, sizes))
        axes[index] = None
        shapes = [*whole]
        shapes[place] = _listed(tuple(axes), tensor, sizes)
        passed = _passed(facts, shapes)
        found.append(passed[0] if len(passed) == 1 else passed)
    if not found:
        return None
    alone = len(names) == 1 or facts.spec.joins_inputs
    name = _scope(facts).fresh("shape" if len(names) == 1 else "shapes")
    given = name if alone else f"*{name}"
    made = call_of(dict(constructor_call(facts, sizes)), facts)
    return Unknown(made, name, given, _once(found))


def other_structure(facts: Facts, sizes: Sizes) -> Structure | None:
    """The structure that a layer of joined inputs does not take; None where it has no
    `build`, which would refuse it."""
    spec = facts.spec
    if not spec.joins_inputs or not (
        check_shapes(facts) or build_method(facts, checks_shapes=False)
    ):
        return None
    shapes = [_built_shape(facts, one, sizes) for one in spec.inputs]
    is_dict = spec.inputs_as == "dict"
    named = dict(zip(facts.inputs, shapes, strict=True))
    made = call_of(dict(constructor_call(facts, sizes)), facts)
    return Structure(made, shapes if is_dict else named, spec.inputs_as)


def needed_axes(facts: Facts, sizes: Sizes) -> list[tuple[str, int]]:
    """The axes that `build` needs to know, as input and position, with these values."""
    fixed = [(axis.tensor, axis.index) for axis in facts.fixed_axes]
    chosen = [
        (one.tensor, evaluate(one.axis.expression, sizes.values))
        for one in facts.chosen_axes
    ]
    first = facts.first.name
    lies = {along(weight.shape) for weight in lying_along(facts.spec).values()}
    along_axes = [
        (first, axis) for name in lies for axis in as_axes(sizes.values.get(name))
    ]
    return [*fixed, *chosen, *along_axes]


def built_shapes(facts: Facts, sizes: Sizes) -> tuple[object, ...]:
    """What `build` is given."""
    tensors = facts.spec.inputs
    return _passed(facts, [_built_shape(facts, one, sizes) for one in tensors])


def _passed(facts: Facts, shapes: list[object]) -> tuple[object, ...]:
    """Shapes of the inputs as arguments: one where they come in one list or dict."""
    spec = facts.spec
    return (spec.joined(shapes),) if spec.joins_inputs else tuple(shapes)


def _built_shape(facts: Facts, tensor: Input, sizes: Sizes) -> object:
    """The shape of an input as `build` is given it: of an unknown batch where it may be unknown."""
    shape = input_shape(tensor.shape, sizes)
    needed = needed_axes(facts, sizes)
    fixed = {index % len(shape) for name, index in needed if name == tensor.name}
    whole = shape if 0 in fixed or not shape else (None, *shape[1:])
    return _listed(whole, tensor, sizes)


def _listed(shape: object, tensor: Input, sizes: Sizes) -> object:
    """A shape, or a list of it for an input that takes a list of tensors."""
    return [shape] * tensor_count(tensor, sizes) if tensor.many else shape


def other_ranks(facts: Facts, sizes: Sizes) -> OtherRanks | None:
    """An axis less than the only input has, and one more where `...` is not among them."""
    tensor = facts.first
    any_rank = tensor.shape.dims is None
    if len(facts.spec.inputs) > 1 or tensor.many or any_rank or is_cell(facts):
        return None
    kind, count = rank(tensor.shape)
    whole = (*input_shape(tensor.shape, sizes), 2)
    shapes = [whole[: count - 1]] if count else []
    shapes += [whole[: count + 1]] if kind == "ndim" else []
    if not shapes:
        return None
    dtype = "" if tensor.dtype is None else f", dtype={literal(tensor.dtype)}"
    variable = _scope(facts).fresh("shape")
    passed = [f"keras.ops.ones({variable}{dtype})"]
    chosen = call_values(facts)
    for arg in facts.spec.call_args:
        passed += [f"{arg.name}={literal(chosen[arg.name])}"] if arg.required else []
    return OtherRanks(
        variable,
        tuple(shapes),
        call_of(dict(constructor_call(facts, sizes)), facts),
        Written(", ".join(passed), reads=["keras"]),
    )
