"""What functions do to numbers that a message about a layer's source can name."""

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
