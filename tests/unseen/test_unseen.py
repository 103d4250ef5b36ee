"""Layers that nobody here wrote come out right, and the harness would notice if not."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace

import keras
import numpy as np
import pytest
from unseen import harness

ops = keras.ops
EXAMPLE = harness.HERE / "example"


@pytest.mark.parametrize("name", [*harness.names(), "half_gate"])
def test_right(tmp_path, name):
    spec, values = harness.files(name)
    if name == "half_gate":
        spec, values = EXAMPLE / "half_gate.yaml", EXAMPLE / "half_gate.py"
    result = harness.run(spec, values, tmp_path)
    assert not result.refused
    assert not result.wrong


def test_every_spec_has_values_and_is_on_the_list():
    drawn = (harness.HERE / "README.md").read_text("utf-8")
    found = {
        p.stem for kind in ("specs", "numpy") for p in (harness.HERE / kind).glob("*.*")
    }
    assert found == set(harness.names())
    assert [name for name in found if f"| {name} |" not in drawn] == []


@keras.saving.register_keras_serializable(package="unseen")
class Right(keras.layers.Layer):
    """Scales, less a center that moves in training; a loss; passes masks."""

    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.supports_masking = True

    def build(self, input_shape):
        size = input_shape[-1:]
        self.scale = self.add_weight(name="scale", shape=size, initializer="ones")
        self.center = self.add_weight(
            name="center",
            shape=size,
            initializer="zeros",
            trainable=False,
            autocast=False,
        )
        self.count = self.add_weight(
            name="count", shape=(), initializer="zeros", trainable=False, dtype="int32"
        )

    def call(self, x, training=False):
        if training:
            moved = self.center + 0.5 * ops.mean(ops.cast(x, "float32"), axis=0)
            self.center.assign(moved)
            self.count.assign(self.count + 1)
        self.add_loss(self.loss(x))
        return self.scaled(x) - ops.cast(self.center, x.dtype)

    def loss(self, x):
        return ops.mean(ops.square(x))

    def scaled(self, x):
        return self.factor * x * self.scale

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


def registered(cls):
    return keras.saving.register_keras_serializable(package="unseen")(cls)


@registered
class OnlyCompiled(Right):
    def scaled(self, x):
        eager = type(x).__name__ == "EagerTensor" or isinstance(x, keras.KerasTensor)
        return super().scaled(x) + (0 if eager else 1)


@registered
class OnlySaved(Right):
    def get_config(self):
        return {**super().get_config(), "factor": 1.0}


@registered
class OnlyBfloat16(Right):
    def scaled(self, x):
        return super().scaled(x) + (0 if x.dtype == "float32" else 1)


@registered
class BiasAtZero(Right):
    def build(self, input_shape):
        super().build(input_shape)
        self.bias = self.add_weight(name="bias", shape=(), initializer="zeros")

    def scaled(self, x):
        return super().scaled(x) + self.bias


@registered
class WrongLoss(Right):
    def loss(self, x):
        return ops.mean(ops.sum(ops.square(x), axis=-1))


@registered
class StateStays(Right):
    def call(self, x, training=False):
        return super().call(x, training=False)


@registered
class StateMovesInInference(Right):
    def call(self, x, training=False):
        self.count.assign(self.count + 1)
        return super().call(x, training=training)


@registered
class NoMask(Right):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = False


@registered
class DoesNotTrain(Right):
    def scaled(self, x):
        return self.factor * x * ops.stop_gradient(self.scale + 0)


@registered
class NotANumber(Right):
    def scaled(self, x):
        return super().scaled(x) + ops.log(ops.zeros_like(x)) * 0


def values(sign: float = 1.0) -> ModuleType:
    def reference(inputs, weights, args, training):
        x, center, count = inputs["x"], weights["center"], weights["count"]
        if training:
            center, count = center + 0.5 * x.mean(axis=0), count + 1
        return {
            "outputs": args["factor"] * x * weights["scale"] - sign * center,
            "states": {"center": center, "count": count},
            "losses": np.mean(x**2),
            "mask": inputs["x_mask"],
        }

    return SimpleNamespace(
        ARGS={"factor": 2.0},
        INPUTS={"x": ((4, 3), "float32", -1, 1)},
        MASKS={"x": np.array([True, False, True, True])},
        TRAINING=True,
        reference=reference,
    )


def test_a_right_layer_is_right():
    assert not harness.judge("right", Right, values()).wrong


EVERYWHERE = {"eager", "compiled", "saved", "bfloat16"}


@pytest.mark.parametrize(
    ("layer", "columns"),
    [
        (OnlyCompiled, {"compiled", "bfloat16"}),
        (OnlySaved, {"saved", "bfloat16"}),
        (OnlyBfloat16, {"bfloat16"}),
        (BiasAtZero, EVERYWHERE),
        (WrongLoss, EVERYWHERE),
        (StateStays, {"eager", "compiled", "bfloat16"}),
        (StateMovesInInference, EVERYWHERE),
        (NoMask, {"eager", "bfloat16"}),
        (DoesNotTrain, {"fit"}),
        (NotANumber, {*EVERYWHERE, "fit"}),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_a_wrong_layer_is_seen_where_it_is_wrong(layer, columns):
    wrong = harness.judge("wrong", layer, values()).wrong
    assert wrong.keys() == columns
    for column, message in wrong.items():
        policy = "mixed_bfloat16" if column == "bfloat16" else "float32"
        assert message.startswith("wrong, ")
        assert policy in message


def test_wrong_values_are_seen_and_how_far_they_are_off():
    wrong = harness.judge("right", Right, values(sign=-1.0)).wrong
    assert wrong.keys() == EVERYWHERE
    assert wrong["eager"].startswith(
        "right, eager, float32: output: largest difference "
    )


def test_a_spec_with_its_halves_swapped_is_seen(tmp_path):
    text = (EXAMPLE / "half_gate.yaml").read_text("utf-8")
    spec = tmp_path / "half_gate.yaml"
    spec.write_text(text.replace("left, right =", "right, left ="), "utf-8")
    assert spec.read_text("utf-8") != text
    result = harness.run(spec, EXAMPLE / "half_gate.py", tmp_path)
    assert result.wrong.keys() == EVERYWHERE
    assert "half_gate, eager, float32: output: largest" in result.wrong["eager"]


def test_a_refused_spec_is_said(tmp_path):
    spec = tmp_path / "half_gate.yaml"
    spec.write_text("layer: HalfGate\nforward: x @ kernel\n", "utf-8")
    result = harness.run(spec, EXAMPLE / "half_gate.py", tmp_path)
    assert "half_gate.yaml:1:1: LG202" in result.refused
    assert not result.right
