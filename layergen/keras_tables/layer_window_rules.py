"""Shapes that Keras' layers give which go over axes with a window, or change their sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from layergen.keras_tables.shape_parts import Answer, Shape, product
from layergen.keras_tables.window_rules import covered, each

Argument = Callable[[str], Any]


def last(argument: Argument) -> bool:
    """Whether channels are the last axis, as they are unless something says otherwise."""
    return argument("data_format") in (None, "channels_last")


def conv(argument: Argument, x: Shape) -> Answer:
    return _conv(argument, x, argument("filters"))


def depthwise(argument: Argument, x: Shape) -> Answer:
    return _conv(argument, x, product((x[-1], argument("depth_multiplier"))))


def _conv(argument: Argument, x: Shape, channels: Any) -> Answer:
    if not last(argument):
        return None
    window, strides = argument("kernel_size"), argument("strides")
    padding, dilation = argument("padding"), argument("dilation_rate")
    # With padding before it alone, a window fits as often as with padding around it.
    padding = "same" if padding == "causal" else padding
    return (x[0], *covered(x[1:-1], window, strides, padding, dilation), channels)


def pool(argument: Argument, x: Shape) -> Answer:
    if not last(argument):
        return None
    window, strides = argument("pool_size"), argument("strides")
    strides = window if strides is None else strides
    return (x[0], *covered(x[1:-1], window, strides, argument("padding")), x[-1])


def whole_pool(argument: Argument, x: Shape) -> Answer:
    if not last(argument):
        return None
    kept = (1,) * (len(x) - 2) if argument("keepdims") else ()
    return (x[0], *kept, x[-1])


def cropping(argument: Argument, x: Shape) -> Answer:
    return _changed(argument, x, "cropping", -1)


def padding(argument: Argument, x: Shape) -> Answer:
    return _changed(argument, x, "padding", 1)


def _changed(argument: Argument, x: Shape, name: str, sign: int) -> Answer:
    """The inner axes, each longer or shorter by what is said for both its ends."""
    count = len(x) - 2
    if count > 1 and not last(argument):
        return None
    ends = argument(name)
    if isinstance(ends, int):
        pairs = [(ends, ends)] * count
    elif count == 1:
        pairs = [tuple(ends)]
    else:
        pairs = [(one, one) if isinstance(one, int) else tuple(one) for one in ends]
    inner = (
        None if size is None else size + sign * sum(pair)
        for size, pair in zip(x[1:-1], pairs, strict=True)
    )
    return (x[0], *inner, x[-1])


def upsampling(argument: Argument, x: Shape) -> Answer:
    count = len(x) - 2
    if count > 1 and not last(argument):
        return None
    times = each(argument("size"), count)
    pairs = zip(x[1:-1], times, strict=True)
    return (x[0], *(None if one is None else one * by for one, by in pairs), x[-1])


DIMENSIONS = ("1D", "2D", "3D")


def _of(rule: Callable[..., Answer], *names: str) -> dict[str, Callable[..., Answer]]:
    return {name + end: rule for name in names for end in DIMENSIONS}


RULES: dict[str, Callable[..., Answer]] = {
    **_of(conv, "Conv", "Convolution"),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), conv),
    **dict.fromkeys(("SeparableConvolution1D", "SeparableConvolution2D"), conv),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), depthwise),
    **_of(pool, "AveragePooling", "AvgPool", "MaxPooling", "MaxPool"),
    **_of(whole_pool, "GlobalAveragePooling", "GlobalMaxPooling"),
    **_of(whole_pool, "GlobalAvgPool", "GlobalMaxPool"),
    **_of(cropping, "Cropping"),
    **_of(padding, "ZeroPadding"),
    **_of(upsampling, "UpSampling"),
}
