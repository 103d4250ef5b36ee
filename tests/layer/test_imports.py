"""What is generated imports the names that it reads, and no others.

`ruff` reads the files again: in the style that a spec has it holds `tests/golden` and
`generated_examples` to the same, as part of this repository.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import laid_out

ROOT = Path(__file__).parent.parent.parent
SPECS = [*(ROOT / "tests/specs").glob("*.yaml"), *ROOT.glob("layergen/gallery/*.yaml")]
UNUSED, UNDEFINED, TWICE = "F401", "F821", "F811"


def faults(folder):
    """The lines that `ruff` prints for imports that are of no use and names without."""
    rules = ",".join((UNUSED, UNDEFINED, TWICE))
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache"]
    command += ["--select", rules, "--output-format", "concise", str(folder)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode in (0, 1), found.stderr
    return [line for line in found.stdout.splitlines() if ".py:" in line]


def test_every_spec_in_another_style_imports_what_it_reads(tmp_path):
    written = 0
    for path in sorted(SPECS):
        reading = read_spec(path.read_text("utf-8"), path.name, path.stem)
        for style in {"class", "functional", "both"} - {reading.spec.style}:
            try:
                files = laid_out(reading.spec, style)
            except SpecError:  # Not every layer is a model of built-in layers.
                continue
            for name, text in files.items():
                (tmp_path / f"{style}_{name}").write_text(text, "utf-8")
                written += 1
    assert written > 60
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("from keras import ops\n", UNUSED), ("print(ops)\n", UNDEFINED)],
)
def test_an_import_too_many_or_too_few_is_noticed(tmp_path, text, code):
    (tmp_path / "made.py").write_text(text)
    [line] = faults(tmp_path)
    assert code in line
