"""The kinds of breakage: each a function from a module to the edits that it offers."""

from . import around, config, forward, parts  # noqa: F401  (registers the kinds)
from .registry import KINDS

__all__ = ["KINDS"]
