"""What the checks ask of Keras' backend, and the backend that runs."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import keras

from ..inputs import Array

Function = Callable[[list[Any]], list[Any]]

TRAITS = {
    "float32": "it computes in float32",
    "narrowed": "it casts float64 to float32",
    "custom gradient": "an operation has a gradient of its own",
    "stopped gradient": "a gradient is stopped",
    "rounding": "an operation whose result moves in steps",
    "comparison": "floats are compared",
    "list of steps": "a loop keeps what each of its rounds gives",
    "free order": "an operation leaves the order of its results free",
}
"""What a program may hold that decides what can be asked of it."""


class Program(Protocol):
    """A function of a flat list of tensors, compiled once for the shapes given."""

    def __call__(self, inputs: Sequence[Array]) -> list[Array]:
        """Runs the program, which may change the variables of its layer."""

    @property
    def size(self) -> int:
        """How many operations it has, those of functions that it calls included."""

    @property
    def stops_second_gradient(self) -> str:
        """Why an operation in it is known to have no right second gradient; else ""."""

    @property
    def traits(self) -> frozenset[str]:
        """What is particular in it, of `TRAITS`."""


class Backend(Protocol):
    """What is particular to a backend: gradients, compiled functions, devices.

    What one of them lacks raises `NotApplicable`, which names it, where a check asks
    for it.
    """

    def prepare(self) -> None:
        """Makes dtypes mean what they say: comparisons are fine."""

    def devices(self) -> list[str]:
        """The devices to train on: the CPU and every GPU."""

    def is_eager(self) -> bool:
        """Whether operations run at once, and nothing is being traced."""

    def tensor(self, value: Array) -> Any:
        """A tensor of a NumPy array."""

    def to_numpy(self, value: Any) -> Array:
        """The values of a tensor or variable; bfloat16 and the like stay as they are."""

    def is_tensor(self, value: Any) -> bool:
        """Whether a value is a tensor of the backend, eager or traced."""

    def is_raw_variable(self, value: Any) -> bool:
        """Whether a value is a variable of the backend that Keras knows nothing of."""

    def attributes(self, layer: Any) -> dict[str, Any]:
        """What is kept on a layer, by name, what Keras keeps there included."""

    def gradients(
        self,
        function: Function,
        inputs: Sequence[Array],
        variables: Sequence[Any],
        upstream: Callable[[list[Any]], list[Array]],
    ) -> tuple[list[Array], list[Any]]:
        """Outputs of a function, and gradients of `sum(upstream * output)`.

        The gradients are those of the float inputs, then those of the variables; None
        or zeros where the output is not connected.
        """

    def curvature(
        self,
        function: Function,
        inputs: Sequence[Array],
        variables: Sequence[Any],
        upstream: Sequence[Array],
        directions: Sequence[Array],
    ) -> tuple[float, list[Any]]:
        """The slope of `sum(upstream * output)` along directions, and its gradients.

        One direction per float input, then per variable. A gradient is None or zeros
        where the slope does not depend on the argument.
        """

    def compiled(
        self,
        function: Function,
        layer: Any,
        shapes: Sequence[Sequence[int | None]],
        dtypes: Sequence[str],
        xla: bool,
    ) -> Program:
        """A function that calls a layer as one program; None leaves a size open."""

    def serve(self, model: Any, path: str, inputs: Any) -> list[Array]:
        """What a model answers as a SavedModel, exported to a folder and loaded.

        Its inputs come as it takes them.
        """

    def require_replicas(self) -> None:
        """Ends a check of what `tf.distribute` makes of a layer, where there is none."""

    def require_distribution(self) -> None:
        """Ends a check of what `keras.distribution` makes of a layer, where it has no
        devices to spread over."""

    def require_compiler(self) -> None:
        """Ends a check of what XLA, or what stands in for it, makes of a layer, where
        that has no compiler."""

    def symbolic(self, function: Function, given: list[Any]) -> list[Any]:
        """What a function of tensors gives for symbolic ones."""

    def refuses_none(self, error: BaseException | None) -> bool:
        """Whether an error says that Keras puts no layer into a functional model that
        returns None for a part of its output."""

    def lacks_dtype(self, error: BaseException | None) -> bool:
        """Whether an error says that an operation is not made for a dtype at all."""

    def lacks_length(self, error: BaseException | None) -> bool:
        """Whether an error says that no gradient goes back through a loop under XLA
        whose number of rounds is not known."""

    def lacks_kernel(self, error: BaseException | None) -> bool:
        """Whether an error says that this device has no kernel, though another has."""


def backend_named(name: str) -> Backend:
    """A backend, which is a module: no other is imported."""
    if name == "tensorflow":
        from . import on_tensorflow

        return on_tensorflow
    if name == "jax":
        from . import on_jax

        return on_jax
    if name == "torch":
        from . import on_torch

        return on_torch
    raise ImportError(
        f"layergen.testing runs on TensorFlow, JAX and PyTorch; KERAS_BACKEND is {name!r}."
    )


backend = backend_named(keras.backend.backend())
