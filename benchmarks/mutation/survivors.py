"""Mutants that the emitted tests let live, equivalent ones left out: what they miss."""

SURVIVORS: dict[str, str] = {
    "layer_scale, initializer: `initializers.Constant(self.init_value)` → "
    '`"ones"`': "no test says what a weight starts from that has no argument for it",
    'layer_norm, cast dropped: `ops.cast(x, "float32")` → `x`': "of the few features of "
    "the cases half precision is as good as the checks of precision ask",
    'moving_center, weight option: `dtype="float32"` → `**{}`': "the state is float64 "
    "under float64 alone, where it is only more precise",
    "moving_center, weight option: `autocast=False` → `**{}`": "the state is read in "
    "half precision under a mixed policy, which the checks of precision allow",
    "noisy, seed: `self.seed_generator` → `7`": "one of two draws repeats; the other "
    "still differs from step to step",
    'penalized, trainable: `name="gain"` → `name="gain", trainable=False`': "weights "
    "are listed in tests of layers without sublayers alone",
    "relu_dense, functional option: `dtype=compute_dtype` → `**{}`": "the battery sets "
    "Keras' float type along with the dtype of a model",
    "swish_dense, functional option: `dtype=compute_dtype` → `**{}`": "the battery sets "
    "Keras' float type along with the dtype of a model",
    'relu_dense, functional option: `name="dense"` → `**{}`': "Keras gives the layer "
    "the same name, or counts it up",
}
