"""Layers with one fault each, on several devices, and the checks that catch them.

JAX alone spreads layers over devices, and is imported where it is used.
"""

import keras
import numpy as np
from broken_cases import case
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_distribution")


class Scaled(keras.layers.Layer):
    """A dense layer without activation, whose output has a size per unit."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(name="kernel", shape=shape)
        self.size = self.add_weight(name="size", shape=(), trainable=False)

    def call(self, x):
        return ops.matmul(x, self.kernel) * (1.0 + ops.square(self.size))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class DividesByReplicas(Scaled):
    """Makes up for a sum over replicas, which nobody takes."""

    def call(self, x):
        distribution = keras.distribution.distribution()
        replicas = distribution.num_model_replicas if distribution else 1
        self.add_loss(ops.mean(ops.square(x)) / replicas)
        return super().call(x)


@register
class CountsItsShare(Scaled):
    """Counts what it takes one replica to have seen."""

    def build(self, input_shape):
        super().build(input_shape)
        self.count = self.add_weight(
            name="count", shape=(), dtype="int32", initializer="zeros", trainable=False
        )

    def call(self, x, training=None):
        distribution = keras.distribution.distribution()
        replicas = distribution.num_model_replicas if distribution else 1
        if training:
            self.count.assign_add(ops.shape(x)[0] // replicas)
        return super().call(x)


@register
class MeasuresItsPart(Scaled):
    """Takes what the first device holds of a weight for all of it."""

    def load_own_variables(self, store):
        super().load_own_variables(store)
        part = np.asarray(self.kernel.value.addressable_data(0))
        self.size.assign(np.linalg.norm(part))


@register
class LoadsPastTheVariable(Scaled):
    def load_own_variables(self, store):
        import jax

        super().load_own_variables(store)
        self.kernel._value = jax.numpy.asarray(store["0"])


@register
class OverEveryDevice(Scaled):
    """Spreads its output by itself, whatever the distribution says."""

    def call(self, x):
        import jax

        devices = jax.devices("cpu")
        mesh = jax.sharding.Mesh(np.array(devices), ("units",))
        y = super().call(x)
        if len(devices) == 1 or keras.distribution.distribution() is None:
            return y
        places = jax.sharding.PartitionSpec()
        return jax.lax.with_sharding_constraint(
            y, jax.sharding.NamedSharding(mesh, places)
        )


@register
class StaysWhole(Scaled):
    """Says itself where its weight lies."""

    def build(self, input_shape):
        shape = (input_shape[-1], self.units)
        distribution = keras.distribution.distribution()
        layout = None
        if distribution:
            mesh = distribution.device_mesh
            layout = keras.distribution.TensorLayout((None, None), mesh)
        drawn = keras.initializers.GlorotUniform()
        self.kernel = keras.Variable(drawn, shape, name="kernel", layout=layout)
        self.size = self.add_weight(name="size", shape=(), trainable=False)


BROKEN = {
    "data_parallel_agrees_with_one_device": [
        (case(DividesByReplicas, losses=1), "two devices, the loss differs"),
        (case(OverEveryDevice), "incompatible devices"),
        (
            case(CountsItsShare, training=True, states={"count": ()}),
            "on two devices, `count` differs",
        ),
    ],
    "sharded_weight_agrees_with_one_device": [
        (case(MeasuresItsPart), "`ModelParallel` with `kernel` cut in 3"),
        (case(LoadsPastTheVariable), "incompatible devices"),
        (case(StaysWhole), "`kernel` cut in 3, each device holds all of it"),
    ],
}
