"""The examples of generated docstrings, typed in: what they show is what comes out."""

import importlib
import re
from pathlib import Path

import keras
import pytest

TESTS = Path(__file__).parent.parent
FOLDERS = [TESTS / "golden", TESTS.parent / "generated_examples"]
MODULES = sorted(
    path.stem
    for folder in FOLDERS
    for path in folder.glob("*.py")
    if not path.stem.startswith("test_") and ">>>" in path.read_text("utf-8")
)
EXAMPLE = re.compile(r"((?: {4}>>> .*\n(?: {4}\.\.\. .*\n)*)+) {4}(\(.*\))\n")


@pytest.mark.parametrize("stem", MODULES)
def test_shows_what_comes_out(stem):
    module = importlib.import_module(stem)
    text = Path(str(module.__file__)).read_text("utf-8")
    examples = EXAMPLE.findall(text)
    assert len(examples) == text.count("    Example:") > 0
    for typed, shown in examples:
        *lines, last = re.sub(r" {4}(>>>|\.\.\.) ", "", typed).splitlines()
        names = {**vars(module), "keras": keras}
        exec("\n".join(lines), names)
        assert str(tuple(eval(last, names))) == shown
