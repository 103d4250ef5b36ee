"""What modules have that code may import: numbers, texts, and what goes over lists."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from functools import reduce

from layergen.forward.shapes import REST
from layergen.forward.values import (
    Items,
    Many,
    Module,
    Nothing,
    Number,
    Text,
    Unknown,
    Value,
    joined,
    listed,
    there,
    through,
)

MOST = 64
"""Items of a list that stand one by one."""

CONSTANTS: dict[str, Value] = {
    f"{module}.{name}": Number("float", getattr(math, name))
    for module in ("math", "numpy")
    for name in ("pi", "e")
}
CONSTANTS |= {
    "math.tau": Number("float", math.tau),
    **{f"math.{name}": Number("float") for name in ("inf", "nan")},
    **{f"numpy.{name}": Number("float") for name in ("inf", "nan")},
    "numpy.newaxis": Nothing(),
}
"""What is no function."""

TOLD: dict[str, Value] = {
    f"keras.{module}.{name}": value
    for module in ("backend", "config")
    for name, value in (
        ("epsilon", Number("float")),
        ("floatx", Text()),
        ("image_data_format", Text()),
        ("backend", Text()),
    )
}
"""What functions of Keras give that tell how it is set."""


def of_path(path: str) -> Value:
    """What a module or something that it has is."""
    return CONSTANTS.get(path) or Module(path)


def of_itertools(name: str, given: Sequence[Value]) -> Value:
    """What a function of `itertools` goes over."""
    lists = [there(one) for one in given]
    whole = _whole(name, lists)
    if whole is not None:
        return whole
    parts = [listed(one) for one in lists]
    elements = [
        part.element if part else Unknown(through(one))
        for one, part in zip(lists, parts, strict=True)
    ]
    match name, elements:
        case "product", _:
            return Many(Items(tuple(elements)))
        case "pairwise", [one]:
            return Many(Items((one, one)))
        case "combinations" | "permutations" | "combinations_with_replacement", [
            one,
            _,
        ]:
            count = lists[1].size if isinstance(lists[1], Number) else None
            known = isinstance(count, int) and 0 < count <= MOST
            return Many(Items((one,) * count) if known else Many(one))  # type: ignore[operator]
        case "chain", [_, *_]:
            return Many(reduce(joined, elements))
    return Many(Unknown(frozenset().union(*map(through, lists))))


def _whole(name: str, lists: list[Value]) -> Value | None:
    """The items one by one, where all are known and not too many."""
    if name not in ("product", "pairwise", "combinations", "permutations", "chain"):
        return None
    plain: list[object] = []
    for one in lists:
        if isinstance(one, Items) and REST not in one.items:
            plain.append(one.items)
        elif isinstance(one, Number) and isinstance(one.value, int):
            plain.append(one.value)
        else:
            return None
    try:
        found = [*itertools.islice(getattr(itertools, name)(*plain), MOST + 1)]
    except (TypeError, ValueError):
        return None
    if len(found) > MOST:
        return None
    rows = found if name == "chain" else [Items(group) for group in found]
    return Items(tuple(rows))
