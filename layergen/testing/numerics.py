"""Comparing arrays, and drawing random ones."""

from collections.abc import Sequence

import numpy as np

from .inputs import Array

# Relative to the largest value expected: what rounding may do to a small layer.
ROUNDING = {"float64": 1e-9, "float32": 1e-4, "float16": 2e-2, "bfloat16": 1e-1}


def is_float(array: Array) -> bool:
    """Whether an array holds floats, bfloat16 included."""
    return bool(array.dtype.kind == "f" or array.dtype.name == "bfloat16")


def random_like(array: Array, rng: np.random.Generator) -> Array:
    """Normally distributed values in the shape and dtype of an array."""
    return np.asarray(rng.standard_normal(array.shape)).astype(array.dtype)


def difference(actual: Array, expected: Array, tolerance: float) -> str | None:
    """How two arrays differ, in words; None where they agree.

    Floats agree when no element is further off than `tolerance` times the largest
    value expected; anything else must be equal.
    """
    if actual.shape != expected.shape:
        return f"shape {actual.shape} instead of {expected.shape}"
    wrong = apart(actual, expected, tolerance)
    if not wrong.any():
        return None
    if is_float(expected) or is_float(actual):
        actual, expected = actual.astype("float64"), expected.astype("float64")
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    return (
        f"{int(wrong.sum())} of {wrong.size} values differ, the first at {place}: "
        f"{actual[place]} instead of {expected[place]}"
    )


def apart(actual: Array, expected: Array, tolerance: float) -> Array:
    """Where two arrays of one shape differ, as bools; see `difference`."""
    if not is_float(expected) and not is_float(actual):
        return np.asarray(actual != expected)
    actual, expected = actual.astype("float64"), expected.astype("float64")
    finite = np.abs(expected[np.isfinite(expected)])
    scale = max(float(finite.max(initial=0.0)), 1e-3)
    close = np.isclose(
        actual, expected, rtol=tolerance, atol=tolerance * scale, equal_nan=True
    )
    return np.asarray(~close)


def first_difference(
    actual: Sequence[Array], expected: Sequence[Array], tolerance: float
) -> str | None:
    """How two lists of arrays differ, in words; None where they agree."""
    if len(actual) != len(expected):
        return f"{len(actual)} outputs instead of {len(expected)}"
    for number, (one, other) in enumerate(zip(actual, expected, strict=True)):
        found = difference(one, other, tolerance)
        if found:
            return found if len(expected) == 1 else f"output {number}: {found}"
    return None


def resize(arrays: Sequence[Array], axis: int, factor: int) -> list[Array]:
    """The arrays with an axis repeated `factor` times, where they have that axis."""
    return [
        np.concatenate([one] * factor, axis) if one.ndim > axis else one
        for one in arrays
    ]
