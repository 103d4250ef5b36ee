"""What a case says about a method of a layer: what it takes, and what it returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .inputs import Array, Input, InputValue, Shape


@dataclass(frozen=True, eq=False)
class Method:
    """A method of a built layer, or, without inputs, a property.

    Args:
        inputs: Input name to shape (random floats), NumPy array or `Input`; a list of these
            where it takes a list of tensors; None for one that is left out. All are passed
            by position.
        args: Its keyword arguments.
        outputs: The shape of what it returns, or a tuple of shapes; None: not stated.
        dtypes: The dtype of each output, None for the compute dtype; by default all have
            that, or are no floats.
        reference: A NumPy function of its inputs and arguments, and of the layer's weights
            and arguments, passed by name, that computes the same.
    """

    inputs: Mapping[str, InputValue] = field(default_factory=dict)
    args: Mapping[str, Any] = field(default_factory=dict)
    outputs: Shape | tuple[Shape, ...] | None = None
    dtypes: tuple[str | None, ...] = ()
    reference: Callable[..., Any] | None = None

    @property
    def shapes(self) -> list[Shape] | None:
        """The stated shapes, in order."""
        outputs = self.outputs
        if outputs is None:
            return None
        alone = all(isinstance(one, int | np.integer) for one in outputs)
        return [outputs] if alone else [*outputs]  # type: ignore[list-item]

    def sample(self, seed: int) -> dict[str, Any]:
        """Values for its inputs, by name."""
        rng = np.random.default_rng([seed, len(self.inputs)])
        return {name: _drawn(value, rng) for name, value in self.inputs.items()}


def _drawn(value: InputValue, rng: np.random.Generator) -> Any:
    if value is None or isinstance(value, np.ndarray):
        return value
    if isinstance(value, list):
        return [_drawn(one, rng) for one in value]
    spec = value if isinstance(value, Input) else Input(value)
    found: Array = spec.sample(rng)
    return found
