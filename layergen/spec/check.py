"""Checks of a whole spec, one module per idea."""

from __future__ import annotations

from layergen.spec.context import Context
from layergen.spec.model import Spec


def check(spec: Spec, context: Context) -> None:
    """Record everything that is wrong with how the parts of a spec fit together."""
