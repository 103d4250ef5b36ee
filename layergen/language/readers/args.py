"""`args` and `call_args`: arguments in the short and the long form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.fields import ARG, CALL_ARG
from layergen.language.model import Arg
from layergen.language.readers.mappings import read_names
from layergen.language.readers.tables import read_values
from layergen.language.types.annotations import Annotation, parse, parse_type
from layergen.language.types.base import BadAnnotation, Misfit, Type
from layergen.language.types.length import Length
from layergen.language.types.literals import from_yaml
from layergen.language.yaml.nodes import (
    Mapping,
    Node,
    Scalar,
    TooLarge,
    is_null,
    kind_of,
)
from layergen.problems import Place

BOUNDS = ("min", "max", "above", "below")


def read_args(node: Node, context: Context, where: str = "args") -> tuple[Arg, ...]:
    """The arguments that can be read; the names of the others become ghosts."""
    found = []
    for key, value in read_names(node, "types", (where,), context):
        if isinstance(value, Mapping):
            arg = _long(key, value, where, context)
        else:
            arg = _short(key, value, where, context)
        if arg is None:
            context.ghosts.add(key.text)
        else:
            found.append(arg)
    return tuple(found)


def read_call_args(node: Node, context: Context) -> tuple[Arg, ...]:
    """The arguments of `call` beside its inputs, written like those of the constructor."""
    return read_args(node, context, "call_args")


def _short(key: Scalar, node: Node, where: str, context: Context) -> Arg | None:
    annotation = _annotation(node, key.text, context, with_default=True)
    if annotation is None:
        return None
    arg = Arg(key.text, annotation.type, key.place)
    if annotation.required:
        return arg
    start = _start(node)
    place = Place(start.line, start.column + annotation.offset)
    context.places[where, key.text, "default"] = place
    return with_default(arg, annotation.default, place, context)


def _long(key: Scalar, node: Mapping, where: str, context: Context) -> Arg | None:
    path = (where, key.text)
    table = CALL_ARG if where == "call_args" else ARG
    values = read_values(node, f"of the argument `{key.text}`", table, path, context)
    context.places[path] = key.place
    type_node = node.get("type")
    if type_node is None:
        return None
    annotation = _annotation(type_node, key.text, context, with_default=False)
    if annotation is None:
        return None
    if "shape" in dict((k.text, v) for k, v in node.entries) and "shape" not in values:
        context.loose = True
    type_ = _of_length(annotation.type, values.pop("length", None), key, where, context)
    if "axis_of" in values and node.get("length") is None:
        type_ = type_.of_length(Length(1)) or type_
    arg = Arg(key.text, type_, key.place, **values)
    if not _bounds_hold(arg, values, where, context):
        return replace(arg, min=None, max=None, above=None, below=None)
    default = node.get("default")
    return arg if default is None else _yaml_default(arg, default, context)


def _of_length(
    type_: Type, length: Length | None, key: Scalar, where: str, context: Context
) -> Type:
    """A type whose lists have so many items."""
    if length is None:
        return type_
    found = type_.of_length(length)
    if found is None:
        message = f"`length` belongs to a list; `{key.text}` is `{type_}`"
        context.add("LG209", context.place(where, key.text, "length"), message)
    return found or type_


def _yaml_default(arg: Arg, node: Node, context: Context) -> Arg | None:
    try:
        value = from_yaml(node)
    except TooLarge:
        message = f"the default of `{arg.name}` is a number past every limit"
        context.add("LG110", node.place, message)
        return None
    return with_default(arg, value, node.place, context)


def with_default(arg: Arg, value: object, place: Place, context: Context) -> Arg | None:
    """The argument with its default, which must be of its type and in its bounds."""
    try:
        default = arg.type.held(value)
    except Misfit as error:
        message = f"the default of `{arg.name}` does not fit: {error.message}"
        context.add("LG208", place, message, error.hint)
        return replace(arg, required=False)
    if reason := arg.type.outside(default, arg.bounds):
        message = f"the default of `{arg.name}` does not fit: {reason}"
        context.add("LG208", place, message)
    return replace(arg, required=False, default=default)


def _annotation(
    node: Node, name: str, context: Context, with_default: bool
) -> Annotation | None:
    if not isinstance(node, Scalar) or is_null(node):
        message = f"the type of `{name}` must be a text, not {kind_of(node)}"
        hint = 'as in `units: int`; in braces quote `[`, as in `{type: "list[int]"}`'
        context.add("LG207", node.place, message, hint)
        return None
    text = " ".join(node.text.split()) if "\n" in node.text else node.text.strip()
    try:
        return parse(text) if with_default else Annotation(parse_type(text))
    except BadAnnotation as error:
        start = _start(node)
        place = Place(start.line, start.column + error.offset)
        context.add("LG207", place, error.message, error.hint)
    return None


def _start(node: Node) -> Place:
    return node.lines[0] if isinstance(node, Scalar) else node.place


def _bounds_hold(
    arg: Arg, values: dict[str, Any], where: str, context: Context
) -> bool:
    given = [name for name in BOUNDS if name in values]
    path = (where, arg.name)
    if given and not arg.type.takes_bounds:
        message = f"`{given[0]}` bounds a number, and `{arg.name}` is `{arg.type}`"
        context.add("LG209", context.place(*path, given[0]), message)
        return False
    for name in ("shape", "dtype"):
        if name in values and not (arg.type.is_tensor and arg.type.in_args):
            message = f"`{name}` belongs to an `Array`; `{arg.name}` is `{arg.type}`"
            context.add("LG209", context.place(*path, name), message)
            return False
    for one, other in (("min", "above"), ("max", "below")):
        if one in values and other in values:
            message = f"`{one}` and `{other}` of `{arg.name}` say the same thing twice"
            context.add("LG209", context.place(*path, other), message, "keep one")
            return False
    low = arg.min if arg.min is not None else arg.above
    high = arg.max if arg.max is not None else arg.below
    if low is None or high is None:
        return True
    touching = low == high and (arg.above is not None or arg.below is not None)
    if low > high or touching:
        message = f"no value of `{clipped(arg.name)}` meets its bounds"
        context.add("LG209", context.place(*path, given[-1]), message)
        return False
    return True
