"""The shape grammar: `[batch, ..., units * 2]` or the word `any`."""

from __future__ import annotations

import ast
import keyword
import re

from layergen.language.axes import Anyone, Dim, Rest, Shape
from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.yaml.nodes import (
    Node,
    Scalar,
    Sequence,
    TooLarge,
    kind_of,
)
from layergen.limits import AXES, SHORT_TEXT
from layergen.problems import Place
from layergen.source.code import Size
from layergen.source.parsing import TooDeep, parse_module

REST = re.compile(r"\.\.\.([A-Za-z_]\w*)?\Z", re.ASCII)
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv)
MAX_SIZE = 2**31 - 1
GRAMMAR = "a dimension is an int, a name, arithmetic (`+ - * // ( )`), `...`, `...name` or `_`"


class BadDim(ValueError):
    """What is wrong with one dimension."""

    def __init__(self, message: str, hint: str = GRAMMAR) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def read_shape(node: Node, context: Context) -> Shape | None:
    """The shape that a node holds, or None where it holds none (problems say why)."""
    if isinstance(node, Scalar) and node.text == "any":
        return Shape(None, node.place)
    if not isinstance(node, Sequence):
        message = f"a shape is a list of dimensions or `any`, not {kind_of(node)}"
        context.add("LG301", node.place, message, "as in `[batch, features]`")
        return None
    dims = [_read_dim(item, context) for item in node.items]
    found = tuple(dim for dim in dims if dim is not None)
    if len(found) < len(dims):
        return None
    if len(dims) > AXES:
        context.add("LG301", node.place, f"a shape of more than {AXES} axes")
        return None
    rests = [i for i, dim in enumerate(found) if isinstance(dim, Rest)]
    if len(rests) > 1:
        place = node.items[rests[1]].place
        context.add("LG303", place, "a second `...` in one shape", "one is enough")
        return None
    return Shape(found, node.place)


def _read_dim(node: Node, context: Context) -> Dim | None:
    if not isinstance(node, Scalar):
        context.add("LG301", node.place, f"{kind_of(node)} is no dimension", GRAMMAR)
        return None
    try:
        value = node.value
        text = str(value) if isinstance(value, int) else node.text
        return parse_dim(text, node.lines[0])
    except BadDim as error:
        context.add("LG301", node.place, error.message, error.hint)
    except TooLarge:
        context.add("LG110", node.place, "a number that no layer could use")
    return None


def parse_dim(text: str, place: Place) -> Dim:
    """One dimension.

    Raises:
        BadDim: If the text is none.
    """
    text = text.strip()
    if text == "_":
        return Anyone()
    if found := REST.match(text):
        return Rest(found[1])
    tree = _parsed(text)
    _check(tree, text)
    return Size(ast.unparse(tree), place)


def _parsed(text: str) -> ast.expr:
    if len(text) > SHORT_TEXT:
        raise BadDim(f"the dimension `{clipped(text)}` is too long")
    hint = GRAMMAR
    if text.count("(") != text.count(")"):
        hint = "a comma ends a dimension; " + GRAMMAR
    try:
        [statement] = parse_module(text).body
    except TooDeep as error:
        raise BadDim(f"`{clipped(text)}` is nested too deeply", hint) from error
    except (SyntaxError, ValueError) as error:
        raise BadDim(f"`{clipped(text)}` is no dimension", hint) from error
    if not isinstance(statement, ast.Expr) or "\n" in text:
        raise BadDim(f"`{clipped(text)}` is no dimension", hint)
    return statement.value


def _check(tree: ast.expr, text: str) -> None:
    shown = clipped(text)
    todo = [(tree, 0)]
    while todo:
        node, depth = todo.pop()
        match node:
            case ast.BinOp(op=ast.Div()):
                raise BadDim(f"`/` in the dimension `{shown}`", "use `//`")
            case ast.BinOp(op=op, left=left, right=right) if (
                isinstance(op, OPERATORS) and depth < 50
            ):
                todo += [(left, depth + 1), (right, depth + 1)]
            case ast.Constant(value=bool()):
                raise BadDim(f"`{shown}` is no dimension")
            case ast.Constant(value=int() as value) if value <= MAX_SIZE:
                if node is tree and value < 1:
                    raise BadDim("an axis has at least one entry")
            case ast.Name(id=name) if name.isascii() and not keyword.iskeyword(name):
                pass
            case ast.Attribute(value=ast.Name(), attr=name):
                hint = f"take the size as an argument, `{clipped(name)}: int`"
                raise BadDim(f"`{shown}` is no dimension", hint)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()) if node is tree:
                raise BadDim(f"`{shown}` is no size", "write `_` for any size")
            case _:
                raise BadDim(f"`{shown}` is no dimension")
