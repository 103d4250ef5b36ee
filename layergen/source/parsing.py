"""Python text to its tree, warnings counted as errors."""

from __future__ import annotations

import ast
import warnings


def parse_module(text: str) -> ast.Module:
    """The tree of some statements.

    What Python only warns of is an error here, so that later steps, which parse the same
    text again, never print a warning.

    Raises:
        SyntaxError: If it is no valid Python.
        RecursionError, MemoryError, ValueError: If Python cannot read it at all.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return ast.parse(text)
