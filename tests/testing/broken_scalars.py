"""Layers with one fault each in what they take for numbers and scalar tensors."""

import keras
from broken_cases import case
from correct_layers import Shifted
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_scalars")


def shifted(x, start, **_):
    return x + start


@register
class NumbersAlone(Shifted):
    def call(self, x, start=0):
        return x + float(start) if isinstance(start, int) else x


@register
class RoundsTensors(Shifted):
    def call(self, x, start=0):
        if ops.is_tensor(start):
            start = start // 2
        return x + ops.cast(start, x.dtype)


@register
class OneTooMany(Shifted):
    def call(self, x, start=0):
        return super().call(x, start + 1)


@register
class LooksAtIt(Shifted):
    def call(self, x, start=0):
        return x + float(start)


@register
class BranchesOnIt(Shifted):
    def call(self, x, start=0):
        return super().call(x, start) if start > 2 else x


@register
class NothingTraced(Shifted):
    def call(self, x, start=0):
        known = hasattr(start, "numpy") or not ops.is_tensor(start)
        return super().call(x, start if known else 0)


def of(layer):
    return case(layer, args={}, scalars={"start": (3, 0)}, reference=shifted)


BROKEN = {
    "numbers_and_tensors_agree": [
        (of(NumbersAlone), "the outputs are others"),
        (of(RoundsTensors), "the outputs are others"),
        (of(OneTooMany), "with start=3, the outputs are not the reference's"),
    ],
    "one_trace_serves_every_number": [
        (of(LooksAtIt), "a graph of the layer with a tensor for `start`"),
        (of(BranchesOnIt), "`ops.cond`"),
        (of(NothingTraced), "one graph does not serve start=3"),
    ],
}
