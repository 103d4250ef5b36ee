"""What surrounds the making of a layer: seeds, the global policy, fresh arguments."""

import random
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

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
def repeatable(seed: int, what: str) -> Iterator[None]:
    """Makes what is drawn in a check the same in every run; others' randomness goes on.

    That of NumPy's shared generator differs from check to check: a layer that was made
    in one must not draw in another what it has drawn when it was made.
    """
    before = np.random.get_state()
    np.random.seed(zlib.crc32(f"{seed} {what}".encode()))
    try:
        with seeded(seed):
            yield
    finally:
        np.random.set_state(before)


@contextmanager
def global_policy(name: str | None) -> Iterator[None]:
    """Sets the global dtype policy for a while; None leaves it."""
    before = keras.config.dtype_policy()
    if name is not None:
        keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@contextmanager
def default_float(dtype: str | None) -> Iterator[None]:
    """Makes `keras.Input` take float64 for a while, if that is the dtype."""
    before = keras.config.floatx()
    if dtype == "float64":
        keras.config.set_floatx(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(before)


def fresh_argument(value: Any, dtype: str | None) -> Any:
    """A constructor argument that no other layer holds.

    A layer given as an argument is made anew, unbuilt, under the policy of the layer
    that it is given to: what comes out of a mixture of policies says little.
    """
    if isinstance(value, keras.layers.Layer):
        config = value.get_config()
        config["dtype"] = dtype or keras.config.dtype_policy().name
        return type(value).from_config(config)
    if isinstance(value, keras.initializers.Initializer):
        return type(value).from_config(value.get_config())
    if isinstance(value, list):
        return [fresh_argument(one, dtype) for one in value]
    if isinstance(value, dict):
        return {key: fresh_argument(one, dtype) for key, one in value.items()}
    return value


def np_dtype(name: str) -> Any:
    """A NumPy dtype by name, bfloat16 included."""
    return backend.to_numpy(keras.ops.zeros((), dtype=name)).dtype
