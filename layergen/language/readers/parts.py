"""`inputs`, `outputs`, `weights`, `states`, `derived`, `require`, `example`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from layergen.language.axes import Along, Shape
from layergen.language.collector import clipped
from layergen.language.context import NO_CODE, Context
from layergen.language.fields import (
    INPUT,
    OUTPUT,
    STATE,
    WEIGHT,
    Table,
)
from layergen.language.model import (
    Arg,
    Derived,
    Input,
    Maker,
    Output,
    Requirement,
    State,
    Weight,
)
from layergen.language.readers.code import read_code, read_expression
from layergen.language.readers.mappings import declared, read_names
from layergen.language.readers.tables import read_values
from layergen.language.readers.values import read_text
from layergen.language.shapes import read_shape
from layergen.language.types.base import Misfit
from layergen.language.types.literals import from_yaml
from layergen.language.yaml.nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    TooLarge,
    is_null,
    kind_of,
)
from layergen.problems import Place


def read_inputs(node: Node, context: Context) -> tuple[Input, ...]:
    """One unnamed shape is the input `x`."""
    if _is_single(node):
        context.places["inputs", "x"] = node.place
        return (_input("x", node, ("inputs",), context),)
    found = []
    for key, value in read_names(node, "shapes", ("inputs",), context):
        found.append(_input(key.text, value, ("inputs", key.text), context))
    if isinstance(node, (Mapping, Sequence)) or found:
        if not found and not context.loose:
            context.add("LG203", node.place, "a layer takes at least one input")
    elif is_null(node):
        context.add("LG203", node.place, "a layer takes at least one input")
    return tuple(found)


def _input(name: str, node: Node, path: tuple[str, ...], context: Context) -> Input:
    place = context.place("inputs", name)
    if not isinstance(node, Mapping):
        return Input(name, _shape(node, context), place)
    values = read_values(node, f"of the input `{name}`", INPUT, path, context)
    context.places["inputs", name] = place
    if "shape" not in values:
        values["shape"] = _unreadable(node, context)
    return Input(name, place=place, **values)


def read_outputs(node: Node, context: Context) -> tuple[Output, ...] | None:
    """One unnamed shape is the single output; several have names."""
    if is_null(node):
        message = "`outputs` says nothing"
        context.add("LG203", node.place, message, "leave the key out to infer them")
        return None
    if _is_single(node):
        return (_output(None, node, ("outputs",), context),)
    found = []
    for key, value in read_names(node, "shapes", ("outputs",), context):
        found.append(_output(key.text, value, ("outputs", key.text), context))
    return tuple(found) or None


def _output(
    name: str | None, node: Node, path: tuple[str, ...], context: Context
) -> Output:
    if not isinstance(node, Mapping):
        return Output(name, _shape(node, context))
    what = f"of the output `{name}`" if name else "of `outputs`"
    values = read_values(node, what, OUTPUT, path, context)
    if "shape" not in values:
        values["shape"] = _unreadable(node, context)
    return Output(name, **values)


def read_weights(
    node: Node, args: tuple[Arg, ...], context: Context
) -> tuple[Weight, ...]:
    """A maker that has the name of an argument is that argument."""
    return tuple(
        Weight(name, place=place, **values)
        for name, place, values in _variables(node, "weight", WEIGHT, args, context)
    )


def read_states(
    node: Node, args: tuple[Arg, ...], context: Context
) -> tuple[State, ...]:
    return tuple(
        State(name, place=place, **values)
        for name, place, values in _variables(node, "state", STATE, args, context)
    )


def _variables(
    node: Node, kind: str, table: Table, args: tuple[Arg, ...], context: Context
) -> Iterator[tuple[str, Place, dict[str, Any]]]:
    arguments = {arg.name for arg in args}
    for key, value in read_names(node, "shapes", (f"{kind}s",), context):
        if not isinstance(value, Mapping):
            yield key.text, key.place, {"shape": _shape(value, context)}
            continue
        path, what = (f"{kind}s", key.text), f"of the {kind} `{key.text}`"
        values = read_values(value, what, table, path, context)
        context.places[path] = key.place
        values["shape"] = _variable_shape(key, value, values, kind, context)
        for field, maker in values.items():
            if isinstance(maker, Maker) and maker.text in arguments:
                values[field] = Maker("argument", maker.text)
        yield key.text, key.place, values


def _variable_shape(
    key: Scalar, node: Mapping, values: dict[str, Any], kind: str, context: Context
) -> Shape:
    """The shape that a variable states, or the axes that it lies along."""
    along, stated = values.pop("along", None), node.get("shape")
    if along and stated is None:
        return Shape((Along(along),), node.place)
    if along:
        message = f"the {kind} `{key.text}` has both `shape` and `along`"
        context.add("LG310", context.place(f"{kind}s", key.text, "along"), message)
    elif stated is None and node.get("along") is None:
        message = f"the key `shape` of the {kind} `{key.text}` is missing"
        context.add("LG202", node.place, message, "The shape.")
    shape: Shape = values.get("shape") or _unreadable(node, context)
    return shape


def read_derived(node: Node, context: Context) -> tuple[Derived, ...]:
    found = []
    for key, value in read_names(node, "expressions", ("derived",), context):
        code = read_expression(value, f"the derived value `{key.text}`", context)
        if code is None:
            context.ghosts.add(key.text)
        found.append(Derived(key.text, code or NO_CODE, key.place))
    return tuple(found)


def read_require(node: Node, context: Context) -> tuple[Requirement, ...]:
    """Conditions as keys, messages as values."""
    if not isinstance(node, Mapping):
        message = f"`require` maps conditions to messages; this is {kind_of(node)}"
        hint = "as in `units % heads == 0: units must be a multiple of heads`"
        context.add("LG203", node.place, message, hint)
        return ()
    found = []
    for key, value in declared(node, "require", context):
        condition = read_expression(key, "a condition of `require`", context)
        what = f"the message of `{clipped(key.text)}`"
        text = read_text(value, what, context)
        if condition and text is not None:
            found.append(Requirement(condition, text))
    return tuple(found)


def read_example(
    node: Node, args: tuple[Arg, ...], context: Context
) -> tuple[tuple[str, object], ...]:
    """Values of arguments, and sizes, as far as they can be read."""
    by_name = {arg.name: arg for arg in args}
    found: list[tuple[str, object]] = []
    for key, value in read_names(node, "values", ("example",), context):
        arg = by_name.get(key.text)
        if arg and arg.type.is_layer and not is_null(value) and _is_made(arg, value):
            code = read_code(value, f"the example of `{key.text}`", context)
            if code:
                found.append((key.text, code))
            continue
        try:
            literal = from_yaml(value)
            if arg:
                literal = _example_of(arg, literal)
            found.append((key.text, literal))
        except TooLarge:
            message = f"the example of `{key.text}` holds a number past every limit"
            context.add("LG110", value.place, message)
        except Misfit as error:
            message = f"the example of `{key.text}` does not fit: {error.message}"
            context.add("LG214", value.place, message, error.hint)
    return tuple(found)


def _is_made(arg: Arg, value: Node) -> bool:
    """Whether the example of what may be a layer is a call that makes one."""
    called = isinstance(value, Scalar) and value.text.strip().endswith(")")
    return arg.type.is_made or called


def _example_of(arg: Arg, value: object) -> object:
    if arg.type.is_tensor and arg.type.is_made and _is_numeric(value):
        return value
    value = arg.type.held(value)
    if reason := arg.type.outside(value, arg.bounds):
        raise Misfit(reason)
    return value


def _is_numeric(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_numeric, value))
    return isinstance(value, (int, float))


def _is_single(node: Node) -> bool:
    """Whether `inputs` or `outputs` says one shape, not names with shapes."""
    if isinstance(node, Mapping):
        return node.get("shape") is not None
    return not is_null(node)


def _shape(node: Node, context: Context) -> Shape:
    return read_shape(node, context) or _unreadable(node, context)


def _unreadable(node: Node, context: Context) -> Shape:
    context.loose = True
    return Shape(None, node.place)
