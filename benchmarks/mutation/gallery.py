"""The modules that are broken: the whole gallery, and layers of kinds that it lacks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .mutate import Mutant, mutants_of
from .source import Source

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "generated_examples"
# Random numbers, regularizers and several losses.
FURTHER = (ROOT / "tests/golden/noisy.py", ROOT / "tests/golden/penalized.py")


def module_files() -> dict[str, Path]:
    """The generated modules, by name."""
    shipped = [one for one in GALLERY.glob("*.py") if not one.stem.startswith("test_")]
    return {one.stem: one for one in sorted([*shipped, *FURTHER])}


def test_file(layer: str) -> Path:
    """The emitted test file of a layer."""
    return module_files()[layer].with_name(f"test_{layer}.py")


@cache
def all_mutants() -> tuple[Mutant, ...]:
    """Every mutant of every module."""
    return tuple(
        mutant
        for name, file in module_files().items()
        for mutant in mutants_of(Source(name, file.read_text("utf-8")))
    )
