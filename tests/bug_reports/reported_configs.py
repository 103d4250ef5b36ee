"""Configs: 7, 13, 18, 21 and 24 of the list, each with its mend."""

import keras
from keras import ops

registered = keras.saving.register_keras_serializable(package="reported")


@registered
class MaskedScale(keras.layers.Layer):
    """7: `from_config` leaves out `threshold`."""

    def __init__(self, factor=2.0, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.factor, self.threshold = factor, threshold

    def call(self, inputs):
        return ops.where(inputs > self.threshold, inputs * self.factor, inputs)

    def get_config(self):
        return {
            **super().get_config(),
            "factor": self.factor,
            "threshold": self.threshold,
        }

    @classmethod
    def from_config(cls, config):
        return cls(
            factor=config["factor"],
            name=config["name"],
            dtype=config["dtype"],
            trainable=config["trainable"],
        )


@registered
class MaskedScaleMended(keras.layers.Layer):
    def __init__(self, factor=2.0, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.factor, self.threshold = factor, threshold

    def call(self, inputs):
        return ops.where(inputs > self.threshold, inputs * self.factor, inputs)

    def get_config(self):
        return {
            **super().get_config(),
            "factor": self.factor,
            "threshold": self.threshold,
        }


@registered
class Capsules(keras.layers.Layer):
    """13: has arguments, and a config of none of them."""

    def __init__(self, capsules, size, **kwargs):
        super().__init__(**kwargs)
        self.capsules = capsules
        self.size = size
        self.initializer = keras.initializers.get("glorot_uniform")

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.capsules * self.size),
            initializer=self.initializer,
        )

    def call(self, inputs):
        votes = ops.matmul(inputs, self.kernel)
        votes = ops.reshape(votes, (-1, self.capsules, self.size))
        return votes / (1.0 + ops.sum(ops.square(votes), axis=-1, keepdims=True))

    def get_config(self):
        return super().get_config()


@registered
class CapsulesMended(keras.layers.Layer):
    def __init__(self, capsules, size, **kwargs):
        super().__init__(**kwargs)
        self.capsules = capsules
        self.size = size
        self.initializer = keras.initializers.get("glorot_uniform")

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.capsules * self.size),
            initializer=self.initializer,
        )

    def call(self, inputs):
        votes = ops.matmul(inputs, self.kernel)
        votes = ops.reshape(votes, (-1, self.capsules, self.size))
        return votes / (1.0 + ops.sum(ops.square(votes), axis=-1, keepdims=True))

    def get_config(self):
        return {
            **super().get_config(),
            "capsules": self.capsules,
            "size": self.size,
        }


@registered
class DenseBlock(keras.layers.Layer):
    """18: hands the dictionary on as one argument."""

    def __init__(self, units=4, **kwargs):
        super().__init__(kwargs)
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )

    def call(self, inputs):
        return ops.relu(ops.matmul(inputs, self.kernel))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@registered
class DenseBlockMended(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )

    def call(self, inputs):
        return ops.relu(ops.matmul(inputs, self.kernel))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@registered
class LocalResponse(keras.layers.Layer):
    """21: every layer of the class is loaded under one name."""

    def __init__(self, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs):
        return inputs / (1.0 + self.alpha * ops.square(inputs))

    def get_config(self):
        config = super().get_config()
        config.update({"name": self.__class__.__name__, "alpha": self.alpha})
        return config


@registered
class LocalResponseMended(keras.layers.Layer):
    def __init__(self, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs):
        return inputs / (1.0 + self.alpha * ops.square(inputs))

    def get_config(self):
        config = super().get_config()
        config.update({"alpha": self.alpha})
        return config


@registered
class Metric(keras.layers.Layer):
    """24: the config holds the tensor that was made of the argument."""

    def __init__(self, metric, **kwargs):
        super().__init__(**kwargs)
        self.metric = ops.convert_to_tensor(metric, "float32")

    def call(self, inputs):
        return inputs * ops.cast(self.metric, inputs.dtype)

    def get_config(self):
        return {**super().get_config(), "metric": self.metric}


@registered
class MetricMended(keras.layers.Layer):
    def __init__(self, metric, **kwargs):
        super().__init__(**kwargs)
        self.metric = list(metric)

    def call(self, inputs):
        return inputs * ops.convert_to_tensor(self.metric, inputs.dtype)

    def get_config(self):
        return {**super().get_config(), "metric": self.metric}
