"""Arguments of `call` that may be numbers or scalar tensors: alike, and in one graph."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..backend import backend
from ..case import LayerCase
from ..context import Context
from ..numerics import first_difference
from ..registry import check
from .compiling import CLOSE
from .values import EXACT, has_reference, referred

ALIKE = "Make one tensor of it, `ops.convert_to_tensor(number, dtype)`, and compute with that."


def takes_scalars(case: LayerCase) -> bool:
    return case.is_class and bool(case.scalars)


def each_value(case: LayerCase) -> Iterator[tuple[str, Any]]:
    """Every argument that may be a tensor, with each number to be tried."""
    for name, values in (case.scalars or {}).items():
        for value in values:
            yield name, value


@check("values", applies=takes_scalars)
def numbers_and_tensors_agree(ctx: Context) -> None:
    """Guards against an argument of `call` that means something else as a tensor.

    A loop hands its index on as a tensor, a program a number of Python's or NumPy's: the
    same value gives the same outputs, and those of the reference.
    """
    for name, value in each_value(ctx.case):
        hint = f"Take a number and a scalar tensor for `{name}`. {ALIKE}"
        with ctx.blame(f"calling the layer with {name}={value}", hint):
            expected = ctx.call.run(ctx.twin, ctx.inputs64, **{name: value})
        for given in (np.asarray(value)[()], backend.tensor(np.asarray(value))):
            what = f"with {name}={value} as a {type(given).__name__}"
            with ctx.blame(f"calling the layer {what}", hint):
                received = ctx.call.run(ctx.twin, ctx.inputs64, **{name: given})
            found = first_difference(received, expected, EXACT)
            if found:
                ctx.fail(f"{what}, the outputs are others: {found}.", hint)
        if has_reference(ctx.case):
            told = referred(ctx, ctx.twin, ctx.inputs64, called={name: value}).outputs
            found = first_difference(expected, told, EXACT)
            if found:
                said = f"with {name}={value}, the outputs are not the reference's: "
                ctx.fail(f"{said}{found}.", "Compare `call` with the reference at it.")


@check("compiling", applies=takes_scalars)
def one_trace_serves_every_number(ctx: Context) -> None:
    """Guards against an argument of `call` whose value Python reads.

    A decoder calls its layers once for every place of a sequence. Where the place is a
    tensor, one graph must serve them all: a graph for each is slower than no graph.
    """
    for name, values in (ctx.case.scalars or {}).items():
        one = np.asarray(values[0])
        dtype = str(one.dtype).replace("64", "32")
        hint = f"Ask for no value of `{name}` in Python. {ALIKE}"

        def called(flat: list[Any], name: str = name) -> list[Any]:
            *tensors, number = flat
            return ctx.call.flat_step(ctx.layer, tensors, **{name: number})

        with ctx.blame(f"a graph of the layer with a tensor for `{name}`", hint):
            shapes = [*ctx.case.shapes, ()]
            graph = ctx.graphs.of_function(
                ctx.layer, called, shapes, dtypes=[*ctx.graphs.dtypes, dtype]
            )
            for value in values:
                received = graph([*ctx.inputs, np.asarray(value, dtype)])
                expected = ctx.call.run(ctx.layer, ctx.inputs, **{name: value})
                found = first_difference(received, expected, CLOSE)
                if found:
                    ctx.fail(f"one graph does not serve {name}={value}: {found}.", hint)
