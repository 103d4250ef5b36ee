"""YAML text to `Code`: parsed, small enough to walk, with the place of every line."""

from __future__ import annotations

import ast
import warnings

from layergen import limits
from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.yaml.characters import BAD
from layergen.language.yaml.nodes import (
    Node,
    Scalar,
    is_null,
    kind_of,
)
from layergen.problems import Place
from layergen.source.code import Code
from layergen.source.parsing import TooDeep, parse_module
from layergen.source.walk import children


def read_code(node: Node, what: str, context: Context) -> Code | None:
    """The code that a scalar holds, or None where it is none (problems say why)."""
    if not isinstance(node, Scalar) or is_null(node):
        hint = "put code that begins with `[` or `{` in quotes"
        if isinstance(node, Scalar):
            hint = "write the code after the key"
        message = f"{what} must be Python code, not {kind_of(node)}"
        context.add("LG203", node.place, message, hint)
        return None
    code = _text_and_places(node)
    if found := BAD.search(code.text):
        message = f"{what} holds the control character U+{ord(found[0]):04X}"
        context.add("LG106", node.place, message)
        return None
    if len(code.lines) > limits.LINES or len(code.text) > limits.CHARACTERS:
        message = f"{what} is longer than {limits.LINES} lines or {limits.CHARACTERS} characters"
        context.add("LG416", node.place, message, "a spec is short")
        return None
    tree = _parsed(code, node, what, context)
    if tree is None:
        return None
    return code if _is_reasonable(code, tree, what, context) else None


def read_expression(node: Node, what: str, context: Context) -> Code | None:
    """As `read_code`, for code that must be one expression."""
    code = read_code(node, what, context)
    if code is None or code.is_expression:
        return code
    place = code.place(code.body[0]) if code.body else node.place
    context.add("LG412", place, f"{what} must be one expression")
    return None


def check_compiles(code: Code, what: str, context: Context) -> None:
    """Report what Python parses and does not compile, such as `return *x`."""
    nothing = ast.arguments([], [], None, [], [], None, [])
    function = ast.FunctionDef("_", nothing, code.body, [], lineno=1, col_offset=0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(ast.Module([function], []), "<spec>", "exec")
    except SyntaxError as error:
        message = f"{what} is no valid Python: {clipped(error.msg, 100)}"
        context.add("LG405", _error_place(code, error), message)


def _text_and_places(node: Scalar) -> Code:
    text = node.text.rstrip()
    lines = node.lines
    if node.style not in ("|", ">"):
        skipped = len(text) - len(text.lstrip())
        text = text.lstrip()
        first = Place(lines[0].line, lines[0].column + skipped)
        lines = (first, *lines[1:])
    return Code(text, lines[: max(len(text.splitlines()), 1)])


def _parsed(code: Code, node: Scalar, what: str, context: Context) -> ast.Module | None:
    try:
        tree = parse_module(code.text)
    except SyntaxError as error:
        place = _error_place(code, error)
        message = f"{what} is no valid Python: {clipped(error.msg, 100)}"
        context.add("LG405", place, message, _syntax_hint(node, error, context))
        return None
    except TooDeep:
        message = f"{what} is nested more than {limits.CODE_DEPTH} levels deep"
        context.add("LG416", code.lines[0], message, "use local variables")
        return None
    except ValueError as error:
        message = f"{what} is no valid Python: {clipped(str(error), 100)}"
        context.add("LG405", node.place, message)
        return None
    if not tree.body:
        context.add("LG405", node.place, f"{what} holds no code")
        return None
    return tree


def _error_place(code: Code, error: SyntaxError) -> Place:
    line = min(max(error.lineno or 1, 1), len(code.lines))
    text = (code.text.splitlines() or [""])[line - 1]
    column = max((error.offset or 1) - 1, 0)
    if (error.lineno or 1) > len(code.lines):
        column = len(text)
    start = code.lines[line - 1]
    return Place(start.line, start.column + min(column, len(text)))


def _syntax_hint(node: Scalar, error: SyntaxError, context: Context) -> str:
    """YAML ends a text at ` #`, so that code may have lost its end there."""
    line = context.problems.lines[node.place.line - 1]
    if node.style is None and " #" in line[node.place.column - 1 :]:
        return (
            "YAML cuts a text at ` #`: put it in quotes, or write it as a block (`|`)"
        )
    if "'return' outside" in (error.msg or ""):
        return ""
    if isinstance(error, IndentationError):
        return "indent the lines of a block alike"
    return ""


def _is_reasonable(code: Code, tree: ast.Module, what: str, context: Context) -> bool:
    todo: list[tuple[ast.AST, int]] = [(tree, 0)]
    while todo:
        node, blocks = todo.pop()
        if blocks > limits.BLOCKS:
            message = f"{what} has more than {limits.BLOCKS} blocks inside one another"
            context.add("LG416", code.place(node), message, "write a local function")
            return False
        if isinstance(node, ast.Assign) and len(node.targets) > limits.TARGETS:
            message = f"{what} assigns to more than {limits.TARGETS} targets at once"
            context.add("LG416", code.place(node), message)
            return False
        value = getattr(node, "value", None) if isinstance(node, ast.Constant) else 0
        if isinstance(value, int) and value.bit_length() > limits.BITS:
            message = f"{what} holds a number that no layer could use"
            context.add("LG110", code.place(node), message)
            return False
        todo += [
            (child, blocks + _begins_block(node, child)) for child in children(node)
        ]
    return True


def _begins_block(node: ast.AST, child: ast.AST) -> bool:
    """Whether `child` is a statement of a block of its own; an `elif` is none."""
    if not isinstance(child, ast.stmt) or isinstance(node, ast.Module):
        return False
    is_elif = isinstance(node, ast.If) and child.col_offset == node.col_offset
    return not is_elif
