"""Layers with one fault each, in losses, and the checks that catch them."""

import keras
import tensorflow as tf
from broken_cases import case
from correct_stateful import Penalty
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_losses")


@register
class AddsTwice(Penalty):
    def call(self, x):
        y = super().call(x)
        self.add_loss(ops.mean(ops.square(y)))
        return y


@register
class ForgetsLoss(Penalty):
    def add_loss(self, loss):
        pass


@register
class InfiniteLoss(Penalty):
    def add_loss(self, loss):
        super().add_loss(loss / 0.0)


@register
class AddsEagerly(Penalty):
    def add_loss(self, loss):
        super().add_loss(loss if tf.executing_eagerly() else 2 * loss)


@register
class KeepsLosses(Penalty):
    kept = ()

    def add_loss(self, loss):
        self.kept = (*self.kept, loss)

    @property
    def losses(self):
        return list(self.kept)


@register
class AddsAPythonNumber(Penalty):
    def add_loss(self, loss):
        super().add_loss(ops.convert_to_tensor(float(loss)))


@register
class NothingInGraphs(Penalty):
    def add_loss(self, loss):
        super().add_loss(loss if tf.executing_eagerly() else 0 * loss)


@register
class AddsMoreEachCall(Penalty):
    calls = 0

    def add_loss(self, loss):
        self.calls += 1
        for _ in range(self.calls):
            super().add_loss(loss / self.calls)


BROKEN = {
    "call_adds_stated_losses": [
        (case(AddsTwice, losses=1), "a call adds 2 losses; stated are 1"),
        (case(ForgetsLoss, losses=1), "a call adds 0 losses; stated are 1"),
        (case(InfiniteLoss, losses=1), "a call adds the loss inf"),
        (case(Penalty), "a call adds 1 losses; stated are 0"),
    ],
    "losses_agree_in_graph": [
        (case(AddsEagerly, losses=1), "a graph adds other losses than an eager call"),
        (case(AddsAPythonNumber, losses=1), "reads the layer's losses raised"),
    ],
    "losses_reach_fit": [
        (case(AddsEagerly, losses=1), "losses add up to"),
        (case(NothingInGraphs, losses=1), "but fit minimizes 0."),
    ],
    "second_call_does_not_double_losses": [
        (case(KeepsLosses, losses=1), "after the second call there are 2 losses"),
        (case(AddsMoreEachCall, losses=1), "call there are 2 losses"),
    ],
}
