"""Layers with one fault each, in configs and arguments, and the checks that catch them."""

import keras
from broken_cases import case
from correct_layers import Affine
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_configs")


@register
class ForgetsUnits(Affine):
    def get_config(self):
        config = super().get_config()
        del config["units"]
        return config


@register
class ForgetsWhatKerasReturns(keras.layers.Dense):
    def get_config(self):
        config = super().get_config()
        return {name: config[name] for name in config if name != "use_bias"}


@register
class ForgetsWhatIsSet(keras.layers.Dense):
    def get_config(self):
        config = super().get_config()
        config.pop("lora_rank", None)
        return config


@register
class ForgetsScale(Affine):
    def get_config(self):
        return {**super().get_config(), "scale": 1.0}


@register
class IntegerKeys(keras.layers.Layer):
    def __init__(self, table, **kwargs):
        super().__init__(**kwargs)
        self.table = dict(table)

    def call(self, x):
        return x * sum(self.table.values())

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "table": dict(self.table)}


@register
class ArrayInConfig(IntegerKeys):
    def __init__(self, table, **kwargs):
        super().__init__({}, **kwargs)
        self.table = table

    def call(self, x):
        return x * 2

    def get_config(self):
        return {**super().get_config(), "table": {1, 2}}


@register
class LiveObjects(keras.layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def build(self, input_shape):
        if not self.inner.built:
            self.inner.build(input_shape)

    def call(self, x):
        return self.inner(x)

    def get_config(self):
        return {**super().get_config(), "inner": self.inner}


SHARED = keras.initializers.RandomNormal(seed=1)


@register
class SharedInitializer(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.kernel_initializer = SHARED


class Ignores(Affine):
    """Leaves out what `add_weight` should be told about the kernel."""

    told = ("initializer", "regularizer", "constraint")

    def build(self, input_shape):
        told = {one: getattr(self, f"kernel_{one}") for one in self.told}
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(name="kernel", shape=shape, **told)
        self.bias = self.add_weight(name="bias", shape=(self.units,))


@register
class IgnoresInitializer(Ignores):
    told = ("regularizer", "constraint")


@register
class IgnoresRegularizer(Ignores):
    told = ("initializer", "constraint")


@register
class IgnoresConstraint(Ignores):
    told = ("initializer", "regularizer")


@register
class PenalizesTwice(Affine):
    def call(self, x):
        if self.kernel_regularizer is not None:
            self.add_loss(self.kernel_regularizer(self.kernel))
        return super().call(x)


@register
class OnlyWhatKerasSaves(Affine):
    def get_config(self):
        return keras.layers.Layer.get_config(self)


@register
class FirstOneCounts(Affine):
    """Keeps its arguments on the class, where the first layer's stay."""

    kept = {}

    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.kept.setdefault("units", units)

    def get_config(self):
        return {**super().get_config(), "units": self.kept["units"]}


@register
class SwapsInitializers(Affine):
    def build(self, input_shape):
        both = self.kernel_initializer, self.bias_initializer
        self.bias_initializer, self.kernel_initializer = both
        super().build(input_shape)


@register
class ConstrainsInCall(Affine):
    def build(self, input_shape):
        constraint, self.kernel_constraint = self.kernel_constraint, None
        super().build(input_shape)
        self.kernel_constraint = constraint

    def affine(self, x):
        if self.kernel_constraint is None:
            return super().affine(x)
        return ops.matmul(x, self.kernel_constraint(self.kernel)) + self.bias


BROKEN = {
    "config_has_every_argument": [
        (case(ForgetsUnits), "lacks the constructor arguments ['units']"),
        (case(ForgetsWhatKerasReturns), "the constructor arguments ['use_bias']"),
        (
            case(ForgetsWhatIsSet, args={"units": 7, "lora_rank": 2}),
            "the constructor arguments ['lora_rank']",
        ),
        (case(OnlyWhatKerasSaves), "arguments ['units', 'activation', 'scale',"),
    ],
    "config_survives_json": [
        (
            case(IntegerKeys, args={"table": {1: 2.0}}),
            "`table` is {1: 2.0} (dict), and after a way through JSON {'1': 2.0}",
        ),
        (case(ArrayInConfig, args={"table": [1]}), "raised TypeError"),
    ],
    "config_differs_when_argument_differs": [
        (case(ForgetsScale), "with scale=0.5 instead of 1.0 the config still says 1.0"),
        (case(FirstOneCounts), "with units=8 instead of 7 the config still says 7"),
    ],
    "clones_share_nothing": [
        (case(LiveObjects, args={"inner": keras.layers.Dense(2)}), "shares each"),
        (case(SharedInitializer), "shares `self.kernel_initializer`"),
    ],
    "initializer_takes_effect": [
        (case(IgnoresInitializer), "the weight `kernel` starts as"),
        (case(SwapsInitializers), "the weight `kernel` starts as 0.0"),
    ],
    "regularizer_takes_effect": [
        (case(IgnoresRegularizer), "losses grow by 0; the penalty of ['kernel'] is"),
        (case(PenalizesTwice), "the penalty of ['kernel'] is"),
    ],
    "constraint_takes_effect": [
        (case(IgnoresConstraint), "the weight `kernel` has the constraint None"),
        (case(ConstrainsInCall), "the weight `kernel` has the constraint None"),
    ],
}
