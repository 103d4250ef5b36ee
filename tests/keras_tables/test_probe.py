"""The table is what the installed Keras says: a sample of it, the whole in `.ci/run`."""

from __future__ import annotations

import random
from typing import Any

import keras
import pytest

from layergen.keras_tables import table
from layergen.keras_tables.probe import __main__ as command
from layergen.keras_tables.probe import classes, names, text
from layergen.keras_tables.probe.dtypes import promotion

RANDOM = random.Random(0)
OPS = sorted(RANDOM.sample(sorted(table.OPS), 24))
LAYERS = sorted(RANDOM.sample(sorted(table.LAYERS), 12))

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the table is TensorFlow's"
)


@pytest.mark.parametrize("name", OPS)
def test_ops(name: str) -> None:
    assert text.function_row(getattr(keras.ops, name)) == table.OPS[name]


@pytest.mark.parametrize("name", sorted(table.RANDOM))
def test_random(name: str) -> None:
    assert text.function_row(getattr(keras.random, name)) == table.RANDOM[name]


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str) -> None:
    assert classes.layer_row(getattr(keras.layers, name)) == table.LAYERS[name]


def test_names() -> None:
    assert text.functions_of(keras.ops).keys() == table.OPS.keys()
    assert text.functions_of(keras.ops.image).keys() == table.IMAGE.keys()
    assert names.layer_names() == table.LAYER_NAMES
    assert tuple(names.dtype_names()) == table.DTYPES
    assert promotion() == table.PROMOTION


def test_a_difference_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    committed = command.TABLE.read_text("utf-8")
    changed = committed.replace('"sin": ("x", "elementwise"', '"sin": ("x", "along"')
    monkeypatch.setattr(text, "table", lambda: committed)
    assert command.main(["--check"]) == 0
    capsys.readouterr()
    monkeypatch.setattr(text, "table", lambda: changed)
    assert command.main(["--check"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line[:8] for line in told[-2:]] == ['-    "si', '+    "si']
    assert command.main(["--all"]) == 2


def test_what_keras_says_is_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that does something else gets another row."""

    def sin(x: Any) -> Any:
        return keras.ops.cumsum(x, axis=-1)

    assert text.function_row(sin) != table.OPS["sin"]
