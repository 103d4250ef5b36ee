"""Faults of Keras' own layers: the checks that find them, and Keras alone showing them.

Each `reproduce` uses nothing but Keras and returns whether the fault is still there.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers


@dataclass(frozen=True)
class Gap:
    """What is wrong, which checks fail for it, and how to see it in Keras alone."""

    fault: str
    checks: tuple[str, ...]
    reproduce: Callable[[], bool]


def softmax_refuses_a_delivered_mask():
    masked = layers.Masking()(np.ones((2, 5, 4), "float32"))
    try:
        layers.Softmax()(masked)
    except ValueError as error:
        return "broadcastable" in str(error)
    return False


def spectral_normalization_moves_a_frozen_kernel():
    layer = layers.SpectralNormalization(layers.Dense(3))
    x = np.ones((2, 4), "float32")
    layer(x)
    layer.trainable = False
    before = np.array(layer.layer.kernel)
    layer(x, training=True)
    return not np.allclose(before, layer.layer.kernel)


def normalization_cannot_be_built_in_fit():
    layer = layers.Normalization(mean=[1.0, 2.0], variance=[4.0, 1.0])
    model = keras.Sequential([layer, layers.Dense(1)])
    model.compile("sgd", "mse")
    try:
        model.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
        model(np.ones((2, 2), "float32"))
    except Exception as error:
        return "out of scope" in str(error)
    return False


def category_encoding_ignores_its_dtype():
    layer = layers.CategoryEncoding(num_tokens=3, dtype="mixed_float16")
    return layer(np.array([[0, 1]])).dtype != "float16"


def time_distributed_takes_the_batch_for_the_time():
    inputs = keras.Input((None, 4))
    model = keras.Model(inputs, layers.TimeDistributed(layers.Dense(3))(inputs))
    found = []
    for batch, time in ((2, 5), (3, 6), (2, 7)):  # The last graph is for any size.
        outputs = model.predict_on_batch(np.ones((batch, time, 4), "float32"))
        found.append(outputs.shape == (batch, time, 3))
    return not all(found)


GAPS = {
    "Softmax": Gap(
        "A mask of batch and time, which Keras itself delivers, is refused.",
        ("masks_are_delivered",),
        softmax_refuses_a_delivered_mask,
    ),
    "SpectralNormalization": Gap(
        "A call in training assigns to the wrapped kernel, frozen or not.",
        ("calls_leave_trained_weights",),
        spectral_normalization_moves_a_frozen_kernel,
    ),
    "Normalization": Gap(
        "Given mean and variance are kept as tensors of the graph it is built in.",
        ("no_tensor_is_kept",),
        normalization_cannot_be_built_in_fit,
    ),
    "CategoryEncoding": Gap(
        "The output is float32 under every dtype policy.",
        ("outputs_have_compute_dtype",),
        category_encoding_ignores_its_dtype,
    ),
    "TimeDistributed": Gap(
        "With batch and time unknown, as many steps are computed as there are samples.",
        ("time_may_be_unknown",),
        time_distributed_takes_the_batch_for_the_time,
    ),
}
