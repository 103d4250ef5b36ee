"""Shapes that functions give which go over axes with a window; channels are the last axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from layergen.keras_tables.shape_parts import Answer, Shape, product


def each(value: Any, count: int) -> tuple[Any, ...]:
    """One number for each of some axes."""
    return tuple(value) if isinstance(value, (list, tuple)) else (value,) * count


def covered(
    sizes: Shape, window: Any, strides: Any, padding: str, dilation: Any = 1
) -> Iterator[Any]:
    """How often a window fits into each of some axes."""
    count = len(sizes)
    windows, steps, gaps = (each(one, count) for one in (window, strides, dilation))
    for size, width, step, gap in zip(sizes, windows, steps, gaps, strict=True):
        known = None not in (size, step) and (padding == "same" or width is not None)
        if not known or padding not in ("same", "valid"):
            yield None
        elif padding == "same":
            yield (size + step - 1) // step
        else:
            yield (size - (width - 1) * gap - 1) // step + 1


def pool(
    inputs: Shape,
    pool_size: Any,
    strides: Any = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Answer:
    if data_format == "channels_first":
        return None
    steps = pool_size if strides is None else strides
    return (inputs[0], *covered(inputs[1:-1], pool_size, steps, padding), inputs[-1])


def adaptive_pool(
    inputs: Shape, output_size: Any, data_format: str | None = None
) -> Answer:
    if data_format == "channels_first" or not isinstance(output_size, int):
        return None
    return (inputs[0], *each(output_size, len(inputs) - 2), inputs[-1])


def conv(
    inputs: Shape,
    kernel: Shape,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Answer:
    if data_format == "channels_first":
        return None
    inner = covered(inputs[1:-1], kernel[:-2], strides, padding, dilation_rate)
    return (inputs[0], *inner, kernel[-1])


def depthwise_conv(
    inputs: Shape,
    kernel: Shape,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Answer:
    whole = conv(inputs, kernel, strides, padding, data_format, dilation_rate)
    return (*whole[:-1], product(kernel[-2:])) if isinstance(whole, tuple) else None


def separable_conv(
    inputs: Shape,
    depthwise_kernel: Shape,
    pointwise_kernel: Shape,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Answer:
    kernel = (*depthwise_kernel[:-1], pointwise_kernel[-1])
    return conv(inputs, kernel, strides, padding, data_format, dilation_rate)


def conv_transpose(
    inputs: Shape,
    kernel: Shape,
    strides: Any = 1,
    padding: str = "valid",
    output_padding: Any = None,
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Answer:
    plain = output_padding is None and dilation_rate == 1
    if data_format == "channels_first" or not plain:
        return None
    steps = each(strides, len(inputs) - 2)
    found: list[Any] = []
    for size, width, step in zip(inputs[1:-1], kernel[:-2], steps, strict=True):
        if size is None:
            found.append(None)
        elif padding == "same":
            found.append(size * step)
        elif isinstance(width, int) and isinstance(step, int):
            found.append(size * step + max(width - step, 0))
        else:
            found.append(None)
    return (inputs[0], *found, kernel[-2])


def space_to_depth(x: Shape, block_size: int, data_format: str = "") -> Answer:
    if data_format == "channels_first":
        return None
    inner = (None if one is None else one // block_size for one in x[1:3])
    return (x[0], *inner, None if x[3] is None else x[3] * block_size**2)


def depth_to_space(x: Shape, block_size: int, data_format: str = "") -> Answer:
    if data_format == "channels_first":
        return None
    inner = (None if one is None else one * block_size for one in x[1:3])
    return (x[0], *inner, None if x[3] is None else x[3] // block_size**2)


def _same(images: Shape, **others: Any) -> Answer:
    return images


def grayscale(images: Shape, data_format: str | None = None) -> Answer:
    return None if data_format == "channels_first" else (*images[:-1], 1)


def resize(images: Shape, size: Any, data_format: str | None = None) -> Answer:
    return (
        None if data_format == "channels_first" else (*images[:-3], *size, images[-1])
    )


RULES: dict[str, Callable[..., Answer]] = {
    **dict.fromkeys(("adaptive_average_pool", "adaptive_max_pool"), adaptive_pool),
    **dict.fromkeys(("average_pool", "max_pool"), pool),
    "conv": conv,
    "conv_transpose": conv_transpose,
    "depth_to_space": depth_to_space,
    "depthwise_conv": depthwise_conv,
    "separable_conv": separable_conv,
    "space_to_depth": space_to_depth,
    **dict.fromkeys(("affine_transform", "gaussian_blur"), _same),
    **dict.fromkeys(("hsv_to_rgb", "rgb_to_hsv"), _same),
    "perspective_transform": _same,
    "resize": resize,
    "rgb_to_grayscale": grayscale,
    "scale_and_translate": lambda output_shape: tuple(output_shape),
}
