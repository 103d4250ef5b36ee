"""What `a[...]` leaves of axes, held to NumPy's arrays and Python's lists."""

from __future__ import annotations

import ast
from typing import Any

import numpy
from hypothesis import given
from hypothesis import strategies as st

from layergen.forward.interpreter import Interpreter
from layergen.forward.shapes import REST
from layergen.forward.sizes import size_of, value_of
from layergen.forward.values import (
    COMPUTE,
    Items,
    Many,
    Number,
    Tensor,
    Unknown,
    Value,
)

NAMES = {"a": 2, "b": 3, "c": 5, "one": 1}

bounds = st.sampled_from(
    ["", "", "0", "1", "2", "-1", "-2", "a", "b", "c", "b - 1", "-a", "one"]
)
steps = st.sampled_from(["", "", "1", "2", "3", "-1", "a"])
slices = st.builds("{}:{}:{}".format, bounds, bounds, steps)
indices = st.sampled_from(["0", "-1", "1", "None", "a", "-a", "one - 1", "at"])
parts = st.lists(
    st.one_of(slices, slices, indices, st.just("...")), min_size=1, max_size=4
)
dims = st.lists(st.sampled_from([*NAMES, 1, 2, 4]), max_size=4)


def said(code: str, values: dict[str, Value]) -> Value:
    """What the analysis says of an expression."""
    names: dict[str, Value] = {n: Number("int", size_of(n)) for n in NAMES}
    names |= {"at": Tensor((size_of("c"),), "int32"), **values}
    return Interpreter(names, {}, {}).value_of(ast.parse(code, mode="eval").body)


def run(code: str, values: dict[str, Any]) -> Any:
    """What an expression gives; None where NumPy refuses it."""
    at = numpy.zeros(NAMES["c"], "int32")
    try:
        return eval(code, {**NAMES, "at": at, **values})
    except (IndexError, ValueError, TypeError):
        return None


def known(shape: tuple[Any, ...], rest: tuple[int, ...]) -> list[int | None]:
    found: list[int | None] = []
    for one in shape:
        if one is REST:
            found += rest
        else:
            found.append(None if one is None else value_of(one, NAMES))
    return found


def fits(shape: Any, real: tuple[int, ...], rest: tuple[int, ...]) -> bool:
    if shape is None:
        return True
    expected = known(shape, rest)
    return len(expected) == len(real) and all(
        one in (None, size) for one, size in zip(expected, real, strict=True)
    )


def size(dim: int | str) -> Any:
    return dim if isinstance(dim, int) else size_of(dim)


def real(dim: int | str) -> int:
    return dim if isinstance(dim, int) else NAMES[dim]


@given(dims, parts)
def test_of_tensors(shape: list[int | str], index: list[str]) -> None:
    code = f"t[{', '.join(index)}]"
    found = said(code, {"t": Tensor(tuple(map(size, shape)), COMPUTE)})
    array = run(code, {"t": numpy.zeros([real(dim) for dim in shape])})
    if array is None or index.count("...") > 1:
        return
    # NumPy puts the axes of an index that is an array first, TensorFlow in its place.
    if "at" in index and any(not set(one) & set(":.") for one in index if one != "at"):
        return
    assert isinstance(found, Tensor)
    assert fits(found.shape, array.shape, ())


@given(dims, dims, st.lists(st.integers(2, 4), min_size=1, max_size=4), parts)
def test_of_tensors_of_any_rank(
    before: list[int | str],
    after: list[int | str],
    rest: list[int],
    index: list[str],
) -> None:
    code = f"t[{', '.join(index)}]"
    shape = (*map(size, before), REST, *map(size, after))
    sizes = [*map(real, before), *rest, *map(real, after)]
    found = said(code, {"t": Tensor(shape, COMPUTE)})
    array = run(code, {"t": numpy.zeros(sizes)})
    if array is None or index.count("...") > 1 or "at" in index:
        return
    assert isinstance(found, Tensor)
    assert fits(found.shape, array.shape, tuple(rest))


@given(st.lists(st.integers(0, 9), max_size=5), st.one_of(slices, indices))
def test_of_lists(items: list[int], index: str) -> None:
    if index in ("None", "at"):
        return
    code = f"t[{index}]"
    listed = run(code, {"t": items})
    if listed is None:
        return
    value = Items(tuple(Number("int", one) for one in items))
    assert holds(said(code, {"t": value}), listed, ())


@given(
    st.lists(st.integers(0, 9), max_size=3),
    st.lists(st.integers(2, 4), min_size=1, max_size=4),
    st.lists(st.integers(0, 9), max_size=3),
    st.one_of(slices, indices),
)
def test_of_shapes_of_any_rank(
    before: list[int], rest: list[int], after: list[int], index: str
) -> None:
    if index in ("None", "at"):
        return
    code = f"t[{index}]"
    listed = run(code, {"t": [*before, *rest, *after]})
    if listed is None:
        return
    ends = ([Number("int", one) for one in part] for part in (before, after))
    first, last = ends
    found = said(code, {"t": Items((*first, REST, *last))})
    assert holds(found, listed, tuple(rest))


def holds(value: Value, found: Any, rest: tuple[int, ...]) -> bool:
    """Whether what is said of a list of integers, or of one, is so."""
    match value:
        case Unknown():
            return True
        case Number(type="int", value=one):
            return isinstance(found, int) and one in (None, found)
        case Items(items=items):
            return isinstance(found, list) and fits(
                tuple(one if one is REST else one.value for one in items),
                tuple(found),
                rest,
            )
        case Many(element=element, length=length, some=some):
            several = isinstance(found, list) and (bool(found) or not some)
            return (
                several
                and length in (None, len(found))
                and all(holds(element, one, rest) for one in found)
            )
    return False


def test_known_sizes_are_told() -> None:
    """That the tests above do not hold because nothing is said."""
    shape = (size_of("a"), size_of("b"), 4)
    for code, expected in {
        "t[0]": "b, 4",
        "t[..., 0]": "a, b",
        "t[:, None]": "a, 1, b, 4",
        "t[1:]": "a - 1, b, 4",
        "t[:-1]": "a - 1, b, 4",
        "t[:, :b]": "a, b, 4",
        "t[::2]": "((a + 1) // 2), b, 4",
        "t[..., 1:3]": "a, b, 2",
        "t[:, at]": "a, c, 4",
    }.items():
        found = said(code, {"t": Tensor(shape, COMPUTE)})
        assert isinstance(found, Tensor) and isinstance(found.shape, tuple)
        assert ", ".join(map(str, found.shape)) == expected
    rest = said("t[..., None, :]", {"t": Tensor((REST, size_of("a")), COMPUTE)})
    assert isinstance(rest, Tensor)
    assert rest.shape == (REST, 1, size_of("a"))
