"""What is generated stays as it is under the formatters that its readers run, at any width."""

import subprocess
from pathlib import Path

import pytest

import layergen
from layergen.loading import read_spec
from layergen.rendering import render

SPECS = [
    *(Path(layergen.__file__).parent / "gallery").glob("*.yaml"),
    *(Path(__file__).parent.parent / "specs").glob("*.yaml"),
]
WIDTHS = (60, 79, 88, 120)


def write_all(folder: Path, width: int) -> list[Path]:
    written = []
    for path in SPECS:
        spec = read_spec(path.read_text("utf-8"), path.name, path.stem).spec
        assert spec is not None
        for name, text in render(spec, line_length=width).items():
            (folder / name).write_text(text, "utf-8")
            written.append(folder / name)
    return written


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


def test_code_fits_its_width(tmp_path: Path) -> None:
    """Only what a spec writes itself may be longer: its `doc`, its names, its numbers."""
    docs = "".join(path.read_text("utf-8") for path in SPECS)
    for path in write_all(tmp_path, 79):
        for line in path.read_text("utf-8").splitlines():
            words = line.strip(' "#:').split()
            longest = max(map(len, words), default=0)
            written = line.strip(' "') in docs or longest > 30
            assert len(line) <= 79 or written, f"{path.name}: {line}"
