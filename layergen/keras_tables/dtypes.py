"""What dtypes are, and the dtype of a result, by the rules that the tables name.

A Python number is weak, and stands here as `int` or `float`; a Python truth is `bool`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial, reduce

from layergen.keras_tables import table
from layergen.keras_tables.table import PROMOTION

Promotion = Mapping[str, Mapping[str, str]]

UNKNOWN = "unknown"
WEAK = {"int", "float"}
DTYPES = tuple(name for name in PROMOTION if name not in WEAK)

FLOATS = frozenset(name for name in table.DTYPES if "float" in name)
INTEGERS = frozenset(name for name in table.DTYPES if "int" in name)
COMPLEX = frozenset(name for name in table.DTYPES if "complex" in name)


def is_float(dtype: str | None) -> bool:
    """Whether a dtype is one of floats."""
    return dtype in FLOATS


def is_integer(dtype: str | None) -> bool:
    """Whether a dtype is one of integers, which bools are not."""
    return dtype in INTEGERS


def is_smooth(dtype: str | None) -> bool:
    """Whether a gradient goes through tensors of a dtype."""
    return dtype in FLOATS or dtype in COMPLEX


def _float(dtype: str) -> str:
    if dtype in COMPLEX:
        return UNKNOWN
    return dtype if is_float(dtype) else "float32"


def _sum(dtype: str) -> str:
    return {
        "bool": "int32",
        "int8": "int32",
        "int16": "int32",
        "uint8": "uint32",
        "uint16": "uint32",
    }.get(dtype, dtype)


def _always(name: str, dtype: str) -> str:
    return name


RULES: dict[str, Callable[[str], str]] = {
    "same": lambda dtype: dtype,
    "float": _float,
    "floats": lambda dtype: dtype if is_float(dtype) else UNKNOWN,
    "wholes": lambda dtype: (
        dtype if is_integer(dtype) or dtype in WEAK - {"float"} else UNKNOWN
    ),
    "sum": _sum,
    **{name: partial(_always, name) for name in (*DTYPES, "complex64", "complex128")},
}
"""The dtype of a result by that which the tensors have together."""


def common(dtypes: Iterable[str], promotion: Promotion = PROMOTION) -> str:
    """What some dtypes have in common, as Keras sees it."""
    return reduce(lambda one, other: promotion.get(one, {}).get(other, UNKNOWN), dtypes)


def classes(dtypes: Iterable[str]) -> set[str]:
    """What an exception may name instead: each dtype, and `weak` for Python's."""
    among = set(dtypes)
    return among | {"weak"} if among & WEAK else among


def result(rule: str, dtypes: tuple[str, ...], promotion: Promotion = PROMOTION) -> str:
    """The dtype that a rule of the tables gives, `unknown` where it does not say.

    A rule is a name, and after it what is otherwise: for some dtypes, `int8 int8 int32`,
    or for all with one among them, `bool unknown` and `weak unknown`.
    """
    name, _, exceptions = rule.partition("; ")
    for one in exceptions.split(", ") if exceptions else ():
        *given, meant = one.split()
        among = len(given) == 1 and given[0] in classes(dtypes)
        if tuple(given) == dtypes or among:
            return meant
    if name not in RULES or not dtypes:
        return UNKNOWN
    together = common(dtypes, promotion)
    return UNKNOWN if together == UNKNOWN else RULES[name](together)
