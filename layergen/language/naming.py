"""The class name, and the module name that comes of it."""

from __future__ import annotations

import builtins
import keyword
import re
import sys

from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.readers.mappings import is_identifier
from layergen.language.words import MODULES, OF_TESTS
from layergen.problems import Place

PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*\Z")


def to_snake_case(name: str) -> str:
    """`SwishDense` to `swish_dense`, as Keras names layers."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def check_class_name(name: str, place: Place, context: Context) -> None:
    """Report a class name that the generated module could not use."""
    if not PASCAL.match(name):
        message = f"`{clipped(name)}` is no class name in PascalCase"
        pascal = "".join(
            part[:1].upper() + part[1:] for part in re.split(r"\W|_", name)
        )
        hint = f"as in `{pascal}`" if PASCAL.match(pascal) else "as in `SwishDense`"
        context.add("LG205", place, message, clipped(hint, 80))
    elif name in OF_TESTS:
        message = f"a class `{name}` would hide what emitted tests call so"
        context.add("LG205", place, message, "choose another class name")
    elif keyword.iskeyword(name) or hasattr(builtins, name):
        message = f"`{name}` means something to Python"
        context.add("LG205", place, message, "choose another class name")


def check_stem(stem: str, place: Place, context: Context) -> None:
    """Report a module name that Python could not import, or that would hide another."""
    hint = "rename the file (without one, the class)"
    if not is_identifier(stem):
        message = f"`{clipped(stem)}` is no name for a Python module"
        context.add("LG206", place, message, hint)
    elif stem in MODULES or stem in sys.stdlib_module_names:
        message = f"a module `{stem}` would hide Python's or Keras' own"
        context.add("LG206", place, message, hint)
