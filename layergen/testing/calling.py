"""Calling the layer of a case."""

from collections.abc import Sequence
from typing import Any

import keras

from .backend import backend
from .case import Array, LayerCase
from .outcomes import Blame
from .scopes import still

RUNS = "Correct `build` and `call`, or the inputs that the case states."


def present(outputs: Any) -> list[Any]:
    """What a call returns, flat, without the parts that are None."""
    return [one for one in keras.tree.flatten(outputs) if one is not None]


class Call:
    """Calls layers as a case says: inputs by their names, arguments of calls with them.

    All but `step` and `flat_step` leave states and random generators as they were.
    """

    def __init__(self, case: LayerCase, blame: Blame) -> None:
        self.case, self.blame = case, blame

    def flat(self, layer: Any, tensors: Sequence[Any], **kwargs: Any) -> list[Any]:
        """Calls a layer on a flat list of tensors; a flat list of outputs."""
        return present(self.packed(layer, tensors, **kwargs))

    def flat_step(self, layer: Any, tensors: Sequence[Any], **kwargs: Any) -> list[Any]:
        """Calls a layer on a flat list of tensors as a program does, whose states and
        generators move on where it runs."""
        return present(self._call(layer, tensors, **kwargs))

    def packed(self, layer: Any, tensors: Sequence[Any], **kwargs: Any) -> Any:
        """Calls a layer on a flat list of tensors; what it returns, as it is."""
        with still(layer):
            return self._call(layer, tensors, **kwargs)

    def run(self, layer: Any, inputs: Sequence[Array], **kwargs: Any) -> list[Array]:
        """Calls a layer eagerly; NumPy arrays in and out."""
        with still(layer):
            return self.step(layer, inputs, **kwargs)

    def step(self, layer: Any, inputs: Sequence[Array], **kwargs: Any) -> list[Array]:
        """Calls a layer eagerly and lets states and generators move on."""
        shapes = ", ".join(str(one.shape) for one in inputs)
        with self.blame.during(f"calling the layer on inputs of shape {shapes}", RUNS):
            tensors = [backend.tensor(one) for one in inputs]
            outputs = present(self._call(layer, tensors, **kwargs))
            return [backend.to_numpy(one) for one in outputs]

    def model(self, model: Any, inputs: Sequence[Array]) -> list[Array]:
        """Calls a functional model, which takes all inputs as one."""
        given = self.of_model([backend.tensor(one) for one in inputs])
        with still(model):
            outputs = model(given)
        return [backend.to_numpy(one) for one in keras.tree.flatten(outputs)]

    def of_model(self, flat: list[Any]) -> Any:
        """What a functional model takes: one list, or a dict where the case's does."""
        if not self.case.is_class and self.case.inputs_as is not None:
            return self.case.together(self.case.pack(flat))
        return flat[0] if len(flat) == 1 else flat

    def is_functional(self, layer: Any) -> bool:
        """Whether a layer is a model that takes its inputs as one list."""
        kind: Any = self.case.layer
        own = self.case.is_class and isinstance(layer, kind)
        return isinstance(layer, keras.Model) and not own

    def _call(self, layer: Any, tensors: Sequence[Any], **kwargs: Any) -> Any:
        if self.is_functional(layer):
            packed = self.case.pack(list(tensors))
            return layer(self.case.together(packed), **kwargs)
        (_, first), *rest = self.case.arranged(list(tensors))
        return layer(first, **dict(rest), **{**(self.case.call_args or {}), **kwargs})
