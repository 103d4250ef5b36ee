"""What the fresh process does with several devices; it needs TensorFlow."""

from typing import Any

import numpy as np
import tensorflow as tf

REPLICAS = 2


def split_the_cpu() -> None:
    """Makes one CPU two devices: possible only before TensorFlow has begun."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    parts = [tf.config.LogicalDeviceConfiguration() for _ in range(REPLICAS)]
    tf.config.set_logical_device_configuration(cpu, parts)


def states_after_a_step(load: Any, shares: list[list[Any]]) -> list[Any]:
    """The non-trainable weights after one step in training, each on every replica.

    The model is loaded for a `MirroredStrategy`; the step is one graph, in which
    every replica gets its own share of the inputs.
    """
    strategy = tf.distribute.MirroredStrategy([f"CPU:{i}" for i in range(REPLICAS)])
    with strategy.scope():
        model = load()

    def one_replica() -> Any:
        number = tf.distribute.get_replica_context().replica_id_in_sync_group
        own = [tf.stack([tf.constant(a) for a in both])[number] for both in shares]
        return model(own[0] if len(own) == 1 else own, training=True)

    tf.function(lambda: strategy.run(one_replica), autograph=False)()
    return [
        np.stack([one.numpy() for one in strategy.experimental_local_results(w.value)])
        for w in model.non_trainable_weights
    ]
