"""Whether a case stands: whether its layer can be made, and called as stated."""

import inspect
from typing import Any

import keras

from .backend import backend
from .calling import Call
from .case import Array
from .making import Make
from .outcomes import meant
from .source import source_of

TENSORS = "Return a tensor, or a tuple, list or dict of tensors."


def is_the_right_kind(make: Make) -> None:
    """Fails unless the case makes a Keras layer; a cell, where it is run as one."""
    kind: Any = make.case.layer
    fail = make.blame.fail
    if make.case.is_class and not issubclass(kind, keras.layers.Layer):
        fail(
            "the class is no `keras.layers.Layer`.",
            "Derive it from one, or give a function that builds a model.",
        )
    if make.case.is_class:
        has_a_call_of_its_own(make)
    made = make.bare()
    if not isinstance(made, keras.layers.Layer):
        fail(
            f"calling the case's `layer` gives {made!r}, which is no layer.",
            "Return the layer or the model that it builds.",
        )
    if make.case.is_cell and not hasattr(made, "state_size"):
        fail(
            "`call` takes `states`, as a cell's does, but there is no `state_size`.",
            "Set `self.state_size` in the constructor; or, if it is no cell, call the "
            "argument otherwise.",
        )


def has_a_call_of_its_own(make: Make) -> None:
    """Fails where `__call__` or `forward` stands for the `call` that Keras runs.

    A `__call__` that goes on to Keras' own is no such thing.
    """
    kind: Any = make.case.layer
    base: Any = keras.layers.Layer
    lacks = kind.call is base.call and not issubclass(kind, keras.Model)
    own = not kind.__call__.__module__.startswith("keras.")
    if own and (lacks or not source_of(kind).goes_on("__call__")):
        make.blame.fail(
            "`__call__` is written in place of `call`: nothing of what Keras does around "
            "`call` is done, from building the layer to casting its inputs.",
            "Name it `call`, and leave it to Keras to call `build`.",
        )
    if lacks and getattr(kind, "forward", None) is not getattr(base, "forward", None):
        make.blame.fail(
            "there is a `forward`, and no `call`, which is what Keras runs.",
            "Name it `call`.",
        )
    if lacks:
        make.blame.fail("there is no `call`, which is what Keras runs.", "Write it.")


def takes_its_inputs(call: Call) -> None:
    """Fails unless `call` has a parameter for each of the case's inputs and arguments.

    The first input is passed by position, whatever its name.
    """
    case = call.case
    layer: Any = case.layer
    if not case.is_class:
        return
    parameters = inspect.signature(layer.call).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return
    taken = case.call_parameters[1:]
    named = [] if case.inputs_as else list(case.inputs)[1:]
    for name in [*named, *(case.call_args or {}), *(case.scalars or {})]:
        if name not in parameters:
            call.blame.fail(
                f"`call` has no parameter `{name}`; it has {list(taken)}.",
                "Name the case's inputs, `call_args` and `scalars` as `call` does."
                + meant(name, taken),
            )


def returns_tensors(call: Call, layer: Any, inputs: list[Array]) -> None:
    """Fails unless a call returns tensors, and one at least."""
    returned = call.flat(layer, [backend.tensor(one) for one in inputs])
    if not returned:
        call.blame.fail("`call` returns nothing.", TENSORS)
    for one in returned:
        if not hasattr(one, "dtype"):
            call.blame.fail(f"`call` returns {one!r}, which is no tensor.", TENSORS)
