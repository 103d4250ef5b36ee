"""Custom Keras 3 layers from a short spec, each with a test that proves it.

Importing this package loads nothing; each name is fetched when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layergen.api import load, render
    from layergen.problems import SpecError

__all__ = ["SpecError", "__version__", "load", "render"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name in ("load", "render"):
        from layergen import api

        return getattr(api, name)
    if name == "SpecError":
        from layergen.problems import SpecError

        return SpecError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
