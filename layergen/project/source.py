"""Specs as files: reading them, finding them."""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from layergen.errors import UserError, reason
from layergen.limits import BYTES
from layergen.project.digests import of_text
from layergen.reading import read_beginning, read_regular

_LAYER_KEY = re.compile(rb"""^(\{\s*)?["']?layer["']?\s*:""", re.MULTILINE)


class Source(Struct, frozen=True, dict=True):
    """The text of a spec.

    `file` is what the user calls it, for reports; `stem` names module and test. Lines of
    `text` end in LF.
    """

    file: str
    stem: str
    text: str

    @cached_property
    def sha256(self) -> str:
        """The digest of the text."""
        return of_text(self.text)


def decode(data: bytes) -> str:
    """Text of a spec from the bytes of a file, with LF for its line endings.

    Bytes that are no UTF-8 become surrogates, which the reader reports in their place.
    """
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    return text.replace("\r\n", "\n")


def read_text(path: Path, shown: Path | None = None) -> str:
    """The text of a file that the user calls `shown`, if not by its own path."""
    shown = shown or path
    try:
        return decode(read_regular(path, BYTES))
    except OSError as error:
        if os.path.isdir(path):
            raise UserError(f"{shown} is a folder, not a spec.") from None
        raise UserError(f"cannot read {shown}: {reason(error)}.") from None


def read_source(path: Path, shown: Path | None = None) -> Source:
    """The spec in a file, called as in `read_text`; module and test are named after it."""
    shown = shown or path
    if path.suffix == ".py":
        raise UserError(
            f"{shown} is Python, and no spec (.yaml) to generate from; `layergen lint` "
            f"looks for faults in hand-written layers."
        )
    text = read_text(path, shown)
    if path.suffix != ".yaml":
        raise UserError(
            f"{shown} is not a spec by its name, which must end in `.yaml`."
        )
    return Source(str(shown), path.stem, text)


def find_specs(folder: Path) -> list[Path]:
    """The layer specs in a folder: YAML files with `layer:` at the top level."""
    return [path for path in sorted(folder.glob("*.yaml")) if is_spec(path)]


def names_in(folder: Path, shown: Path) -> list[str]:
    """The names of a folder that holds nothing but specs, sorted."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UserError(f"cannot read {shown}: {reason(error)}.") from None
    return sorted(n for n in names if n.endswith((".yaml", ".yml")) and n[0] != ".")


def is_spec(path: Path) -> bool:
    """Whether a file has `layer:` at its top level."""
    try:
        return _LAYER_KEY.search(read_beginning(path, BYTES)) is not None
    except OSError:
        return False
