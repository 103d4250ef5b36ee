"""Calling one function of Keras, symbolically and on small arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy

from layergen.keras_tables.dtypes import is_integer

Shape = tuple[int | None, ...]
Answer = Any
"""What a call gave: a `Tensor` for each tensor, in the lists and tuples it came in."""


class Refused(Exception):
    """Keras raised."""


@dataclass(frozen=True)
class Tensor:
    """A tensor to hand over, or one that came out."""

    shape: Shape
    dtype: str = "float32"

    def of(self, dtype: str) -> Tensor:
        return replace(self, dtype=dtype)


@dataclass(frozen=True)
class Call:
    """The arguments of a call by name; those of `*args` under their own."""

    function: Callable[..., Any]
    rest: str
    arguments: dict[str, Any]

    def with_(self, **arguments: Any) -> Call:
        return replace(self, arguments=self.arguments | arguments)

    def made(self, make: Callable[[Tensor], Any], only: str = "") -> Any:
        """The result; `only` names the one argument whose tensors are symbolic."""
        given = {}
        for name, value in self.arguments.items():
            how = symbolic if name == only else make
            given[name] = _each(value, how)
        rest = given.pop(self.rest, ())
        try:
            if rest:
                return self.function(*given.values(), *rest)
            return self.function(**given)
        except Exception as raised:
            raise Refused(str(raised)) from raised

    def symbolic(self) -> Answer:
        return described(self.made(symbolic))

    def eager(self) -> Answer:
        return described(self.made(array))

    def is_symbolic_by(self, name: str) -> bool:
        """Whether Keras looks at an argument to see if a call is symbolic."""
        try:
            result = self.made(array, only=name)
        except Refused:
            return False
        return any(isinstance(one, keras.KerasTensor) for one in _leaves(result))


def symbolic(tensor: Tensor) -> Any:
    return keras.KerasTensor(tensor.shape, dtype=tensor.dtype)


def array(tensor: Tensor) -> Any:
    """Distinct values between 0 and 1, small integers, or truths."""
    assert None not in tensor.shape
    shape = tuple(size or 0 for size in tensor.shape)
    count = int(numpy.prod(shape))
    # Steps of the golden ratio never meet, whatever their number.
    steps = (numpy.arange(1, count + 1) * 0.6180339887498949) % 1.0
    values: Any = 0.1 + 0.8 * steps
    if tensor.dtype == "bool":
        values = steps > 0.5
    elif is_integer(tensor.dtype):
        values = (steps * 3).astype("int64") + 1
    return keras.ops.cast(
        keras.ops.convert_to_tensor(values.reshape(shape)), tensor.dtype
    )


def described(result: Any) -> Answer:
    """A result without its values."""
    if isinstance(result, (list, tuple)):
        return [described(one) for one in result]
    if is_tensor(result):
        dtype = keras.backend.standardize_dtype(result.dtype)
        return Tensor(tuple(result.shape), dtype)
    return type(result).__name__


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor of Keras or of its backend."""
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return False
    return isinstance(value, keras.KerasTensor) or keras.ops.is_tensor(value)


def values(result: Any) -> Any:
    """The values of a tensor as NumPy has them."""
    kind = "complex128" if "complex" in str(result.dtype) else "float64"
    return keras.ops.convert_to_numpy(keras.ops.cast(result, kind))


def _each(value: Any, make: Callable[[Tensor], Any]) -> Any:
    if isinstance(value, Tensor):
        return make(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_each(one, make) for one in value)
    return value


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in _leaves(one)]
    return [value]
