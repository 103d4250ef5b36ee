"""Parameters as text that Python reads: `x, axis=None, *, keepdims=False`."""

from __future__ import annotations

import ast
import inspect
from typing import Any


def signature_text(function: Any) -> str:
    """The parameters; a default that cannot be written is `...`."""
    signature = inspect.signature(function)
    kept = [
        one.replace(annotation=one.empty, default=_shown(one))
        for one in signature.parameters.values()
        if one.name != "self"
    ]
    text = str(inspect.Signature(kept)).removeprefix("(").removesuffix(")")
    return text.replace("Ellipsis", "...")


def _shown(parameter: inspect.Parameter) -> Any:
    default = parameter.default
    if default is parameter.empty:
        return default
    try:
        same = ast.literal_eval(repr(default)) == default
    except (ValueError, SyntaxError):
        same = False
    return default if same else ...
