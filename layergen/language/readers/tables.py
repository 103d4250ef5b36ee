"""Mappings whose keys a table lists, each value read by its kind."""

from __future__ import annotations

from typing import Any

from layergen.language.context import Context
from layergen.language.fields import GRADIENT, LENGTH, Table
from layergen.language.model import Gradient
from layergen.language.readers.code import read_code, read_expression
from layergen.language.readers.loops import read_loop
from layergen.language.readers.mappings import Path, read_fields
from layergen.language.readers.values import (
    Reader,
    read_axes,
    read_bound,
    read_count,
    read_dtype,
    read_flag,
    read_flag_or_name,
    read_maker,
    read_name,
    read_number,
    read_parameters,
    read_text,
    word_reader,
)
from layergen.language.shapes import read_shape
from layergen.language.types.length import Length
from layergen.language.yaml.nodes import Mapping, Node, Scalar
from layergen.source.code import Code

AUTO = "auto"


def read_values(
    node: Mapping, what: str, table: Table, path: Path, context: Context
) -> dict[str, Any]:
    """The values of a table's keys; one that cannot be read is left out."""
    kinds = {field.key: field.kind for field in table}
    found: dict[str, Any] = {}
    for key, value in read_fields(node, what, table, path, context).items():
        if kinds[key] in READERS:
            read = READERS[kinds[key]](value, f"`{key}`", context)
            if read is not None:
                found[key] = read
    return found


def read_length(node: Node, what: str, context: Context) -> Length | None:
    """A number of items, or the least and the largest."""
    if not isinstance(node, Mapping):
        count = read_count(node, what, context)
        return None if count is None else Length(count, count)
    values = read_values(node, f"of {what}", LENGTH, (what,), context)
    length = Length(values.get("min", 0), values.get("max"))
    if length.max is not None and length.min > length.max:
        message = f"no list has {length.min} items and at most {length.max}"
        context.add("LG209", node.place, message)
        return None
    return length


def read_gradient(node: Node, what: str, context: Context) -> Gradient | None:
    """`auto`, code, or a mapping that says whether the gradient is a surrogate."""
    if not isinstance(node, Mapping):
        code = _gradient_code(node, what, context)
        return None if code is None else Gradient(node.place, _unless_auto(code))
    values = read_values(node, f"of {what}", GRADIENT, (what,), context)
    code, surrogate = values.get("code"), values.get("surrogate", False)
    if code is None:
        return None
    if code == AUTO and surrogate:
        message = "a surrogate gradient cannot be `auto`, which is the mathematical one"
        context.add("LG418", node.place, message, "write the gradient's code")
        return None
    return Gradient(node.place, _unless_auto(code), surrogate)


def _gradient_code(node: Node, what: str, context: Context) -> Code | str | None:
    if isinstance(node, Scalar) and node.text.strip() == AUTO:
        return AUTO
    return read_code(node, what, context)


def _unless_auto(code: Code | str) -> Code | None:
    return code if isinstance(code, Code) else None


def _read_shape(node: Node, what: str, context: Context) -> Any:
    return read_shape(node, context)


def _read_make(node: Node, what: str, context: Context) -> Code | None:
    """A layer; what is looked up is read beside the argument by which it is."""
    if isinstance(node, Mapping):
        return None
    return read_expression(node, what, context)


READERS: dict[str, Reader] = {
    "aggregation": word_reader("mean", "only_first_replica"),
    "block": read_code,
    "bound": read_bound,
    "count": read_count,
    "dtype": read_dtype,
    "expression": read_expression,
    "flag": read_flag,
    "flag or name": read_flag_or_name,
    "gradient": read_gradient,
    "gradient code": _gradient_code,
    "inputs as": word_reader("separate", "list", "dict"),
    "outputs as": word_reader("tuple", "list", "dict"),
    "layer kind": word_reader("layer", "cell"),
    "length": read_length,
    "loop": read_loop,
    "make": _read_make,
    "maker": read_maker,
    "name": read_name,
    "names": read_axes,
    "number": read_number,
    "parameters": read_parameters,
    "shape": _read_shape,
    "style": word_reader("class", "functional", "both"),
    "text": read_text,
}
