"""A function's own gradient, held to the formula that it is meant to follow."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from .backend import backend
from .inputs import Array, Shape
from .numerics import difference
from .outcomes import CheckFailure

TOLERANCE = 1e-4


def check_gradient(
    function: Callable[..., Any],
    formula: Callable[..., Any],
    *shapes: Shape,
    constants: Sequence[Any] = (),
    seed: int = 0,
) -> None:
    """Hold the gradient of a function of tensors to a formula.

    Guards against a custom gradient that is lost, of the wrong sign or of another
    formula, where finite differences say nothing: a straight-through estimator.

    Args:
        function: Takes tensors by position, then `constants`; returns one tensor.
        formula: Takes the same and, last, `upstream`, the gradient that comes in;
            returns the gradient of each tensor, or of the only one.
        shapes: A shape for each tensor; its values are random, every other one a whole
            number, in float32.
        constants: Further arguments.
        seed: Seed of the values.

    Raises:
        CheckFailure: Where the gradient is another one.
    """
    rng = np.random.default_rng(seed)
    inputs = [values_for(rng, shape) for shape in shapes]
    kept: list[Any] = []

    def upstream(outputs: list[Any]) -> list[Any]:
        kept[:] = [rng.standard_normal(tuple(one.shape)) for one in outputs]
        return kept

    outputs, received = backend.gradients(
        lambda tensors: [function(*tensors, *constants)], inputs, [], upstream
    )
    incoming = keras.ops.convert_to_tensor(kept[0].astype(outputs[0].dtype))
    tensors = [keras.ops.convert_to_tensor(one) for one in inputs]
    expected = formula(*tensors, *constants, incoming)
    expected = expected if isinstance(expected, tuple | list) else (expected,)
    name = getattr(function, "__name__", repr(function))
    for number, (one, other) in enumerate(zip(received, expected, strict=True)):
        if one is None:
            raise CheckFailure(f"{name}: argument {number} gets no gradient.")
        wanted = np.broadcast_to(backend.to_numpy(other), inputs[number].shape)
        found = difference(backend.to_numpy(one), wanted, TOLERANCE)
        if found:
            raise CheckFailure(
                f"{name}: the gradient of argument {number} is not its formula's: {found}."
            )


def values_for(rng: np.random.Generator, shape: Shape) -> Array:
    """Random values, every other one rounded: formulas have their edges at 0 and 1."""
    values = rng.normal(scale=1.5, size=shape)
    every_other = np.arange(values.size).reshape(shape) % 2 == 0
    return np.where(every_other, np.round(values), values).astype("float32")
