"""The weights of a case's layers: copied, moved, and by name."""

from typing import Any

import numpy as np

from . import backend
from .calling import Caller
from .case import Array
from .introspect import own_weights, relative_path
from .numerics import is_float
from .registry import NotApplicable
from .still import copy_draws


class Weights(Caller):
    """Copies, moves and names the weights of a case's layers."""

    def copy_weights(self, source: Any, target: Any) -> None:
        """Gives one layer the weights of another, in order, and its generators'."""
        values = [backend.to_numpy(one) for one in source.weights]
        shapes = [tuple(one.shape) for one in target.weights]
        if shapes != [one.shape for one in values]:
            self.fail(
                f"two layers of the same arguments have weights of different shapes: "
                f"{[one.shape for one in values]} and {shapes}",
                "Let the weights' shapes rest on arguments and input shapes alone.",
            )
        target.set_weights(values)
        copy_draws(source, target)

    def perturb(self, layer: Any, attempt: int = 0) -> None:
        """Moves every float weight off its initial value.

        Weights that start as zeros or ones hide faults. Non-trainable ones only
        grow, for they may be variances; constraints hold afterwards.
        """
        rng = np.random.default_rng([self.case.seed, 2, attempt])
        for variable in layer.weights:
            value = backend.to_numpy(variable)
            if not is_float(value):
                continue
            noise = 0.1 + 0.2 * rng.random(value.shape)
            if variable.trainable:
                noise *= rng.choice([-1.0, 1.0], value.shape)
            variable.assign((value + noise).astype(value.dtype))
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable.value))

    def named_weights(self, layer: Any) -> dict[str, Any]:
        """The layer's own weights by name, its sublayers' by path with `_` for `/`."""
        core = self.core(layer)
        named = {
            relative_path(one, core).replace("/", "_"): one for one in core.weights
        }
        return {**named, **{one.name: one for one in own_weights(core)}}

    def values_by_name(self, layer: Any) -> dict[str, Any]:
        """What a NumPy function of the case may ask for, inputs left out."""
        weights = self.named_weights(layer)
        return {
            **self.case.arguments,
            **(self.case.call_args or {}),
            **self.case.left_out,
            **{name: backend.to_numpy(one).copy() for name, one in weights.items()},
        }

    def states_of(self, layer: Any) -> dict[str, Array]:
        """The values of the stated states, by name.

        A layer that lacks one is for `states_are_as_stated` to fail.
        """
        named = self.named_weights(layer)
        if not {*(self.case.states or {})} <= {*named}:
            raise NotApplicable(f"{self.name} lacks a state that is stated")
        return {
            name: backend.to_numpy(named[name]).copy()
            for name in self.case.states or {}
        }
