"""The weights of a case's layers: copied, moved, and by name."""

from typing import Any

import numpy as np

from .backend import backend
from .case import Array, LayerCase
from .introspect import generators, own_weights, relative_path
from .making import Make
from .numerics import is_float
from .outcomes import Blame, NotApplicable


class Weights:
    """Copies, moves and names the weights of a case's layers."""

    def __init__(self, case: LayerCase, blame: Blame, make: Make) -> None:
        self.case, self.blame, self.make = case, blame, make

    def copy(self, source: Any, target: Any) -> None:
        """Gives one layer the weights of another, in order, and its generators'."""
        values = [backend.to_numpy(one) for one in source.weights]
        shapes = [tuple(one.shape) for one in target.weights]
        if shapes != [one.shape for one in values]:
            self.blame.fail(
                f"two layers of the same arguments have weights of different shapes: "
                f"{[one.shape for one in values]} and {shapes}",
                "Let the weights' shapes rest on arguments and input shapes alone.",
            )
        target.set_weights(values)
        copy_draws(source, target)

    def perturb(self, layer: Any) -> None:
        """Moves every float weight off its initial value.

        Weights that start as zeros or ones hide faults. Non-trainable ones only
        grow, for they may be variances; constraints hold afterwards.
        """
        rng = np.random.default_rng([self.case.seed, 2, 0])
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

    def named(self, layer: Any) -> dict[str, Any]:
        """The layer's own weights by name, its sublayers' by path with `_` for `/`.

        Names that Keras counts through a process count here from the first of the layer,
        unless the case states them as they are.
        """
        core = self.make.core(layer)
        own = {id(one) for one in own_weights(core)}
        named, as_it_is = {}, {}
        for one in core.weights:
            path = relative_path(one, core)
            alone = id(one) in own
            named[path.rpartition("/")[2] if alone else path.replace("/", "_")] = one
            raw = one.path.partition("/")[2].replace("/", "_")
            as_it_is[one.name if alone else raw] = one
        stated = {*(self.case.states or {}), *(self.case.weights or {})} - named.keys()
        return named | {name: as_it_is[name] for name in stated & as_it_is.keys()}

    def values(self, layer: Any) -> dict[str, Any]:
        """What a NumPy function of the case may ask for, inputs left out."""
        weights = self.named(layer)
        return {
            **self.case.arguments,
            **(self.case.call_args or {}),
            **self.case.left_out,
            **{name: backend.to_numpy(one).copy() for name, one in weights.items()},
        }

    def states(self, layer: Any) -> dict[str, Array]:
        """The values of the stated states, by name.

        A layer that lacks one is for `states_are_as_stated` to fail.
        """
        named = self.named(layer)
        if not {*(self.case.states or {})} <= {*named}:
            raise NotApplicable(f"{self.case.name} lacks a state that is stated")
        return {
            name: backend.to_numpy(named[name]).copy()
            for name in self.case.states or {}
        }


def rewind(layer: Any) -> None:
    """Takes every generator back to its seed, as if nothing had been drawn."""
    for one in generators(layer):
        seed, _ = backend.to_numpy(one)
        one.assign([seed, 0])


def copy_draws(source: Any, target: Any) -> None:
    """Makes one layer draw what another would draw next, if both draw alike."""
    ours, theirs = generators(source), generators(target)
    if len(ours) == len(theirs):
        for one, other in zip(ours, theirs, strict=True):
            other.assign(backend.to_numpy(one))
