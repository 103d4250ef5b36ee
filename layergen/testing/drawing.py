"""What is drawn for a case: its inputs, others like them, random generators."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import keras
import numpy as np

from .backend import backend
from .case import Array, LayerCase
from .numerics import is_float


class Draws:
    """The inputs of a case, and generators that hang on its seed alone."""

    def __init__(self, case: LayerCase) -> None:
        self.case = case

    @cached_property
    def inputs(self) -> list[Array]:
        """The case's inputs, floats as float32."""
        return self.others(0)

    @cached_property
    def inputs64(self) -> list[Array]:
        """The case's inputs, floats as float64."""
        return self.others(0, "float64")

    def others(self, attempt: int, dtype: str = "float32") -> list[Array]:
        """Other inputs of the same kind; those of the case are attempt 0."""
        return cast(self.case.sample(attempt), dtype)

    def rng(self, *numbers: int) -> np.random.Generator:
        """A random generator that does not depend on the order of the checks."""
        return np.random.default_rng([self.case.seed, 3, *numbers])


def cast(arrays: Sequence[Array], dtype: str) -> list[Array]:
    """The arrays with the floats among them in another dtype."""
    wanted = _np_dtype(dtype)
    return [one.astype(wanted) if is_float(one) else one for one in arrays]


def _np_dtype(name: str) -> Any:
    """A NumPy dtype by name, bfloat16 included."""
    return backend.to_numpy(keras.ops.zeros((), dtype=name)).dtype
