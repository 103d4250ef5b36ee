"""Effects: what a constructor is given shows somewhere, and functions are what they seem."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import combinations
from types import FunctionType
from typing import Any

import keras

from ..case import LayerCase
from ..context import Context
from ..introspect import held, own_weights, sublayers
from ..outcomes import CheckFailure, NotApplicable
from ..registry import check

LATEST = "Give each a value of its own: `lambda x, n=n: ...`, or `functools.partial`."


def switches(case: LayerCase) -> list[str]:
    """The arguments `use_bias`, `use_scale` and the like that may be True or False."""
    return [
        name
        for name, value in case.arguments.items()
        if name.startswith("use_") and isinstance(value, bool) and case.is_class
    ]


@check("config", applies=lambda case: bool(switches(case)))
def switch_takes_effect(ctx: Context) -> None:
    """Guards against a `use_bias=False` that leaves the bias where it was.

    What is taken, kept and returned from `get_config`, and read nowhere, looks right in
    every other check.
    """
    looked = False
    for name in switches(ctx.case):
        part = name.removeprefix("use_")
        try:
            layer = ctx.build.new(None, **{name: False})
        except CheckFailure:
            continue  # It is needed with these arguments.
        looked = True
        left = [one for one in own_weights(ctx.make.core(layer)) if one.name == part]
        if left:
            ctx.fail(
                f"with {name}=False there is a weight `{part}` all the same.",
                f"Make it, and use it, only where `self.{name}` is true.",
            )
    if not looked:
        raise NotApplicable(f"{ctx.name} needs its switches as they are")


@check("config", applies=lambda case: case.is_class)
def kept_functions_differ(ctx: Context) -> None:
    """Guards against functions made in a loop that all see its last round.

    A `lambda` reads the loop's variable when it is called, not when it is made: by then
    it has its last value, for all of them.
    """
    layer = ctx.make.core(ctx.layer)
    found = [*functions_of(layer)]
    for (place, one), (other_place, other) in combinations(found, 2):
        shared = shared_cells(one, other)
        turning = shared and loop_variables(type(layer)) & {*shared}
        if turning:
            names = " and ".join(f"`{name}`" for name in sorted(turning))
            ctx.fail(
                f"{place} and {other_place} are one and the same function: both read "
                f"{names}, which the loop has left at the last value.",
                LATEST,
            )


def functions_of(layer: Any) -> Iterator[tuple[str, FunctionType]]:
    """The functions that a layer keeps, those of its `Lambda` layers too."""
    for place, value in held(layer):
        if isinstance(value, FunctionType):
            yield place, value
    for one in sublayers(layer):
        if isinstance(one, keras.layers.Lambda):
            if isinstance(one.function, FunctionType):
                yield f"the function of `{one.name}`", one.function


def shared_cells(one: FunctionType, other: FunctionType) -> list[str]:
    """The variables that two functions of one code read, the same ones in both."""
    alike = one is not other and one.__code__ is other.__code__
    if not alike or one.__defaults__ != other.__defaults__:
        return []
    cells = one.__closure__ or ()
    same = all(a is b for a, b in zip(cells, other.__closure__ or (), strict=True))
    return list(one.__code__.co_freevars) if same else []


def loop_variables(kind: type) -> set[str]:
    """The names that loops and comprehensions of a class's code bind."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except (OSError, TypeError, SyntaxError):
        return set()
    loops = (n for n in ast.walk(tree) if isinstance(n, ast.For | ast.comprehension))
    targets = (name for loop in loops for name in ast.walk(loop.target))
    return {name.id for name in targets if isinstance(name, ast.Name)}
