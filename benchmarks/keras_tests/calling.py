"""How Keras' tests call layers, and how layers that come from specs are called.

Nothing here computes what a layer computes. What differs is
- names: an argument that Keras calls `input_dim`, and the spec may not;
- values: one number or a tuple of them where the spec has a list, `None` where it has a
  default;
- several inputs, which some of Keras' layers take as a list and generated ones one by one;
- cells, which a recurrent layer of Keras makes by itself.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import keras
import numpy as np

Convert = Callable[[Any], Any]
INPUTS = ("inputs", "input_shape", "sequences")


@dataclass(frozen=True)
class Form:
    """How a layer is called where that differs.

    `names` maps Keras' names of arguments to those of the spec, `values` arguments of the
    spec to what is made of them. With `listed` the inputs come as a list. `mask` is the
    argument of `call` that takes a mask which is given by hand.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Convert] = field(default_factory=dict)
    listed: bool = False
    mask: str = "mask"


def times(count: int) -> Convert:
    """One number stands for as many, a tuple is a list."""
    return lambda value: (
        [value] * count if isinstance(value, int) else as_lists(value)
    )


def pairs(count: int) -> Convert:
    """One number, or one for each axis, stands for both of an axis' ends."""

    def convert(value: Any) -> Any:
        if isinstance(value, int):
            return [[value] * 2] * count
        if isinstance(value, tuple | list):
            return [[one] * 2 if isinstance(one, int) else as_lists(one) for one in value]
        return value

    return convert


def as_lists(value: Any) -> Any:
    """Tuples, also in tuples, as lists."""
    if isinstance(value, tuple | list):
        return [as_lists(one) for one in value]
    return value


def data_format(value: str | None) -> str:
    """Keras' `None` is the image format of its configuration."""
    return keras.config.image_data_format() if value is None else value


def adapt(made: type, own: type, form: Form) -> None:
    """Lets a generated class be made and called as Keras' own is."""
    _take_arguments(made, own, form)
    _take_inputs(made, form)


def _take_arguments(made: type, own: type, form: Form) -> None:
    order = [*inspect.signature(own).parameters]
    constructor = made.__init__

    @wraps(constructor)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        given = {**dict(zip(order, args, strict=False)), **kwargs}
        given = {form.names.get(name, name): one for name, one in given.items()}
        for name, convert in form.values.items():
            if name in given or convert is data_format:
                given[name] = convert(given.get(name))
        constructor(self, **given)

    made.__init__ = __init__


def _take_inputs(made: type, form: Form) -> None:
    parameters = inspect.signature(made.call).parameters
    masks = [name for name in parameters if name.endswith("_mask")]

    def several(value: Any) -> bool:
        return form.listed and _is_several(value)

    def wrapped(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: Any, *args: Any, mask: Any = None, **kwargs: Any) -> Any:
            named = [kwargs.pop(one) for one in INPUTS if one in kwargs]
            given = [*args, *named]
            if len(given) == 1 and several(given[0]):
                given = [*given[0]]
            if mask is not None:
                taken = dict(zip(masks, mask, strict=True)) if form.listed else {}
                kwargs |= taken or {form.mask: mask}
            return method(self, *given, **kwargs)

        return call

    for name in ("__call__", "build", "compute_output_shape", "compute_output_spec"):
        setattr(made, name, wrapped(getattr(made, name)))
    compute_mask = made.compute_mask

    def of_first(self: Any, inputs: Any, mask: Any = None, previous_mask: Any = None) -> Any:
        mask = previous_mask if mask is None else mask
        if several(inputs):
            inputs, mask = inputs[0], None if mask is None else mask[0]
        return compute_mask(self, inputs, mask)

    made.compute_mask = of_first


def _is_several(value: Any) -> bool:
    """Whether a value is a list of tensors or of shapes, and no tensor or shape."""
    if not isinstance(value, tuple | list) or not value:
        return False
    return isinstance(value[0], tuple | list | np.ndarray) or hasattr(value[0], "shape")


def recurrent(cell: type, own: type, names: Mapping[str, str]) -> type:
    """A recurrent layer that is made and called as Keras' own, around a generated cell."""
    order = [*inspect.signature(own).parameters]
    of_layer = {*inspect.signature(keras.layers.RNN).parameters} - {"kwargs"}

    class Recurrent(keras.layers.RNN):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            given = {**dict(zip(order, args, strict=False)), **kwargs}
            if "cell" not in given:
                common = {*of_layer, "name", "dtype", "trainable", "activity_regularizer"}
                of_cell = {name: given.pop(name) for name in {*given} - common}
                of_cell = {names.get(name, name): one for name, one in of_cell.items()}
                given["cell"] = cell(dtype=given.get("dtype"), **of_cell)
            super().__init__(**given)

    Recurrent.__name__ = Recurrent.__qualname__ = own.__name__
    register = keras.saving.register_keras_serializable("keras_tests")
    return register(Recurrent)
