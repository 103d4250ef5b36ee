"""What the linter makes of Keras' own classes."""

from __future__ import annotations

from layergen.keras_tables.layers import having


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Layers that surely hold variables, each made when the layer is built.
WEIGHTED = having("weighted")

# Arguments without which some of them hold none.
WITHOUT_WEIGHTS = ({"center", "scale"}, {"use_scale"})

# Layers that hold the state of a random generator, made with the layer itself.
SEEDED = having("seeded")

# Layers that compute on tensors in their own dtype, so that it matters which.
COMPUTING = WEIGHTED | SEEDED | _names("""
    Activation Add Attention Average AveragePooling1D AveragePooling2D AveragePooling3D
    Concatenate Dot ELU GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
    LeakyReLU MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum Multiply ReLU
    Rescaling Softmax Subtract UnitNormalization UpSampling1D UpSampling2D
    UpSampling3D
    """)

# What a layer's own config holds, and more that `Layer.__init__` takes.
BASE_ARGUMENTS = _names("name dtype trainable activity_regularizer autocast")
BASE_KEYS = BASE_ARGUMENTS | _names("input_shape input_dim")

# Initializers that give the same values on purpose.
CONSTANT_INITIALIZERS = _names("""
    Constant Identity IdentityInitializer Ones STFT STFTInitializer Zeros constant
    identity one ones stft zero zeros
    """)
