"""Layers with one fault each in a method or a property, and the checks that catch them."""

import keras
import numpy as np
from broken_cases import case
from correct_layers import Scored
from keras import ops

from layergen.testing import Method

register = keras.saving.register_keras_serializable(package="broken_methods")


def score(h, kernel, **_):
    return h @ kernel


def length(kernel, **_):
    return np.sqrt((kernel**2).sum())


@register
class ScoresTwice(Scored):
    def score(self, h):
        return 2 * super().score(h)


@register
class SumsSquares(Scored):
    @property
    def length(self):
        return ops.sum(ops.square(self.checked("length")))


@register
class Flattens(Scored):
    def score(self, h):
        return ops.reshape(super().score(h), (-1,))


@register
class LeavesFloat32(Scored):
    def score(self, h):
        return ops.matmul(ops.cast(h, "float32"), ops.cast(self.kernel, "float32"))


@register
class LeavesWeights(Scored):
    @property
    def length(self):
        self.checked("length")
        return ops.sqrt(ops.sum(ops.square(self.kernel)))


@register
class RemembersCalls(Scored):
    factor = 0.0

    def call(self, x):
        self.factor = 1.0
        return super().call(x)

    def score(self, h):
        return self.factor * super().score(h)


@register
class NeedsACall(Scored):
    def call(self, x):
        self.width = int(x.shape[-1])
        return super().call(x)

    @property
    def length(self):
        return super().length * (self.width / 3)


@register
class FailsInside(Scored):
    def score(self, h):
        return ops.matmul(
            ops.cast(h, self.compute_dtype), ops.cast(self.kernel, self.compute_dtype)
        )


@register
class TakesSymbols(Scored):
    def score(self, h):
        kernel = ops.cast(self.checked("score"), self.compute_dtype)
        return ops.matmul(ops.cast(h, self.compute_dtype), kernel)


@register
class NamesNothing(Scored):
    @property
    def length(self):
        if not self.built:
            raise ValueError("no weights")
        return super().length


def of(layer):
    methods = {
        "score": Method({"h": (2, 3)}, outputs=(2, 7), reference=score),
        "length": Method(reference=length),
    }
    return case(layer, methods=methods)


BROKEN = {
    "methods_equal_their_references": [
        (of(ScoresTwice), "`score` is not what its reference computes"),
        (of(SumsSquares), "`length` is not what its reference computes"),
        (of(Flattens), "`score` returns the shapes [(14,)]; stated are [(2, 7)]"),
    ],
    "methods_follow_the_policy": [
        (of(LeavesFloat32), "output 0 of `score` is float32; expected is float16"),
        (of(LeavesWeights), "output 0 of `length` is float32; expected is float16"),
    ],
    "methods_survive_loading": [
        (of(RemembersCalls), "loaded from a .keras file, `score` computes"),
        (of(NeedsACall), "reading `length` raised AttributeError"),
    ],
    "methods_refuse_what_they_cannot_take": [
        (of(FailsInside), "before the layer is built, `score` raises AttributeError"),
        (of(TakesSymbols), "on a symbolic tensor, `score` raises nothing"),
        (of(NamesNothing), "which does not name it"),
    ],
}
