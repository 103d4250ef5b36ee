"""Axes that arguments choose: `build` needs the one that is chosen, and no other."""

from __future__ import annotations

import numpy as np
import pytest

from layergen.example.values import example_sizes
from layergen.layer.facts import Facts
from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import laid_out, render
from layergen.source.code import Code

HEAD = "layer: Chosen\nargs: {axis: int = -1, last: bool = True}\n"
REST = "weights: {scale: {shape: [size], initializer: ones}}\nforward: x * ops.sum(scale)\n"
FORMS = {
    "an argument": ("x.shape[axis]", "axis", {"axis": 1}, {"axis": -1}),
    "arithmetic": ("x.shape[axis - 1]", "axis - 1", {"axis": 2}, {"axis": 0}),
    "a condition": (
        "x.shape[-1] if last else x.shape[1]",
        "-1 if last else 1",
        {"last": False},
        {"last": True},
    ),
}


def read(size: str, inputs: str = "[batch, ...]", more: str = ""):
    text = f"{HEAD}inputs: {inputs}\nderived: {{size: '{size}'{more}}}\n{REST}"
    return read_spec(text, "chosen.yaml", "chosen")


def layer_class(size: str):
    reading = read(size)
    assert reading.spec, reading.problems
    scope: dict = {}
    exec(render(reading.spec)["chosen.py"], scope)
    return scope["Chosen"]


@pytest.mark.parametrize("form", FORMS)
def test_the_chosen_axis_alone_must_be_known(form: str) -> None:
    size, axis, front, back = FORMS[form]
    assert Facts(read(size).spec).chosen_axes[0].axis == Code(axis, ())
    made = layer_class(size)
    for given, shape, other in (
        (front, (None, 3, None), (None, None, 5)),
        (back, (None, None, 5), (None, 3, None)),
    ):
        layer = made(**given)
        with pytest.raises(
            ValueError, match="needs to know the size of its input's axis"
        ):
            layer.build(other)
        layer = made(**given)
        layer.build(shape)
        assert layer.scale.shape == (next(n for n in shape if n),)
        with pytest.raises(ValueError, match="incompatible"):
            layer(np.ones((2, 7, 7), "float32"))


def test_what_is_made_of_the_size_waits_for_it() -> None:
    text = laid_out(read("x.shape[axis]", more=", half: size // 2").spec)["chosen.py"]
    build = text.partition("def build")[2]
    assert build.index("self.size is None") < build.index("self.half = self.size // 2")


@pytest.mark.parametrize(
    "size", ["x.shape[axis] // 2", "x.shape[batch]", "x.shape[0:axis]", "x.shape"]
)
def test_other_axes_are_written_as_numbers(size: str) -> None:
    assert "LG413" in {problem.code for problem in read(size).problems}


@pytest.mark.parametrize(
    ("size", "rank"),
    [
        ("x.shape[axis]", 2),
        ("x.shape[2]", 3),
        ("x.shape[3] if last else x.shape[1]", 4),
    ],
)
def test_the_example_has_the_axes_that_are_read(size: str, rank: int) -> None:
    # The axis of the batch, on which no weight rests, is not chosen.
    assert len(example_sizes(Facts(read(size).spec)).values["x.shape"]) == rank


def test_a_model_has_no_axes_to_count() -> None:
    text = (
        "layer: A\nstyle: functional\nargs: {axis: int = -1}\ninputs: [batch, a, b]\n"
        "derived: {size: 'x.shape[axis]'}\nforward: x * size\n"
    )
    with pytest.raises(SpecError) as raised:
        laid_out(read_spec(text, "a.yaml").spec)
    assert "LG606" in {problem.code for problem in raised.value.problems}


def test_a_model_knows_every_axis_that_may_be_chosen() -> None:
    text = (
        "layer: A\nstyle: functional\nargs: {last: bool = True}\ninputs: [batch, a, b]\n"
        "derived: {size: 'x.shape[-1] if last else x.shape[1]'}\nforward: x * size\n"
    )
    code = laid_out(read_spec(text, "a.yaml").spec)["a.py"]
    assert "input_shape[-1] is None" in code and "input_shape[0] is None" in code
