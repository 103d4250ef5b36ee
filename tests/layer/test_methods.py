"""Methods and properties: what a built layer computes beside `call`."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from layergen import gallery
from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import render


def made(text: str) -> type[keras.layers.Layer]:
    """The class of a spec, called `Made` unless the spec says otherwise."""
    text = text if "layer: " in text else f"layer: Made\n{text}"
    reading = read_spec(text, "made.yaml")
    assert reading.spec is not None, list(map(str, reading.problems))
    namespace: dict[str, object] = {"__name__": "made"}
    exec(next(iter(render(reading.spec, "class").values())), namespace)
    layer = namespace[reading.spec.layer]
    assert isinstance(layer, type)
    return layer


TIED = made(gallery.text("tied_embedding"))
TOKENS = np.array([[0, 2, 4]])
H = np.ones((1, 3, 4), "float32")


# spec: methods-refused
def test_before_the_layer_is_built_it_is_a_value_error() -> None:
    layer = TIED(5, 4)
    with pytest.raises(ValueError, match="must be built before `decode` is called"):
        layer.decode(H)
    with pytest.raises(ValueError, match="must be built before `norms` is read"):
        assert layer.norms
    layer.build((None, 3))
    assert layer.decode(H).shape == (1, 3, 5)
    assert layer.norms.shape == (5,)


# spec: methods-refused
def test_symbolic_tensors_are_refused_with_the_way_out() -> None:
    layer = TIED(5, 4)
    hidden = layer(keras.Input((3,), dtype="int32"))
    with pytest.raises(ValueError, match="in the `call` of a layer or a model of your"):
        layer.decode(hidden)


# spec: methods-sizes
def test_shapes_are_held() -> None:
    layer = TIED(5, 4)
    layer.build((None, 3))
    with pytest.raises(ValueError, match=r"axis -1 of `h` \(dim\) must have size 4"):
        layer.decode(H[..., :2])
    with pytest.raises(ValueError, match="`h` must have 3 axes"):
        layer.decode(H[0])


class Autoregressive(keras.Model):
    """What a method is for: a model of one's own that uses it."""

    def __init__(self, policy: str) -> None:
        super().__init__(dtype=policy)
        self.tied = TIED(5, 4, dtype=policy)

    def call(self, tokens):
        return self.tied.decode(self.tied(tokens))


# spec: methods-casts
@pytest.mark.parametrize(
    "policy", ["float32", "mixed_float16", "mixed_bfloat16", "float64"]
)
def test_a_model_trains_through_a_method_in_every_precision(policy: str) -> None:
    model = Autoregressive(policy)
    found = model(TOKENS)
    assert found.dtype == model.compute_dtype
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(1.0), loss, jit_compile=False)
    before = [keras.ops.convert_to_numpy(one) for one in model.trainable_weights]
    model.fit(TOKENS, TOKENS, epochs=1, verbose=0)
    after = [keras.ops.convert_to_numpy(one) for one in model.trainable_weights]
    assert len(before) == 2
    for one, other in zip(before, after, strict=True):
        assert np.abs(one - other).max() > 0


# spec: methods-casts
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_what_comes_in_another_dtype_is_cast(policy: str) -> None:
    layer = TIED(5, 4, dtype=policy)
    layer.build((None, 3))
    given = [H, H.astype("float64"), keras.ops.cast(H, "float16"), H.tolist()]
    for one in given:
        assert layer.decode(one).dtype == layer.compute_dtype
    assert layer.norms.dtype == layer.compute_dtype


# spec: methods
def test_after_loading_it_computes_the_same(tmp_path) -> None:
    layer = TIED(5, 4, bias_initializer="random_normal")
    x = keras.Input((3,), dtype="int32")
    path = tmp_path / "model.keras"
    keras.Model(x, layer(x)).save(path)
    again = keras.models.load_model(path)
    # The class that was last registered by its name, which another test may have made.
    [loaded] = [one for one in again.layers if type(one).__name__ == TIED.__name__]
    np.testing.assert_array_equal(loaded.decode(H), layer.decode(H))
    np.testing.assert_array_equal(loaded.norms, layer.norms)


# spec: methods-sizes
def test_sizes_that_build_has_found_are_known() -> None:
    layer = made(
        "args: {units: int}\ninputs: [batch, d]\nweights: {kernel: [d, units]}\n"
        "forward: x @ kernel\nproperties: {mean: ops.sum(kernel) / d}\n"
        "methods: {back: {inputs: {h: [batch, units]}, outputs: [batch, d],\n"
        "  args: {k: {type: int, default: 1, min: 0}}, forward: k * h @ ops.transpose(kernel) / d}}"
    )(4)
    layer.build((None, 3))
    kernel = keras.ops.convert_to_numpy(layer.kernel)
    h = np.ones((2, 4), "float32")
    np.testing.assert_allclose(layer.mean, kernel.sum() / 3, rtol=1e-5)
    np.testing.assert_allclose(layer.back(h, k=2), 2 * h @ kernel.T / 3, rtol=1e-5)
    with pytest.raises(ValueError, match="`k` must be a non-negative integer"):
        layer.back(h, k=-1)


# spec: functional-refused
@pytest.mark.parametrize("style", ["functional", "both"])
def test_a_function_has_none(style: str) -> None:
    text = (
        f"layer: Made\nstyle: {style}\ninputs: [batch, d]\nforward: ops.tanh(x)\n"
        "methods: {back: {inputs: {h: [batch, d]}, forward: ops.arctanh(h)}}\n"
        "properties: {one: ops.ones(3)}"
    )
    spec = read_spec(text, "made.yaml").spec
    assert spec is not None
    with pytest.raises(SpecError) as error:
        render(spec, style)
    said = [problem.message for problem in error.value.problems]
    assert "not in functional style: a model has no method such as `back`" in said
    assert "not in functional style: a model has no property such as `one`" in said


# spec: methods-casts
def test_a_layer_that_casts_for_itself_has_methods_that_compute_as_any() -> None:
    layer = made(
        "autocast: false\ninputs: [batch, d]\nweights: {_kernel: [d, d]}\n"
        "forward: ops.cast(x @ ops.cast(_kernel, x.dtype), x.dtype)\n"
        "methods: {back: {inputs: {h: [batch, d]}, args: {by: int | Tensor = 1},\n"
        "  forward: h @ _kernel + by}}"
    )(dtype="mixed_float16")
    layer.build((None, 4))
    found = layer.back(H[0], by=np.int64(2))
    assert found.dtype == "float16"
    expected = H[0] @ keras.ops.convert_to_numpy(layer._kernel) + 2
    np.testing.assert_allclose(found, expected, rtol=1e-2)
