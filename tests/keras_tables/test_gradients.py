"""Which tensors a gradient gets through to, as the analysis has it, against TensorFlow."""

from __future__ import annotations

from functools import cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from layergen.forward.operations import smooth
from layergen.forward.values import Number
from layergen.forward.values import Tensor as Value
from layergen.keras_tables.dtypes import is_float
from layergen.keras_tables.operations import op
from layergen.keras_tables.probe.calls import Call, Tensor, array
from layergen.keras_tables.probe.functions import example
from layergen.keras_tables.table import OPS

WITHOUT = {"extract_sequences", "lu_factor", "slice_update", "unique", "view"}
"""What TensorFlow has no gradient of, and what gives nothing for the example."""


@cache
def examples() -> dict[str, Call]:
    named = {name: op(name) for name in OPS.keys() - WITHOUT}
    known = [
        n for n, one in named.items() if one and one.kind not in ("higher", "unknown")
    ]
    found = {name: example(getattr(keras.ops, name)) for name in sorted(known)}
    return {
        name: calls[0] for name, calls in found.items() if calls and _floats(calls[0])
    }


def _floats(call: Call) -> list[str]:
    given = call.arguments.items()
    return [n for n, v in given if isinstance(v, Tensor) and is_float(v.dtype)]


def values(call: Call, scale: int) -> dict[str, Any]:
    """Arrays that are nowhere equal, for each tensor of a call."""
    found = {}
    for index, (name, one) in enumerate(call.arguments.items()):
        if isinstance(one, Tensor):
            found[name] = array(one)
            if is_float(one.dtype):
                turned = 1.1 - found[name] if index % 2 else found[name]
                found[name] = turned * scale * (1 + 0.3 * index)
    return found


def reached(call: Call, scale: int) -> set[str]:
    """The tensors that have a gradient other than 0."""
    given = values(call, scale)
    watched = {name: given[name] for name in _floats(call)}
    with tf.GradientTape() as tape:
        tape.watch(watched)
        made = call.with_(**given).made(array)
        total = _sum(made if isinstance(made, (list, tuple)) else [made])
    found = tape.gradient(total, watched) if total is not None else {}
    return {n for n, one in found.items() if one is not None and np.any(one)}


def _sum(results: Any) -> Any:
    total = None
    for one in results:
        if tf.is_tensor(one) and (one.dtype.is_floating or one.dtype.is_complex):
            real = tf.cast(tf.math.real(one), "float32")
            part = tf.reduce_sum(real * array(Tensor(tuple(one.shape))))
            total = part if total is None else total + part
    return total


def test_through() -> None:
    wrong = {}
    for name, call in examples().items():
        found = op(name)
        assert found is not None
        given = {
            one: (
                Value(None, value.dtype, frozenset({one}))
                if isinstance(value, Tensor)
                else Number("int")
            )
            for one, value in call.arguments.items()
        }
        right = reached(call, 1) | reached(call, 5)
        said = smooth(found, given) & {*_floats(call)}
        if said != right:
            wrong[name] = (said, right)
    assert wrong == {}
    assert len(examples()) > 150


def test_a_value_that_fills() -> None:
    """It is a number in the table's example, and may be a tensor."""
    found = op("full_like")
    assert found is not None
    given = {n: Value((), "float32", frozenset({n})) for n in ("x", "fill_value")}
    value, x = tf.constant(2.0), tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch([x, value])
        made = keras.ops.full_like(x, value)
    right = dict(zip(given, tape.gradient(made, [x, value]), strict=True))
    reached_by = {
        name for name, one in right.items() if one is not None and np.any(one)
    }
    assert smooth(found, given) == reached_by == {"fill_value"}
