"""How long layergen takes with each formatter, against programs that one knows.

    python benchmarks/formatting.py [SPECS] [PAIRS] [CODEGEN]

Needs layergen and ruff installed beside the Python that runs it, and, for the first two
lines, the command `datamodel-codegen` (with its extra `ruff`, in an environment of its own;
CODEGEN is its path). The two commands of a pair run in turn, in one session. What is printed
are medians, and the ratio that is aimed at: of the time by the clock, and of the time that
processors were at work, which other programs on the machine disturb less.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import projects
from projects import BIN, forget, make

RUFF = 'formatter = "ruff"\n'
SCHEMA = {
    "title": "Layer",
    "type": "object",
    "properties": {
        "units": {"type": "integer", "minimum": 1},
        "activation": {"type": "string"},
    },
    "required": ["units"],
}


class Times(NamedTuple):
    """Seconds by the clock, and of processors."""

    clock: float
    work: float


def main(specs: int, pairs: int, codegen: str | None) -> None:
    """Print a line for each pair of commands."""
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as name:
        if codegen:
            one_layer(Path(name), codegen, 3 * pairs)
        many_layers(Path(name), specs, pairs)
    print(f"load {os.getloadavg()[0]:.1f}")


def one_layer(folder: Path, codegen: str, pairs: int) -> None:
    """A new layer against a new class from a small schema."""
    schema = folder / "schema.json"
    schema.write_text(json.dumps(SCHEMA))
    theirs = [codegen, "--input", schema, "--output", folder / "schema.py"]
    new = [BIN / "layergen", "new", "swish_dense", "--out", "out", "--overwrite"]
    for formatter, options, aim in (
        ("black", ["--formatters", "black"], 0.7),
        ("ruff", ["--formatters", "ruff-format"], 0.45),
    ):
        here = folder / formatter
        here.mkdir()
        table = f'[tool.layergen]\nformatter = "{formatter}"\n'
        (here / "pyproject.toml").write_text(table)
        compare(
            f"layergen new swish_dense, {formatter} / datamodel-codegen, {formatter}",
            lambda here=here: timed(new, here),  # type: ignore[misc]
            lambda options=options: timed([*theirs, *options], folder),  # type: ignore[misc]
            aim=aim,
            pairs=pairs,
        )


def many_layers(folder: Path, specs: int, pairs: int) -> None:
    """A project generated anew, and checked."""
    for formatter, table, aim in (("black", "", 1.4), ("ruff", RUFF, 0.4)):
        project = folder / f"project_{formatter}"
        make(project, specs)
        with (project / "pyproject.toml").open("a") as file:
            file.write(table)
        anew = [BIN / "layergen", "generate", "--quiet"]
        timed(anew, project)
        copy = folder / f"copy_{formatter}"
        shutil.copytree(project, copy)

        def generated() -> Times:
            forget(project)  # noqa: B023
            return timed(anew, project)  # noqa: B023

        def formatted() -> Times:
            shutil.rmtree(folder / "cache", ignore_errors=True)
            os.environ["BLACK_CACHE_DIR"] = str(folder / "cache")
            return timed([BIN / "black", "-q", "-W2", "."], copy)  # noqa: B023

        compare(
            f"layergen generate of {specs} specs, {formatter} / black -W2, nothing to do",
            generated,
            formatted,
            aim=aim,
            pairs=pairs,
        )
        check = [BIN / "layergen", "generate", "--check"]
        compare(
            f"layergen generate --check of {specs} specs, {formatter} / python -c pass",
            lambda check=check, project=project: timed(check, project),  # type: ignore[misc]
            lambda project=project: timed([sys.executable, "-c", "pass"], project),  # type: ignore[misc]
            aim=20,
            pairs=5 * pairs,
        )


def timed(command: list[str | Path], folder: Path) -> Times:
    """What one run of a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = projects.run(command, folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Times(clock, work)


def compare(
    what: str,
    ours: Callable[[], Times],
    theirs: Callable[[], Times],
    *,
    aim: float,
    pairs: int,
) -> None:
    """Time the two in turn; the first pair warms the caches."""
    found = [(ours(), theirs()) for _ in range(pairs + 1)][1:]
    print(f"{what} (aim: at most {aim:g})")
    for kind in ("clock", "work"):
        first, second = (
            statistics.median(getattr(one, kind) for one in times)
            for times in zip(*found, strict=True)
        )
        ratio = f"{first * 1000:.0f} ms / {second * 1000:.0f} ms = {first / second:.2f}"
        print(f"    {kind}: {ratio}", flush=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    sizes = [int(text) for text in given[:2]]
    main(*(sizes + [200, 3][len(sizes) :]), given[2] if given[2:] else None)
