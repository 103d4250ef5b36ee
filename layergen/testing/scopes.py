"""What surrounds the making and calling of a layer: seeds, policies, kept states."""

import random
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from .backend import backend
from .introspect import changing


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


@contextmanager
def still(layer: Any) -> Iterator[None]:
    """Undoes what eager calls do to states and generators.

    So a layer is a function of its inputs: equal calls give equal outputs. While a
    graph is traced there is nothing to undo.
    """
    if not backend.is_eager():
        yield
        return
    before = [(one, backend.to_numpy(one).copy()) for one in changing(layer)]
    try:
        yield
    finally:
        for variable, value in before:
            # PyTorch differentiates through no variable that is assigned to meanwhile.
            if not np.array_equal(backend.to_numpy(variable), value):
                variable.assign(value)
