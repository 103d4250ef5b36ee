"""Runs the calls of `layergen.keras_tables.gaps`, on the backend that is chosen."""

from __future__ import annotations

import json
import sys
from typing import Any

import keras
import numpy
from keras import ops

from layergen.keras_tables.gaps import GAPS


def symbolic(shape: tuple[int, ...], dtype: str) -> Any:
    return keras.KerasTensor(shape, dtype=dtype)


def array(shape: tuple[int, ...], dtype: str) -> Any:
    values = numpy.arange(1, 1 + int(numpy.prod(shape))).reshape(shape) / 8
    return ops.cast(values if "float" in dtype else numpy.ones(shape), dtype)


def given(call: str, make: Any) -> str:
    try:
        result = eval(call, {"ops": ops, "t": make})
    except Exception:
        return "raises"
    several = isinstance(result, (list, tuple))
    return " and ".join(map(shown, result if several else [result]))


def shown(tensor: Any) -> str:
    return f"{keras.backend.standardize_dtype(tensor.dtype)} {tuple(tensor.shape)}"


if __name__ == "__main__":
    json.dump([given(gap.call, array) for gap in GAPS], sys.stdout)
