"""An argument type is one class, and a class that leaves a question open is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from layergen.language.types.base import TYPES, Misfit, Names, Type
from layergen.language.types.bounds import Bounds
from layergen.language.types.kinds.plain import Plain
from layergen.loading import read_spec
from layergen.rendering import render

SPEC = """\
layer: Turned
args:
  angle: degrees = 90
  least: degrees | None = None
inputs: [..., features]
outputs: [..., features]
forward: x * angle + (0 if least is None else least)
"""


@pytest.fixture(autouse=True)
def other_types() -> Iterator[None]:
    """Types that a test adds are there for that test alone."""
    before = dict(TYPES)
    yield
    TYPES.clear()
    TYPES.update(before)


def add_degrees() -> None:
    """A type of an angle: an int from 0 to 359."""

    class Degrees(Plain):
        word = "degrees"
        alike = ("Angle",)
        is_number = True

        def fitted(self, value: object) -> object:
            if type(value) is not int or not 0 <= value < 360:
                raise Misfit(f"`{value}` is no angle")
            return value

        def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
            return f"{name} not in range(360)"

        def words(self, bounds: Bounds) -> str:
            return "an angle in degrees"

        def example(self, bounds: Bounds) -> object:
            return 45

        def wrong_values(self, bounds: Bounds) -> list[object]:
            return [360, -1]


def test_a_type_is_added_in_one_place() -> None:
    assert "LG207" in {problem.code for problem in read_spec(SPEC, "t.yaml").problems}
    add_degrees()
    reading = read_spec(SPEC, "t.yaml")
    assert reading.spec is not None
    files = render(reading.spec)
    code, test = files["turned.py"], files["test_turned.py"]
    ast.parse(code), ast.parse(test)
    assert "angle: Angle in degrees" in code
    assert "if angle not in range(360):" in code
    assert "if least is not None and least not in range(360):" in code
    assert "self.angle = angle" in code
    assert '"angle": self.angle' in code
    assert '@pytest.mark.parametrize("angle", [360, -1, None])' in test
    assert '@pytest.mark.parametrize("least", [360, -1])' in test


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("angle: degrees = 400", "`400` is no angle"),
        ("angle: Angle", "did you mean `degrees`?"),
        ("angle: degree", "did you mean `degrees`?"),
        ("angle: degrees[int]", "`degrees` takes no `[...]`"),
        ("angle: {type: degrees, min: 3}", "`min` bounds a number"),
    ],
)
def test_what_it_refuses_is_told(change: str, message: str) -> None:
    add_degrees()
    text = SPEC.replace("angle: degrees = 90", change)
    found = [str(problem) for problem in read_spec(text, "t.yaml").problems]
    assert message in "\n".join(found)


def test_a_type_that_leaves_something_open_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="Angle does not say: example, wrong_values"):

        class Angle(Plain):
            word = "angle"

            def fitted(self, value: object) -> object:
                return value

            def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
                return ""

            def words(self, bounds: Bounds) -> str:
                return "an angle"

    assert "angle" not in TYPES


def test_a_type_from_nothing_must_say_all() -> None:
    with pytest.raises(TypeError, match="in_call, is_flag, is_item, is_layer"):

        class Bare(Type):
            word = "bare"
