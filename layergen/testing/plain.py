"""Plain values, as configs hold them: whether two are the same, and where they are not."""

import json
import re
from typing import Any

import keras
import numpy as np

from .introspect import snake_case

PLAIN = (bool, int, float, str, type(None))


def same_value(one: Any, other: Any) -> bool:
    """Whether two plain values agree in value and type; others are not compared."""
    if isinstance(one, np.ndarray):
        same_kind = isinstance(other, np.ndarray) and one.dtype == other.dtype
        return same_kind and np.array_equal(one, other)
    if isinstance(one, dict):
        if not isinstance(other, dict) or list(one) != list(other):
            return isinstance(other, dict) and {*one} == {*other}
        # The shapes that a layer was built on come back from JSON as lists.
        keys = (key for key in one if key != "build_config")
        return all(same_value(one[key], other[key]) for key in keys)
    if isinstance(one, list | tuple):
        kinds = (list, tuple)
        same_kind = any(isinstance(one, k) and isinstance(other, k) for k in kinds)
        return (
            same_kind
            and len(one) == len(other)
            and all(same_value(a, b) for a, b in zip(one, other, strict=True))
        )
    if isinstance(one, PLAIN):
        return type(one) is type(other) and (one == other or one != one)
    return True


def named_anew(value: Any) -> Any:
    """A config without the numbers in names that Keras gives: they count up.

    Of inner objects' configs, whose arguments are their affair, tuples are lists.
    """
    if isinstance(value, list | tuple):
        return type(value)(map(named_anew, value))
    if not isinstance(value, dict):
        return value
    found = {key: named_anew(one) for key, one in value.items()}
    inner = found.get("config")
    if "class_name" in found and isinstance(inner, dict):
        found["config"] = inner = as_lists(inner)
    if isinstance(inner, dict) and isinstance(inner.get("name"), str):
        kind = snake_case(str(found.get("class_name")))
        if re.fullmatch(rf"(\w+_)?{kind}_\d+", inner["name"]):
            found["config"] = {**inner, "name": kind}
    return found


def as_lists(value: Any) -> Any:
    """A plain value with lists for its tuples."""
    if isinstance(value, dict):
        return {key: as_lists(one) for key, one in value.items()}
    return (
        [as_lists(one) for one in value] if isinstance(value, list | tuple) else value
    )


def first_apart(one: Any, other: Any, place: str = "") -> tuple[str, Any, Any]:
    """The innermost place where two values are not the same, and what stands there."""
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(f"{place}.{key}", one[key], other.get(key)) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [
            (f"{place}[{number}]", *both)
            for number, both in enumerate(zip(one, other, strict=True))
        ]
    else:
        pairs = []
    for inner, before, after in pairs:
        if not same_value(before, after):
            return first_apart(before, after, inner)
    return place.removeprefix("."), one, other


def kind(value: Any) -> str:
    """The name of a value's type; Keras keeps a dict as a `TrackedDict`."""
    return type(value).__name__.removeprefix("Tracked").lower()


def written(value: Any) -> str:
    """A config value as text, the same for equal values."""
    return json.dumps(
        keras.saving.serialize_keras_object(value), sort_keys=True, default=repr
    )
