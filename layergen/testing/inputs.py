"""What a case says about an input: its shape, or how its values are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Input:
    """A random input of a layer: its shape, dtype and range of valid values.

    Args:
        shape: Sizes of all axes, batch included.
        dtype: Dtype of the values. A float input follows the layer's dtype policy.
        min: Smallest valid value. Default: 0 for integers, no bound for floats.
        max: Largest valid value, itself valid. Default: `min + 1` for integers, no
            bound for floats.
    """

    shape: Shape
    dtype: str = "float32"
    min: float | None = None
    max: float | None = None

    def sample(self, rng: np.random.Generator) -> Array:
        """Draws valid values: floats in float64, integers with both ends in them."""
        shape, dtype = tuple(self.shape), np.dtype(self.dtype)
        if dtype.kind == "b":
            return rng.integers(0, 2, shape).astype(dtype)
        if dtype.kind in "iu":
            low = 0 if self.min is None else int(self.min)
            high = low + 1 if self.max is None else int(self.max)
            values = rng.integers(low, high + 1, shape)
            if values.size > 1:
                values.flat[0], values.flat[-1] = high, low
            return values.astype(dtype)
        if self.min is None and self.max is None:
            return rng.standard_normal(shape)
        if self.max is None:
            return np.asarray(self.min + np.abs(rng.standard_normal(shape)))
        low_bound = self.max - 2.0 if self.min is None else self.min
        return rng.uniform(low_bound, self.max, shape)


InputValue = Shape | Array | Input | list[Any] | None
Outputs = Shape | tuple[Shape, ...] | list[Shape] | Mapping[str, Shape] | None


def shown(inputs: Mapping[str, InputValue]) -> str:
    """Inputs in a line."""

    def one(value: Any) -> str:
        if isinstance(value, list):
            return f"[{', '.join(map(one, value))}]"
        if isinstance(value, Input):
            least, most = value.min, value.max
            limits = "" if least is None or most is None else f" {least:g}..{most:g}"
            return f"{tuple(value.shape)} {value.dtype}{limits}"
        return str(value)

    return ", ".join(f"{name} {one(value)}" for name, value in inputs.items())
