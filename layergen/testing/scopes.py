"""What surrounds the making of a layer: seeds, the global policy, fresh arguments."""

import copy
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras

from . import backend


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Makes what Keras draws the same in every run; others' randomness goes on.

    Initializers without a seed take theirs from Python's generator.
    """
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


@contextmanager
def global_policy(name: str | None) -> Iterator[None]:
    """Sets the global dtype policy for a while; None leaves it."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name or before)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def fresh_argument(value: Any, dtype: str | None) -> Any:
    """A constructor argument that no other layer holds.

    A layer given as an argument is made anew, unbuilt; asked for in float64 it is
    float64 too, so that finite differences are not lost in its rounding.
    """
    if isinstance(value, keras.layers.Layer):
        config = value.get_config()
        if dtype == "float64":
            config["dtype"] = dtype
        return type(value).from_config(config)
    if isinstance(value, keras.initializers.Initializer):
        return type(value).from_config(value.get_config())
    if isinstance(value, dict | list):
        return copy.copy(value)
    return value


def np_dtype(name: str) -> Any:
    """A NumPy dtype by name, bfloat16 included."""
    return backend.to_numpy(keras.ops.zeros((), dtype=name)).dtype
