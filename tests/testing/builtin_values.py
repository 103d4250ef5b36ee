"""Keras' layers that reshape and prepare values, each as a case."""

import numpy as np
from builtin_forms import IMAGE, SEQUENCE, VOLUME, image, of, steps, volume
from keras import layers

from layergen.testing import Input

PIXELS = Input(IMAGE, min=0.0, max=255.0)
CODES = Input((2, 5), "int32", 0, 5)


def pixels(layer, outputs, args=None, **stated):
    """A case on images whose values are colours."""
    return of(layer, PIXELS, outputs, args, **stated)


def codes(layer, outputs, args, **stated):
    """A case on integers, through which no gradient flows."""
    return of(layer, CODES, outputs, args, gradient=None, **stated)


def multi_hot(x, num_tokens, **_):
    return np.array([[float(i in row) for i in range(num_tokens)] for row in x])


VALUES = {
    "Identity": steps(
        layers.Identity, SEQUENCE, mask="pass", reference=lambda x, **_: x
    ),
    "Flatten": of(
        layers.Flatten,
        SEQUENCE,
        (2, 20),
        reference=lambda x, **_: x.reshape(len(x), -1),
    ),
    "Reshape": of(
        layers.Reshape,
        SEQUENCE,
        (2, 2, 10),
        {"target_shape": (2, 10)},
        reference=lambda x, **_: x.reshape(-1, 2, 10),
    ),
    "Permute": steps(
        layers.Permute,
        (2, 4, 5),
        {"dims": (2, 1)},
        reference=lambda x, **_: x.transpose(0, 2, 1),
    ),
    "RepeatVector": of(
        layers.RepeatVector,
        (2, 4),
        (2, 3, 4),
        {"n": 3},
        reference=lambda x, n, **_: np.stack([x] * n, 1),
    ),
    "Cropping1D": steps(
        layers.Cropping1D,
        (2, 2, 4),
        {"cropping": (1, 2)},
        reference=lambda x, **_: x[:, 1:-2],
    ),
    "Cropping2D": of(
        layers.Cropping2D,
        IMAGE,
        (2, 3, 5, 3),
        {"cropping": ((1, 2), (0, 3))},
        reference=lambda x, **_: x[:, 1:-2, :-3],
    ),
    "Cropping3D": volume(layers.Cropping3D, (2, 2, 4, 3, 3)),
    "UpSampling1D": steps(
        layers.UpSampling1D,
        (2, 10, 4),
        reference=lambda x, size, **_: x.repeat(size, 1),
    ),
    "UpSampling2D": image(
        layers.UpSampling2D,
        (2, 12, 24, 3),
        {"size": (2, 3)},
        reference=lambda x, **_: x.repeat(2, 1).repeat(3, 2),
    ),
    "UpSampling3D": volume(layers.UpSampling3D, (2, 8, 12, 10, 3)),
    "ZeroPadding1D": steps(
        layers.ZeroPadding1D,
        (2, 8, 4),
        {"padding": (1, 2)},
        reference=lambda x, **_: np.pad(x, ((0, 0), (1, 2), (0, 0))),
    ),
    "ZeroPadding2D": image(layers.ZeroPadding2D, (2, 8, 10, 3)),
    "ZeroPadding3D": of(layers.ZeroPadding3D, VOLUME, (2, 6, 8, 7, 3)),
    "Rescaling": steps(
        layers.Rescaling,
        SEQUENCE,
        {"scale": 0.25, "offset": -1.0},
        weights={},
        reference=lambda x, scale, offset, **_: scale * x + offset,
    ),
    "Normalization": of(
        layers.Normalization,
        (2, 3),
        (2, 3),
        {"mean": [1.0, 2.0, 3.0], "variance": [4.0, 1.0, 0.25]},
        reference=lambda x, **_: (x - [1, 2, 3]) / [2, 1, 0.5],
    ),
    "Discretization": of(
        layers.Discretization,
        (2, 5),
        (2, 5),
        {"bin_boundaries": [-0.5, 0.0, 1.0]},
        gradient=None,
        reference=lambda x, bin_boundaries, **_: np.digitize(x, bin_boundaries),
    ),
    "CategoryEncoding": codes(
        layers.CategoryEncoding, (2, 6), {"num_tokens": 6}, reference=multi_hot
    ),
    "CenterCrop": pixels(
        layers.CenterCrop,
        (2, 4, 4, 3),
        {"height": 4, "width": 4},
        reference=lambda x, **_: x[:, 1:5, 2:6],
    ),
    "RandomFlip": pixels(layers.RandomFlip, IMAGE, gradient=None),
    "RandomBrightness": pixels(
        layers.RandomBrightness, IMAGE, {"factor": 0.4}, gradient=None
    ),
}
