"""What of the layer itself code reads, initializers of states, and inputs that come uncast."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from layergen.gallery import text as gallery_text
from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import render


def made(text: str, **arguments: object):
    reading = read_spec(text, "made.yaml", "made")
    assert reading.spec, reading.problems
    found: dict = {"__name__": "made"}
    exec(compile(render(reading.spec)["made.py"], "made.py", "exec"), found)
    return found[reading.spec.layer](**arguments)


def problems(text: str) -> list[tuple[str, str]]:
    return [(p.code, p.message) for p in read_spec(text, "made.yaml").problems]


X = np.arange(12, dtype="float32").reshape(4, 3)


# spec: states-exposed
def test_the_initializer_of_a_state_is_an_argument() -> None:
    layer = made(gallery_text("batch_norm_lite"), moving_mean_initializer="ones")
    layer.build((None, 3))
    np.testing.assert_array_equal(layer.moving_mean, np.ones(3))
    layer(X, training=True)
    assert not np.allclose(layer.moving_mean, 1)
    layer.reset_state()
    np.testing.assert_array_equal(layer.moving_mean, np.ones(3))
    again = type(layer).from_config(layer.get_config())
    again.build((None, 3))
    np.testing.assert_array_equal(again.moving_mean, np.ones(3))
    np.testing.assert_array_equal(again.moving_variance, np.ones(3))


def test_the_name_of_a_states_initializer_is_taken() -> None:
    text = (
        "layer: A\nargs: {m_initializer: int}\ninputs: [batch, d]\n"
        "states: {m: {shape: [d], expose: true}}\nforward: |\n  m = m + 1\n"
        "  return x * m_initializer\n"
    )
    said = "`m_initializer` is an argument already: it comes with `m`"
    assert ("LG404", said) in problems(text)
    cell = "layer: A\nkind: cell\nargs: {n: int}\ninputs: [batch, n]\nstates: {h: {shape: [n], expose: true}}\nforward: |\n  h = h + x\n  return h\n"
    assert ("LG221", "`expose` of the state `h` of a cell") in problems(cell)


# spec: code-own
def test_a_layer_that_is_frozen_infers_as_keras_batch_normalization_does() -> None:
    layer, like = (
        made(gallery_text("batch_norm_lite")),
        keras.layers.BatchNormalization(),
    )
    for frozen in (False, True):
        for one in (layer, like):
            one.trainable = not frozen
        np.testing.assert_allclose(
            layer(X, training=True), like(X, training=True), rtol=1e-5
        )
        np.testing.assert_allclose(layer.moving_mean, like.moving_mean, rtol=1e-6)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "float64"])
def test_the_compute_dtype_is_the_layers_own(policy: str) -> None:
    text = "layer: A\ninputs: [batch, d]\nforward: ops.cast(ops.argsort(x), compute_dtype) * x\n"
    layer = made(text, dtype=policy)
    assert layer(X).dtype == layer.compute_dtype


def test_what_a_spec_calls_so_is_its_own() -> None:
    named = "layer: A\ninputs: {x: [batch, d], trainable: [batch, d]}\nforward: x * trainable\n"
    np.testing.assert_array_equal(made(named)(X, X), X * X)
    local = "layer: A\ninputs: [batch, d]\nforward: |\n  compute_dtype = 2\n  return x * compute_dtype\n"
    np.testing.assert_array_equal(made(local)(X), X * 2)
    functional = "layer: A\nstyle: functional\ninputs: [batch, 3]\nforward: ops.cast(x, compute_dtype)\n"
    reading = read_spec(functional, "made.yaml")
    with pytest.raises(SpecError, match="own dtype or flag"):
        render(reading.spec)


LARGE = """\
layer: A
inputs: [batch, d]
outputs: [batch, d]
autocast: false
forward: |
  z = ops.cast(x, "float32")
  return ops.cast(z / ops.max(z, axis=-1, keepdims=True), compute_dtype)
"""


# spec: autocast
def test_inputs_come_as_they_are() -> None:
    """In float16 what is larger than 65504 is infinite."""
    large = np.array([[1e5, 2e5, 4e5]], "float32")
    found = made(LARGE, dtype="mixed_float16")(large)
    assert found.dtype == "float16"
    np.testing.assert_allclose(found, [[0.25, 0.5, 1.0]])
    cast = made(LARGE.replace("autocast: false\n", ""), dtype="mixed_float16")(large)
    assert np.isnan(cast).any()
    with pytest.raises(SpecError, match="`autocast` belongs to a layer"):
        render(read_spec(LARGE + "style: functional\n", "made.yaml").spec)


def test_the_output_is_of_the_compute_dtype_however_its_input_comes() -> None:
    text = LARGE.split("forward")[0] + "forward: x * 2\n"
    assert made(text, dtype="mixed_float16")(X).dtype == "float16"


PRIVATE = """\
layer: A
args: {units: int}
inputs: [batch, d]
outputs: [batch, units]
weights: {_scale: {shape: [d], initializer: ones}}
states: {_steps: {shape: [], dtype: int32}}
layers: {_dense: Dense(units)}
forward: |
  _steps += 1
  return _dense(x * _scale)
reference: (x * _scale) @ weights["_dense_kernel"] + weights["_dense_bias"]
"""


# spec: names-private
def test_what_a_layer_stores_may_be_private(tmp_path) -> None:
    layer = made(PRIVATE, units=2, scale_initializer="zeros")
    model = keras.Sequential([keras.Input((3,)), layer])
    np.testing.assert_array_equal(model(X), np.zeros((4, 2)))
    layer._scale.assign([1.0, 2.0, 3.0])
    path = tmp_path / "model.keras"
    model.save(path)
    again = keras.models.load_model(path, custom_objects={"A": type(layer)})
    np.testing.assert_array_equal(again(X), model(X))
    assert int(layer._steps.numpy()) > 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("_scale", "_layers"),
        ("_scale", "_check_shapes"),
        ("_scale", "_d_size"),
        ("_scale", "__scale"),
        ("units", "_units"),
        ("x", "_x"),
    ],
)
def test_names_that_keras_or_the_class_uses_are_none(old: str, new: str) -> None:
    text = PRIVATE.replace("[batch, d]", "{x: [batch, d]}", 1).replace(old, new)
    found = [m for code, m in problems(text) if code == "LG403"]
    assert f"`{new}` begins with `_`, which the class keeps to itself" in found


SEEDED = """\
layer: A
args: {units: int}
inputs: [batch, d]
outputs: [batch, units]
weights:
  kernel: {shape: [d, units], initializer: "RandomNormal(stddev=0.1, seed=seed)"}
  late: {shape: [d], initializer: "RandomNormal(stddev=1 / d, seed=seed)"}
forward: (x * late) @ kernel
reference: (x * late) @ kernel
"""


# spec: weights-seed
def test_an_initializer_takes_the_seed_of_the_layer() -> None:
    layers = [made(SEEDED, units=2, seed=seed) for seed in (3, 3, 4)]
    for one in layers:
        one.build((None, 3))
    for name in ("kernel", "late"):
        first, same, other = (np.asarray(getattr(one, name)) for one in layers)
        np.testing.assert_array_equal(first, same)
        assert not np.allclose(first, other)
    assert type(layers[0]).from_config(layers[0].get_config()).seed == 3
    assert "seed_generator" not in vars(layers[0])
    text = SEEDED.replace("(x * late) @ kernel", "x * seed")
    assert ("LG406", "unknown name `seed` in `forward`") in problems(text)
    functional = text.replace("x * seed", "x @ kernel") + "style: functional\n"
    reading = read_spec(
        functional.replace("(x * late) @ kernel", "x @ kernel"), "a.yaml"
    )
    with pytest.raises(SpecError, match="`seed` is an argument of layers"):
        render(reading.spec)


PATCHES = """\
layer: A
inputs: {x: {shape: [batch, height, width, channels], known: [channels], unknown: [height, width]}}
layers: {pool: MaxPooling2D(2)}
forward: ops.image.extract_patches(pool(x), 2)
"""


# spec: inputs-known
def test_axes_are_known_or_open_as_the_spec_says() -> None:
    layer = made(PATCHES)
    with pytest.raises(ValueError, match=r"needs to know the size of its input's last"):
        layer.build((None, 8, 8, None))
    layer(np.ones((1, 8, 8, 3), "float32"))
    with pytest.raises(ValueError, match="expected axis -1 of input shape"):
        layer(np.ones((1, 8, 8, 4), "float32"))
    plain = PATCHES.replace(", unknown: [height, width]", "")
    opened, closed = (
        render(read_spec(one, "made.yaml", "made").spec)["test_made.py"]
        for one in (PATCHES, plain)
    )
    assert "unknown=(0, 1, 2)" in opened and "unknown" not in closed
