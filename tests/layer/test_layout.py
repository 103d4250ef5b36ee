"""What is generated stays as it is under the formatters that its readers run, at any width."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import layergen
from layergen.language.model import Spec
from layergen.loading import read_spec
from layergen.rendering import render

SPECS = [
    *(Path(layergen.__file__).parent / "gallery").glob("*.yaml"),
    *(Path(__file__).parent.parent / "specs").glob("*.yaml"),
]
WIDTHS = (60, 79, 88, 120)


def write_all(folder: Path, width: int, docs: bool = True) -> list[Path]:
    written = []
    for path in SPECS:
        spec = read_spec(path.read_text("utf-8"), path.name, path.stem).spec
        assert spec is not None
        shown = spec if docs else undocumented(spec)
        for name, text in render(shown, line_length=width).items():
            (folder / name).write_text(text, "utf-8")
            written.append(folder / name)
    return written


def undocumented(spec: Spec) -> Spec:
    """A spec without the lines that it writes itself."""
    keys = ("args", "call_args", "weights", "states", "functions")
    parts = {
        key: tuple(replace(part, doc=None) for part in getattr(spec, key))
        for key in keys
    }
    return replace(spec, doc=None, **parts)


@pytest.mark.parametrize("width", WIDTHS)
def test_formatters_leave_it_alone(tmp_path: Path, width: int) -> None:
    written = write_all(tmp_path, width)
    assert len(written) > 100
    for command in (
        ["ruff", "format", "--isolated", "--no-cache", "--check", "--line-length"],
        ["black", "--quiet", "--check", "--line-length"],
    ):
        done = subprocess.run(
            [*command, str(width), str(tmp_path)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("width", [width for width in WIDTHS if width >= 79])
def test_what_is_generated_fits_its_width(tmp_path: Path, width: int) -> None:
    """Only a word that is long by itself reaches over the edge.

    The sentences that every module has fit the 79 characters of PEP 8.
    """
    for path in write_all(tmp_path, width, docs=False):
        for line in path.read_text("utf-8").splitlines():
            longest = max(map(len, line.split()), default=0)
            assert len(line) <= width or longest > 30, f"{path.name}: {line}"
