"""Whether a case stands: whether its layer can be made, and called as stated."""

from typing import TYPE_CHECKING, Any

import keras

from . import backend
from .arguments import meant, unknown_inputs

if TYPE_CHECKING:
    from .context import Context

TENSORS = "Return a tensor, or a tuple, list or dict of tensors."


def stand(ctx: "Context") -> None:
    """Makes the shared layer and calls it; raises CheckFailure where that fails."""
    is_the_right_kind(ctx)
    for name in unknown_inputs(ctx.case):
        taken = ctx.case.call_parameters[1:]
        ctx.fail(
            f"`call` has no parameter `{name}`; it has {list(taken)}.",
            "Name the case's inputs and `call_args` as `call` does."
            + meant(name, taken),
        )
    with ctx.blame("drawing the case's inputs", "Correct their shapes and ranges."):
        ctx.inputs  # noqa: B018
    if not ctx.outputs:
        ctx.fail("`call` returns nothing.", TENSORS)
    returned = ctx.call(ctx.layer, [backend.tensor(one) for one in ctx.inputs])
    for one in returned:
        if not hasattr(one, "dtype"):
            ctx.fail(f"`call` returns {one!r}, which is no tensor.", TENSORS)


def is_the_right_kind(ctx: "Context") -> None:
    """Fails unless the case makes a Keras layer; a cell, where it is run as one."""
    kind: Any = ctx.case.layer
    if ctx.case.is_class and not issubclass(kind, keras.layers.Layer):
        ctx.fail(
            "the class is no `keras.layers.Layer`.",
            "Derive it from one, or give a function that builds a model.",
        )
    made = ctx.construct()
    if not isinstance(made, keras.layers.Layer):
        ctx.fail(
            f"calling the case's `layer` gives {made!r}, which is no layer.",
            "Return the layer or the model that it builds.",
        )
    if ctx.case.is_cell and not hasattr(made, "state_size"):
        ctx.fail(
            "`call` takes `states`, as a cell's does, but there is no `state_size`.",
            "Set `self.state_size` in the constructor; or, if it is no cell, call the "
            "argument otherwise.",
        )
