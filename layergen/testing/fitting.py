"""Running a layer inside `fit`, as users' models do."""

import warnings
from typing import Any

import keras
import numpy as np

from .backend import backend
from .context import Context
from .introspect import changing
from .numerics import is_float
from .outcomes import NotApplicable

FITS = "`call` must work inside a graph, in training."


class Student(keras.Model):  # type: ignore[misc]
    """A model around a layer that is built inside `fit`, as users' models are.

    `front` makes a layer without weights learnable: it mixes the first float input's
    last axis before the layer sees it.
    """

    def __init__(self, ctx: Context, layer: Any, front: Any = None) -> None:
        super().__init__()
        self.ctx, self.inner, self.front = ctx, layer, front

    def build(self, input_shape: Any) -> None:
        """Nothing of its own: the layer is built when it is first called."""
        self.built = True

    def call(self, inputs: Any, training: Any = None) -> Any:
        """The layer's float outputs.

        On JAX `fit` calls this without the context that would hand `training` on.
        """
        flat = list(inputs)
        if self.front is not None:
            place = self.ctx.case.input_kinds.index("f")
            flat[place] = self.front(flat[place])
        outputs = self.ctx.call.flat_step(self.inner, flat, training=training)
        return [one for one in outputs if keras.backend.is_float_dtype(one.dtype)]


class Stays(keras.callbacks.Callback):  # type: ignore[misc]
    """Gives a layer the states and random draws of another before every step.

    So it is one function throughout, whose targets can be learned.
    """

    def __init__(self, layer: Any, source: Any) -> None:
        super().__init__()
        self.layer, self.source = layer, source

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Called by fit, for the first time before it has built the layer."""
        if not self.layer.built:
            return
        pairs = zip(changing(self.layer), changing(self.source), strict=True)
        for one, other in pairs:
            one.assign(backend.to_numpy(other))


def require_batches(ctx: Context) -> None:
    """Ends a check of a layer that `fit` cannot feed, or get a loss from."""
    if not any(is_float(one) for one in ctx.outputs):
        raise NotApplicable(f"{ctx.name} has no float output")
    if len({one.shape[:1] for one in [*ctx.inputs, *ctx.outputs]}) > 1:
        raise NotApplicable(f"{ctx.name} has inputs or outputs without a batch axis")


def idle_fit(ctx: Context, layer: Any) -> float:
    """One step of fit that moves no weight; the sum of the losses that calls add."""
    require_batches(ctx)
    if ctx.case.gradient is None and layer.trainable_weights:
        raise NotApplicable(f"{ctx.name} has weights that fit cannot train")
    targets = [one for one in ctx.outputs if is_float(one)]
    model = Student(ctx, layer)
    model.compile(keras.optimizers.SGD(0.0), loss=[nothing] * len(targets))
    inputs = [np.asarray(one) for one in ctx.inputs]
    with ctx.blame("one step of fit", FITS), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # There may be no weight to train.
        history = model.fit(
            inputs, targets, batch_size=len(targets[0]), shuffle=False, verbose=0
        )
    return float(history.history["loss"][0])


def nothing(wanted: Any, received: Any) -> Any:
    """A loss of zero for every sample."""
    flat = keras.ops.reshape(received, (keras.ops.shape(received)[0], -1))
    return 0.0 * keras.ops.mean(flat, axis=1)
