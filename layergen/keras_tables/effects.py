"""What functions do to the numbers that they are given, told apart by name alone."""

from __future__ import annotations

ROUNDING = ("round", "floor", "ceil", "sign", "trunc")
"""Those whose gradient is zero almost everywhere."""

CHOOSING = ("argmax", "argmin", "argsort", "one_hot", "greater", "less", "equal")
"""Those that no gradient goes through, for they choose."""

MAKERS = (
    *("arange", "array", "convert_to_tensor", "eye", "full", "identity", "linspace"),
    *("one_hot", "ones", "tri", "zeros"),
)
"""Those that make a tensor of Python values, in float32 unless they are told a dtype."""

OF_LISTS = ("array", "cast", "convert_to_tensor")
"""Those that make a tensor of a list, of the dtype that they are told."""
