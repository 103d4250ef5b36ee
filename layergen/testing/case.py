"""What a test states about a layer: `LayerCase` and `Input`."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

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


InputValue = Shape | Array | Input | list[Any]
Outputs = Shape | tuple[Shape, ...] | None


@dataclass(frozen=True, eq=False)
class LayerCase:
    """One way of constructing and calling a layer, and what is stated about it.

    Args:
        layer: A `keras.layers.Layer` subclass, or a function that builds a model.
        args: Arguments of its constructor.
        inputs: Input name to shape (random floats), NumPy array or `Input`; a list
            of these where the layer takes a list of tensors. The first input is
            passed by position, the others by their names.
        outputs: The output's shape, a tuple of shapes where there are several
            outputs, or None where it is not stated.
        training: True where training and inference differ; None where they do not.
        weights: Name to shape of the layer's own weights; None: not stated.
        mask: "pass" where the first input's mask is handed on unchanged, "stop"
            where it is used up, None where nothing is stated about masks.
        unknown: Axes of the inputs whose size may be unknown until run time.
        rows_independent: Whether row i of every output depends on row i of the
            inputs alone.
        gradient: "numeric": the gradient is the mathematical one; a NumPy function
            of inputs, weights, arguments and `upstream` that returns name to
            gradient: it is the function's; None: there is no gradient.
        zero_gradient: Names of weights and inputs whose gradient is rightly zero.
        equivalent: Makes, from the same arguments, a layer that computes the same
            with the same weights.
        reference: A NumPy function of inputs, weights and arguments, passed by
            name, that computes the same.
        seed: Seed of everything random in the checks.
    """

    layer: Callable[..., Any]
    args: Mapping[str, Any]
    inputs: Mapping[str, InputValue]
    outputs: Outputs = None
    training: Literal[True] | None = None
    weights: Mapping[str, Shape] | None = None
    mask: Literal["pass", "stop"] | None = None
    unknown: tuple[int, ...] = (0,)
    rows_independent: bool = True
    gradient: Literal["numeric"] | Callable[..., Any] | None = "numeric"
    zero_gradient: tuple[str, ...] = ()
    equivalent: Callable[..., Any] | None = None
    reference: Callable[..., Any] | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise ValueError(f"LayerCase({self.name}): {problem}")

    def _problems(self) -> list[str]:
        problems = []
        if not callable(self.layer):
            problems.append(f"`layer` must be a class or a function: {self.layer!r}")
        if not self.inputs:
            problems.append("`inputs` must name at least one input.")
        for name, value in self.inputs.items():
            for one in value if isinstance(value, list) else [value]:
                if not isinstance(one, tuple | np.ndarray | Input):
                    problems.append(
                        f"input `{name}` must be a shape tuple, a NumPy array or an "
                        f"`Input`. Received: {one!r}"
                    )
        if self.training not in (None, True):
            problems.append(f"`training` must be None or True: {self.training!r}")
        if self.mask not in (None, "pass", "stop"):
            problems.append(f'`mask` must be None, "pass" or "stop": {self.mask!r}')
        if not (self.gradient in (None, "numeric") or callable(self.gradient)):
            problems.append(
                '`gradient` must be "numeric", a function or None. '
                f"Received: {self.gradient!r}"
            )
        return problems

    @property
    def name(self) -> str:
        """The layer's name, as the user wrote it."""
        return getattr(self.layer, "__name__", repr(self.layer))

    @property
    def label(self) -> str:
        """The layer's name in snake case, as it stands in test ids."""
        spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", self.name)
        return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()

    @property
    def is_class(self) -> bool:
        """Whether the layer is a class, not a function that builds a model."""
        return inspect.isclass(self.layer)

    @property
    def is_builtin(self) -> bool:
        """Whether the layer is one of Keras' own."""
        return getattr(self.layer, "__module__", "").split(".")[0] == "keras"

    @cached_property
    def constructor(self) -> dict[str, inspect.Parameter]:
        """The constructor's own parameters: name to parameter, in order."""
        # Keras gives every class a `__new__(*args, **kwargs)`, which hides `__init__`.
        layer: Any = self.layer
        function = layer.__init__ if self.is_class else layer
        collecting = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        parameters = list(inspect.signature(function).parameters.values())
        return {
            one.name: one
            for one in parameters[1 if self.is_class else 0 :]
            if one.kind not in collecting
        }

    @cached_property
    def call_parameters(self) -> frozenset[str]:
        """Names of the parameters of the layer's `call`."""
        call = getattr(self.layer, "call", None) if self.is_class else None
        return frozenset(inspect.signature(call).parameters if call else ())

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """Every constructor argument, as passed or by default, by name."""
        defaults = {
            name: parameter.default
            for name, parameter in self.constructor.items()
            if parameter.default is not inspect.Parameter.empty
        }
        return {**defaults, **self.args}

    @property
    def input_kinds(self) -> list[str]:
        """The NumPy dtype kind of each input, in order."""
        return [np.dtype(dtype).kind for _, dtype in self._signature]

    @property
    def shapes(self) -> list[Shape]:
        """The shape of each input, in order."""
        return [shape for shape, _ in self._signature]

    @property
    def has_float_input(self) -> bool:
        """Whether a gradient may flow into an input."""
        return "f" in self.input_kinds

    @property
    def labels(self) -> list[str]:
        """A name for every input tensor: `x`, or `x[0]` in a list of tensors."""
        names: list[str] = []
        for name, value in self.inputs.items():
            if isinstance(value, list):
                names += [f"{name}[{i}]" for i in range(len(value))]
            else:
                names.append(name)
        return names

    def sample(self, attempt: int = 0) -> list[Array]:
        """The inputs' values, in order; another attempt draws other values."""
        rng = np.random.default_rng([self.seed, attempt])
        values = []
        for one in self._flat:
            if isinstance(one, np.ndarray):
                values.append(one)
            else:
                spec = one if isinstance(one, Input) else Input(one)
                values.append(spec.sample(rng))
        return values

    def pack(self, flat: list[Any]) -> list[tuple[str, Any]]:
        """Arranges a flat list of tensors (or shapes) by the inputs' names."""
        rest = iter(flat)
        return [
            (
                name,
                [next(rest) for _ in value] if isinstance(value, list) else next(rest),
            )
            for name, value in self.inputs.items()
        ]

    @cached_property
    def _flat(self) -> list[Any]:
        flat: list[Any] = []
        for value in self.inputs.values():
            flat += value if isinstance(value, list) else [value]
        return flat

    @cached_property
    def _signature(self) -> list[tuple[Shape, str]]:
        return [
            (
                (tuple(one), "float32")
                if isinstance(one, tuple)
                else (tuple(one.shape), str(one.dtype))
            )
            for one in self._flat
        ]
