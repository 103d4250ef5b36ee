"""The ways in which a layer is run and compared; each returns what is wrong, or ""."""

from __future__ import annotations

import inspect
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras.src.backend.common.masking import get_keras_mask
from unseen.trial import Trial, flatten, generator, in_float64


@keras.saving.register_keras_serializable(package="unseen")
class WithMask(keras.layers.Layer):
    """Gives the first of two tensors the second as its mask."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "dtype": "float32", "autocast": False})

    def call(self, pair: Any) -> Any:
        return pair[0]

    def compute_mask(self, pair: Any, previous: Any) -> Any:
        return pair[1]

    def compute_output_spec(self, pair: Any) -> Any:
        return keras.KerasTensor(pair[0].shape, pair[0].dtype)


def built(trial: Trial) -> Any:
    """A new layer with all weights and states set."""
    layer = trial.make()
    call(layer, trial.tensors(), trial.mask_tensors(), False)
    trial.fill(layer)
    return layer


def call(layer: Any, tensors: list[Any], masks: list[Any], training: Any) -> Any:
    """Call a layer with masks on its inputs."""
    given = [
        x if mask is None else WithMask()([x, mask])
        for x, mask in zip(tensors, masks, strict=True)
    ]
    takes = "training" in inspect.signature(layer.call).parameters
    return layer(*given, **({"training": training} if takes else {}))


def losses(layer: Any) -> Any:
    return sum((tf.cast(one, "float32") for one in layer.losses), tf.constant(0.0))


def numbers(outputs: Any) -> list[np.ndarray]:
    return [np.asarray(keras.ops.convert_to_numpy(one)) for one in flatten(outputs)]


def trainings(trial: Trial) -> list[bool]:
    return [False, True] if getattr(trial.module, "TRAINING", False) else [False]


def compare(trial: Trial, layer: Any, want: Any, outputs: Any, loss: Any) -> str:
    """Outputs, losses and the states after a call."""
    states = {path: one.numpy() for path, one in trial.weights(layer).items()}
    found = [
        trial.wrong(want["outputs"], numbers(outputs), "output"),
        trial.wrong(want["losses"], float(loss), "loss"),
        *(trial.wrong(want["states"][path], states[path], path) for path in states),
    ]
    return next((one for one in found if one), "")


def eager(trial: Trial) -> str:
    """Inference, then training; masks; what holds of two calls; a cell in an RNN."""
    for training in trainings(trial):
        layer = built(trial)
        want = trial.expected(layer, training)
        layer._clear_losses()
        outputs = call(layer, trial.tensors(), trial.mask_tensors(), training)
        found = compare(trial, layer, want, outputs, losses(layer))
        if not found and "mask" in want:
            found = wrong_mask(want["mask"], outputs)
        if found:
            return f"training, {found}" if training else found
    if hasattr(trial.module, "check"):
        drawing(trial)
    if hasattr(trial.module, "gradients") and trial.policy == "float32":
        found = wrong_gradient(trial)
        if found:
            return found
    return in_rnn(trial) if getattr(trial.module, "CELL", False) else ""


def wrong_mask(want: Any, outputs: Any) -> str:
    wanted = list(want) if isinstance(want, tuple) else [want]
    masks = [get_keras_mask(one) for one in flatten(outputs)]
    masks = masks[: len(wanted)]
    for right, mask in zip(wanted, masks, strict=True):
        if (right is None) != (mask is None):
            return "the output has a mask" if right is None else "no mask on the output"
        if right is not None and not np.array_equal(np.asarray(mask), right):
            return "the output's mask is another"
    return ""


def drawing(trial: Trial) -> None:
    layer = built(trial)
    weights = {k: in_float64(v.numpy()) for k, v in trial.weights(layer).items()}
    first, second = (
        numbers(call(layer, trial.tensors(), trial.mask_tensors(), True))
        for _ in range(2)
    )
    inputs = keras.tree.map_structure(in_float64, trial.inputs)
    trial.module.check(first, second, inputs, weights, trial.args())


def wrong_gradient(trial: Trial) -> str:
    layer, tensors = built(trial), trial.tensors()
    weights = trial.weights(layer)
    sources = dict(zip(trial.inputs, tensors, strict=True)) | weights
    values = {k: in_float64(v.numpy()) for k, v in weights.items()}
    with tf.GradientTape() as tape:
        tape.watch([one for one in flatten(tensors) if one.dtype.is_floating])
        outputs = flatten(call(layer, tensors, trial.mask_tensors(), False))
        up = [generator(f"up {i}").normal(size=y.shape) for i, y in enumerate(outputs)]
        total = sum(
            tf.reduce_sum(tf.cast(y, "float32") * u.astype("float32"))
            for y, u in zip(outputs, up, strict=True)
        )
    inputs = keras.tree.map_structure(in_float64, trial.inputs)
    up = up if len(up) > 1 else up[0]
    want = trial.module.gradients(inputs, values, trial.args(), up)
    variables = {k: getattr(sources[k], "value", sources[k]) for k in want}
    got = tape.gradient(total, variables, unconnected_gradients="zero")
    wrong = (trial.wrong(want[k], numbers(got[k]), f"gradient of {k}") for k in want)
    return next((one for one in wrong if one), "")


def in_rnn(trial: Trial) -> str:
    """Four steps from states of zeros."""
    cell = built(trial)
    x = np.stack([trial.inputs["x"] * s for s in (1.0, -0.5, 0.25, 2.0)], axis=1)
    states = [np.zeros_like(one) for one in trial.inputs["states"]]
    want = []
    trial.inputs = dict(trial.inputs)
    for step in range(4):
        trial.inputs |= {"x": x[:, step], "states": states}
        out, *states = flatten(trial.expected(cell, False)["outputs"])
        want.append(out)
    got = keras.layers.RNN(cell, return_sequences=True, dtype=trial.policy)(x)
    return trial.wrong(np.stack(want, axis=1), numbers(got), "in an RNN")


def compiled(trial: Trial) -> str:
    for training in trainings(trial):
        layer = built(trial)
        want = trial.expected(layer, training)

        @tf.function(jit_compile=True)
        def step(tensors: Any, layer: Any = layer, training: bool = training) -> Any:
            layer._clear_losses()
            outputs = call(layer, tensors, trial.mask_tensors(), training)
            return flatten(outputs), losses(layer)

        outputs, loss = step(trial.tensors())
        layer._clear_losses()
        found = compare(trial, layer, want, outputs, loss)
        if found:
            return f"training, {found}" if training else found
    return ""


def model_of(trial: Trial, layer: Any) -> tuple[keras.Model, list[Any]]:
    """A functional model of a layer, and what goes into it."""
    opened, given, arrays, inputs = getattr(trial.module, "OPEN", {}), [], [], []

    def placeholder(array: np.ndarray, axes: Any) -> Any:
        shape = [None if i in axes else n for i, n in enumerate(array.shape)]
        inputs.append(keras.Input(shape[1:], dtype=str(array.dtype)))
        arrays.append(array)
        return inputs[-1]

    for name, value in trial.inputs.items():
        axes = opened.get(name, ())
        one = keras.tree.map_structure(lambda a, axes=axes: placeholder(a, axes), value)
        if name in trial.masks:
            one = WithMask()([one, placeholder(trial.masks[name], axes)])
        given.append(one)
    outputs = layer(*given)
    trial.fill(layer)
    return keras.Model(inputs, outputs), arrays


def saved(trial: Trial) -> str:
    """A functional model, saved, loaded, and called."""
    layer = trial.make()
    model, arrays = model_of(trial, layer)
    want = trial.expected(layer, False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        loaded = keras.saving.load_model(path)
    loaded._clear_losses()
    outputs = loaded([tf.constant(one) for one in arrays], training=False)
    again = next(one for one in loaded.layers if isinstance(one, trial.layer))
    return compare(trial, again, want, outputs, losses(loaded))


def fit(trial: Trial) -> str:
    """One step of training: the loss is a number, and weights move."""
    layer = trial.make()
    model, arrays = model_of(trial, layer)
    outputs = flatten(model.outputs)
    is_float = [keras.backend.is_float_dtype(one.dtype) for one in outputs]
    model.compile("sgd", loss=["mse" if one else None for one in is_float])
    batch = arrays[0].shape[0]
    shapes = [one.shape for one in flatten(trial.expected(layer, False)["outputs"])]
    targets = [generator("target").normal(size=shape) for shape in shapes]
    before = [one.numpy() for one in model.trainable_variables]
    history = model.fit(arrays, targets, batch_size=batch, epochs=1, verbose=0)
    loss = history.history["loss"][0]
    if not np.isfinite(loss):
        return f"the loss is {loss}"
    after = [one.numpy() for one in model.trainable_variables]
    still = all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    return "no weight moved" if before and still else ""
