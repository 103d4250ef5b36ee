"""Python text to its tree, warnings counted as errors."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings

from layergen.limits import CODE_DEPTH
from layergen.source.walk import children


class TooDeep(ValueError):
    """Python text with more inside one another than is read."""


def parse_module(text: str) -> ast.Module:
    """The tree of some statements.

    What Python only warns of is an error here, so that later steps, which parse the same
    text again, never print a warning.

    Raises:
        SyntaxError: If it is no valid Python.
        TooDeep: If more is nested in it than `CODE_DEPTH`, or than Python itself reads.
        ValueError: If Python cannot read it at all.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(text)
    except SyntaxError as error:
        if _is_deep(text, error):
            raise TooDeep from error
        raise
    except (RecursionError, MemoryError) as error:
        raise TooDeep from error
    if _depth(tree) > CODE_DEPTH:
        raise TooDeep
    return tree


def _depth(tree: ast.AST) -> int:
    depth = 0
    level = [tree]
    while level := [child for node in level for child in children(node)]:
        depth += 1
    return depth


def _is_deep(text: str, error: SyntaxError) -> bool:
    """Whether brackets and indentation are nested too deeply where Python gave up.

    Python's own limits are higher, and those of its tokens apply before it has read what
    the tokens stand for. Up to where it gave up the text has tokens.
    """
    lines = text.splitlines(keepends=True)[: error.lineno or 1]
    if not isinstance(error, IndentationError):
        lines[-1:] = [line[: error.offset] for line in lines[-1:]]
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
            if token.type == tokenize.INDENT or token.string in ("(", "[", "{"):
                depth += 1
            elif token.type == tokenize.DEDENT or token.string in (")", "]", "}"):
                depth -= 1
            if depth >= CODE_DEPTH:
                return True
    except (tokenize.TokenError, SyntaxError):
        pass
    return False
