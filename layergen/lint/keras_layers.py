"""What the linter knows of Keras' own classes; a test compares it with Keras' source."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Layers that surely hold variables, each made when the layer is built.
WEIGHTED = _names("""
    AdditiveAttention BatchNormalization Conv1D Conv1DTranspose Conv2D Conv2DTranspose
    Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Convolution1D
    Convolution1DTranspose Convolution2D Convolution2DTranspose Convolution3D
    Convolution3DTranspose Dense DepthwiseConv1D DepthwiseConv2D EinsumDense Embedding
    GRU GRUCell GroupNormalization GroupQueryAttention LSTM LSTMCell LayerNormalization
    MultiHeadAttention PReLU RMSNormalization SeparableConv1D SeparableConv2D
    SeparableConvolution1D SeparableConvolution2D SimpleRNN SimpleRNNCell
    SpectralNormalization
    """)

# Arguments without which some of them hold none.
WITHOUT_WEIGHTS = ({"center", "scale"}, {"use_scale"})

# Layers that hold the state of a random generator, made with the layer itself.
SEEDED = _names("""
    AlphaDropout Dropout GaussianDropout GaussianNoise RandomBrightness
    RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop
    RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale
    RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation
    RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom
    SpatialDropout1D SpatialDropout2D SpatialDropout3D
    """)

# Layers that compute on tensors in their own dtype, so that it matters which.
COMPUTING = WEIGHTED | SEEDED | _names("""
    Activation Add Attention Average AveragePooling1D AveragePooling2D AveragePooling3D
    Concatenate Dot ELU GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
    LeakyReLU MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum Multiply ReLU
    Rescaling Softmax Subtract UnitNormalization UpSampling1D UpSampling2D
    UpSampling3D
    """)

# Layers that return one tensor, the batch first, from a tensor with the batch first.
ONE_TENSOR = COMPUTING - _names("""
    GRUCell LSTMCell SimpleRNNCell ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU LSTM SimpleRNN
    MultiHeadAttention GroupQueryAttention AdditiveAttention Attention
    """)

# Properties of a layer that cannot be assigned to.
READ_ONLY = _names("""
    compute_dtype dtype input input_dtype losses metrics metrics_variables
    non_trainable_variables non_trainable_weights output path quantization_mode
    trainable_variables trainable_weights variable_dtype variables weights
    """)

# Methods that a layer had in Keras 2 and has no more, with what to do instead.
GONE_METHODS = {
    "add_metric": "keep a `keras.metrics.Metric` on the layer, and `update_state` it",
    "add_update": "assign to the weight in `call`: `self.count.assign(...)`",
    "get_input_at": "use `self.input`",
    "get_input_shape_at": "keep what `build` is given",
    "get_output_at": "use `self.output`",
    "get_output_shape_at": "use `compute_output_shape`",
    "get_updates_for": "assign to the weight in `call`",
    "get_losses_for": "use `self.losses`",
}

# All that `keras.backend` still has.
BACKEND = _names("""
    Variable backend clear_session epsilon floatx get_uid image_data_format
    is_float_dtype is_int_dtype is_keras_tensor result_type set_epsilon set_floatx
    set_image_data_format standardize_dtype
    """)

# What a layer's own config holds, and more that `Layer.__init__` takes.
BASE_ARGUMENTS = _names("name dtype trainable activity_regularizer autocast")
BASE_KEYS = BASE_ARGUMENTS | _names("input_shape input_dim")

# Initializers that give the same values on purpose.
CONSTANT_INITIALIZERS = _names("""
    Constant Identity IdentityInitializer Ones STFT STFTInitializer Zeros constant
    identity one ones stft zero zeros
    """)
