"""What parameters of Keras' layers mean, where that is sure: as sizes, and in words."""

from __future__ import annotations

SIZES = frozenset(
    ("units", "filters", "num_heads", "key_dim", "value_dim", "input_dim", "output_dim")
    + ("kernel_size", "pool_size", "strides", "dilation_rate", "depth_multiplier")
    + ("num_query_heads", "num_key_value_heads", "head_dim")
)
"""Parameters that mean a size, at least 1, in whichever layer has them."""

EVERYWHERE = {
    "units": "number of units of {}",
    "filters": "number of filters of {}",
    "kernel_size": "size of the convolution window of {}",
    "pool_size": "size of the pooling window of {}",
    "strides": "strides of {}",
    "dilation_rate": "dilation rate of {}",
    "padding": "padding of {}",
    "num_heads": "number of attention heads of {}",
    "key_dim": "size of each attention head of {} for query and key",
    "value_dim": "size of each attention head of {} for value",
    "activation": "activation of {}",
    "use_bias": "whether {} uses a bias vector",
    "return_sequences": "whether {} returns every step",
}
"""What is said of a parameter of whichever layer has it; `{}` is the layer."""

DROPOUTS = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")
NORMALIZATIONS = ("BatchNormalization", "GroupNormalization", "LayerNormalization")

OF_ONE = {
    **{
        (name, "rate"): "fraction of the input units that {} drops" for name in DROPOUTS
    },
    **{
        (name, "epsilon"): "small number that {} adds to the variance"
        for name in NORMALIZATIONS
    },
    ("BatchNormalization", "momentum"): "momentum of the moving averages of {}",
    ("Embedding", "input_dim"): "size of the vocabulary of {}",
    ("Embedding", "output_dim"): "size of each vector of {}",
    ("LeakyReLU", "negative_slope"): "slope of {} for negative inputs",
    ("MultiHeadAttention", "dropout"): "dropout probability of {}",
}
"""What is said of a parameter of one layer alone."""


def meaning(layer: str, parameter: str) -> str:
    """What a parameter of a layer means, `{}` standing for the layer, or ""."""
    return OF_ONE.get((layer, parameter)) or EVERYWHERE.get(parameter, "")
