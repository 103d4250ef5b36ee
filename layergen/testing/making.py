"""Making the layer of a case."""

from typing import Any

import keras
import numpy as np

from .case import LayerCase
from .introspect import OF_EVERY_LAYER
from .outcomes import Blame, meant
from .scopes import default_float, global_policy, seeded

SEED = 1337
CONFIGURED = (
    keras.initializers.Initializer,
    keras.regularizers.Regularizer,
    keras.constraints.Constraint,
)


class Make:
    """Makes the layer of a case, and tells a cell from the RNN that runs it."""

    def __init__(self, case: LayerCase, blame: Blame) -> None:
        self.case, self.blame = case, blame

    def new(self, dtype: str | None = None, **changes: Any) -> Any:
        """A new, unbuilt layer, with some constructor arguments changed.

        A cell comes in an RNN, which calls it.
        """
        return self.runnable(self.bare(dtype, **changes))

    def runnable(self, made: Any) -> Any:
        """What takes the case's inputs: what was made, or the RNN around a cell."""
        if not self.case.is_cell:
            return made
        return keras.layers.RNN(made, return_sequences=True, dtype=made.dtype_policy)

    def core(self, layer: Any) -> Any:
        """The part of a layer that is of the case's class: a cell in its RNN."""
        return layer.cell if self.case.is_cell else layer

    def bare(self, dtype: str | None = None, **changes: Any) -> Any:
        """What the case's class makes of its arguments, some of them changed.

        A layer that draws at random gets a seed, so that others can draw the same.
        """
        case = self.case
        given = {**case.args, **changes}
        if case.takes_seed and given.get("seed") is None:
            given["seed"] = SEED
        args = {name: _fresh(value, dtype) for name, value in given.items()}
        takes_dtype = case.is_class or "dtype" in case.constructor
        if dtype is not None and takes_dtype:
            args["dtype"] = dtype
        written = ", ".join(f"{name}={value!r}" for name, value in args.items())
        with (
            self.blame.during(
                f"constructing {case.name}({written})",
                _unknown_arguments(case)
                or "The constructor must take the case's arguments, and pass "
                "`**kwargs` on to `super().__init__`.",
            ),
            seeded(case.seed),
            global_policy(None if takes_dtype else dtype),
            # A functional model rounds its inputs to the dtype of its `keras.Input`.
            default_float(None if case.is_class else dtype),
        ):
            return case.layer(**args)


def _unknown_arguments(case: LayerCase) -> str:
    """A hint about arguments that the constructor does not name; empty where none."""
    known = [*case.constructor, *(OF_EVERY_LAYER if case.is_class else ())]
    return " ".join(
        f"The constructor has no argument `{name}`.{meant(name, known)}"
        for name in case.args
        if name not in known
    )


def _fresh(value: Any, dtype: str | None) -> Any:
    """A constructor argument that no other layer holds.

    A layer given as an argument is made anew, built if that one is, under the policy of
    the layer that it is given to: what comes out of a mixture of policies says little.
    """
    if isinstance(value, keras.layers.Layer):
        config = value.get_config()
        config["dtype"] = dtype or keras.config.dtype_policy().name
        made = type(value).from_config(config)
        if value.built and (known := value.get_build_config()):
            made.build_from_config(known)
        return made
    if isinstance(value, CONFIGURED):
        return type(value).from_config(value.get_config())
    if type(value) in (list, tuple):
        return type(value)(_fresh(one, dtype) for one in value)
    if isinstance(value, dict):
        return {key: _fresh(one, dtype) for key, one in value.items()}
    return value.copy() if isinstance(value, np.ndarray | set) else value
