"""Training: fit learns, with and without XLA, and what is frozen stays."""

from typing import Any

import keras
import numpy as np

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..faulty_lines import assigning_mend
from ..fitting import Stays, Student, require_batches
from ..introspect import changing, relative_path
from ..numerics import difference, first_difference, is_float
from ..outcomes import CheckFailure, NotApplicable
from ..registry import check

EPOCHS = 20
RATE = 0.02


def task(ctx: Context, xla: bool) -> tuple[Any, list[Array]]:
    """A model with an unbuilt layer, and targets that it can learn."""
    require_batches(ctx)
    if ctx.layer.trainable_weights:
        return Student(ctx, ctx.make.new()), targets_of(ctx, ctx.inputs, xla)
    if not ctx.case.has_float_input:
        raise NotApplicable(f"{ctx.name} has no trainable weight and no float input")
    place = ctx.case.input_kinds.index("f")
    if len(ctx.case.shapes[place]) < 2:
        raise NotApplicable(f"{ctx.name} has no weight and no axis of features")
    width = ctx.case.shapes[place][-1]
    rng = ctx.draws.rng(20)
    mixed = list(ctx.inputs)
    mixing = rng.standard_normal((width, width)) / np.sqrt(width)
    mixed[place] = (mixed[place] @ mixing).astype("float32")
    front = keras.layers.Dense(width, use_bias=False, kernel_initializer="identity")
    return Student(ctx, ctx.make.new(), front), targets_of(ctx, mixed, xla)


def targets_of(ctx: Context, inputs: list[Array], xla: bool) -> list[Array]:
    """The float outputs in training: what a layer drops there it cannot learn.

    XLA draws other numbers than an eager call does.
    """
    if xla and ctx.case.is_random:
        outputs = ctx.graphs.of(ctx.layer, xla=True, training=True)(inputs)
    else:
        outputs = ctx.call.run(ctx.layer, inputs, training=True)
    return [one for one in outputs if is_float(one)]


def relative_losses(ctx: Context, targets: list[Array]) -> list[Any]:
    """For every output its mean squared error, relative to what a new layer has.

    So the size of the outputs does not matter to the optimizer.
    """
    outputs = ctx.call.run(ctx.build.new(), ctx.inputs, training=True)
    begin = [one for one in outputs if is_float(one)]
    errors = [size(one - two) for one, two in zip(begin, targets, strict=True)]
    if all(
        error <= 1e-6 * size(target)
        for error, target in zip(errors, targets, strict=True)
    ):
        raise NotApplicable(f"{ctx.name} gives the same with other weights")
    return [relative_loss(error or 1.0) for error in errors]


def size(array: Array) -> float:
    """The root of the mean square."""
    return float(np.sqrt(np.mean(np.square(array.astype("float64")))))


def relative_loss(error: float) -> Any:
    def loss(wanted: Any, received: Any) -> Any:
        if (
            len(received.shape) < 3
        ):  # Keras weighs by the mask of an output with no features.
            return keras.ops.square((wanted - received) / error)
        return keras.losses.mean_squared_error(wanted / error, received / error)

    return loss


def losses_of_fit(ctx: Context, xla: bool) -> list[float]:
    """The losses of a short training run."""
    model, targets = task(ctx, xla)
    losses = relative_losses(ctx, targets)
    model.compile(keras.optimizers.Adam(RATE), loss=losses, jit_compile=xla)
    inputs = [np.asarray(one) for one in ctx.inputs]
    with ctx.blame(
        f"fit {'with' if xla else 'without'} XLA",
        "`call` must work inside a graph, with the layer first built there.",
    ):
        history = model.fit(
            inputs,
            targets,
            batch_size=len(targets[0]),
            epochs=EPOCHS,
            shuffle=False,
            verbose=0,
            callbacks=[Stays(model.inner, ctx.layer)],
        )
    # The first step is taken before the layer has the states of the one to imitate.
    begin = 1 if changing(ctx.layer) else 0
    return [float(one) for one in history.history["loss"][begin:]]


def lowers_the_loss(ctx: Context, xla: bool) -> None:
    losses = losses_of_fit(ctx, xla)
    # What a layer adds to the loss may outweigh what it can learn.
    wanted = (0.98 if ctx.case.losses == 0 else 1.0) * losses[0]
    if not (np.isfinite(losses).all() and np.mean(losses[-3:]) < wanted):
        ctx.fail(
            f"{EPOCHS} steps of fit take the loss from {losses[0]:.6g} to "
            f"{losses[-1]:.6g}, on targets that the layer itself computed.",
            "Look for weights that are not trainable, gradients that do not arrive, "
            "and values that are not finite.",
        )


@check("training", applies=lambda case: case.gradient == "numeric", trains=True)
def fit_lowers_the_loss(ctx: Context) -> None:
    """Guards against a layer that runs but does not learn.

    The model is built inside `fit`, in a graph, as a user's `Sequential` is.
    """
    lowers_the_loss(ctx, xla=False)


@check("training", applies=lambda case: case.gradient == "numeric", trains=True)
def fit_with_xla_lowers_the_loss(ctx: Context) -> None:
    """Guards against a backward pass that XLA cannot compile.

    On a GPU Keras compiles with XLA by default; on a CPU it never does by itself, and
    nowhere with a layer that has `supports_jit = False`.
    """
    if not ctx.make.core(ctx.layer).supports_jit:
        raise NotApplicable(f"{ctx.name} says that it does not support XLA")
    backend.require_compiler()
    try:
        lowers_the_loss(ctx, xla=True)
    except CheckFailure as failure:
        if not backend.lacks_length(failure.__cause__):
            raise
        if "list of steps" in ctx.traits(ctx.layer):
            raise NotApplicable(
                "TensorFlow trains no `ops.scan` under XLA"
            ) from failure
        ctx.fail(
            "a loop of the layer cannot be trained under XLA, for it is not known how "
            "many rounds it takes.",
            "Give `ops.while_loop` its `maximum_iterations`.",
        )


@check("training")
def frozen_layer_does_not_move(ctx: Context) -> None:
    """Guards against weights that change although `trainable` is False.

    A weight assigned in `call`, or listed as trainable whatever the layer says, moves
    in every fine-tuning run.
    """
    layer = ctx.build.twin_of(ctx.layer)
    weights = list(layer.trainable_weights)
    if not weights:
        raise NotApplicable(f"{ctx.name} has no trainable weight")
    before = [backend.to_numpy(one).copy() for one in weights]
    layer.trainable = False
    listed = [one.path for one in layer.trainable_weights]
    if listed:
        ctx.fail(
            f"with trainable=False, {listed} are still trainable.",
            "Leave `trainable_weights` and `trainable` to Keras.",
        )
    for _ in range(2):
        ctx.call.step(layer, ctx.inputs, **ctx.case.in_training)
    after = [backend.to_numpy(one) for one in weights]
    found = first_difference(after, before, 0.0)
    if found:
        ctx.fail(
            f"with trainable=False, training steps change a weight: {found}.",
            "Assign to weights in no `call`; what a call updates is a non-trainable "
            "state.",
        )


def takes_training(case: LayerCase) -> bool:
    takes = case.training is None and "training" in case.call_parameters
    return takes and not case.is_random and not case.has_states


@check("training", applies=lambda case: case.training is True)
def training_differs_from_inference(ctx: Context) -> None:
    """Guards against a `training` argument that is not used, or not handed on.

    Keras passes it to `call` only under that very name.
    """
    layer = ctx.build.twin_of(ctx.layer)
    ctx.call.run(layer, ctx.inputs, training=False)
    resting = [backend.to_numpy(one) for one in layer.losses]
    before = [backend.to_numpy(one).copy() for one in layer.weights]
    with ctx.blame("calling the layer with training=True", "Take it in `call`."):
        outputs = ctx.call.step(layer, ctx.inputs, training=True)
    after = [backend.to_numpy(one) for one in layer.weights]
    losses = [backend.to_numpy(one) for one in layer.losses]
    pairs = (
        (outputs, ctx.outputs, 1e-6),
        (after, before, 0.0),
        (losses, resting, 1e-6),
    )
    if all(first_difference(*pair) is None for pair in pairs):
        ctx.fail(
            "training=True changes neither outputs nor weights nor losses.",
            "Take `training` in `call` and use it.",
        )


@check("training", applies=takes_training)
def training_equals_inference(ctx: Context) -> None:
    """Guards against a layer that behaves otherwise in training without saying so.

    Keras hands `training` to every layer inside whose `call` takes it: one `Dropout` makes
    the whole layer behave otherwise.
    """
    received = ctx.call.run(ctx.build.twin_of(ctx.layer), ctx.inputs, training=True)
    found = first_difference(received, ctx.outputs, 1e-5)
    if found:
        ctx.fail(
            f"training=True changes the outputs: {found}.",
            "State `training=True` in the case if that is meant.",
        )


@check("training")
def calls_leave_trained_weights(ctx: Context) -> None:
    """Guards against a call that assigns to what the optimizer trains.

    The next call then undoes each of its steps, and no gradient goes through `assign`:
    what the value was computed from is not trained. Where this check fails, those that
    compare two calls say nothing.
    """
    layer = ctx.build.twin_of(ctx.layer)
    # What calls have made of the weights before, another would leave as it is.
    ctx.weights.perturb(layer)
    weights = list(layer.trainable_weights)
    if not weights:
        raise NotApplicable(f"{ctx.name} has no trainable weight")
    before = [backend.to_numpy(one).copy() for one in weights]
    for modes in ({}, ctx.case.in_training):
        ctx.call.step(layer, ctx.inputs, **modes)
        for one, old in zip(weights, before, strict=True):
            if difference(backend.to_numpy(one), old, 0.0):
                ctx.fail(
                    f"a call assigns to the trainable weight "
                    f"`{relative_path(one, layer)}`.",
                    assigning_mend(ctx.case, one.name),
                )


@check("training")
def inference_changes_no_weight(ctx: Context) -> None:
    """Guards against a layer that is another one after a prediction.

    Keras lets `call` assign to any weight, in `predict` too. Only a state that is stated
    may move, and only where training is not stated to be another thing than inference.
    """
    layer = ctx.build.twin_of(ctx.layer)
    named = ctx.weights.named(layer)
    allowed = () if ctx.case.training else (ctx.case.states or ())
    moving = {id(named[name]) for name in allowed if name in named}
    watched = [one for one in layer.weights if id(one) not in moving]
    before = [backend.to_numpy(one).copy() for one in watched]
    ctx.call.step(layer, ctx.inputs)
    after = [backend.to_numpy(one) for one in watched]
    for one, old, new in zip(watched, before, after, strict=True):
        found = difference(new, old, 0.0)
        if found:
            ctx.fail(
                f"a call at inference changes the weight `{one.name}`: {found}.",
                "Update states only where `training` is true, or state them.",
            )
