"""What a new layer's file and class are called."""

from __future__ import annotations

import keyword
import re
import sys

from layergen.errors import UserError
from layergen.language.naming import to_snake_case
from layergen.language.words import MODULES


def pascal_case(name: str) -> str:
    """`swish_dense` as `SwishDense`; a name that has capitals is left as it is."""
    if name[:1].isupper():
        return name
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def module_name(name: str) -> str:
    """The module that a layer called `name`, in either spelling, is written to."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise UserError(
            f"{name!r} cannot name a layer: use letters, digits and underscores, a "
            f"letter first, such as `swish_dense`."
        )
    stem = to_snake_case(name)
    if keyword.iskeyword(stem) or stem in MODULES | sys.stdlib_module_names:
        raise UserError(
            f"{name!r} cannot name a layer: {stem}.py would hide Python's or Keras' own "
            f"`{stem}`."
        )
    return stem
