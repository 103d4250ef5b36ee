"""Values that a spec writes out: Python literals and YAML data, and whether they fit."""

from __future__ import annotations

import ast
import math

from layergen.keras_tables.names import (
    ACTIVATIONS,
    CONSTRAINT_IDENTIFIERS,
    DTYPES,
    INITIALIZER_IDENTIFIERS,
    REGULARIZER_IDENTIFIERS,
)
from layergen.spec.collector import clipped, nearest
from layergen.spec.model import Arg, Type
from layergen.spec.nodes import Mapping, Node, Scalar, Sequence

IDENTIFIERS = {
    "Initializer": INITIALIZER_IDENTIFIERS,
    "Regularizer": REGULARIZER_IDENTIFIERS,
    "Constraint": CONSTRAINT_IDENTIFIERS,
    "Activation": ACTIVATIONS,
}
MAX_BITS = 1024


class NoLiteral(ValueError):
    """A piece of Python that is no plain value; `node` is the part that is not."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__("no literal")
        self.node = node


class Misfit(ValueError):
    """Why a value is not of a type, with a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def from_python(tree: ast.expr) -> object:
    """The value of a literal.

    Infinity and not-a-number are `inf`, `nan`, `math.inf`, `math.nan`, `float("inf")` and
    `float("nan")`.

    Raises:
        NoLiteral: If it is anything else.
    """
    match tree:
        case ast.Constant(value=bool() | str() | None as value):
            return value
        case ast.Constant(value=int() as value) if value.bit_length() <= MAX_BITS:
            return value
        case ast.Constant(value=float() as value) if math.isfinite(value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = from_python(operand)
            if isinstance(number, (int, float)) and not isinstance(number, bool):
                return -number
        case ast.List(elts=items):
            return [from_python(item) for item in items]
        case ast.Tuple(elts=items):
            return tuple(from_python(item) for item in items)
        case ast.Dict(keys=keys, values=values) if all(keys):
            names = [from_python(key) for key in keys if key]
            if all(isinstance(name, (str, int, float, bool)) for name in names):
                return dict(zip(names, map(from_python, values), strict=True))
        case (
            ast.Name(id="inf" | "nan" as name)
            | ast.Attribute(value=ast.Name(id="math"), attr="inf" | "nan" as name)
            | ast.Call(
                func=ast.Name(id="float"),
                args=[ast.Constant(value="inf" | "nan" as name)],
                keywords=[],
            )
        ):
            return float(name)
    raise NoLiteral(tree)


def from_yaml(node: Node) -> object:
    """The data of a node, as Python's scalars, lists and dicts.

    Raises:
        nodes.TooLarge: If it holds a number past every limit.
    """
    match node:
        case Scalar():
            return node.value
        case Sequence(items=items):
            return [from_yaml(item) for item in items]
        case Mapping(entries=entries):
            return {key.text: from_yaml(value) for key, value in entries}


def fitted(value: object, type_: Type) -> object:
    """`value` as the type holds it: a `Shape`'s list becomes a tuple, all else stays.

    Raises:
        Misfit: If it is not of the type.
    """
    if value is None:
        if type_.optional or type_.name in IDENTIFIERS:
            return None
        raise Misfit(f"null is no {type_}", f"write `{type_} | None` to allow it")
    if type_.name in IDENTIFIERS:
        return _identifier(value, type_)
    match type_.name:
        case "list" if type_.item and isinstance(value, list):
            item = type_.item
            return [fitted(entry, item) for entry in value]
        case "Shape" if isinstance(value, (list, tuple)):
            if all(_is_int(size) and size >= 0 for size in value):
                return tuple(value)
            raise Misfit(f"{_shown(value)} is no Shape", "sizes are ints of at least 0")
        case "Literal":
            return _choice(value, type_)
        case "DType":
            return _dtype(value)
        case "Layer" | "Array":
            raise Misfit(f"{_shown(value)} is no {type_}", "only None can stand here")
    if not _is_plain(value, type_.name):
        raise Misfit(f"{_shown(value)} is no {type_}")
    return value


def out_of_bounds(value: object, arg: Arg) -> str:
    """What is wrong with a value (or an item of a list) by the argument's bounds."""
    if isinstance(value, list):
        return next(filter(None, (out_of_bounds(item, arg) for item in value)), "")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    if arg.min is not None and value < arg.min:
        return f"{value} is below `min`, {arg.min}"
    if arg.max is not None and value > arg.max:
        return f"{value} is past `max`, {arg.max}"
    if arg.above is not None and value <= arg.above:
        return f"{value} is not above {arg.above}"
    if arg.below is not None and value >= arg.below:
        return f"{value} is not below {arg.below}"
    return ""


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_plain(value: object, name: str) -> bool:
    if name == "float":
        return isinstance(value, float) or _is_int(value)
    if name == "int":
        return _is_int(value)
    kinds: dict[str, type] = {"bool": bool, "str": str, "dict": dict}
    return isinstance(value, kinds[name])


def _identifier(value: object, type_: Type) -> str:
    known = IDENTIFIERS[type_.name]
    if isinstance(value, str) and value in known:
        return value
    hint = nearest(value, known) if isinstance(value, str) else ""
    kind = type_.name.lower()
    message = f"{_shown(value)} is no {kind} that Keras knows by that name"
    raise Misfit(message, hint or "a default is an identifier or None")


def _choice(value: object, type_: Type) -> object:
    for choice in type_.choices:
        if value == choice and type(value) is type(choice):
            return value
    known = [choice for choice in type_.choices if isinstance(choice, str)]
    hint = nearest(value, known) if isinstance(value, str) else ""
    raise Misfit(f"{_shown(value)} is none of {type_}'s values", hint)


def _dtype(value: object) -> str:
    if isinstance(value, str) and value in DTYPES:
        return value
    hint = nearest(value, DTYPES) if isinstance(value, str) else ""
    raise Misfit(f"{_shown(value)} is no data type", hint)


def _shown(value: object) -> str:
    return f"`{clipped(repr(value))}`"
