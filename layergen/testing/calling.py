"""Making and calling a layer, with failures that say what was done."""

import inspect
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import keras

from . import backend
from .arguments import unknown_arguments
from .case import Array, LayerCase
from .registry import CheckFailure, NotApplicable
from .scopes import default_float, fresh_argument, global_policy, seeded
from .still import still

SEED = 1337
RUNS = "Correct `build` and `call`, or the inputs that the case states."


# What Keras and TensorFlow put around a message: which layer was called, with which
# arguments, bold type, and the kernel that ran.
_AROUND = re.compile(
    r"Exception encountered when calling [^\n]*\.\s*\n\s*"
    r"|(\x1b\[0m)?\s*\n\s*Arguments received by [^\n]*:\n\s*•.*"
    r"|\x1b\[\d+m"
    r"|\{\{function_node [^}]*\}\} ?"
    r"|\s*\[Op:\w+\]( name:[^\S\n]*[\w/]*)?",
    re.DOTALL,
)


def innermost(text: str) -> str:
    """The message of a failure, or of what caused it, where Keras wraps one in another.

    Keras repeats the whole config in front of each cause, and lists the arguments of
    the call behind it.
    """
    text = text.rpartition("Exception encountered: ")[2]
    text = text.partition("Full object config: ")[0]
    text = _AROUND.sub("", text).strip()
    return text if len(text) <= 1500 else f"{text[:1000]} ... {text[-400:]}"


class Caller:
    """Makes and calls the layer of a case."""

    def __init__(self, case: LayerCase) -> None:
        self.case = case
        self.name = case.name

    @contextmanager
    def blame(self, doing: str, hint: str) -> Iterator[None]:
        """Turns an exception of the layer into a failure that says what was done."""
        try:
            yield
        except (CheckFailure, NotApplicable):
            raise
        except Exception as error:
            said = f"{type(error).__name__}: {innermost(str(error))}"
            message = f"{self.name}: {doing} raised {said}"
            raise CheckFailure(f"{message}\n{hint}") from error

    def fail(self, problem: str, hint: str) -> NoReturn:
        """Ends the check: what is wrong, and how to mend it."""
        raise CheckFailure(f"{self.name}: {problem}\n{hint}")

    def make(self, dtype: str | None = None, **changes: Any) -> Any:
        """A new, unbuilt layer, with some constructor arguments changed.

        A cell comes in an RNN, which calls it.
        """
        return self.runnable(self.construct(dtype, **changes))

    def runnable(self, made: Any) -> Any:
        """What takes the case's inputs: what was made, or the RNN around a cell."""
        if not self.case.is_cell:
            return made
        return keras.layers.RNN(made, return_sequences=True, dtype=made.dtype_policy)

    def core(self, layer: Any) -> Any:
        """The part of a layer that is of the case's class: a cell in its RNN."""
        return layer.cell if self.case.is_cell else layer

    def construct(self, dtype: str | None = None, **changes: Any) -> Any:
        """What the case's class makes of its arguments, some of them changed.

        A layer that draws at random gets a seed, so that others can draw the same.
        """
        given = {**self.case.args, **changes}
        if self.case.takes_seed and given.get("seed") is None:
            given["seed"] = SEED
        args = {name: fresh_argument(value, dtype) for name, value in given.items()}
        takes_dtype = self.case.is_class or "dtype" in self.case.constructor
        if dtype is not None and takes_dtype:
            args["dtype"] = dtype
        written = ", ".join(f"{name}={value!r}" for name, value in args.items())
        with (
            self.blame(
                f"constructing {self.name}({written})",
                unknown_arguments(self.case)
                or "The constructor must take the case's arguments, and pass "
                "`**kwargs` on to `super().__init__`.",
            ),
            seeded(self.case.seed),
            global_policy(None if takes_dtype else dtype),
            # A functional model rounds its inputs to the dtype of its `keras.Input`.
            default_float(None if self.case.is_class else dtype),
        ):
            return self.case.layer(**args)

    def call(self, layer: Any, flat: Sequence[Any], **kwargs: Any) -> list[Any]:
        """Calls a layer on a flat list of inputs; a flat list of outputs."""
        return list(keras.tree.flatten(self.call_packed(layer, flat, **kwargs)))

    def call_packed(self, layer: Any, flat: Sequence[Any], **kwargs: Any) -> Any:
        """Calls a layer on a flat list of inputs; what it returns, as it is.

        An eager call leaves states and random generators as they were.
        """
        with still(layer):
            return self._call(layer, flat, **kwargs)

    def _call(self, layer: Any, flat: Sequence[Any], **kwargs: Any) -> Any:
        packed = self.case.pack(list(flat))
        if self.is_functional(layer):
            values = [value for _, value in packed]
            return layer(values[0] if len(values) == 1 else values, **kwargs)
        (_, first), *rest = packed
        return layer(first, **dict(rest), **{**(self.case.call_args or {}), **kwargs})

    def is_functional(self, layer: Any) -> bool:
        """Whether a layer is a model that takes its inputs as one list."""
        kind: Any = self.case.layer
        own = self.case.is_class and isinstance(layer, kind)
        return isinstance(layer, keras.Model) and not own

    def run(self, layer: Any, flat: Sequence[Array], **kwargs: Any) -> list[Array]:
        """Calls a layer eagerly; NumPy arrays in and out, states left alone."""
        with still(layer):
            return self.step(layer, flat, **kwargs)

    def step(self, layer: Any, flat: Sequence[Array], **kwargs: Any) -> list[Array]:
        """Calls a layer eagerly and lets states and generators move on."""
        shapes = ", ".join(str(one.shape) for one in flat)
        with self.blame(f"calling the layer on inputs of shape {shapes}", RUNS):
            tensors = [backend.tensor(one) for one in flat]
            outputs = keras.tree.flatten(self._call(layer, tensors, **kwargs))
            return [backend.to_numpy(one) for one in outputs]

    @staticmethod
    def parameters(function: Any) -> list[str]:
        """The names of a function's parameters."""
        return list(inspect.signature(function).parameters)
