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
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import keras
import numpy as np

Convert = Callable[[Any], Any]
INPUTS = ("inputs", "input_shape")
OF_LAYERS = ("name", "dtype", "trainable", "activity_regularizer")


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
            return [
                [one] * 2 if isinstance(one, int) else as_lists(one) for one in value
            ]
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
    if form.listed:
        _take_lists(made)
    _take_arguments(made, own, form)
    _take_inputs(made, form)


def arguments(
    own: type, known: Container[str], args: Sequence[Any], kwargs: Any
) -> Any:
    """What Keras' own layer would be given by name.

    What a generated one has no argument for is left out where it is Keras' default.
    """
    parameters = inspect.signature(own).parameters
    given = {**dict(zip(parameters, args, strict=False)), **kwargs}
    return {
        name: value
        for name, value in given.items()
        if name in known
        or name not in parameters
        or not _is_same(value, parameters[name].default)
    }


def _is_same(value: Any, other: Any) -> bool:
    return type(value) is type(other) and bool(np.all(value == other))


def _take_arguments(made: type, own: type, form: Form) -> None:
    constructor = made.__init__
    known = {*inspect.signature(constructor).parameters, *form.names, *OF_LAYERS}

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        given = arguments(own, known, args, kwargs)
        given = {form.names.get(name, name): one for name, one in given.items()}
        for name, convert in form.values.items():
            if name in given or convert is data_format:
                given[name] = convert(given.get(name))
        constructor(self, **given)

    # Keras binds what a layer is made with to the signature of its constructor.
    __init__.__signature__ = inspect.signature(own.__init__)  # type: ignore[attr-defined]
    made.__init__ = __init__  # type: ignore[misc]


def _take_inputs(made: Any, form: Form) -> None:
    """Lets the input be called `inputs`, and a mask that is given by hand `mask`."""
    masks = [one for one in inspect.signature(made.call).parameters if "_mask" in one]

    def wrapped(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: Any, *args: Any, mask: Any = None, **kwargs: Any) -> Any:
            given = [*args, *(kwargs.pop(one) for one in INPUTS if one in kwargs)]
            if form.listed and len(given) == 1 and _is_several(given[0]):
                given = [*given[0]]
            if mask is not None:
                listed = dict(zip(masks, mask, strict=False)) if form.listed else {}
                kwargs |= listed or {form.mask: mask}
            return method(self, *given, **kwargs)

        return call

    for name in ("__call__", "compute_output_shape", "compute_output_spec"):
        setattr(made, name, wrapped(getattr(made, name)))


def _take_lists(made: Any) -> None:
    """Lets `build` and `compute_mask` take lists of what belongs to each input."""
    constructor, compute_mask = made.__init__, made.compute_mask
    has_build = made.build is not keras.layers.Layer.build

    def __init__(self: Any, **kwargs: Any) -> None:
        constructor(self, **kwargs)
        build = self.build  # Keras has wrapped it for this layer alone.

        @wraps(build)
        def build_all(*args: Any, **kwargs: Any) -> None:
            shapes = [*args, *(kwargs.pop(one) for one in INPUTS if one in kwargs)]
            if len(shapes) == 1 and _is_several(shapes[0]):
                shapes = [*shapes[0]] if has_build else [shapes[0][0]]
            build(*shapes, **kwargs)

        self.build = build_all

    def of_first(self: Any, inputs: Any, mask: Any = None) -> Any:
        if _is_several(inputs):
            inputs, mask = inputs[0], None if mask is None else mask[0]
        return compute_mask(self, inputs, mask)

    __init__.__signature__ = inspect.signature(constructor)  # type: ignore[attr-defined]
    made.__init__, made.compute_mask = __init__, of_first


def _is_several(value: Any) -> bool:
    """Whether a value is a list of tensors or of shapes, and no tensor or shape."""
    if not isinstance(value, tuple | list) or not value:
        return False
    return isinstance(value[0], tuple | list | np.ndarray) or hasattr(value[0], "shape")


def recurrent(cell: type, own: type, names: Mapping[str, str]) -> type:
    """A recurrent layer that is made and called as Keras' own, around a generated cell."""
    of_layer = {*inspect.signature(keras.layers.RNN).parameters, *OF_LAYERS}
    known = {*of_layer, *inspect.signature(cell).parameters, *names}

    class Recurrent(keras.layers.RNN):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs.pop("implementation", None)  # A way to compute the same.
            if args and isinstance(args[0], cell):
                super().__init__(*args, **kwargs)
                return
            given = arguments(own, known, args, kwargs)
            of_cell = {name: given.pop(name) for name in {*given} - of_layer}
            of_cell = {names.get(name, name): one for name, one in of_cell.items()}
            super().__init__(cell(dtype=given.get("dtype"), **of_cell), **given)

    signature = inspect.signature(own.__init__)
    Recurrent.__init__.__signature__ = signature  # type: ignore[attr-defined]
    Recurrent.__name__ = Recurrent.__qualname__ = own.__name__
    register = keras.saving.register_keras_serializable("keras_tests")
    return register(Recurrent)
