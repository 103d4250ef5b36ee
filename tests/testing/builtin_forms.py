"""Keras' layers that compute on features and on images, each as a case."""

import numpy as np
from keras import layers

from layergen.testing import LayerCase

SEQUENCE, IMAGE, VOLUME = (2, 5, 4), (2, 6, 8, 3), (2, 4, 6, 5, 3)


def of(layer, inputs, outputs, args=None, **stated):
    """A case of a layer of one input, whose reference calls it `x`."""
    return LayerCase(layer, args or {}, {"x": inputs}, outputs, **stated)


def steps(layer, outputs, args=None, **stated):
    """A case on sequences whose length may be unknown."""
    return of(layer, SEQUENCE, outputs, args, **{"unknown": (0, 1), **stated})


def image(layer, outputs, args=None, **stated):
    """A case on images whose height and width may be unknown."""
    return of(layer, IMAGE, outputs, args, **{"unknown": (0, 1, 2), **stated})


def volume(layer, outputs, args=None, **stated):
    return of(layer, VOLUME, outputs, args, **stated)


def windows(x, kernel, size):
    """A convolution of stride 1 without padding, over one axis."""
    slices = [x[:, i : i + size] for i in range(x.shape[1] - size + 1)]
    return np.stack([np.einsum("bki,kio->bo", one, kernel) for one in slices], 1)


def conv1d(x, kernel, bias, kernel_size, **_):
    return windows(x, kernel, kernel_size) + bias


def normalized(x, axes, epsilon):
    mean = x.mean(axes, keepdims=True)
    return (x - mean) / np.sqrt(x.var(axes, keepdims=True) + epsilon)


def layer_norm(x, gamma, beta, epsilon, **_):
    return normalized(x, -1, epsilon) * gamma + beta


def batch_norm(x, gamma, beta, moving_mean, moving_variance, epsilon, **_):
    return (x - moving_mean) / np.sqrt(moving_variance + epsilon) * gamma + beta


def rms_norm(x, scale, epsilon, **_):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + epsilon) * scale


def pooled(x, pool_size, how):
    """Pools one axis by whole windows."""
    count = x.shape[1] // pool_size
    cut = x[:, : count * pool_size]
    return how(cut.reshape(len(x), count, pool_size, -1), 2)


def soft(x, **_):
    exponentials = np.exp(x - x.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


THREE = {"filters": 3, "kernel_size": 3}
FORMS = {
    "Dense": steps(
        layers.Dense,
        (2, 5, 7),
        {"units": 7, "activation": "tanh"},
        weights={"kernel": (4, 7), "bias": (7,)},
        mask="pass",
        reference=lambda x, kernel, bias, **_: np.tanh(x @ kernel + bias),
    ),
    "EinsumDense": steps(
        layers.EinsumDense,
        (2, 5, 2, 3),
        {"equation": "abc,cde->abde", "output_shape": [5, 2, 3], "bias_axes": "de"},
        unknown=(0,),
        weights={"kernel": (4, 2, 3), "bias": (2, 3)},
        reference=lambda x, kernel, bias, **_: np.tensordot(x, kernel, 1) + bias,
    ),
    "Conv1D": steps(
        layers.Conv1D,
        (2, 3, 3),
        THREE,
        weights={"kernel": (3, 4, 3), "bias": (3,)},
        unknown=(0,),
        reference=conv1d,
    ),
    "Conv1D (causal)": steps(
        layers.Conv1D,
        (2, 5, 3),
        {**THREE, "padding": "causal", "activation": "relu", "dilation_rate": 2},
    ),
    "Conv2D": image(
        layers.Conv2D,
        (2, 3, 4, 5),
        {"filters": 5, "kernel_size": (3, 2), "strides": 2, "padding": "same"},
        weights={"kernel": (3, 2, 3, 5), "bias": (5,)},
    ),
    "Conv3D": volume(layers.Conv3D, (2, 3, 5, 4, 4), {"filters": 4, "kernel_size": 2}),
    "Conv1DTranspose": steps(
        layers.Conv1DTranspose,
        (2, 11, 3),
        {**THREE, "strides": 2},
        weights={"kernel": (3, 3, 4), "bias": (3,)},
    ),
    "Conv2DTranspose": image(
        layers.Conv2DTranspose,
        (2, 12, 16, 5),
        {"filters": 5, "kernel_size": 3, "strides": 2, "padding": "same"},
    ),
    "Conv3DTranspose": volume(
        layers.Conv3DTranspose, (2, 5, 7, 6, 4), {"filters": 4, "kernel_size": 2}
    ),
    "DepthwiseConv1D": steps(
        layers.DepthwiseConv1D,
        (2, 5, 8),
        {"kernel_size": 3, "depth_multiplier": 2, "padding": "same"},
    ),
    "DepthwiseConv2D": image(layers.DepthwiseConv2D, (2, 4, 6, 3), {"kernel_size": 3}),
    "SeparableConv1D": steps(
        layers.SeparableConv1D, (2, 5, 3), {**THREE, "padding": "same"}
    ),
    "SeparableConv2D": image(
        layers.SeparableConv2D, (2, 4, 6, 5), {"filters": 5, "kernel_size": 3}
    ),
    "BatchNormalization": steps(
        layers.BatchNormalization,
        SEQUENCE,
        training=True,
        weights={"gamma": (4,), "beta": (4,)},
        states={"moving_mean": (4,), "moving_variance": (4,)},
        mask="pass",
        reference=batch_norm,
    ),
    "LayerNormalization": steps(
        layers.LayerNormalization,
        SEQUENCE,
        weights={"gamma": (4,), "beta": (4,)},
        mask="pass",
        reference=layer_norm,
    ),
    "RMSNormalization": steps(
        layers.RMSNormalization,
        SEQUENCE,
        weights={"scale": (4,)},
        reference=rms_norm,
    ),
    "GroupNormalization": image(
        layers.GroupNormalization,
        IMAGE,
        {"groups": 3},
        weights={"gamma": (3,), "beta": (3,)},
        reference=lambda x, gamma, beta, epsilon, **_: normalized(x, (1, 2), epsilon)
        * gamma
        + beta,
    ),
    "UnitNormalization": steps(
        layers.UnitNormalization,
        SEQUENCE,
        weights={},
        reference=lambda x, **_: x / np.sqrt((x**2).sum(-1, keepdims=True)),
    ),
    "SpectralNormalization": LayerCase(
        layers.SpectralNormalization,
        {"layer": layers.Dense(7)},
        {"x": (2, 4)},
        (2, 7),
        training=True,
        states={"vector_u": (1, 7)},
    ),
    "MaxPooling1D": steps(
        layers.MaxPooling1D,
        (2, 2, 4),
        {"pool_size": 2},
        reference=lambda x, pool_size, **_: pooled(x, pool_size, np.max),
    ),
    "MaxPooling2D": image(layers.MaxPooling2D, (2, 3, 4, 3)),
    "MaxPooling3D": volume(layers.MaxPooling3D, (2, 2, 3, 2, 3)),
    "AveragePooling1D": steps(
        layers.AveragePooling1D,
        (2, 2, 4),
        {"pool_size": 2},
        reference=lambda x, pool_size, **_: pooled(x, pool_size, np.mean),
    ),
    "AveragePooling2D": image(
        layers.AveragePooling2D, (2, 3, 4, 3), {"pool_size": 2, "padding": "same"}
    ),
    "AveragePooling3D": volume(
        layers.AveragePooling3D, (2, 2, 3, 2, 3), {"pool_size": 2}
    ),
    "AdaptiveAveragePooling2D": of(
        layers.AdaptiveAveragePooling2D, IMAGE, (2, 2, 4, 3), {"output_size": (2, 4)}
    ),
    "GlobalMaxPooling1D": steps(
        layers.GlobalMaxPooling1D, (2, 4), reference=lambda x, **_: x.max(1)
    ),
    "GlobalMaxPooling2D": image(
        layers.GlobalMaxPooling2D, (2, 3), reference=lambda x, **_: x.max((1, 2))
    ),
    "GlobalAveragePooling1D": steps(
        layers.GlobalAveragePooling1D,
        (2, 4),
        mask="stop",
        reference=lambda x, **_: x.mean(1),
    ),
    "GlobalAveragePooling2D": image(
        layers.GlobalAveragePooling2D,
        (2, 3),
        {"keepdims": False},
        reference=lambda x, **_: x.mean((1, 2)),
    ),
    "GlobalAveragePooling3D": volume(
        layers.GlobalAveragePooling3D,
        (2, 3),
        reference=lambda x, **_: x.mean((1, 2, 3)),
    ),
    "Activation": steps(
        layers.Activation,
        SEQUENCE,
        {"activation": "gelu"},
        weights={},
        mask="pass",
    ),
    "ReLU": steps(
        layers.ReLU,
        SEQUENCE,
        {"max_value": 1.5, "negative_slope": 0.25},
        mask="pass",
        reference=lambda x, **_: np.where(x < 0, 0.25 * x, np.minimum(x, 1.5)),
    ),
    "LeakyReLU": steps(
        layers.LeakyReLU,
        SEQUENCE,
        mask="pass",
        reference=lambda x, **_: np.where(x < 0, 0.3 * x, x),
    ),
    "PReLU": of(
        layers.PReLU,
        SEQUENCE,
        SEQUENCE,
        weights={"alpha": (5, 4)},
        mask="pass",
        reference=lambda x, alpha, **_: np.where(x < 0, alpha * x, x),
    ),
    "ELU": steps(
        layers.ELU,
        SEQUENCE,
        mask="pass",
        reference=lambda x, alpha, **_: np.where(x < 0, alpha * np.expm1(x), x),
    ),
    "Softmax": steps(layers.Softmax, SEQUENCE, reference=soft),
}
