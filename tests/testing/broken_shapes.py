"""Layers with one fault each, in shapes, dtypes and rows, and the checks that catch them."""

import bad_cases as bad
import keras
from broken_cases import case, sequence
from correct_layers import Affine, Joined
from keras import ops

from layergen.testing import LayerCase

register = keras.saving.register_keras_serializable(package="broken_shapes")


@register
class ExtraAxis(Affine):
    def call(self, x):
        return super().call(x)[..., None]

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units, 1)


@register
class AlwaysFloat64(Affine):
    def call(self, x):
        return ops.cast(super().call(x), "float64")


@register
class Misnamed(Affine):
    def build(self, input_shape):
        self.kernel = self.add_weight(name="w", shape=(input_shape[-1], self.units))
        self.bias = self.add_weight(name="bias", shape=(self.units,))


@register
class UnusedWeight(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.unused = self.add_weight(name="unused", shape=(3,))


@register
class UndeclaredIntegers(Affine):
    def call(self, x):
        return ops.cast(super().call(x) > 0, "int32")


@register
class WrongShape(Affine):
    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units + 1)


@register
class CountsUnknown(Affine):
    def compute_output_shape(self, input_shape):
        return (input_shape[0] * 2 // 2, *input_shape[1:-1], self.units)


@register
class StaticBatch(Affine):
    def call(self, x):
        return super().call(x) + ops.zeros((x.shape[0], 1), self.compute_dtype)


@register
class StaticTime(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.steps = input_shape[1] or 1

    def call(self, x):
        total = ops.sum(super().call(x), axis=1) / self.steps
        return total

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)


@register
class Squeezes(Affine):
    def call(self, x):
        return ops.squeeze(super().call(x))


@register
class MixesRows(Affine):
    def call(self, x):
        return ops.softmax(self.affine(x), axis=0)


@register
class SwapsAxes(Affine):
    def call(self, x):
        return ops.transpose(super().call(x), (0, 2, 1))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units, input_shape[1])


@register
class HalfInside(Affine):
    def call(self, x):
        return ops.cast(super().call(x), "float16")


@register
class BakedBatch(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.rows = input_shape[0] or 1

    def call(self, x):
        return super().call(x) / self.rows


@register
class CountsSteps(Affine):
    def call(self, x):
        return super().call(x) / len(range(x.shape[1]))


@register
class Centres(Affine):
    def call(self, x):
        y = super().call(x)
        return y - ops.mean(y, axis=0, keepdims=True)


@register
class FoldsTime(Affine):
    """Gives rows of steps back as if they were steps of rows."""

    def call(self, x):
        y = super().call(x)
        return ops.reshape(ops.transpose(y, (1, 0, 2)), ops.shape(y))


@register
class Renamed(Joined):
    def call(self, inputs, mask=None):
        found = super().call(inputs, mask)
        return {"total": found["sum"], "first": found["first"]}


@register
class OnlyTuple(Joined):
    def call(self, inputs, mask=None):
        return tuple(super().call(inputs, mask).values())


def joined(layer, outputs=None):
    outputs = outputs or {"sum": (2, 3), "first": (2, 3)}
    inputs = {"query": (2, 5, 3), "value": (2, 4, 3)}
    return LayerCase(layer, {}, inputs, outputs, inputs_as="dict")


AFFINE = {"kernel": (3, 7), "bias": (7,)}


@register
class ReadsNothing(keras.layers.Layer):
    """Where the batch is open, what it reads the shape of is None."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, x):
        other = None if x.shape[0] is None else x
        return x * other.shape[1]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


BROKEN = {
    "can_be_called": [
        (
            case(bad.CrashesInInit),
            "constructing CrashesInInit(units=7) raised KeyError",
        ),
        (case(bad.CrashesInBuild), "RuntimeError: no kernel today"),
        (case(bad.CrashesInCall), "has no attribute 'offset'"),
    ],
    "output_has_stated_shape": [
        (case(ExtraAxis, outputs=(2, 7)), "[(2, 7, 1)]; stated are [(2, 7)]"),
        (sequence(SwapsAxes, outputs=(2, 5, 7)), "[(2, 7, 5)]; stated are [(2, 5, 7)]"),
        (joined(Renamed), "come as ['first', 'total'], not in a dict with the keys"),
        (joined(OnlyTuple), "come as <class 'tuple'>, not in a dict"),
        (joined(Joined, outputs=[(2, 3), (2, 3)]), "<class 'dict'>, not as a list"),
    ],
    "float_output_has_compute_dtype": [
        (case(AlwaysFloat64), "output 0 is float64"),
        (case(HalfInside), "output 0 is float16"),
    ],
    "weights_are_as_stated": [
        (case(Misnamed, weights=AFFINE), "{'w': (3, 7), 'bias': (7,)}; stated are"),
        (case(UnusedWeight, weights=AFFINE), "'unused': (3,)"),
    ],
    "symbolic_call_agrees_with_eager": [
        (case(UndeclaredIntegers), "'float32')], arrays give [((2, 7), 'int32')]"),
        (case(WrongShape), "[((2, 8), 'float32')], arrays give [((2, 7)"),
    ],
    "compute_output_shape_agrees": [
        (case(WrongShape), "is [(2, 8)]; the outputs have the shapes [(2, 7)]"),
        (case(CountsUnknown), "compute_output_shape for [(None, 3)] raised TypeError"),
    ],
    "batch_may_be_unknown": [
        (case(StaticBatch), "a graph that leaves axis 0 of the inputs open raised"),
        (case(BakedBatch), "with axis 0 left open, a graph for inputs of shape"),
        (case(ReadsNothing), "'NoneType' object has no attribute 'shape'"),
    ],
    "time_may_be_unknown": [
        (sequence(StaticTime), "with axis 1 left open, a graph for inputs of shape"),
        (
            sequence(CountsSteps),
            "a graph that leaves axis 1 of the inputs open raised TypeError",
        ),
    ],
    "batch_of_one_gives_the_same_row": [
        (case(Squeezes), "shape (7,) instead of (1, 7)"),
        (case(Centres), "the first sample alone gives another result"),
    ],
    "rows_are_independent": [
        (case(MixesRows), "depends on the other samples"),
        (sequence(FoldsTime), "depends on the other samples"),
    ],
}
