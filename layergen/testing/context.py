"""What the checks of one case share: built layers, outputs, files."""

import atexit
import shutil
import tempfile
from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np

from . import backend
from .calling import RUNS
from .case import Array, LayerCase
from .graphs import Graphs
from .introspect import sublayers
from .numerics import is_float, random_like
from .registry import CheckFailure, NotApplicable
from .scopes import seeded
from .standing import stand
from .still import rewind, still


class Context(Graphs):
    """Layers, outputs and files of one case, each made when first asked for.

    No check may change `layer`, `twin` or their weights: the others look at them too.
    """

    def __init__(self, case: LayerCase) -> None:
        super().__init__(case)
        self._under: dict[str, Any] = {}
        self._graphs: dict[tuple[int | None, bool], backend.Compiled] = {}

    @cached_property
    def flaw(self) -> str | None:
        """Why the layer cannot be made and called as stated; None where it can."""
        try:
            with self.blame("making and calling the layer", RUNS):
                stand(self)
        except CheckFailure as failure:
            return str(failure)
        return None

    def built(self, dtype: str | None = None, **changes: Any) -> Any:
        """A new layer, built by a call on the case's inputs."""
        with seeded(self.case.seed):
            layer = self.make(dtype, **changes)
            self.run(layer, self.inputs64 if dtype == "float64" else self.inputs)
        rewind(layer)
        return layer

    def twin_of(self, layer: Any, dtype: str | None = None) -> Any:
        """A new layer with the weights of another."""
        twin = self.built(dtype)
        self.copy_weights(layer, twin)
        return twin

    def rng_for(self, *numbers: int) -> np.random.Generator:
        """A random generator that does not depend on the order of the checks."""
        return np.random.default_rng([self.case.seed, 3, *numbers])

    @cached_property
    def layer(self) -> Any:
        """The layer in float32, built and with weights off their initial values."""
        layer = self.built()
        self.perturb(layer)
        return layer

    @cached_property
    def outputs(self) -> list[Array]:
        """The outputs of `layer` for `inputs`, computed eagerly."""
        return self.run(self.layer, self.inputs)

    @cached_property
    def twin(self) -> Any:
        """The layer in float64, with the weights of `layer`.

        Digits that float32 does not have are added, so that their loss can be seen.
        """
        twin = self.under("float64")[0]
        rng = self.rng_for(1)
        for one in twin.weights:
            value = backend.to_numpy(one)
            if is_float(value):
                one.assign(value * (1 + 1e-9 * rng.random(value.shape)))
        return twin

    @cached_property
    def outputs64(self) -> list[Array]:
        """The outputs of `twin` for `inputs64`."""
        return self.run(self.twin, self.inputs64)

    def under(self, policy: str) -> tuple[Any, set[int]]:
        """The layer under a dtype policy with the weights of `layer`.

        With it come the ids of the weights of layers that were given as arguments.
        A layer that does not run there is for `outputs_have_compute_dtype` to fail.
        """
        if self.flaw_under(policy):
            raise NotApplicable(f"not run, for {self.name} fails under {policy}")
        layer = self._under[policy]
        given = {id(w) for one in self.layers_given_to(layer) for w in one.weights}
        return layer, given

    def flaw_under(self, policy: str) -> str | None:
        """Why the layer does not run under a dtype policy; None where it does.

        Where the backend lacks a kernel on this device, or float64, which nobody but
        the checks needs, that is no fault of the layer.
        """
        self.require_floats()
        if policy not in self._under:
            try:
                self._under[policy] = self.twin_of(self.layer, policy)
            except CheckFailure as failure:
                error = failure.__cause__
                measuring = policy == "float64" and backend.lacks_dtype(error)
                if measuring or backend.lacks_kernel(error):
                    raise NotApplicable(
                        f"the backend cannot run {self.name} under {policy} here"
                    ) from failure
                self._under[policy] = str(failure)
        found = self._under[policy]
        return found if isinstance(found, str) else None

    def require_floats(self) -> None:
        """Ends a check of a layer that computes in integers, whatever the policy."""
        computes = self.core(self.layer).compute_dtype
        if "float" not in computes:
            raise NotApplicable(f"{self.name} computes in {computes} by itself")

    def outputs_under(self, policy: str) -> list[Array]:
        """The outputs of the layer under a dtype policy, for float32 inputs."""
        inputs = self.inputs64 if policy == "float64" else self.inputs
        return self.run(self.under(policy)[0], inputs)

    def layers_given_to(self, layer: Any) -> list[Any]:
        """The sublayers of a layer that came as constructor arguments."""
        kinds = tuple(
            type(one)
            for one in keras.tree.flatten(dict(self.case.args))
            if isinstance(one, keras.layers.Layer)
        )
        # A wrapper may keep copies of what it was given, under names of its own.
        found = [one for one in sublayers(layer) if isinstance(one, kinds)]
        return [inner for one in found for inner in [one, *sublayers(one)]]

    @cached_property
    def upstream(self) -> list[Array]:
        """A random upstream gradient for every float output of `twin`."""
        rng = self.rng_for(0)
        return [random_like(one, rng) for one in self.outputs64 if is_float(one)]

    def graph(
        self, xla: bool = False, open_axis: int | None = None
    ) -> backend.Compiled:
        """`layer` as one graph, of the stated shapes or with one axis left open."""
        key = (open_axis, xla)
        if key not in self._graphs:
            shapes = self.with_open(*([] if open_axis is None else [open_axis]))
            self._graphs[key] = self.compiled(self.layer, shapes, xla)
        return self._graphs[key]

    def wrap(self, layer: Any) -> Any:
        """A functional model around a layer."""
        if self.is_functional(layer):
            return layer
        inputs = [
            keras.Input(batch_shape=shape, dtype=str(one.dtype))
            for shape, one in zip(self.open_shapes, self.inputs, strict=True)
        ]
        with self.blame(
            f"putting the layer into a functional model, {self.open_shapes}",
            "`call` must work on `keras.Input`: without values, with unknown sizes.",
        ):
            outputs = self.call_packed(layer, inputs)
            return keras.Model(inputs[0] if len(inputs) == 1 else inputs, outputs)

    @cached_property
    def model(self) -> Any:
        """A functional model around `layer`."""
        return self.wrap(self.layer)

    def run_model(self, model: Any) -> list[Array]:
        """Calls a model of `wrap` on the case's inputs."""
        tensors = [backend.tensor(one) for one in self.inputs]
        with still(model):
            outputs = model(tensors[0] if len(tensors) == 1 else tensors)
        return [backend.to_numpy(one) for one in keras.tree.flatten(outputs)]

    @cached_property
    def folder(self) -> Path:
        """A temporary folder of this case."""
        path = Path(tempfile.mkdtemp(prefix="layer-case-"))
        atexit.register(shutil.rmtree, path, ignore_errors=True)
        return path

    @cached_property
    def saved(self) -> Path:
        """`model`, saved in Keras' own format."""
        path = self.folder / "model.keras"
        with self.blame(
            "saving a model with the layer in it",
            "`get_config` must return plain values; variables belong in `add_weight`.",
        ):
            self.model.save(path)
        return path


_CONTEXTS: OrderedDict[int, Context] = OrderedDict()


def context_of(case: LayerCase) -> Context:
    """The context of a case; those of the last few cases are kept."""
    context = _CONTEXTS.get(id(case))
    if context is None or context.case is not case:
        backend.prepare()
        context = _CONTEXTS[id(case)] = Context(case)
        while len(_CONTEXTS) > 4:
            _CONTEXTS.popitem(last=False)
    _CONTEXTS.move_to_end(id(case))
    return context
