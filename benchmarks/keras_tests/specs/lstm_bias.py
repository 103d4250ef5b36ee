"""What an initializer of Keras has to be combined from for the bias of an LSTM."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_tests")
class ForgetsLittle(keras.initializers.Initializer):
    """Ones for the second of four parts, the gate that keeps; the rest by another."""

    def __init__(self, rest, ones=True):
        self.rest = keras.initializers.get(rest)
        self.ones = ones

    def __call__(self, shape, dtype=None):
        if not self.ones:
            return self.rest(shape, dtype=dtype)
        part = (shape[0] // 4,)
        others = self.rest((shape[0] - part[0],), dtype=dtype)
        return ops.concatenate(
            [others[: part[0]], ops.ones(part, dtype=dtype), others[part[0] :]]
        )

    def get_config(self):
        rest = keras.saving.serialize_keras_object(self.rest)
        return {"rest": rest, "ones": self.ones}
