"""What an argument of a conventional name means, as Keras' docstrings put it."""

from layergen.language.model import Arg

SWITCHES = {"use_bias", "center", "scale", "return_sequences"}
LISTS = {"hidden_units", "axes"}
SHARES = {"rate", "dropout"}
CONVENTIONAL = {
    "units": "dimensionality of the output space.",
    "filters": "number of output filters.",
    "kernel_size": "size of the convolution window.",
    "strides": "stride of the window.",
    "dilation_rate": "dilation of the window.",
    "rate": "fraction of the input units to drop.",
    "axis": "the axis along which the layer works.",
    "axes": "the axes along which the layer works.",
    "use_bias": "whether the layer uses a bias vector.",
    "epsilon": "small number added to avoid division by zero.",
    "momentum": "momentum of the moving average.",
    "num_heads": "number of attention heads.",
    "heads": "number of attention heads.",
    "key_dim": "size of each attention head for query and key.",
    "value_dim": "size of each attention head for value.",
    "dropout": "dropout probability.",
    "depth": "number of layers in a row.",
    "groups": "number of groups.",
    "center": "whether to add an offset.",
    "scale": "whether to multiply by a scale.",
    "input_dim": "size of the vocabulary.",
    "output_dim": "size of each embedding vector.",
    "alpha": "slope or strength.",
    "negative_slope": "slope for negative inputs.",
    "threshold": "value below which inputs are cut off.",
    "padding": "how the borders are padded.",
    "return_sequences": "whether to return every step or the last one.",
    "hidden_units": "widths of the hidden layers.",
    "hidden_dim": "width of the hidden layer.",
}


def conventional(arg: Arg) -> str:
    """The conventional description of an argument, where its type is the usual one."""
    if arg.name in SWITCHES and arg.type.word != "bool":
        return ""
    if arg.name in LISTS and arg.type.word != "list":
        return ""
    if arg.name in SHARES and (arg.type.word != "float" or arg.type.optional):
        return ""
    return CONVENTIONAL.get(arg.name, "")
