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
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from layergen import gallery

BIN = Path(sys.executable).parent
GENERATE = [BIN / "layergen", "generate", "--quiet"]
PROJECT = '[tool.layergen]\npackage = "src/many"\nformatter = "{}"\n'
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
            lambda here=here: timed(new, here),
            lambda options=options: timed([*theirs, *options], folder),
            aim=aim,
            pairs=pairs,
        )


def many_layers(folder: Path, specs: int, pairs: int) -> None:
    """A project generated anew, and checked, with each formatter."""
    for formatter, aim in (("black", 1.4), ("ruff", 0.4)):
        project, copy = folder / f"project_{formatter}", folder / f"copy_{formatter}"
        make(project, specs, formatter)
        timed(GENERATE, project)
        shutil.copytree(project, copy)
        compare(
            f"layergen generate of {specs} specs, {formatter} / black -W2, nothing to do",
            lambda project=project: anew(project),
            lambda copy=copy: blackened(copy),
            aim=aim,
            pairs=pairs,
        )
        compare(
            f"layergen generate --check of {specs} specs, {formatter} / python -c pass",
            lambda project=project: timed([*GENERATE, "--check"], project),
            lambda project=project: timed([sys.executable, "-c", "pass"], project),
            aim=20,
            pairs=5 * pairs,
        )


def anew(project: Path) -> Times:
    """Generate all of a project of which nothing but the specs is there."""
    for part in ("src", "tests"):
        shutil.rmtree(project / part)
    (project / "layergen.lock").unlink()
    return timed(GENERATE, project)


def blackened(project: Path) -> Times:
    """Run Black over files that are as it has them, and that it has not seen."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["BLACK_CACHE_DIR"] = cache
        return timed([BIN / "black", "-q", "-W2", "."], project)


def make(project: Path, specs: int, formatter: str) -> None:
    """A project of the gallery's layers, each many times under other names."""
    (project / "specs").mkdir(parents=True)
    (project / "pyproject.toml").write_text(PROJECT.format(formatter))
    shelf = {name: gallery.text(name) for name in gallery.names()}
    for index in range(specs):
        name, text = list(shelf.items())[index % len(shelf)]
        layer = text.partition("layer: ")[2].partition("\n")[0]
        stem = f"{name}_{index}"
        text = text.replace(f"layer: {layer}", f"layer: {layer}{index}", 1)
        (project / "specs" / f"{stem}.yaml").write_text(text)


def timed(command: list[str | Path], folder: Path) -> Times:
    """What one run of a command takes, with bytecode, as packages that pip installed."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command,
        check=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    clock, after = time.perf_counter() - start, resource.getrusage(
        resource.RUSAGE_CHILDREN
    )
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
