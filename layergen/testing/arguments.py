"""Names that a case gives and its layer does not know."""

import inspect
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from .case import LayerCase
from .introspect import OF_EVERY_LAYER


def unknown_arguments(case: LayerCase) -> str:
    """A hint about arguments that the constructor does not name; empty where none."""
    known = [*case.constructor, *(OF_EVERY_LAYER if case.is_class else ())]
    return " ".join(
        f"The constructor has no argument `{name}`.{meant(name, known)}"
        for name in case.args
        if name not in known
    )


def unknown_inputs(case: LayerCase) -> list[str]:
    """Names of inputs and call arguments that `call` does not have.

    The first input is passed by position, whatever its name.
    """
    layer: Any = case.layer
    if not case.is_class:
        return []
    parameters = inspect.signature(layer.call).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return []
    given = [*list(case.inputs)[1:], *(case.call_args or {})]
    return [name for name in given if name not in parameters]


def meant(name: str, known: Iterable[str]) -> str:
    """A question about a name that is near a known one."""
    near = get_close_matches(name, list(known), 1)
    return f" Did you mean `{near[0]}`?" if near else ""
