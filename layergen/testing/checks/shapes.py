"""Shapes and dtypes: what comes out is what was stated, however the layer is called."""

import inspect
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from ..backend import backend
from ..case import Array, LayerCase, Shape
from ..context import Context
from ..introspect import own_weights
from ..numerics import first_difference, is_float, resize
from ..registry import check
from ..statements import is_shape

TIGHT = 1e-4


def stated_shapes(case: LayerCase) -> list[Shape]:
    """The stated output shapes, as a list."""
    outputs = case.outputs or ()
    if isinstance(outputs, Mapping):
        return [tuple(outputs[name]) for name in sorted(outputs)]
    if any(isinstance(one, tuple | list) for one in outputs):
        return [tuple(one) for one in outputs]  # type: ignore[arg-type]
    return [tuple(outputs)]  # type: ignore[arg-type]


def has_stated_structure(ctx: Context) -> None:
    """Fails unless a dict of outputs is stated where a dict comes, and so with lists."""
    stated = ctx.case.outputs
    of_lists = isinstance(stated, list) and bool(stated) and not is_shape(stated)
    if not (isinstance(stated, Mapping) or of_lists):
        return
    tensors = [backend.tensor(one) for one in ctx.inputs]
    received = ctx.call.packed(ctx.layer, tensors)
    if isinstance(stated, Mapping):
        keys = sorted(received) if isinstance(received, dict) else type(received)
        if keys != sorted(stated):
            ctx.fail(
                f"the outputs come as {keys}, not in a dict with the keys "
                f"{sorted(stated)}.",
                "Return a dict with those keys.",
            )
    elif not isinstance(received, list):
        ctx.fail(
            f"the outputs come as {type(received)}, not as a list.", "Return a list."
        )


def compatible(symbolic: Any, real: Shape) -> bool:
    """Whether a shape with unknown sizes may turn out to be a real one."""
    return len(symbolic) == len(real) and all(
        one is None or one == other for one, other in zip(symbolic, real, strict=True)
    )


def claims(ctx: Context, declared: Any, real: Shape) -> bool:
    """Whether what is declared for known sizes is right: all of it where strictly held,
    and otherwise what is claimed to be known."""
    return declared == real if ctx.case.is_strict else compatible(declared, real)


@check("shapes")
def can_be_called(ctx: Context) -> None:
    """Guards against a layer that cannot be made, built or called as the case states.

    Keras builds a layer inside its first call, so that a fault of the constructor, of
    `build` and of `call`, or a wrong shape in the case, all show there. Where this
    check fails, no other is run.
    """
    if ctx.flaw:
        raise ctx.flaw


@check("shapes", applies=lambda case: case.outputs is not None)
def output_has_stated_shape(ctx: Context) -> None:
    """Guards against a swapped or missing axis, or an output too many.

    Keras never compares what `call` returns with any statement about it.
    """
    has_stated_structure(ctx)
    stated = stated_shapes(ctx.case)
    received = [one.shape for one in ctx.outputs]
    if received != stated:
        ctx.fail(
            f"for inputs of shape {ctx.case.shapes} the outputs have the shapes "
            f"{received}; stated are {stated}.",
            "Look for a transposed or dropped axis in `call`, or correct `outputs`.",
        )


@check("shapes")
def float_output_has_compute_dtype(ctx: Context) -> None:
    """Guards against constants that turn a float32 result into another float dtype.

    A NumPy float64 array or `ops.cast(..., "float64")` in `call` does so silently.
    """
    for number, one in enumerate(ctx.outputs):
        if is_float(one) and one.dtype != np.float32:
            ctx.fail(
                f"output {number} is {one.dtype} under a float32 policy.",
                "Cast constants in `call` to `self.compute_dtype`.",
            )


@check("shapes", applies=lambda case: case.weights is not None)
def weights_are_as_stated(ctx: Context) -> None:
    """Guards against a weight that is missing, extra, misnamed or of another shape.

    Names and shapes are what saved files and users' code rest on.
    """
    stated = {name: tuple(one) for name, one in (ctx.case.weights or {}).items()}
    own = {one.name: one for one in own_weights(ctx.make.core(ctx.layer))}
    received = {
        name: tuple(one.shape)
        for name, one in own.items()
        if one.trainable or name in stated
    }
    if received != stated:
        ctx.fail(
            f"the layer's weights are {received}; stated are {stated}.",
            "Give `add_weight` the stated `name` and `shape`.",
        )


@check("shapes")
def symbolic_call_agrees_with_eager(ctx: Context) -> None:
    """Guards against a model whose declared outputs are not what it computes.

    `keras.Input` flows through `compute_output_spec`, which rests on the layer's
    `compute_output_shape` and then takes every output for one of the compute dtype:
    integer and boolean outputs need a `compute_output_spec` of their own.
    """
    doing = f"calling the layer on symbolic inputs of shape {ctx.case.shapes}"
    hint = "`build`, `call` and `compute_output_shape` must work without values."
    with ctx.blame(doing, hint):
        symbolic = ctx.graphs.symbolic(ctx.make.new(), ctx.case.shapes)
    declared = [(tuple(one.shape), str(one.dtype)) for one in symbolic]
    received = [(one.shape, one.dtype.name) for one in ctx.outputs]
    agrees = len(declared) == len(received) and all(
        claims(ctx, shape, real) and dtype == real_dtype
        for (shape, dtype), (real, real_dtype) in zip(declared, received, strict=True)
    )
    if not agrees:
        ctx.fail(
            f"symbolic inputs give outputs {declared}, arrays give {received}.",
            "Correct `compute_output_shape`; where a dtype is not the compute dtype, "
            "override `compute_output_spec`.",
        )


def overrides_compute_output_shape(case: LayerCase) -> bool:
    method = getattr(case.layer, "compute_output_shape", None)
    own = case.is_class and not case.is_cell
    return own and method is not keras.layers.Layer.compute_output_shape


@check("shapes", applies=overrides_compute_output_shape)
def compute_output_shape_agrees(ctx: Context) -> None:
    """Guards against a `compute_output_shape` that says something else than `call`.

    It is asked for with known and with unknown sizes, and a size that it claims to
    know must be the real one.
    """
    received = [one.shape for one in ctx.outputs]
    for shapes in (ctx.case.shapes, ctx.graphs.open_shapes):
        with ctx.blame(
            f"compute_output_shape for {shapes}",
            "Sizes may be None there: hand them on, and calculate with none of them.",
        ):
            answer = shape_method(ctx, ctx.layer, "compute_output_shape", shapes)
        declared = as_shapes(answer)
        known = shapes == ctx.case.shapes
        agrees = len(declared) == len(received) and all(
            claims(ctx, one, other) if known else compatible(one, other)
            for one, other in zip(declared, received, strict=True)
        )
        if not agrees:
            ctx.fail(
                f"compute_output_shape of {shapes} is {declared}; "
                f"the outputs have the shapes {received}.",
                "Correct `compute_output_shape`.",
            )


def shape_method(ctx: Context, layer: Any, method: str, shapes: Any) -> Any:
    """Calls `build` or `compute_output_shape` as Keras does.

    One parameter takes the first input's shape, or the structure of all; several take
    every input's shape under the name `<input>_shape`. Arguments of calls that decide
    which outputs there are come by their names.
    """
    function = getattr(layer, method)
    chosen = {} if method == "build" else (ctx.case.call_args or {})
    (_, first), *rest = ctx.case.arranged([tuple(one) for one in shapes])
    wanted = inspect.signature(function).parameters
    others = {f"{name}_shape": shape for name, shape in rest}
    given = {**others, **chosen}
    return function(first, **{k: v for k, v in given.items() if k in wanted})


def as_shapes(answer: Any) -> list[tuple[int | None, ...]]:
    """The shapes in what `compute_output_shape` returned, flat: as Keras has the outputs,
    those of a dict in the order of its keys."""
    if isinstance(answer, dict):
        return [shape for key in sorted(answer) for shape in as_shapes(answer[key])]
    if any(isinstance(one, tuple | list | dict) for one in answer):
        return [shape for one in answer for shape in as_shapes(one)]
    return [tuple(answer)]


@check("shapes", applies=lambda case: 0 in case.unknown)
def batch_may_be_unknown(ctx: Context) -> None:
    """Guards against code that needs the batch size before there is one.

    `keras.Input` leaves it open: `x.shape[0]` is None there, and `ops.shape(x)[0]`
    is what works. A batch size that is baked in shows as a wrong value.
    """
    agrees_with_open_axis(ctx, 0)


@check("shapes", applies=lambda case: any(case.unknown))
def time_may_be_unknown(ctx: Context) -> None:
    """Guards against a length that is baked in when the layer is built.

    One graph with the length left open must serve two lengths, and a layer built for
    one length must give what a layer built for the other gives.
    """
    for axis in ctx.case.unknown:
        if axis:
            agrees_with_open_axis(ctx, axis)


def built_for(ctx: Context, inputs: list[Array]) -> Any:
    """A layer built for inputs of these shapes, with the weights of `layer`."""
    layer = ctx.make.new()
    ctx.call.run(layer, inputs)
    ctx.weights.copy(ctx.layer, layer)
    return layer


def agrees_with_open_axis(ctx: Context, axis: int) -> None:
    """Holds symbolic and graph calls with an axis left open to eager ones."""
    shapes = ctx.graphs.shapes(axis)
    hint = f"Use `ops.shape(x)[{axis}]` in `call`: `x.shape[{axis}]` may be None."
    with ctx.blame(f"calling the layer on symbolic inputs of shape {shapes}", hint):
        symbolic = ctx.graphs.symbolic(ctx.make.new(), shapes)
    for factor in (1, 2):
        inputs = resize(ctx.inputs, axis, factor)
        expected = ctx.call.run(built_for(ctx, inputs), inputs)
        declared = [tuple(one.shape) for one in symbolic]
        real = [one.shape for one in expected]
        fits = len(declared) == len(real) and all(
            compatible(one, two) for one, two in zip(declared, real, strict=True)
        )
        if not fits:
            ctx.fail(
                f"symbolic inputs of shape {shapes} give outputs of shape {declared}, "
                f"but arrays of shape {[one.shape for one in inputs]} give {real}.",
                f"Leave axis {axis} None in `compute_output_shape`. {hint}",
            )
        with ctx.blame(f"a graph that leaves axis {axis} of the inputs open", hint):
            received = ctx.graphs.kept(ctx.layer, open_axis=axis)(inputs)
        found = first_difference(received, expected, TIGHT)
        if found:
            ctx.fail(
                f"with axis {axis} left open, a graph for inputs of shape "
                f"{[one.shape for one in inputs]} differs from a layer built for them: "
                f"{found}.",
                hint,
            )
