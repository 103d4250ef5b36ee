"""The tables of names, held to the Keras that is installed."""

from __future__ import annotations

import builtins
import inspect
import re
from types import ModuleType

import keras
import ml_dtypes
import numpy as np
import pytest
import tensorflow as tf

from layergen.keras_tables import dtypes
from layergen.keras_tables import names as keras_names
from layergen.keras_tables import tensorflow as tf_names
from layergen.language.naming import to_snake_case
from layergen.language.words import BUILTINS


def public(owner: object) -> set[str]:
    return {name for name in dir(owner) if not name.startswith("_")}


def classes(module: ModuleType) -> set[str]:
    bases = {"Initializer", "Regularizer", "Constraint"}
    return {n for n in public(module) - bases if inspect.isclass(getattr(module, n))}


def test_layer_attributes() -> None:
    layer = keras.layers.Layer
    legacy = {"input_dim", "input_shape"}
    found = public(layer) | public(layer()) | legacy
    parameters = set(inspect.signature(layer.__init__).parameters) - {"self", "kwargs"}
    assert keras_names.LAYER_ATTRIBUTES == found | parameters


def test_what_a_layer_holds() -> None:
    class Plain(keras.layers.Layer):  # type: ignore[misc]
        def build(self, input_shape: tuple[int, ...]) -> None:
            self.add_weight(shape=input_shape[1:])

        def call(self, inputs: object) -> object:
            return inputs

    layer = Plain()
    layer(keras.ops.zeros((2, 3)))
    assert public(layer) == keras_names.HELD
    assert "input_dim" not in keras_names.HELD
    private = {n for n in dir(layer) if n.startswith("_") and n[:2] != "__"}
    assert private == keras_names.PRIVATE
    assert "_scale" not in private and "_layers" in private


def test_ops() -> None:
    found = {name for name in public(keras.ops) if callable(getattr(keras.ops, name))}
    assert keras_names.OPS == found
    assert keras_names.OPS_MODULES == public(keras.ops) - found


def test_random() -> None:
    assert keras_names.RANDOM == public(keras.random) - {"SeedGenerator"}


def test_layers() -> None:
    assert keras_names.LAYERS == classes(keras.layers)


@pytest.mark.parametrize("kind", ["initializer", "regularizer", "constraint"])
def test_classes(kind: str) -> None:
    table = getattr(keras_names, f"{kind.upper()}_CLASSES")
    assert table == classes(getattr(keras, f"{kind}s"))


@pytest.mark.parametrize("kind", ["initializer", "regularizer", "constraint"])
def test_identifiers(kind: str) -> None:
    module = getattr(keras, f"{kind}s")
    table = getattr(keras_names, f"{kind.upper()}_IDENTIFIERS")
    for name in table:
        assert module.get(name) is not None
    known = {to_snake_case(name) for name in classes(module)} - {"constant", "l1_l2"}
    assert {name for name in known if taken(module, name)} <= table


def taken(module: ModuleType, name: str) -> bool:
    try:
        return module.get(name) is not None
    except ValueError:
        return False


def test_activations() -> None:
    functions = public(keras.activations) - {"get", "serialize", "deserialize"}
    assert functions == set(keras_names.ACTIVATIONS)


def test_dtypes() -> None:
    for name in keras_names.DTYPES:
        assert keras.backend.standardize_dtype(name) == name


def test_builtins() -> None:
    for name in BUILTINS:
        assert hasattr(builtins, name)


@pytest.mark.parametrize(
    "name",
    ["SwishDense", "A", "MLP", "HTTPServer2D", "Conv2DTranspose", "LSTMCell", "ABTest"],
)
def test_snake_case(name: str) -> None:
    layer = type(name, (keras.layers.Layer,), {})
    # From the second layer of a kind on, Keras counts.
    assert re.sub(r"_\d+\Z", "", layer().name) == to_snake_case(name)


def test_functions_of_tensorflow() -> None:
    assert tf_names.MEANT.keys() | tf_names.SAME | tf_names.ALONE <= public(tf)
    assert {*tf_names.MEANT.values()} | tf_names.SAME <= keras_names.OPS
    assert not tf_names.ALONE & (tf_names.SAME | tf_names.MEANT.keys())
    inside = public(tf.math) | public(tf.nn)
    assert tf_names.OF_SEVERAL | tf_names.SEVERAL <= inside


def test_functions_of_tensorflow_give_and_take_tensors() -> None:
    one, two = tf.ones((3, 3)), tf.ones((3, 3))
    for name in ("abs", "reduce_sum", "identity", "norm", "reverse"):
        function = getattr(tf, name)
        result = function(one, [0]) if name == "reverse" else function(one)
        assert tf_names.gives_tensor(f"tensorflow.{name}") and tf.is_tensor(result)
        assert tf_names.takes_tensor(f"tensorflow.{name}")
    for path in ("tensorflow.concat", "tensorflow.stack", "tensorflow.math.add_n"):
        assert not tf_names.takes_tensor(path)
    assert tf.is_tensor(tf.math.add_n([one, two]))
    assert tf_names.gives_tensor("tensorflow.math.add_n")
    for name in ("moments", "weighted_moments", "top_k", "sufficient_statistics"):
        assert not tf_names.gives_tensor(f"tensorflow.nn.{name}")
    assert not tf_names.gives_tensor("tensorflow.print")


@pytest.mark.parametrize("name", sorted(keras_names.DTYPES - {"string"}))
def test_what_dtypes_hold(name: str) -> None:
    kind = np.dtype(getattr(ml_dtypes, name, name))
    parts = ml_dtypes.finfo(kind) if hasattr(ml_dtypes, name) else None
    floating = parts is not None or np.issubdtype(kind, np.floating)
    assert dtypes.is_float(name) == floating
    assert dtypes.is_integer(name) == np.issubdtype(kind, np.integer)
    complex_ = np.issubdtype(kind, np.complexfloating)
    assert dtypes.is_smooth(name) == (floating or complex_)
