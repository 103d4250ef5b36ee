"""Whether a gradient gets through a function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy
import tensorflow

from layergen.keras_tables.dtypes import is_float
from layergen.keras_tables.probe.calls import Call, Refused, Tensor, array


def is_flat(call: Call, tensors: tuple[str, ...]) -> bool:
    """Whether none does, from any tensor of floats: the result is of integers, or rests
    on its tensors in steps, or not at all."""
    given = {name: call.arguments[name] for name in tensors if name in call.arguments}
    if not given or not all(isinstance(one, Tensor) for one in given.values()):
        return False
    if not any(is_float(one.dtype) for one in given.values()):
        return False
    try:
        return not any(_passes(call, given, scale) for scale in (1, 5))
    except (Refused, LookupError, TypeError, ValueError):
        return False


def _passes(call: Call, given: dict[str, Tensor], scale: int) -> bool:
    values = {
        name: array(one) * (scale if is_float(one.dtype) else 1)
        for name, one in given.items()
    }
    watched = [value for value in values.values() if value.dtype.is_floating]
    with tensorflow.GradientTape() as tape:
        tape.watch(watched)
        results = call.with_(**values).made(array)
        total = _weighed(results if isinstance(results, (list, tuple)) else [results])
    if total is None:
        return False
    found = tape.gradient(total, watched)
    return any(one is not None and numpy.any(numpy.asarray(one)) for one in found)


def _weighed(results: Sequence[Any]) -> Any:
    """A sum of all results' floats, each weighed differently: sums may be constant."""
    total = None
    for one in results:
        if keras.ops.is_tensor(one) and (one.dtype.is_floating or one.dtype.is_complex):
            if not keras.ops.size(one):
                raise ValueError("nothing comes out")
            real = tensorflow.cast(tensorflow.math.real(one), "float32")
            weights = array(Tensor(tuple(one.shape)))
            part = tensorflow.reduce_sum(real * weights)
            total = part if total is None else total + part
    return total
