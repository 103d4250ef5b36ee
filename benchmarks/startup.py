"""How long the command takes, from start to exit, against programs that one knows.

    python benchmarks/startup.py [PAIRS]

Needs layergen and cookiecutter installed beside the Python that runs it. The two
commands of a pair run in turn, in one session; a ratio of medians is printed, with the
ratio that is aimed at.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent


def main(pairs: int) -> None:
    """Print a line for each pair of commands."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = one_file_template(folder)
        compare(
            "layergen new swish_dense / cookiecutter, one file",
            [BIN / "layergen", "new", "swish_dense", "--out"],
            [BIN / "cookiecutter", "--no-input", template, "--output-dir"],
            aim=1.0,
            pairs=pairs,
            folder=folder,
        )
        compare(
            "layergen --help / python -c pass",
            [BIN / "layergen", "--help"],
            [sys.executable, "-c", "pass"],
            aim=6.0,
            pairs=pairs,
            folder=folder,
        )


def one_file_template(folder: Path) -> Path:
    """A cookiecutter template of a single short file."""
    template = folder / "template"
    inner = template / "{{cookiecutter.name}}"
    inner.mkdir(parents=True)
    (template / "cookiecutter.json").write_text('{"name": "layer"}\n')
    (inner / "layer.py").write_text('NAME = "{{ cookiecutter.name }}"\n')
    return template


def compare(
    what: str,
    ours: list[str | Path],
    theirs: list[str | Path],
    *,
    aim: float,
    pairs: int,
    folder: Path,
) -> None:
    """Time the two in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(pairs + 1):
        for command, seconds in zip((ours, theirs), times, strict=True):
            taken = once(command, folder)
            if turn:  # the first pair warms the caches
                seconds.append(taken)
    first, second = map(statistics.median, times)
    print(
        f"{what}: {first * 1000:.0f} ms / {second * 1000:.0f} ms = "
        f"{first / second:.2f} (aim: at most {aim:g})"
    )


def once(command: list[str | Path], folder: Path) -> float:
    """The seconds that one run takes; a command that ends in `--out...` gets a folder."""
    with tempfile.TemporaryDirectory(dir=folder) as empty:
        args = [*command]
        if str(args[-1]).startswith("--out"):
            args.append(empty)
        # Both with their bytecode, as a package that pip installed has it.
        environment = {**os.environ, "HOME": str(folder)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        start = time.perf_counter()
        subprocess.run(
            args,
            check=True,
            cwd=empty,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
