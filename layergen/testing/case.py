"""What a test states about a layer: `LayerCase`."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from .inputs import Array, Input, InputValue, Outputs, Shape
from .introspect import defaults_of, snake_case
from .methods import Method
from .statements import problems_of

__all__ = ["Array", "Input", "LayerCase", "Method", "Shape"]
COLLECTING = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True, eq=False)
class LayerCase:
    """One way of constructing and calling a layer, and what is stated about it.

    Args:
        layer: A `keras.layers.Layer` subclass, or a function that builds a model. A
            cell (its `call` takes `states`) is run by `keras.layers.RNN` with
            `return_sequences=True`: `inputs` and `outputs` are the sequences.
        args: Arguments of its constructor.
        inputs: Input name to shape (random floats), NumPy array or `Input`; a list
            of these where the layer takes a list of tensors; None for an optional
            input that is left out. The first input is passed by position, the others
            by their names.
        inputs_as: How `call` takes the inputs: None where each has a parameter of its
            own, "list" or "dict" where all come in the first as a list, or as a dict
            from which those that are left out are absent.
        outputs: The output's shape, a tuple of shapes where there are several
            outputs (a list, or a dict, of what comes in such), or None where it is
            not stated.
        call_args: Arguments of `call` that are no tensors, passed to every call.
        scalars: Name to numbers of the arguments of `call` that may be numbers or scalar
            tensors: each number is tried as both.
        training: True where training and inference differ, in values or in states,
            and inference draws nothing and leaves every state as it is; None where
            they do not differ. Of a layer that draws at random (its constructor takes
            `seed`), None says nothing: it may draw at inference too.
        weights: Name to shape of the layer's own weights; None: not stated.
        dtypes: Name to dtype of the weights that have a dtype of their own, whatever
            the dtype policy.
        states: Name to shape of the variables that calls update (a cell's states,
            without the batch axis), those of sublayers by path with `_` for `/`;
            None: not stated. One whose first size is the batch's asks for a fixed
            batch, if the batch may not be unknown.
        losses: How many losses a call in training adds, those of weights' regularizers
            left out; None where it is not stated how many.
        mask: "pass" where the first input's mask is handed on unchanged, "stop"
            where it is used up, a NumPy function of the first input's mask, the first
            input, and of other inputs, their masks (`<input>_mask`) and arguments
            that it names, where the output's mask is computed (a mask that does not
            come in is None; one that calls the first `_` does not read it), None
            where nothing is stated about masks.
        unknown: Axes of the inputs whose size may be unknown until run time.
        rows_independent: Whether row i of every output depends on row i of the
            inputs alone.
        gradient: "numeric": the gradient is the mathematical one; "surrogate": there
            is one, and it is meant to differ; a NumPy function of inputs, weights,
            arguments and `upstream` that returns name to gradient: it is the
            function's, a surrogate; None: there is no gradient.
        zero_gradient: Names of weights, inputs and sublayers whose gradient is rightly
            zero.
        equivalent: Makes, from the same arguments, a layer that computes the same
            with the same weights.
        reference: A NumPy function of inputs, weights, states (as they are before
            the call), arguments and call arguments, passed by name, that computes the
            same. Of a cell it computes one step, and gets one step's input.
        methods: Name to `Method` of what a built layer computes beside `call`, or, of a
            property, to a `Method` without inputs.
        random: Whether calls in training draw at random; a layer that says True is
            held to it. None: where the constructor takes a `seed`, it may draw.
        expected_failures: Name of a check that is known to fail, to the reason. It is
            told of apart, and is an error once it passes.
        strict: Whether the layer is held to what Keras' own layers do not all do: to
            refuse wrong arguments and shapes in a `ValueError` that says so, to keep
            its states equal on several replicas, and to draw where it takes a `seed`.
        seed: Seed of everything random in the checks.
    """

    layer: Callable[..., Any]
    args: Mapping[str, Any]
    inputs: Mapping[str, InputValue]
    outputs: Outputs = None
    _: KW_ONLY
    inputs_as: Literal["list", "dict"] | None = None
    call_args: Mapping[str, Any] | None = None
    scalars: Mapping[str, Sequence[int | float]] | None = None
    training: Literal[True] | None = None
    weights: Mapping[str, Shape] | None = None
    dtypes: Mapping[str, str] | None = None
    states: Mapping[str, Shape] | None = None
    losses: int | None = 0
    mask: Literal["pass", "stop"] | Callable[..., Any] | None = None
    unknown: tuple[int, ...] = (0,)
    rows_independent: bool = True
    gradient: Literal["numeric", "surrogate"] | Callable[..., Any] | None = "numeric"
    zero_gradient: tuple[str, ...] = ()
    equivalent: Callable[..., Any] | None = None
    reference: Callable[..., Any] | None = None
    methods: Mapping[str, Method] | None = None
    random: bool | None = None
    expected_failures: Mapping[str, str] | None = None
    strict: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        for problem in problems_of(self):
            raise ValueError(f"LayerCase({self.name}): {problem}")

    @property
    def name(self) -> str:
        """The layer's name, as the user wrote it."""
        return getattr(self.layer, "__name__", repr(self.layer))

    @property
    def label(self) -> str:
        """The layer's name in snake case, as it stands in test ids."""
        return snake_case(self.name)

    @property
    def is_class(self) -> bool:
        """Whether the layer is a class, not a function that builds a model."""
        return inspect.isclass(self.layer)

    @cached_property
    def is_cell(self) -> bool:
        """Whether the layer is a cell, which `keras.layers.RNN` runs over a sequence."""
        return self.is_class and list(self.call_parameters)[2:3] == ["states"]

    @cached_property
    def takes_seed(self) -> bool:
        """Whether calls draw at random, from a `seed` that the constructor takes."""
        return self.is_random and "seed" in self.constructor

    @cached_property
    def is_random(self) -> bool:
        """Whether calls draw at random."""
        if self.random is not None:
            return self.random
        return self.is_class and "seed" in self.constructor

    @property
    def is_strict(self) -> bool:
        """Whether the layer is held to more than Keras' own are."""
        return self.strict and not self.is_builtin

    @property
    def draws_at_inference(self) -> bool:
        """Whether calls may draw at random outside of training too."""
        return self.is_random and self.training is None

    @property
    def has_states(self) -> bool:
        """Whether variables of the layer are updated by calls, as stated."""
        return bool(self.states) and not self.is_cell

    @property
    def fixed_batch(self) -> bool:
        """Whether a state has the batch size in its shape."""
        batch = self.shapes[0][:1]
        return (
            self.has_states
            and bool(batch)
            and 0 not in self.unknown
            and any(tuple(one)[:1] == batch for one in (self.states or {}).values())
        )

    @property
    def in_training(self) -> dict[str, Any]:
        """The arguments of a call in training."""
        takes = self.training is True or "training" in self.call_parameters
        return {"training": True} if takes else {}

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
        parameters = list(inspect.signature(function).parameters.values())
        return {
            one.name: one
            for one in parameters[1 if self.is_class else 0 :]
            if one.kind not in COLLECTING
        }

    @cached_property
    def call_parameters(self) -> tuple[str, ...]:
        """Names of the parameters of the layer's `call`, in order."""
        call = getattr(self.layer, "call", None) if self.is_class else None
        return tuple(inspect.signature(call).parameters if call else ())

    @cached_property
    def tensor_parameters(self) -> tuple[str, ...]:
        """Those that must be given tensors: the first, and all without a default."""
        layer: Any = self.layer
        _, *parameters = inspect.signature(layer.call).parameters.values()
        return tuple(
            one.name
            for number, one in enumerate(parameters)
            if one.kind not in COLLECTING and (number == 0 or one.default is one.empty)
        )

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """Every constructor argument, as passed or by default, by name."""
        return {**defaults_of(self.layer), **self.args}

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
            elif value is not None:
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
        """Arranges a flat list of tensors (or shapes) by the names of inputs present."""
        rest = iter(flat)
        return [
            (
                name,
                [next(rest) for _ in value] if isinstance(value, list) else next(rest),
            )
            for name, value in self.inputs.items()
            if value is not None
        ]

    def together(self, packed: list[tuple[str, Any]]) -> Any:
        """The inputs present as the one structure that takes them."""
        if self.inputs_as == "dict":
            return dict(packed)
        values = [value for _, value in packed]
        return values[0] if len(values) == 1 else values

    def arranged(self, flat: list[Any]) -> list[tuple[str, Any]]:
        """A flat list of tensors (or shapes) by the parameters that take them."""
        packed = self.pack(flat)
        if self.inputs_as is None:
            return packed
        return [(next(iter(self.inputs)), self.together(packed))]

    @property
    def left_out(self) -> dict[str, None]:
        """The optional inputs that this case leaves out, each None."""
        return {name: None for name, value in self.inputs.items() if value is None}

    @cached_property
    def _flat(self) -> list[Any]:
        flat: list[Any] = []
        for value in self.inputs.values():
            if value is not None:
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
