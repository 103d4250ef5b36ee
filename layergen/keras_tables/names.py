"""Names that Keras and Python know, as data: reading a spec must not import Keras.

A test compares every table with the Keras that is installed.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What a layer has, and keyword arguments that `Layer.__init__` takes.
LAYER_ATTRIBUTES = _names("""
    activity_regularizer add_loss add_metric add_variable add_weight autocast build
    build_from_config built call call_signature_parameters compute_dtype
    compute_mask compute_output_shape compute_output_spec count_params dtype
    dtype_policy from_config get_build_config get_config get_weights input input_dim
    input_dtype input_shape input_spec load_own_variables losses metrics
    metrics_variables name non_trainable_variables non_trainable_weights output path
    quantization_mode quantize quantized_build quantized_call rematerialized_call
    save_own_variables set_weights stateless_call supports_jit supports_masking
    symbolic_call trainable trainable_variables trainable_weights variable_dtype
    variables weights
    """)

# Functions of `keras.ops`.
OPS = _names("""
    abs absolute adaptive_average_pool adaptive_max_pool add all allclose amax amin
    angle any append arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh
    argmax argmin argpartition argsort array array_split associative_scan average
    average_pool bartlett batch_normalization binary_crossentropy bincount
    bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or
    bitwise_right_shift bitwise_xor blackman broadcast_to cast
    categorical_crossentropy cbrt cdist ceil celu cholesky cholesky_inverse clip
    concatenate cond conj conjugate conv conv_transpose convert_to_numpy
    convert_to_tensor copy corrcoef correlate cos cosh count_nonzero cross
    ctc_decode ctc_loss cumprod cumsum custom_gradient deg2rad depth_to_space
    depthwise_conv det diag diagflat diagonal diff digitize divide divide_no_nan dot
    dot_product_attention dsplit dstack dtype eig eigh einsum elu empty empty_like
    equal erf erfc erfinv exp exp2 expand_dims expm1 extract_sequences eye fabs fft
    fft2 flip fliplr flipud floor floor_divide fmax fmin fmod fold fori_loop full
    full_like gcd gelu geomspace get_item glu greater greater_equal hamming hanning
    hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh heaviside histogram
    hsplit hstack hypot i0 identity ifft2 imag in_top_k inner inv irfft is_tensor
    isclose isfinite isin isinf isnan isneginf isposinf isreal istft jvp kaiser kron
    layer_normalization lcm ldexp leaky_relu left_shift less less_equal linspace log
    log10 log1p log2 log_sigmoid log_softmax logaddexp logaddexp2 logdet logical_and
    logical_not logical_or logical_xor logspace logsumexp lstsq lu_factor map matmul
    matrix_rank max max_pool maximum mean median meshgrid min minimum mod moments
    moveaxis multi_hot multiply nan_to_num nanargmax nanargmin nancumprod nancumsum
    nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum
    nanvar ndim negative nextafter nonzero norm normalize not_equal one_hot ones
    ones_like outer pad percentile pinv polar power prod psnr ptp qr quantile
    rad2deg ravel real rearrange reciprocal relu relu6 repeat reshape rfft
    right_shift rms_normalization roll rot90 round rsqrt saturate_cast scan scatter
    scatter_update searchsorted segment_max segment_min segment_prod segment_sum
    select selu separable_conv shape sigmoid sign signbit silu sin sinc sinh size
    slice slice_update slogdet soft_shrink softmax softplus softsign solve
    solve_triangular sort space_to_depth sparse_categorical_crossentropy sparse_plus
    sparse_sigmoid sparsemax split sqrt square squareplus squeeze stack std stft
    stop_gradient subtract sum svd swapaxes swish switch take take_along_axis tan
    tanh tanh_shrink tensordot threshold tile top_k trace transpose trapezoid tri
    tril triu true_divide trunc unfold unique unravel_index unstack vander var vdot
    vectorize vectorized_map view view_as_complex view_as_real vsplit vstack where
    while_loop zeros zeros_like
    """)

# Modules inside `keras.ops`.
OPS_MODULES = _names("""
    image linalg nn numpy
    """)

# What draws in `keras.random`.
RANDOM = _names("""
    beta binomial categorical dropout gamma normal randint shuffle truncated_normal
    uniform
    """)

# What `keras.initializers.get` takes as a string.
INITIALIZER_IDENTIFIERS = _names("""
    GlorotNormal GlorotUniform HeNormal HeUniform Identity
    IdentityInitializer LecunNormal LecunUniform Ones Orthogonal
    OrthogonalInitializer RandomNormal RandomUniform STFT STFTInitializer
    TruncatedNormal VarianceScaling Zeros glorot_normal glorot_uniform
    he_normal he_uniform identity lecun_normal lecun_uniform normal one ones
    orthogonal random_normal random_uniform stft truncated_normal uniform
    variance_scaling zero zeros
    """)

# Classes of `keras.initializers`.
INITIALIZER_CLASSES = _names("""
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity
    IdentityInitializer LecunNormal LecunUniform Ones Orthogonal
    OrthogonalInitializer RandomNormal RandomUniform STFT STFTInitializer
    TruncatedNormal VarianceScaling Zeros constant glorot_normal glorot_uniform
    he_normal he_uniform identity lecun_normal lecun_uniform ones orthogonal
    random_normal random_uniform stft truncated_normal variance_scaling zeros
    """)

# What `keras.regularizers.get` takes as a string.
REGULARIZER_IDENTIFIERS = _names("""
    L1 L1L2 L2 OrthogonalRegularizer l1 l1l2 l2 orthogonal_regularizer
    """)

# Classes of `keras.regularizers`.
REGULARIZER_CLASSES = _names("""
    L1 L1L2 L2 OrthogonalRegularizer l1 l1_l2 l2 orthogonal_regularizer
    """)

# What `keras.constraints.get` takes as a string.
CONSTRAINT_IDENTIFIERS = _names("""
    MaxNorm MinMaxNorm NonNeg UnitNorm max_norm min_max_norm non_neg unit_norm
    """)

# Classes of `keras.constraints`.
CONSTRAINT_CLASSES = _names("""
    MaxNorm MinMaxNorm NonNeg UnitNorm max_norm min_max_norm non_neg unit_norm
    """)

# What `keras.activations.get` takes as a string.
ACTIVATIONS = _names("""
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish
    hard_tanh leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid
    silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid sparsemax
    squareplus swish tanh tanh_shrink threshold
    """)

# Classes of `keras.layers`.
LAYERS = _names("""
    Activation ActivityRegularization AdaptiveAveragePooling1D
    AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D
    AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AdditiveAttention AlphaDropout
    Attention AugMix AutoContrast Average AveragePooling1D AveragePooling2D
    AveragePooling3D AvgPool1D AvgPool2D AvgPool3D BatchNormalization Bidirectional
    CategoryEncoding CenterCrop Concatenate
    ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2D
    Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D
    Convolution1D Convolution1DTranspose Convolution2D Convolution2DTranspose
    Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D CutMix
    Dense DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense
    Embedding Equalization Flatten FlaxLayer GRU GRUCell GaussianDropout
    GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D
    GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D
    GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization GroupQueryAttention
    HashedCrossing Hashing Identity InputLayer InputSpec IntegerLookup JaxLayer LSTM
    LSTMCell Lambda Layer LayerNormalization LeakyReLU Masking MaxNumBoundingBoxes
    MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D Maximum
    MelSpectrogram Minimum MixUp MultiHeadAttention Multiply Normalization PReLU
    Permute Pipeline RMSNormalization RNN RandAugment RandomBrightness
    RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop
    RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur
    RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization
    RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation
    RandomZoom ReLU RepeatVector Rescaling Reshape Resizing ReversibleEmbedding
    STFTSpectrogram SeparableConv1D SeparableConv2D SeparableConvolution1D
    SeparableConvolution2D SimpleRNN SimpleRNNCell Softmax Solarization
    SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization
    StackedRNNCells StringLookup Subtract TFSMLayer TextVectorization
    TimeDistributed TorchModuleWrapper UnitNormalization UpSampling1D UpSampling2D
    UpSampling3D Wrapper ZeroPadding1D ZeroPadding2D ZeroPadding3D
    """)

# Data types of tensors.
FLOAT_DTYPES = ("float16", "bfloat16", "float32", "float64")
DTYPES = _names("""
    bfloat16 bool complex128 complex64 float16 float32 float64 float8_e4m3fn
    float8_e5m2 int16 int32 int64 int8 string uint16 uint32 uint64 uint8
    """)

# Builtins that spec code may use: none of them has an effect outside.
BUILTINS = _names("""
    abs all any bool complex dict divmod enumerate filter float frozenset int
    isinstance iter len list map max min next pow range repr reversed round set slice
    sorted str sum tuple zip
    """)

# What a name in spec code may mean to the language, whatever the spec declares.
LANGUAGE_WORDS = _names(
    "ops random math keras tf np training mask activation add_loss upstream self"
)

# Names of modules that generated code imports and uses beside the language's own.
IMPORTED = _names("activations constraints initializers numpy regularizers")

# Names that emitted tests import or define.
OF_TESTS = _names(
    "LayerCase Input parametrize_checks check_gradient defaults_of pytest CASES "
    "FUNCTION_CASES assert_close"
)

# Builtins that generated code uses beside the code of a spec.
BESIDE = _names(
    "ValueError any bool dict enumerate float getattr hasattr int isinstance len list "
    "range str super tuple zip"
)

# Names that are hard to tell from digits; style checkers refuse them.
AMBIGUOUS = _names("l O I")

# Modules that generated code and its tests import; a module beside them of the same
# name would hide them.
MODULES = _names("""
    absl conftest h5py hypothesis jax keras layergen ml_dtypes namex numpy optree
    packaging pytest rich scipy setuptools sklearn tensorflow torch
    """)
