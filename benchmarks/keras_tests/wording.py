"""What a generated layer's message says where Keras' own says it in other words.

Keras raises a TypeError or a ValueError where an argument is wrong, generated layers a
ValueError. Each pattern of Keras' that is listed has another that has to be found instead.
What is not listed must be found as it stands.
"""

RATE = "Invalid value received for argument `rate`. Expected a float value between 0 and 1."
NOISE_SHAPE = "Invalid value received for argument `noise_shape`. Expected "
SLOPE = "of a ReLU layer cannot be None or a negative value"
POSITIVE = "Expected a strictly positive value. Received "
CROPPING = "Values in `cropping` argument should be smaller than the"

WORDING: dict[str, str] = {
    # activations
    "The negative_slope value of a Leaky ReLU layer cannot be None": (
        "`negative_slope` must be a number. Received: negative_slope=None"
    ),
    "max_value of a ReLU layer cannot be a negative value": (
        "`max_value` must be a non-negative number or None"
    ),
    f"negative_slope {SLOPE}": "`negative_slope` must be a non-negative number",
    f"threshold {SLOPE}": "`threshold` must be a non-negative number",
    # attention
    "Invalid value for argument score_mode. Expected one of {'dot', 'concat'}": (
        '`score_mode` must be one of "dot", "concat"'
    ),
    # convolutional
    f"Invalid value for argument `filters`. {POSITIVE}filters=0.": (
        "`filters` must be a positive integer. Received: filters=0"
    ),
    f"Invalid value for argument `depth_multiplier`. {POSITIVE}depth_multiplier=0.": (
        "`depth_multiplier` must be a positive integer. Received: depth_multiplier=0"
    ),
    **{
        rf"The `{name}` argument must be a tuple of {count} integers. Received "
        rf"{name}=\(1, 0\), including values \{{0\}} that do not satisfy `value > 0`": (
            rf"`{name}` must be a list of positive integers. Received: {name}=\[1, 0\]"
        )
        for name in ("kernel_size", "strides")
        for count in (2, r"\d+")
    },
    r"`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: "
    r"strides=\(2, 2\) and dilation_rate=\(2, 1\)": (
        "strides and dilation_rate cannot both be above 1"
    ),
    "The number of groups must be a positive integer. Received: groups=0.": (
        "`groups` must be a positive integer. Received: groups=0"
    ),
    "The number of filters must be evenly divisible by the number of groups. Received: "
    "groups=2, filters=5.": "filters must be a multiple of groups",
    "`output_padding` must be strictly less than `strides`": (
        "output_padding must be below strides"
    ),
    # core
    "`input_dim` must be a positive integer": "`codes` must be a positive integer",
    "`output_dim` must be a positive integer": "`width` must be a positive integer",
    # merging
    "layer should be called on exactly 2 inputs": "there must be exactly 2 inputs",
    # normalization
    "Expected an int or a list/tuple of ints for the argument 'axis'": (
        "`axis` must be a list of integers"
    ),
    "Invalid value for `axis` argument: expected an int or a list/tuple of ints.": (
        "`axis` must be a list of integers"
    ),
    "input tensor should have a defined dimension but the layer received an input with "
    "shape": "needs to know the size of its input's .*axis",
    "cannot be more than the number of channels": (
        "there cannot be more groups than channels"
    ),
    "must be a multiple of the number of channels": (
        "the number of channels must be a multiple of groups"
    ),
    "argument `groups`": "groups",
    # preprocessing
    "`num_tokens` must be >= 1": "`num_tokens` must be a positive integer",
    "Unknown arg for output_mode: invalid_mode": "`output_mode` must be one of",
    # regularization
    RATE: r"`rate` must be a number in \[0, 1\]",
    f"{NOISE_SHAPE}a tuple or list of integers.": "`noise_shape` must be a list",
    f"{NOISE_SHAPE}all elements to be integers or None.": (
        "`noise_shape` must be a list of positive integers or None"
    ),
    f"{NOISE_SHAPE}all dimensions to be positive integers or None.": (
        "`noise_shape` must be a list of positive integers or None"
    ),
    # reshaping
    "`cropping` parameter of `Cropping1D` layer must be smaller than": (
        "cropping must be smaller than the number of steps"
    ),
    CROPPING: "cropping must be smaller than the (depth|height|width)",
    f"{CROPPING} corresponding spatial dimension of the input.": (
        "cropping must be smaller than the (height|width)"
    ),
    r"Invalid permutation .*dims.*": "dims",
    "Expected an integer value for `n`": "`n` must be a positive integer",
    "Expected an integer value for `size`": "`size` must be a positive integer",
    "should be a positive integer": "`(n|size)` must be a positive integer",
    r"non-negative integer.*-1.*target_shape=\(-2, 5\)": (
        r"`target_shape` must be a list of integers of at least -1.*\[-2, 5\]"
    ),
    r"at most one unknown dimension.*target_shape=\(-1, -1, 5\)": (
        r"at most one unknown dimension.*target_shape=\[-1, -1, 5\]"
    ),
}
