"""Where Keras does not say one thing: its backends differ, or what it tells of symbolic
tensors is not what comes out.

Nothing can be said of such a call before it runs, and where symbolic tensors and arrays
differ the table says unknown. Each gap stands with a call that shows it, and what the call
gives: a dtype and a shape, or `raises`. A test runs them all.

One gap is of no function: on JAX nothing has 64 bits, unless it is told to, whatever
dtype is asked for.
"""

from __future__ import annotations

from msgspec import Struct


class Gap(Struct, frozen=True):
    """A call of `ops`, where `t(shape, dtype)` is a tensor, with what each gives:
    symbolic tensors, arrays on TensorFlow, and arrays on JAX."""

    function: str
    call: str
    symbolic: str
    tensorflow: str
    jax: str


# fmt: off
GAPS = (
    Gap("adaptive_average_pool", 'ops.adaptive_average_pool(t((1, 5, 7, 3), "float32"), (1, 2))', "float32 (1, 5, 1, 2, 3)", "float32 (1, 1, 2, 3)", "float32 (1, 1, 2, 3)"),
    Gap("adaptive_max_pool", 'ops.adaptive_max_pool(t((1, 5, 7, 3), "float32"), (1, 2))', "float32 (1, 5, 1, 2, 3)", "float32 (1, 1, 2, 3)", "float32 (1, 1, 2, 3)"),
    Gap("add", 'ops.add(t((2, 3), "bool"), t((2, 3), "bool"))', "bool (2, 3)", "raises", "bool (2, 3)"),
    Gap("argpartition", 'ops.argpartition(t((6,), "bool"), 2)', "int32 (6,)", "int32 (6,)", "raises"),
    Gap("average_pool", 'ops.average_pool(t((1, 4, 3), "int32"), 2)', "int32 (1, 2, 3)", "raises", "raises"),
    Gap("bitwise_and", 'ops.bitwise_and(t((2, 1), "int32"), t((1, 3), "int32"))', "int32 (2, 1)", "int32 (2, 3)", "int32 (2, 3)"),
    Gap("bitwise_left_shift", 'ops.bitwise_left_shift(t((2, 1), "int32"), t((1, 3), "int32"))', "int32 (2, 1)", "int32 (2, 3)", "int32 (2, 3)"),
    Gap("bitwise_not", 'ops.bitwise_not(t((2, 3), "bool"))', "bool (2, 3)", "raises", "bool (2, 3)"),
    Gap("bitwise_or", 'ops.bitwise_or(t((2, 1), "int32"), t((1, 3), "int32"))', "int32 (2, 1)", "int32 (2, 3)", "int32 (2, 3)"),
    Gap("bitwise_right_shift", 'ops.bitwise_right_shift(t((2, 1), "int32"), t((1, 3), "int32"))', "int32 (2, 1)", "int32 (2, 3)", "int32 (2, 3)"),
    Gap("bitwise_xor", 'ops.bitwise_xor(t((2, 1), "int32"), t((1, 3), "int32"))', "int32 (2, 1)", "int32 (2, 3)", "int32 (2, 3)"),
    Gap("cbrt", 'ops.cbrt(t((2, 3), "int64"))', "float64 (2, 3)", "float64 (2, 3)", "float32 (2, 3)"),
    Gap("clip", 'ops.clip(t((2, 3), "int32"), 0.0, 1.0)', "int32 (2, 3)", "raises", "float32 (2, 3)"),
    Gap("conj", 'ops.conj(t((2, 3), "bool"))', "bool (2, 3)", "raises", "bool (2, 3)"),
    Gap("corrcoef", 'ops.corrcoef(t((2, 3), "float32"))', "float32 (2, 3)", "float32 (2, 2)", "float32 (2, 2)"),
    Gap("deg2rad", 'ops.deg2rad(t((2, 3), "int64"))', "float64 (2, 3)", "float64 (2, 3)", "float32 (2, 3)"),
    Gap("det", 'ops.det(t((3, 3), "float16"))', "float16 ()", "raises", "float16 ()"),
    Gap("dot", 'ops.dot(t((2, 3), "float16"), 0.5)', "float16 (2, 3)", "float32 (2, 3)", "float16 (2, 3)"),
    Gap("erf", 'ops.erf(t((2, 3), "int32"))', "int32 (2, 3)", "raises", "raises"),
    Gap("fmod", 'ops.fmod(t((2, 3), "float16"), 0.5)', "float16 (2, 3)", "float32 (2, 3)", "float16 (2, 3)"),
    Gap("gelu", 'ops.gelu(t((2, 3), "int32"))', "int32 (2, 3)", "raises", "float32 (2, 3)"),
    Gap("greater", 'ops.greater(t((2, 3), "bool"), t((2, 3), "bool"))', "bool (2, 3)", "raises", "bool (2, 3)"),
    Gap("hypot", 'ops.hypot(t((2, 3), "float16"), 0.5)', "raises", "float32 (2, 3)", "float16 (2, 3)"),
    Gap("i0", 'ops.i0(t((2, 3), "bfloat16"))', "bfloat16 (2, 3)", "raises", "bfloat16 (2, 3)"),
    Gap("in_top_k", 'ops.in_top_k(t((2,), "int32"), t((2, 4), "float16"), 2)', "bool (2,)", "raises", "bool (2,)"),
    Gap("inv", 'ops.inv(t((3, 3), "bfloat16"))', "bfloat16 (3, 3)", "raises", "raises"),
    Gap("logaddexp", 'ops.logaddexp(t((2, 3), "float16"), 0.5)', "float16 (2, 3)", "float32 (2, 3)", "float32 (2, 3)"),
    Gap("logsumexp", 'ops.logsumexp(t((2, 3), "float16"))', "float32 ()", "float16 ()", "float16 ()"),
    Gap("maximum", 'ops.maximum(t((2, 3), "bool"), t((2, 3), "bool"))', "bool (2, 3)", "raises", "bool (2, 3)"),
    Gap("minimum", 'ops.minimum(t((2, 3), "bool"), t((2, 3), "bool"))', "bool (2, 3)", "raises", "bool (2, 3)"),
    Gap("mod", 'ops.mod(t((2, 3), "float16"), 0.5)', "float16 (2, 3)", "float32 (2, 3)", "float16 (2, 3)"),
    Gap("moments", 'ops.moments(t((2, 3), "uint8"), (0,))', "uint8 (3,) and uint8 (3,)", "raises", "float32 (3,) and float32 (3,)"),
    Gap("multiply", 'ops.multiply(t((2, 3), "bool"), t((2, 3), "bool"))', "bool (2, 3)", "raises", "bool (2, 3)"),
    Gap("nanmedian", 'ops.nanmedian(t((2, 3), "int32"), -1)', "float32 (2,)", "raises", "float32 (2,)"),
    Gap("negative", 'ops.negative(t((2, 3), "bool"))', "bool (2, 3)", "raises", "raises"),
    Gap("negative", 'ops.negative(t((2, 3), "uint8"))', "uint8 (2, 3)", "raises", "uint8 (2, 3)"),
    Gap("norm", 'ops.norm(t((2, 3, 4), "float32"))', "float32 ()", "raises", "float32 ()"),
    Gap("normalize", 'ops.normalize(t((2, 3), "float16"))', "float32 (2, 3)", "float16 (2, 3)", "float16 (2, 3)"),
    Gap("pad", 'ops.pad(t((2, 3), "float32"), 1)', "float32 (4, 5)", "raises", "float32 (4, 5)"),
    Gap("polar", 'ops.polar(t((2, 3), "float32"), t((2, 3), "float32"))', "float32 (2, 3)", "complex64 (2, 3)", "complex64 (2, 3)"),
    Gap("power", 'ops.power(t((2, 3), "bool"), t((2, 3), "bool"))', "bool (2, 3)", "raises", "int32 (2, 3)"),
    Gap("psnr", 'ops.psnr(t((2, 3), "bfloat16"), t((2, 3), "bfloat16"), 1.0)', "float32 ()", "bfloat16 ()", "bfloat16 ()"),
    Gap("ptp", 'ops.ptp(t((2, 3), "bool"))', "bool ()", "raises", "raises"),
    Gap("real", 'ops.real(t((2, 3), "bool"))', "bool (2, 3)", "raises", "bool (2, 3)"),
    Gap("reciprocal", 'ops.reciprocal(t((2, 3), "float16"))', "float32 (2, 3)", "float16 (2, 3)", "float16 (2, 3)"),
    Gap("reciprocal", 'ops.reciprocal(t((2, 3), "int32"))', "float32 (2, 3)", "raises", "float32 (2, 3)"),
    Gap("relu", 'ops.relu(t((2, 3), "bool"))', "bool (2, 3)", "raises", "int32 (2, 3)"),
    Gap("rot90", 'ops.rot90(t((2, 3, 4), "float32"), 2)', "float32 (3, 2, 4)", "float32 (2, 3, 4)", "float32 (2, 3, 4)"),
    Gap("round", 'ops.round(t((2, 3), "bool"))', "bool (2, 3)", "raises", "raises"),
    Gap("rsqrt", 'ops.rsqrt(t((2, 3), "int32"))', "int32 (2, 3)", "raises", "raises"),
    Gap("sigmoid", 'ops.sigmoid(t((2, 3), "int32"))', "int32 (2, 3)", "raises", "raises"),
    Gap("sign", 'ops.sign(t((2, 3), "bool"))', "bool (2, 3)", "raises", "raises"),
    Gap("slogdet", 'ops.slogdet(t((5, 3, 3), "float32"))', "float32 () and float32 (5,)", "float32 (5,) and float32 (5,)", "float32 (5,) and float32 (5,)"),
    Gap("softmax", 'ops.softmax(t((2, 3), "int32"))', "int32 (2, 3)", "raises", "float32 (2, 3)"),
    Gap("subtract", 'ops.subtract(t((2, 3), "bool"), t((2, 3), "bool"))', "bool (2, 3)", "raises", "raises"),
    Gap("tile", 'ops.tile(t((2, 3), "uint16"), 2)', "uint16 (2, 6)", "raises", "uint16 (2, 6)"),
    Gap("top_k", 'ops.top_k(t((2, 3), "bool"), 2)', "bool (2, 2) and int32 (2, 2)", "raises", "bool (2, 2) and int32 (2, 2)"),
    Gap("view", 'ops.view(t((2, 3), "bool"))', "bool (2, 3)", "raises", "bool (2, 3)"),
)
# fmt: on


def of(function: str) -> tuple[Gap, ...]:
    """The gaps of a function of `keras.ops`."""
    return tuple(gap for gap in GAPS if gap.function == function)


TUPLES_ALONE = {
    "depthwise_conv": ("strides", "dilation_rate"),
    "separable_conv": ("strides", "dilation_rate"),
    "softmax": ("axis",),
}
"""What takes several numbers as a tuple, and fails on the list that a layer holds."""

UNTRAINED = {
    "associative_scan": "use `ops.cumsum`, or an RNN cell",
    "fori_loop": "use `ops.while_loop` with `maximum_iterations`, or a loop of Python's",
    "scan": "use `ops.cumsum`, or an RNN cell",
    "while_loop": "give it `maximum_iterations`",
}
"""Loops of which TensorFlow has no gradient under XLA, each with what can be trained instead."""

UNTRAINED_IN_LOOPS = {"repeat": "use `ops.take`, or `ops.tile` and `ops.reshape`"}
"""Functions whose gradient TensorFlow cannot compile under XLA inside of a loop, that of an
RNN around a cell included, each with what can be trained there."""

LOOPS = ("fori_loop", "map", "scan", "while_loop")
"""Functions that are loops in a graph."""
