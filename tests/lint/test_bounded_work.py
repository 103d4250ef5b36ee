"""Hand-written layers are followed in proportion to their text."""

from __future__ import annotations

import pytest

from layergen.lint import facts
from layergen.lint.check import check_text
from layergen.lint.read import MAX_LINEAGE, read_module
from layergen.lint.reading import Reading
from layergen.lint.source import parse


def chain(count: int) -> str:
    one = (
        "class L{i}({base}):\n    def __init__(self, **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.a{i} = {i}\n"
        "    def call(self, x):\n        return super().call(x) + self.a{i}\n"
    )
    bases = ["keras.layers.Layer", *(f"L{i}" for i in range(count))]
    texts = (one.format(i=i, base=bases[i]) for i in range(count))
    return "import keras\n" + "".join(texts)


def test_a_lineage_is_looked_at_so_far() -> None:
    module = read_module(parse(chain(400), "a.py"))
    assert len(module.layers) == 400
    assert max(len(layer.lineage) for layer in module.layers) == MAX_LINEAGE
    assert {layer.root for layer in module.layers} == {"Layer"}


def test_methods_are_looked_up_once_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    lineage = facts.LayerClass.lineage.func  # type: ignore[attr-defined]

    def counted(self: facts.LayerClass) -> tuple[facts.LayerClass, ...]:
        nonlocal looked
        looked += 1
        found: tuple[facts.LayerClass, ...] = lineage(self)
        return found

    monkeypatch.setattr(facts.LayerClass.lineage, "func", counted)
    check_text(chain(100), "a.py")
    assert looked == 100


def test_loops_in_loops_are_followed_in_proportion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    followed = 0
    statement = Reading.statement

    def counted(self: Reading, node: object) -> None:
        nonlocal followed
        followed += 1
        statement(self, node)  # type: ignore[arg-type]

    monkeypatch.setattr(Reading, "statement", counted)

    def count(depth: int) -> int:
        nonlocal followed
        followed = 0
        head = "import keras\nclass A(keras.layers.Layer):\n  def call(self, x):\n"
        body = "".join(f"{' ' * (4 + i)}for i{i} in range(2):\n" for i in range(depth))
        check_text(f"{head}{body}{' ' * (4 + depth)}x = x + 1\n    return x\n", "a.py")
        return followed

    assert count(40) < 5 * count(20)
