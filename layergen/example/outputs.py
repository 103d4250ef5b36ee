"""Outputs that a spec states, and its code gives otherwise.

Two sizes may differ whatever their names stand for. Others are compared at the sizes of
the example, which are the same only where the spec says so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.example.sizes import Sizes, find_sizes
from layergen.forward.analyse import Forward
from layergen.forward.environment import Environment
from layergen.forward.shapes import REST, Axes, shown
from layergen.forward.sizes import surely_differ, value_of
from layergen.forward.values import COMPUTE, DEFAULT, OPEN, Items, Tensor, Value
from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.language.context import Context
from layergen.language.lookup import Lookup
from layergen.language.model import Output, Spec


def check_outputs(spec: Spec, analysis: Forward, context: Context) -> None:
    """Record stated shapes and dtypes that `forward` surely does not give."""
    lookup = Lookup(spec)
    for index, output in enumerate(spec.outputs or ()):
        values = [*_values(spec, analysis, index)]
        _check_shape(lookup, output, values, context)
        _check_dtype(output, values, context)


def _values(spec: Spec, analysis: Forward, index: int) -> Iterator[Value]:
    """What each `return` gives for one of the outputs."""
    several = len(spec.outputs or ()) > 1
    for node, value in analysis.returns:
        if not several:
            yield value
        elif isinstance(node, ast.Tuple) and isinstance(value, Items):
            if REST not in value.items and index < len(value.items):
                yield value.items[index]


def _check_shape(
    lookup: Lookup, output: Output, values: list[Value], context: Context
) -> None:
    stated = Environment(lookup).shape(output.shape, "")
    given = [value.shape if isinstance(value, Tensor) else None for value in values]
    if not isinstance(stated, tuple) or all(one == stated for one in given):
        return
    hint = ""
    wrong = [one for one in given if isinstance(one, tuple) and _differ(stated, one)]
    if not wrong and given:
        sizes = _sizes(lookup)
        if sizes is None:
            return
        told = [one for one in given if isinstance(one, tuple)]
        numbers = [_numbers(one, sizes) for one in told]
        wanted = _numbers(stated, sizes)
        # Which `return` is come to is not known: each of them must be wrong.
        if len(told) < len(given) or not all(_apart(wanted, one) for one in numbers):
            return
        wrong = told
        hint = f"in the example {_tuple(numbers[0])} and not {_tuple(wanted)}"
    if wrong:
        whose = f"`{output.name}`" if output.name else "the output"
        message = (
            f"{whose} has the shape `{shown(wrong[0])}`, and not `{shown(stated)}`"
        )
        context.add("LG444", output.shape.place, message, hint)


def _differ(stated: Axes, given: Axes) -> bool:
    """Whether two shapes differ whatever their names stand for."""
    if REST not in stated and REST not in given or _aligned(stated, given):
        if len(stated) != len(given):
            return True
        pairs = zip(stated, given, strict=True)
        return any(surely_differ(*pair) for pair in pairs if REST not in pair)
    return False


def _aligned(stated: Axes, given: Axes) -> bool:
    """Whether `...` stands at one place in both, so that their axes go together."""
    both = REST in stated and REST in given
    return both and stated.index(REST) == given.index(REST)


def _sizes(lookup: Lookup) -> Sizes | None:
    """The sizes of the example, if there are any."""
    given = dict(lookup.spec.example)
    found = (find_sizes(lookup, given, rest) for rest in (None, 1))
    return next(filter(None, found), None)


def _numbers(shape: Axes, sizes: Sizes) -> list[int | None]:
    """A shape in the example, None for the sizes that are not known."""
    found: list[int | None] = []
    for one in shape:
        if one is REST:
            found += sizes.rest
        else:
            found.append(None if one is None else value_of(one, sizes.values))
    return found


def _apart(one: list[int | None], other: list[int | None]) -> bool:
    if len(one) != len(other):
        return True
    pairs = zip(one, other, strict=True)
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _tuple(numbers: list[int | None]) -> str:
    said = ["_" if one is None else str(one) for one in numbers]
    return f"`({said[0]},)`" if len(said) == 1 else f"`({', '.join(said)})`"


def _check_dtype(output: Output, values: list[Value], context: Context) -> None:
    for value in values:
        if not isinstance(value, Tensor) or output.dtype is None:
            continue
        if _is_other(output.dtype, value.dtype):
            whose = f"`{output.name}`" if output.name else "the output"
            dtype = (
                "the compute dtype" if value.dtype == COMPUTE else f"`{value.dtype}`"
            )
            message = f"{whose} has {dtype}, and not `{output.dtype}`"
            path = ("outputs", output.name) if output.name else ("outputs",)
            place = context.place(*path, "dtype")
            hint = f'`ops.cast(..., "{output.dtype}")` gives that'
            context.add("LG445", place, message, hint)
            return


def _is_other(stated: str, given: str) -> bool:
    """Whether a dtype is surely another than the stated one."""
    if given in (COMPUTE, DEFAULT):
        return stated not in FLOAT_DTYPES
    return given not in (OPEN, stated)
