"""A window of an example fits what it moves over."""

from __future__ import annotations

import pytest

from layergen.example.sizes import find_sizes
from layergen.example.values import example_sizes
from layergen.layer.facts import Facts
from layergen.loading import read_spec

HEAD = """\
layer: Made
args: {size: int, padding: 'Literal["valid", "same"] = "same"'}
inputs: [batch, height, width, channels]
"""
KERNEL = "weights: {kernel: [size, size, channels, 6]}\n"


def facts_of(text: str) -> Facts:
    reading = read_spec(text, "made.yaml")
    assert reading.spec, reading.problems
    return Facts(reading.spec)


# spec: example-chosen
@pytest.mark.parametrize(
    ("text", "gap"),
    [
        (KERNEL + "forward: ops.conv(x, kernel, padding=padding)\n", 1),
        (
            KERNEL + "forward: ops.conv(x, kernel, padding=padding, dilation_rate=2)\n",
            2,
        ),
        ("forward: ops.max_pool(x, size, padding=padding)\n", 1),
        ("forward: ops.average_pool(x, (size, 2), padding=padding)\n", 1),
        ("layers: {conv: 'Conv2D(4, size, padding=padding)'}\nforward: conv(x)\n", 1),
        ("layers: {pool: MaxPooling2D(size)}\nforward: pool(x) * len(padding)\n", 1),
    ],
)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_windows_fit(text: str, gap: int, padding: str) -> None:
    facts = facts_of(HEAD + text)
    sizes = find_sizes(facts, {"padding": padding}, None)
    assert sizes is not None
    values = sizes.values
    assert 1 < (values["size"] - 1) * gap + 1 <= min(values["height"], values["width"])


def test_what_the_example_says_stays() -> None:
    text = HEAD + "forward: ops.max_pool(x, size, padding=padding)\n"
    facts = facts_of(text + "example: {size: 6, height: 3, width: 3}\n")
    values = example_sizes(facts).values
    assert (values["size"], values["height"], values["width"]) == (6, 3, 3)


def test_other_axes_are_as_before() -> None:
    facts = facts_of("layer: Made\ninputs: [batch, features]\nforward: x * 2\n")
    assert example_sizes(facts).values["features"] == 3
