"""The examples of generated docstrings, typed in: what they show is what comes out."""

import doctest
import importlib
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


@pytest.mark.parametrize("stem", MODULES)
def test_shows_what_comes_out(stem):
    module = importlib.import_module(stem)
    texts = [
        one.__doc__
        for one in vars(module).values()
        if getattr(one, "__module__", "") == module.__name__ and one.__doc__
    ]
    examples = [doctest.DocTestParser().get_examples(text) for text in texts]
    assert sum(map(bool, examples)) == "".join(texts).count("    Example:") > 0
    for typed in filter(None, examples):
        names = {**vars(module), "keras": keras}
        for one in typed[:-1]:
            exec(one.source, names)
        shown = str(tuple(eval(typed[-1].source, names)))
        assert f"{shown}\n" == typed[-1].want
