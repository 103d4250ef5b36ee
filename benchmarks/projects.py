"""How long a project of many layers takes, against programs that one knows.

    python benchmarks/projects.py [SPECS] [PAIRS]

Needs layergen installed beside the Python that runs it. Two commands run in turn, in one
session: `generate --check` on a project in which nothing has changed against Python that
does nothing, and generating the project anew against Black formatting the same files from
text that nobody has laid out. A ratio of medians is printed, with the one aimed at.
"""

from __future__ import annotations

import ast
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from layergen import gallery

BIN = Path(sys.executable).parent
PROJECT = '[tool.layergen]\npackage = "src/many"\n'


def main(specs: int, pairs: int) -> None:
    """Print a line for each pair of commands."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = folder / "project"
        make(project, specs)
        anew = [BIN / "layergen", "generate", "--quiet"]
        run(anew, project)
        compare(
            f"layergen generate --check of {specs} specs / python -c pass",
            lambda: run([BIN / "layergen", "generate", "--check"], project),
            lambda: run([sys.executable, "-c", "pass"], project),
            aim=40,
            pairs=5 * pairs,
        )
        plain = folder / "plain"
        loose(project, plain)

        def generated() -> float:
            forget(project)
            return run(anew, project)

        def formatted() -> float:
            shutil.rmtree(folder / "copy", ignore_errors=True)
            shutil.copytree(plain, folder / "copy")
            black = [BIN / "black", "-q", "-W2", "."]
            return run(black, folder / "copy", XDG_CACHE_HOME=str(folder / "cache"))

        compare(
            f"layergen generate of {specs} specs / black -W2 of the same files",
            generated,
            formatted,
            aim=0.25,
            pairs=pairs,
        )


def make(project: Path, specs: int) -> None:
    """A project of the gallery's layers, each many times under other names."""
    (project / "specs").mkdir(parents=True)
    (project / "pyproject.toml").write_text(PROJECT)
    shelf = {name: gallery.text(name) for name in gallery.names()}
    for index in range(specs):
        name, text = list(shelf.items())[index % len(shelf)]
        layer = text.partition("layer: ")[2].partition("\n")[0]
        stem = f"{name}_{index}"
        text = text.replace(f"layer: {layer}", f"layer: {layer}{index}", 1)
        (project / "specs" / f"{stem}.yaml").write_text(text)


def forget(project: Path) -> None:
    """Leave the specs alone."""
    for part in ("src", "tests"):
        shutil.rmtree(project / part)
    (project / "layergen.lock").unlink()


def loose(project: Path, target: Path) -> None:
    """The generated files without a layout: what their syntax trees come to as text."""
    for part in ("src/many", "tests"):
        (target / part).mkdir(parents=True)
        for path in (project / part).glob("*.py"):
            (target / part / path.name).write_text(
                ast.unparse(ast.parse(path.read_text()))
            )


def compare(
    what: str,
    ours: Callable[[], float],
    theirs: Callable[[], float],
    *,
    aim: float,
    pairs: int,
) -> None:
    """Time the two in turn; the first pair warms the caches."""
    found = [(ours(), theirs()) for _ in range(pairs + 1)][1:]
    first, second = (statistics.median(times) for times in zip(*found, strict=True))
    print(
        f"{what}: {first * 1000:.0f} ms / {second * 1000:.0f} ms = "
        f"{first / second:.2f} (aim: at most {aim:g})",
        flush=True,
    )


def run(command: list[str | Path], folder: Path, **settings: str) -> float:
    """The seconds that one run of a command takes."""
    # With bytecode, as packages that pip installed have it.
    environment = {**os.environ, **settings}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    subprocess.run(
        command, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    sizes = [int(text) for text in sys.argv[1:]]
    main(*(sizes + [1000, 3][len(sizes) :]))
