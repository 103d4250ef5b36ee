"""The layer of a case again: built, with the weights of another, under any policy."""

from typing import Any

import keras

from .backend import backend
from .calling import Call
from .case import Array
from .drawing import Draws
from .introspect import sublayers
from .making import Make
from .outcomes import CheckFailure, NotApplicable
from .scopes import seeded
from .weights import Weights, rewind


class Build:
    """Makes layers and builds them by a call on the case's inputs."""

    def __init__(self, make: Make, call: Call, weights: Weights, draws: Draws) -> None:
        self.make, self.call, self.weights, self.draws = make, call, weights, draws
        self.case = make.case

    def new(self, dtype: str | None = None, **changes: Any) -> Any:
        """A new layer, built, with some constructor arguments changed."""
        with seeded(self.case.seed):
            layer = self.make.new(dtype, **changes)
            self.call.run(layer, self.inputs(dtype))
        rewind(layer)
        return layer

    def twin_of(self, layer: Any, dtype: str | None = None) -> Any:
        """A new layer with the weights of another."""
        twin = self.new(dtype)
        self.weights.copy(layer, twin)
        return twin

    def inputs(self, dtype: str | None) -> list[Array]:
        """What a layer under a dtype policy is called on: float64 only for its like."""
        return self.draws.inputs64 if dtype == "float64" else self.draws.inputs


class Policies:
    """A built layer under every dtype policy, with the same weights."""

    def __init__(self, build: Build, layer: Any) -> None:
        self.build, self.layer, self.case = build, layer, build.case
        self._found: dict[str, Any] = {}  # A layer, or why there is none.

    def under(self, policy: str) -> tuple[Any, set[int]]:
        """The layer under a dtype policy.

        With it come the ids of the weights of layers that were given as arguments.
        A layer that does not run there is for `outputs_have_compute_dtype` to fail.
        """
        if self.failure(policy):
            raise NotApplicable(f"not run, for {self.case.name} fails under {policy}")
        layer = self._found[policy]
        given = {id(w) for one in self.given_to(layer) for w in one.weights}
        return layer, given

    def failure(self, policy: str) -> CheckFailure | None:
        """Why the layer does not run under a dtype policy; None where it does.

        Where the backend lacks a kernel on this device, or float64, which nobody but
        the checks needs, that is no fault of the layer.
        """
        self.require_floats()
        if policy not in self._found:
            try:
                self._found[policy] = self.build.twin_of(self.layer, policy)
            except CheckFailure as failure:
                error = failure.__cause__
                measuring = policy == "float64" and backend.lacks_dtype(error)
                if measuring or backend.lacks_kernel(error):
                    raise NotApplicable(
                        f"the backend cannot run {self.case.name} under {policy} here"
                    ) from failure
                self._found[policy] = failure
        found = self._found[policy]
        return found if isinstance(found, CheckFailure) else None

    def require_floats(self) -> None:
        """Ends a check of a layer that computes in integers, whatever the policy."""
        computes = self.build.make.core(self.layer).compute_dtype
        if "float" not in computes:
            raise NotApplicable(f"{self.case.name} computes in {computes} by itself")

    def outputs(self, policy: str) -> list[Array]:
        """The outputs of the layer under a dtype policy, for float32 inputs."""
        layer, _ = self.under(policy)
        return self.build.call.run(layer, self.build.inputs(policy))

    def given_to(self, layer: Any) -> list[Any]:
        """The sublayers of a layer that came as constructor arguments."""
        kinds = tuple(
            type(one)
            for one in keras.tree.flatten(dict(self.case.args))
            if isinstance(one, keras.layers.Layer)
        )
        # A wrapper may keep copies of what it was given, under names of its own.
        found = [one for one in sublayers(layer) if isinstance(one, kinds)]
        return [inner for one in found for inner in [one, *sublayers(one)]]
