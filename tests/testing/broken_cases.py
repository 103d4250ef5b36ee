"""How the broken layers are stated: as cases, like the layers that they are made from."""

import keras
import numpy as np

from layergen.testing import LayerCase


def case(layer, inputs=(2, 3), args=None, **stated):
    """A case of a layer whose constructor takes `units`."""
    args = {"units": 7} if args is None else args
    return LayerCase(layer, args, {"x": inputs}, **{"strict": True, **stated})


def sequence(layer, **stated):
    return case(layer, (2, 5, 3), **{"unknown": (0, 1), **stated})


def mean(layer, **stated):
    return case(layer, (2, 5, 3), {}, unknown=(0, 1), **stated)


def averages(layer, **stated):
    stated = {"training": True, **stated}
    states = {"mean": (3,), "scale": (3,), "count": ()}
    return case(layer, (4, 3), {}, states=states, **stated)


def carry(layer):
    return case(layer, (2, 3), {}, states={"carry": (2, 3)}, unknown=())


def noise(layer):
    return case(layer, training=True)


def every_other(layer):
    return sequence(layer, args={}, mask=lambda mask, x: mask[:, ::2])


def cell(layer, **stated):
    states = {"h": (7,), "c": (8,)}
    return sequence(layer, **{"states": states, **stated})


def affine(x, kernel, bias, scale, **_):
    return np.tanh(scale * x @ kernel + bias)


def dense(units, **_):
    return keras.layers.Dense(units, activation="tanh")


def straight_through(x, kernel, bias, upstream, **_):
    return {"bias": upstream.sum(0), "kernel": x.T @ upstream}


def custom(forward, backward):
    """A function of one tensor with a gradient of its own."""

    @keras.ops.custom_gradient
    def function(x):
        def grad(*args, upstream=None):
            (upstream,) = args if upstream is None else (upstream,)
            return backward(x, upstream)

        return forward(x), grad

    return function


class Box:
    """An object that Keras does not look into."""

    def __init__(self, content):
        self.content = content
