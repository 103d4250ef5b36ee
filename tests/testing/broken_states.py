"""Layers with one fault each, in states, and the checks that catch them."""

import keras
import tensorflow as tf
from broken_cases import averages, carry, case
from correct_stateful import Carry, RunningMean
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_states")


@register
class TrainedState(RunningMean):
    def build(self, input_shape):
        super().build(input_shape)
        self.mean.trainable = True
        self._untrack_variable(self.mean)
        self._track_variable(self.mean)


@register
class SecretState(RunningMean):
    def build(self, input_shape):
        super().build(input_shape)
        self.secret = self.add_weight(
            name="secret", shape=(), initializer="zeros", trainable=False
        )

    def call(self, x, training=None):
        if training:
            self.secret.assign_add(1.0)
        return super().call(x, training=training)


@register
class NeverUpdated(RunningMean):
    def call(self, x, training=None):
        mean = self.new_mean(x) if training else self.mean
        if training:
            self.scale.assign(0.5 * self.scale + 0.5)
            self.count.assign_add(1)
        scale = ops.cast(self.scale, x.dtype) * ops.cast(self.gain, x.dtype)
        return (x - ops.cast(mean, x.dtype)) * scale


@register
class UpdatesEagerly(RunningMean):
    def call(self, x, training=None):
        return super().call(x, training=training and tf.executing_eagerly())


@register
class CountsInPython(RunningMean):
    steps = 0

    def call(self, x, training=None):
        y = super().call(x, training=training)
        if training:
            self.steps += 1
            self.count.assign(self.steps)
        return y


@register
class UpdatesAlways(RunningMean):
    def call(self, x, training=None):
        return super().call(x, training=True)


@register
class ForgetsStates(RunningMean):
    def save_own_variables(self, store):
        store["0"] = self.gain

    def load_own_variables(self, store):
        self.gain.assign(store["0"])


@register
class ResetsToZero(RunningMean):
    def reset_state(self):
        super().reset_state()
        self.mean.assign(ops.zeros(self.mean.shape))


@register
class RepeatsRandom(RunningMean):
    def reset_state(self):
        super().reset_state()
        fresh = self.scale_initializer
        self.scale.assign(fresh(self.scale.shape, dtype=self.scale.dtype))


@register
class ResetsWeights(RunningMean):
    def reset_state(self):
        super().reset_state()
        self.gain.assign(0.5 * self.gain)


@register
class AnyBatch(Carry):
    def build(self, input_shape):
        super().build((input_shape[0] or 1, *input_shape[1:]))
        self.input_spec = None


@register
class UnclearAboutBatch(Carry):
    def build(self, input_shape):
        if input_shape[0] is None:
            raise ValueError("unsupported shape")
        super().build(input_shape)


@register
class Drifts(RunningMean):
    def build(self, input_shape):
        super().build(input_shape)
        self._untrack_variable(self.mean)
        self.mean = self.add_weight(
            name="mean", shape=(input_shape[-1],), initializer="ones", trainable=False
        )


@register
class CountsReplicas(RunningMean):
    def build(self, input_shape):
        super().build(input_shape)
        self._untrack_variable(self.count)
        self.count = self.add_weight(
            name="count",
            shape=(),
            initializer="zeros",
            dtype="int32",
            trainable=False,
            aggregation="sum",
        )


@register
class RunsOnReplicas(Carry):
    def refuse_replicas(self):
        pass


@register
class AssignsWhatItWas(RunningMean):
    def new_mean(self, x):
        return self.mean.value


@register
class CountsByNumpy(RunningMean):
    def call(self, x, training=None):
        y = super().call(x, training=training)
        if training:
            count = tf.numpy_function(lambda n: n, [self.count.value], "int32")
            count.set_shape(())
            self.count.assign(count)
        return y


@register
class CountsTwiceInGraphs(RunningMean):
    def call(self, x, training=None):
        if training and not tf.executing_eagerly():
            self.count.assign_add(1)
        return super().call(x, training=training)


@register
class ResetsWhenLoaded(RunningMean):
    def load_own_variables(self, store):
        super().load_own_variables(store)
        self.reset_state()


@register
class RefusesWithoutReason(Carry):
    def refuse_replicas(self):
        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            raise ValueError("unsupported strategy")


BROKEN = {
    "states_are_as_stated": [
        (averages(TrainedState), "the state `mean` is trainable"),
        (averages(SecretState), "a call changes `secret`, which is not stated"),
        (
            case(Carry, args={}, states={"carry": (3,)}, unknown=()),
            "the state `carry` has shape (2, 3); stated is (3,)",
        ),
        (
            case(Carry, args={}, states={"total": (3,)}, unknown=()),
            "there are no states ['total'] among its weights ['carry']",
        ),
    ],
    "a_step_updates_every_state": [
        (averages(NeverUpdated), "change nothing in the states ['mean']"),
        (averages(AssignsWhatItWas), "change nothing in the states ['mean']"),
    ],
    "states_agree_in_graph": [
        (averages(UpdatesEagerly), "of a graph instead of eager ones, `mean` differs"),
        (averages(CountsInPython), "of a graph instead of eager ones, `count` differs"),
    ],
    "states_agree_under_xla": [
        (averages(CountsInPython), "under XLA instead of eager ones, `count` differs"),
        (averages(CountsByNumpy), "compiling the layer in training with XLA raised"),
    ],
    "states_agree_in_fit": [
        (averages(UpdatesEagerly), "step of fit instead of one call, `mean` differs"),
        (
            averages(CountsTwiceInGraphs),
            "step of fit instead of one call, `count` differs",
        ),
    ],
    "states_are_saved": [
        (averages(ForgetsStates), "from its .keras file, the state `mean` differs"),
        (averages(ResetsWhenLoaded), "from its .keras file, the state `mean` differs"),
    ],
    "reset_state_restores_initial_values": [
        (averages(ResetsToZero), "after reset_state() `mean` is not what it was"),
        (averages(RepeatsRandom), "brings back the random value `scale` had first"),
        (averages(ResetsWeights), "reset_state() changes the weight `gain`"),
    ],
    "fixed_batch_is_asked_for": [
        (carry(AnyBatch), "an unknown batch size is accepted"),
        (carry(UnclearAboutBatch), "without naming it: "),
    ],
    "states_agree_across_replicas": [
        (averages(Drifts), "on two replicas `mean` is not the same on both"),
        (averages(CountsReplicas), "`count` is not what one device makes"),
    ],
    "replicas_share_no_state_per_sample": [
        (carry(RunsOnReplicas), "of replica 0 is not what its own samples leave"),
        (carry(RefusesWithoutReason), "not refused clearly, but by ValueError"),
    ],
}
