"""Refusals: what cannot work is a `ValueError`, and says what it is about.

Keras' own layers are not held to these: many of them leave validation to the backend.
"""

import inspect
import re
from typing import Any

import keras
import numpy as np

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..numerics import is_float
from ..outcomes import NotApplicable
from ..registry import check


def is_custom_class(case: LayerCase) -> bool:
    return case.is_class and case.is_strict


def wrong_values(case: LayerCase) -> dict[str, Any]:
    """For every required argument of a plain kind, a value wrong on its face."""
    wrong: dict[str, Any] = {}
    for name, parameter in case.constructor.items():
        if parameter.default is not inspect.Parameter.empty or name not in case.args:
            continue
        value = case.args[name]
        if name.endswith(("activation", "_initializer", "_regularizer", "_constraint")):
            continue
        if isinstance(value, int | float | list) and not isinstance(value, bool):
            wrong[name] = "wrong"
        elif isinstance(value, str):
            wrong[name] = 0.5
    return wrong


def has_plain_arguments(case: LayerCase) -> bool:
    return is_custom_class(case) and bool(wrong_values(case))


@check("config", applies=has_plain_arguments)
def wrong_argument_is_refused(ctx: Context) -> None:
    """Guards against a wrong argument that surfaces later, as something else.

    Keras stores what a constructor is given and looks at it in `build` or later. A
    string where a number belongs must be a `ValueError` of the constructor, and name
    the argument.
    """
    for name, value in wrong_values(ctx.case).items():
        hint = f"Check `{name}` in the constructor, and name it in the message."
        try:
            ctx.case.layer(**{**ctx.case.args, name: value})
        except ValueError as error:
            if name not in str(error):
                ctx.fail(
                    f"{name}={value!r} is refused without naming it: {error}", hint
                )
        except Exception as error:
            ctx.fail(
                f"{name}={value!r} raises {type(error).__name__} instead of a "
                f"ValueError: {error}",
                hint,
            )
        else:
            ctx.fail(f"{name}={value!r} is accepted.", hint)


def call_error(ctx: Context, layer: Any, flat: list[Array]) -> Exception | None:
    """What calling a layer raises, or None."""
    try:
        ctx.call.flat(layer, [backend.tensor(one) for one in flat])
    except Exception as error:
        return error
    return None


@check("config", applies=lambda case: is_custom_class(case) and not case.is_cell)
def wrong_rank_is_refused_at_build(ctx: Context) -> None:
    """Guards against an IndexError, or worse, for an input of another rank.

    Another rank either works or is a `ValueError`: state it in `input_spec` before
    the layer is built. Keras checks the first input alone. The last size stays, for a
    layer that is given another one may rightly refuse that by itself.
    """
    for number, one in enumerate(ctx.inputs):
        last = one.shape[-1:]
        for shape in ((), (*one.shape[:-2], *last), (*one.shape, *last)):
            flat = list(ctx.inputs)
            flat[number] = np.resize(one, shape).astype(one.dtype)
            error = call_error(ctx, ctx.make.new(), flat)
            if error is not None and not isinstance(error, ValueError):
                ctx.fail(
                    f"`{ctx.case.labels[number]}` of shape {shape} raises "
                    f"{type(error).__name__} instead of a ValueError: {error}",
                    "Set `self.input_spec = keras.layers.InputSpec(min_ndim=...)` in "
                    "the constructor; check other inputs in `build`.",
                )


@check("config", applies=is_custom_class)
def unknown_size_is_refused_at_build(ctx: Context) -> None:
    """Guards against a weight whose size would be None.

    Where a size that must be known is not, the layer either needs it not, or says so
    in a `ValueError`.
    """
    for number, shape in enumerate(ctx.case.shapes):
        for axis in range(1, len(shape)):
            shapes: list[Any] = list(ctx.case.shapes)
            shapes[number] = tuple(
                None if i == axis else s for i, s in enumerate(shape)
            )
            try:
                ctx.graphs.symbolic(ctx.make.new(), shapes)
            except ValueError:
                continue
            except NotApplicable:
                raise
            except Exception as error:
                ctx.fail(
                    f"`{ctx.case.labels[number]}` of shape {shapes[number]} raises "
                    f"{type(error).__name__} instead of a ValueError: {error}",
                    f"Check in `build` that the size of axis {axis} is known.",
                )


@check("config", applies=is_custom_class)
def wrong_size_is_refused_on_later_calls(ctx: Context) -> None:
    """Guards against a built layer that takes inputs of another size for its own.

    A width of one broadcasts against every weight and gives a wrong result in
    silence; another width must be a `ValueError`, not an error of the backend. A size
    that no weight rests on may change; one that an operation cannot take at all, as a
    window that is larger, is no matter of what the layer was built for; and a layer of
    Keras' own inside refuses as it does.
    """
    looked = False
    for number, shape in enumerate(ctx.case.shapes):
        for axis in range(1, len(shape)):
            for size in {1, shape[axis] + 1} - {shape[axis]}:
                flat = [least(one) for one in ctx.inputs]
                flat[number] = np.resize(
                    flat[number], (*shape[:axis], size, *shape[axis + 1 :])
                ).astype(flat[number].dtype)
                if fits(ctx, flat) or never_fits(ctx, shape[axis], size):
                    continue
                looked = True
                refuses(ctx, flat, number, axis)
    if not looked:
        raise NotApplicable(f"{ctx.name} has no weight that rests on an input's size")


def least(values: Array) -> Array:
    """Integers as their least one, for an index may be too large for another size."""
    return values if is_float(values) else np.full_like(values, values.min())


def fits(ctx: Context, flat: list[Array]) -> bool:
    """Whether a layer built on these inputs has weights of the same shapes."""
    fresh = ctx.make.new()
    if call_error(ctx, fresh, flat) is not None:
        return False
    return [w.shape for w in fresh.weights] == [w.shape for w in ctx.layer.weights]


def never_fits(ctx: Context, size: int, other: int) -> bool:
    """Whether a layer made for another size, wherever it stands, fails in an operation."""
    flat = []
    for one in map(least, ctx.inputs):
        sizes = one.shape[1:]
        shape = (*one.shape[:1], *(other if n == size else n for n in sizes))
        flat.append(np.resize(one, shape).astype(one.dtype))
    error = call_error(ctx, ctx.make.new(), flat)
    return error is not None and not isinstance(error, ValueError)


def refuses(ctx: Context, flat: list[Array], number: int, axis: int) -> None:
    """Fails unless the built layer answers these inputs with a ValueError."""
    error = call_error(ctx, ctx.layer, flat)
    what = f"built for {ctx.case.shapes}, `{ctx.case.labels[number]}` of shape "
    hint = (
        f"In `build`, state axis {axis} in `self.input_spec` "
        "(`InputSpec(axes={...: ...})`); check other inputs than the first in `call`."
    )
    if error is None:
        ctx.fail(f"{what}{flat[number].shape} is accepted.", hint)
    elif not isinstance(error, ValueError) and not comes_of_keras(error):
        ctx.fail(
            f"{what}{flat[number].shape} raises {type(error).__name__} instead of a "
            f"ValueError: {error}",
            hint,
        )


def comes_of_keras(error: Exception) -> bool:
    """Whether an error comes out of the `call` of one of Keras' own layers."""
    inside = re.search(r"Exception encountered when calling (\w+)\.call", str(error))
    return bool(inside and hasattr(keras.layers, inside[1]))
