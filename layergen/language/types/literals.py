"""Values that a spec writes out: Python literals and YAML data."""

from __future__ import annotations

import ast
import math

from layergen.language.yaml.nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
)

MAX_BITS = 1024


class NoLiteral(ValueError):
    """A piece of Python that is no plain value; `node` is the part that is not."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__("no literal")
        self.node = node


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
