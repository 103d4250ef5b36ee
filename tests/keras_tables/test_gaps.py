"""Every gap of Keras is one, as it is written down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from keras_tables import keras_calls

from layergen.keras_tables.dtypes import UNKNOWN
from layergen.keras_tables.gaps import GAPS, TUPLES_ALONE, Gap, of
from layergen.keras_tables.operations import op


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.call)
def test_symbolic_tensors_and_arrays(gap: Gap) -> None:
    assert keras_calls.given(gap.call, keras_calls.symbolic) == gap.symbolic
    if keras.backend.backend() == "tensorflow":
        assert keras_calls.given(gap.call, keras_calls.array) == gap.tensorflow
    assert len({gap.symbolic, gap.tensorflow, gap.jax}) > 1


def test_jax() -> None:
    environment = os.environ | {"KERAS_BACKEND": "jax"}
    run = [sys.executable, str(Path(keras_calls.__file__))]
    done = subprocess.run(run, env=environment, capture_output=True, text=True)
    assert json.loads(done.stdout) == [gap.jax for gap in GAPS]


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.call)
def test_the_table_does_not_say_what_differs(gap: Gap) -> None:
    """Neither by its dtype nor by its shape, where the two ways on TensorFlow differ."""
    found = op(gap.function)
    assert found and gap in of(gap.function)
    if gap.symbolic == gap.tensorflow:
        return
    dtypes, shapes = called(gap.call)
    names = [one.name for one in found.parameters]
    dtype = found.result_dtype(dict(zip(names, dtypes, strict=False)))
    shape = found.result_shape(dict(zip(names, shapes, strict=False)))
    assert dtype == UNKNOWN or shape is None


IMAGE, KERNEL = np.ones((1, 4, 4, 2), "float32"), np.ones((2, 2, 2, 1), "float32")
MIXED = np.ones((1, 1, 2, 3), "float32")
CALLS = {
    "depthwise_conv": lambda **given: keras.ops.depthwise_conv(IMAGE, KERNEL, **given),
    "separable_conv": lambda **given: keras.ops.separable_conv(
        IMAGE, KERNEL, MIXED, **given
    ),
    "softmax": lambda **given: keras.ops.softmax(IMAGE, **given),
    "conv": lambda **given: keras.ops.conv(IMAGE, KERNEL, **given),
}


@pytest.mark.parametrize("function", TUPLES_ALONE)
def test_what_takes_no_list(function: str) -> None:
    class Holder(keras.layers.Layer):
        """Keras makes lists of its own of those that a layer holds."""

        def __init__(self, value: list[int]) -> None:
            super().__init__()
            self.value = value

    first = TUPLES_ALONE[function][0]
    given = {
        name: (1, 1) if name != "axis" else (1, 2) for name in TUPLES_ALONE[function]
    }
    CALLS[function](**given)
    with pytest.raises(TypeError):
        CALLS[function](**given | {first: Holder([*given[first]]).value})


def test_most_functions_take_lists() -> None:
    CALLS["conv"](strides=[1, 1], dilation_rate=[1, 1])


def called(call: str) -> tuple[list[str], list[Any]]:
    """The dtypes and the shapes that a call is given; a number is a weak scalar."""

    class Ops:
        def __getattr__(self, name: str) -> Any:
            return lambda *arguments: arguments

    def tensor(shape: tuple[int, ...], dtype: str) -> Any:
        return SimpleNamespace(shape=shape, dtype=dtype)

    arguments = eval(call, {"ops": Ops(), "t": tensor})
    dtypes = [getattr(one, "dtype", type(one).__name__) for one in arguments]
    scalars = [() if isinstance(one, float) else one for one in arguments]
    return dtypes, [getattr(one, "shape", one) for one in scalars]
