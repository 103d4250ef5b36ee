"""The emitted test says what a layer does at the arguments of each of its cases.

A rate of 0, or a flag that is False, keeps a layer from drawing, from differing in training
and from adding losses; then the test states none of these, and its first case has arguments
with which it does.
"""

from __future__ import annotations

from typing import Any

import pytest

from layergen.example.values import example_sizes
from layergen.layer.facts import Facts
from layergen.loading import read_spec
from layergen.proof.cases import cases

HEAD = """\
layer: Made
args: {%s}
inputs: [batch, features]
outputs: [batch, features]
"""


def stated(args: str, forward: str, more: str = "") -> list[tuple[dict, dict]]:
    """The arguments and the options of every case."""
    lines = "".join(f"\n  {line}" for line in forward.splitlines())
    text = HEAD % args + more + f"forward: |{lines}\n"
    reading = read_spec(text, "made.yaml")
    assert reading.spec, reading.problems
    facts = Facts(reading.spec)
    found = cases(facts, example_sizes(facts))
    return [(dict(one.args), dict(one.options)) for one in found]


# spec: example-lively
DROPS = "return random.dropout(x, rate) if training else x"
GUARDED = "if training and rate > 0:\n    x = random.dropout(x, rate)\nreturn x"
EARLY = "if not training or rate == 0:\n    return x\nreturn random.dropout(x, rate)"
BESIDE = (
    "drawn = random.normal(ops.shape(x))\nreturn x + rate * drawn if training else x"
)
SPREAD = "return x + random.normal(ops.shape(x), stddev=rate) if training else x"


@pytest.mark.parametrize("forward", [DROPS, GUARDED, EARLY, BESIDE, SPREAD])
def test_a_rate_of_zero_is_given_one_that_draws(forward: str) -> None:
    args, options = stated(
        "rate: {type: float, default: 0.0, min: 0, below: 1}", forward
    )[0]
    assert 0 < args["rate"] < 1
    assert "random" not in options
    # What is drawn at inference as well makes training no different thing.
    assert options.get("training") is (None if forward is BESIDE else True)


def test_what_the_example_says_stays_and_is_no_draw() -> None:
    rate = "rate: {type: float, default: 0.0, min: 0, below: 1}"
    for args, options in stated(rate, GUARDED, "example: {rate: 0.0}\n"):
        assert args == {"rate": 0.0}
        assert options["random"] is False
        assert "training" not in options


def test_a_sublayer_that_drops_does() -> None:
    rate = "rate: {type: float, default: 0.0, min: 0, max: 1}"
    layers = "layers: {drop: Dropout(rate)}\n"
    forward = "return drop(x, training=training)"
    args, options = stated(rate, forward, layers)[0]
    assert 0 < args["rate"] < 1 and options["training"] is True
    layers += "example: {rate: 0.0}\n"
    _, options = stated(rate, forward, layers)[0]
    assert "training" not in options


def test_a_rate_that_draws_by_default_stays() -> None:
    args, options = stated(
        "rate: {type: float, default: 0.1, min: 0, below: 1}", GUARDED
    )[0]
    assert args == {} and options["training"] is True


FLAG = "noisy: {type: bool, default: false}"
FLAGGED = "if training and noisy:\n    x = x + random.normal(ops.shape(x))\n"


def test_where_a_flag_is_off_nothing_is_drawn() -> None:
    found = stated(FLAG, FLAGGED + "return x if noisy else x * 2")
    first, second = found
    assert first[0] == {"noisy": True} and "random" not in first[1]
    assert second[0] == {"noisy": False} and second[1]["random"] is False
    assert "training" not in second[1]


@pytest.mark.parametrize(
    ("forward", "wanted"),
    [
        ("if training:\n    add_loss(ops.mean(x))\nreturn x", 1),
        ("if training and weight > 0:\n    add_loss(ops.mean(x))\nreturn x", 1),
        (
            "add_loss(ops.mean(x))\nif weight > 0:\n    add_loss(ops.max(x))\nreturn x",
            2,
        ),
        ("for index in range(2):\n    add_loss(ops.mean(x))\nreturn x", None),
        ("return x", 0),
    ],
)
def test_losses_are_counted_where_they_are_added(forward: str, wanted: Any) -> None:
    found = stated("weight: {type: float, default: 0.0, min: 0}", forward)
    assert found[0][1].get("losses", 0) == wanted


def test_a_state_that_stays_is_not_stated() -> None:
    states = "states: {seen: {shape: [features]}}\n"
    count = "if training and counting:\n    seen = seen + ops.mean(x, axis=0)\n"
    flag = "counting: {type: bool, default: false}"
    found = stated(flag, count + "return x if counting else x * 2", states)
    assert [case["counting"] for case, _ in found] == [True, False]
    assert found[0][1]["states"] == {"seen": (3,)}
    assert "states" not in found[1][1] and "training" not in found[1][1]


def test_a_reference_need_not_know_what_training_alone_draws() -> None:
    rate = "rate: {type: float, default: 0.0, min: 0, below: 1}"
    assert "reference" in stated(rate, GUARDED, "reference: x\n")[0][1]
    read = GUARDED.replace("return x", "return x * (1 + rate)")
    assert "reference" not in stated(rate, read, "reference: x\n")[0][1]


@pytest.mark.parametrize(
    ("forward", "wanted"),
    [
        ("return x * 2 if smooth else ops.cast(x > 0, x.dtype) * scale", ("x",)),
        ("return x * 2 if smooth else ops.zeros(x.shape) + scale", ("x",)),
        ("return x * 2 if smooth else ops.where(x > 0, x, 0) * scale", None),
        ("return x * scale", None),
    ],
)
def test_what_is_only_compared_or_measured_gets_no_gradient(
    forward: str, wanted: Any
) -> None:
    flag = "smooth: {type: bool, default: false}"
    _, options = stated(flag, forward, "weights: {scale: [features]}\n")[0]
    assert options.get("zero_gradient") == wanted


@pytest.mark.parametrize(
    ("axis", "forward", "rank"),
    [
        (1, "ops.norm(x, axis=axis, keepdims=True) * x", 2),
        (-2, "ops.flip(x, axis)", 2),
        (2, "ops.sort(x, axis=axis)", 3),
        (0, "ops.sort(x, axis=axis)", 1),
        (1, "x * axis", 1),
    ],
)
def test_an_axis_that_the_code_goes_along_is_there(
    axis: int, forward: str, rank: int
) -> None:
    text = (
        f"layer: Made\nargs: {{axis: int}}\ninputs: [batch, ...]\n"
        f"forward: {forward}\nexample: {{axis: {axis}}}\n"
    )
    facts = Facts(read_spec(text, "made.yaml").spec)
    sizes = example_sizes(facts)
    assert 1 + len(sizes.rest) == rank
    ranks = [len(dict(one.inputs)["x"]) for one in cases(facts, sizes)]
    assert ranks[:2] == [rank, rank + 1]


@pytest.mark.parametrize(
    ("stated_of_kernel", "changed"),
    [("", True), (", constraint: non_neg", False)],
)
def test_other_initializers_are_for_weights_without_constraints(
    stated_of_kernel: str, changed: bool
) -> None:
    kernel = f"kernel: {{shape: [features, features]{stated_of_kernel}}}"
    found = stated("", "return x @ kernel", f"weights:\n  {kernel}\n")
    assert any("kernel_initializer" in args for args, _ in found) is changed
