"""Example values: constructor arguments and input tensors."""

from __future__ import annotations

import ast
import math
from typing import Any

from layergen.example.sizes import ANY_SHAPE, Sizes, find_sizes
from layergen.example.uncomputed import uncomputed
from layergen.keras_tables.dtypes import is_float, is_integer
from layergen.language.axes import Shape
from layergen.language.collector import Collector
from layergen.language.evaluate import (
    TOO_MUCH,
    TOO_MUCH_HINT,
    Budget,
    TooMuch,
    Unknown,
    evaluate,
)
from layergen.language.given import comes_built
from layergen.language.lookup import Lookup
from layergen.language.model import Arg, Input
from layergen.problems import Place, SpecError
from layergen.source.bodies import expression
from layergen.source.code import Code, Size
from layergen.source.literals import literal
from layergen.source.rewrite import Bind, extended
from layergen.source.written import Written

Named = tuple[str, object]
CELL_STEPS = 4


def example(lookup: Lookup) -> dict[str, Any]:
    """What the spec's `example` gives."""
    return dict(lookup.spec.example)


def example_sizes(lookup: Lookup) -> Sizes:
    """The sizes that the spec's `example` gives, completed.

    Raises:
        SpecError: If no sizes are found that meet the spec's requirements, with the
            expression that cannot be computed, if one stands in the way.
    """
    counts = (None, 1, 2, 3) if _has_rest(lookup) else (None,)
    tried = (find_sizes(lookup, example(lookup), rest) for rest in counts)
    some = filter(None, tried)
    if first := next(some, None):
        found = next((one for one in (first, *some) if has_axes(lookup, one)), first)
        _check_work(lookup, found)
        return found
    spec = lookup.spec
    collector = Collector(spec.file, spec.text)
    stuck = uncomputed(lookup, example(lookup))
    if stuck:
        collector.add("LG309", stuck.place, stuck.message, stuck.hint)
        raise SpecError(collector.problems)
    place = spec.require[0].condition.lines[0] if spec.require else Place(1, 1)
    message = "no small sizes were found that meet every requirement of this spec"
    names = ", ".join(f"{name}: 8" for name in _required(lookup)[:2])
    hint = f"name some under `example`, such as `example: {{{names}}}`"
    collector.add("LG308", place, message, hint)
    raise SpecError(collector.problems)


def _has_rest(lookup: Lookup) -> bool:
    """Whether inputs may have axes that no name stands for."""
    shapes = [tensor.shape for tensor in lookup.spec.inputs]
    return any(one.dims is None or one.rest is not None for one in shapes)


def has_axes(lookup: Lookup, sizes: Sizes) -> bool:
    """Whether what the code goes along is there, where `...` stands for so many axes."""
    return all(one.exists(sizes.values, len(sizes.rest)) for one in lookup.along)


def _required(lookup: Lookup) -> list[str]:
    """The names that need a size, those first that the first requirement rests on."""
    sizes = [arg.name for arg in lookup.spec.args if arg.type.is_size]
    sizes += [*lookup.axes, *lookup.counts, *lookup.array_axes]
    conditions = [one.condition for one in lookup.spec.require[:1]]
    read = lookup.with_parts({name for one in conditions for name in lookup.reads(one)})
    return sorted(sizes, key=lambda name: name not in read)


def _check_work(lookup: Lookup, sizes: Sizes) -> None:
    """Refuse a derived value or a requirement that takes too much work at these sizes."""
    spec, budget = lookup.spec, Budget()
    codes = [derived.code for derived in spec.derived]
    for code in [*codes, *(requirement.condition for requirement in spec.require)]:
        try:
            evaluate(code.expression, sizes.values, budget)
        except TooMuch:
            collector = Collector(spec.file, spec.text)
            collector.add("LG430", code.lines[0], TOO_MUCH, TOO_MUCH_HINT)
            raise SpecError(collector.problems) from None
        except Unknown:
            continue


def constructor_call(lookup: Lookup, sizes: Sizes) -> tuple[Named, ...]:
    """The arguments that a layer must be given, by name."""
    given = example(lookup)
    return tuple(
        (arg.name, argument_value(lookup, arg, sizes))
        for arg in lookup.spec.args
        if arg.required or arg.name in given
    )


def input_shape(shape: Shape, sizes: Sizes) -> tuple[int, ...]:
    """The concrete shape of an input; one of any rank is a matrix."""
    found = sizes.shape(shape)
    return ANY_SHAPE if found is None else found


def tensor_count(tensor: Input, sizes: Sizes) -> int:
    """How many tensors stand for an input that takes a list of them."""
    many = tensor.many if isinstance(tensor.many, str) else f"len({tensor.name})"
    count = sizes.values.get(many)
    return count if isinstance(count, int) else 3


def call_of(arguments: dict[str, object], lookup: Lookup) -> Written:
    """The arguments of a constructor call; a single required one goes by position."""
    required = {arg.name for arg in lookup.spec.args if arg.required}
    passed = [f"{name}={literal(value)}" for name, value in arguments.items()]
    if arguments.keys() == required and len(arguments) == 1:
        passed = [*map(literal, arguments.values())]
    return Written(", ".join(passed), arguments)


def call_values(lookup: Lookup) -> dict[str, object]:
    """Values for the call's own arguments: the example's, the default, or a small one."""
    found = {}
    for arg in lookup.spec.call_args:
        chosen = arg.type.example(arg.bounds) if arg.required else arg.default
        found[arg.name] = example(lookup).get(arg.name, chosen)
    return found


def there(lookup: Lookup, sizes: Sizes, called: dict[str, object]) -> list[bool]:
    """For each output, whether a call with some arguments returns it.

    What cannot be worked out is taken for returned.
    """
    values = {**sizes.values, **called}
    found = []
    for output in lookup.outputs or ():
        try:
            when = output.when
            found.append(not when or bool(evaluate(when.expression, values)))
        except Unknown:
            found.append(True)
    return found


def argument_value(lookup: Lookup, arg: Arg, sizes: Sizes) -> object:
    """The value of an argument."""
    given = example(lookup).get(arg.name)
    if isinstance(given, Code) or arg.type.is_layer and arg.type.is_made:
        code = given if isinstance(given, Code) else Code("Dense(4)", ())
        made = _named(lookup, arg.name, code)
        return (
            _built(lookup, made, sizes) if comes_built(lookup.spec, arg.name) else made
        )
    if arg.type.is_tensor:
        return Written(_array_text(arg, sizes, given), reads=["np"])
    return sizes.given.get(arg.name, sizes.values.get(arg.name))


def _built(lookup: Lookup, made: Written, sizes: Sizes) -> Written:
    """A layer that has been built, on what the first input holds."""
    first = lookup.first
    dtype = f", dtype={literal(first.dtype)}" if first.dtype else ""
    tensor = f"keras.Input({literal(input_shape(first.shape, sizes)[1:])}{dtype})"
    text = f"keras.Sequential([{tensor}, {made}]).layers[0]"
    return Written(text, made, reads=["keras"])


def _named(lookup: Lookup, name: str, code: Code) -> Written:
    """The call that makes a layer given as an argument: where `reference` asks for its
    weights by path, it has the argument's name unless it has one."""
    made, reference = called(lookup, code), lookup.spec.reference
    if reference is None or "weights" not in lookup.reads(reference):
        return made
    call = code.expression
    assert isinstance(call, ast.Call)
    if any(keyword.arg == "name" for keyword in call.keywords):
        return made
    return extended(made, f"name={literal(name)}")


def called(lookup: Lookup, code: Code) -> Written:
    """A constructor call as a test makes it: a bare class is in `keras.layers`."""
    return expression(code, layer_names(lookup))


def layer_names(lookup: Lookup) -> Bind:
    """How a test reads constructor calls: a bare class is in `keras.layers`."""

    def bind(name: str) -> str:
        known = name in lookup.args or name in lookup.spec.imported
        if known or not name[:1].isupper():
            return name
        return Written(f"keras.layers.{name}", reads=["keras"])

    return bind


def input_range(tensor: Input, sizes: Sizes) -> tuple[Any, Any]:
    """The least and the greatest valid value of an input, None where unbounded."""
    low, below = _bound(tensor.min, sizes), _bound(tensor.below, sizes)
    whole = is_integer(tensor.dtype)
    return low, below - 1 if whole and below is not None else below


def in_time(lookup: Lookup, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a sequence of what a cell takes and gives step by step."""
    return (shape[0], CELL_STEPS, *shape[1:]) if lookup.spec.kind == "cell" else shape


def input_example(tensor: Input, shape: tuple[int, ...], sizes: Sizes) -> str:
    """A tensor for the docstring's example, or the list of them."""
    low, _ = input_range(tensor, sizes)
    if tensor.dtype is None:
        text = f"keras.ops.ones({literal(shape)})"
    elif low:
        text = f"keras.ops.full({literal(shape)}, {low}, dtype={literal(tensor.dtype)})"
    else:
        text = f"keras.ops.zeros({literal(shape)}, dtype={literal(tensor.dtype)})"
    if not tensor.many:
        return text
    return f"[{', '.join([text] * tensor_count(tensor, sizes))}]"


def _bound(bound: int | float | str | None, sizes: Sizes) -> Any:
    if not isinstance(bound, str):
        return bound
    try:
        return evaluate(Size(bound, Place(1, 1)).tree, sizes.values)
    except Unknown:
        return None


def _array_text(arg: Arg, sizes: Sizes, given: object) -> str:
    """The given numbers, or some that differ from one another."""
    dtype = literal(arg.dtype or "float32")
    if given is not None:
        return f"np.array({literal(given)}, dtype={dtype})"
    shape = sizes.values[f"{arg.name}.shape"]
    count = math.prod(shape)
    if arg.dtype and not is_float(arg.dtype):
        return f"np.arange({count}, dtype={dtype}).reshape({literal(shape)})"
    return f"np.linspace(-1, 1, {count}, dtype={dtype}).reshape({literal(shape)})"
