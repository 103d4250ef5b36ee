"""Frozen data is a struct, but where two are equal wherever they stand."""

from __future__ import annotations

import ast
from pathlib import Path

import layergen

ROOM = Path(layergen.__file__).parent
DATACLASSES = {
    "language/axes.py",
    "language/model.py",
    "language/types/annotations.py",
    "language/types/base.py",
    "language/types/kinds/containers.py",
    "language/types/kinds/plain.py",
    "language/types/kinds/scalars.py",
    "language/types/kinds/unions.py",
    "source/code.py",
}
"""Modules of the model of a spec and of argument types, and those that replace parts of them."""
REPLACING = {
    "forward/checks/methods.py",
    "language/lengths.py",
    "language/methods.py",
    "language/readers/args.py",
    "language/readers/spread.py",
    "layer/custom_gradient.py",
    "layer/inferred.py",
    "rendering.py",
}
OUTSIDE = ("testing/", "keras_tables/probe/", "templates/")


def test_dataclasses_are_the_models_alone() -> None:
    """What replaces a part of one fails on the other, and no type checker tells them apart."""
    found = set()
    for path in ROOM.rglob("*.py"):
        name = path.relative_to(ROOM).as_posix()
        if not name.startswith(OUTSIDE):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                modules = (
                    [node.module]
                    if isinstance(node, ast.ImportFrom)
                    else (
                        [one.name for one in getattr(node, "names", [])]
                        if isinstance(node, ast.Import)
                        else []
                    )
                )
                if "dataclasses" in modules:
                    found.add(name)
    assert found == DATACLASSES | REPLACING
