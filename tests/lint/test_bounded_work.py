"""Hand-written layers are followed in proportion to their text."""

from __future__ import annotations

import ast

import pytest

from layergen.lint import facts
from layergen.lint.analysis import FIRST_STEPS, STEPS
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


def helpers(count: int) -> str:
    """Methods of which each calls the next with three different things."""
    head = "import keras\nclass A(keras.layers.Layer):\n  def call(self, x):\n"
    one = (
        "  def f{0}(self, x):\n"
        "    return self.f{1}(x) + self.f{1}(x * 2) + self.f{1}([x])\n"
    )
    methods = "".join(one.format(i, i + 1) for i in range(count))
    end = f"  def f{count}(self, x):\n    for row in x:\n      return row\n"
    return (
        f"{head}    y = [one for one in x * 2]\n    return self.f0(x)\n{methods}{end}"
    )


def test_methods_in_methods_take_steps_in_proportion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = 0
    step = Reading.step

    def counted(self: Reading) -> None:
        nonlocal steps
        steps += 1
        step(self)

    monkeypatch.setattr(Reading, "step", counted)
    for count, looped in ((2, True), (9, False)):
        steps, text = 0, helpers(count)
        codes = {problem.code for problem in check_text(text, "a.py")}
        nodes = sum(1 for _ in ast.walk(parse(text, "a.py").tree))
        assert 0 < steps <= FIRST_STEPS + STEPS * nodes + 1
        # Past the limit nothing is said, not half of it.
        assert ("LG741" in codes) is looped
