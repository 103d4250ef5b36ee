"""Methods and properties of a built layer, in every precision and after loading."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..introspect import sublayers
from ..methods import Method
from ..numerics import ROUNDING, first_difference, is_float
from ..registry import check
from .precision import POLICIES
from .saving import load
from .values import EXACT, NAMES

CASTS = (
    "Keras casts nothing outside of a call: cast inputs of floats and weights to "
    "`self.compute_dtype`."
)


def has_methods(case: LayerCase) -> bool:
    return case.is_class and bool(case.methods)


def refuses_early(case: LayerCase) -> bool:
    return has_methods(case) and case.is_strict


def each_method(ctx: Context) -> Iterator[tuple[str, Method, dict[str, Any]]]:
    """Every method with values for its inputs."""
    for name, method in (ctx.case.methods or {}).items():
        yield name, method, method.sample(ctx.case.seed)


def called(ctx: Context, layer: Any, name: str, given: dict[str, Any]) -> list[Array]:
    """What a method of a layer returns, flat, or a property is."""
    method = (ctx.case.methods or {})[name]
    doing = f"calling `{name}`" if method.inputs else f"reading `{name}`"
    with ctx.blame(doing, f"Correct `{name}`. {CASTS}"):
        found = getattr(layer, name)
        if method.inputs:
            tensors = keras.tree.map_structure(backend.tensor, list(given.values()))
            found = found(*tensors, **method.args)
        return [backend.to_numpy(one) for one in keras.tree.flatten(found)]


@check("values", applies=has_methods)
def methods_equal_their_references(ctx: Context) -> None:
    """Guards against a method, or a property, that computes something else than is stated.

    No call of the layer shows it: it is compared with its shapes, and with a NumPy
    reference that gets the inputs of the method, weights and arguments by name.
    """
    for name, method, given in each_method(ctx):
        received = called(ctx, ctx.twin, name, given)
        shapes = [one.shape for one in received]
        if method.shapes is not None and shapes != [tuple(s) for s in method.shapes]:
            ctx.fail(
                f"`{name}` returns the shapes {shapes}; stated are {method.shapes}.",
                "Correct the method, or what the case says of it.",
            )
        if method.reference is None:
            continue
        known = {**ctx.weights.values(ctx.twin), **method.args, **given}
        with ctx.blame(f"the reference of `{name}`", NAMES):
            told = keras.tree.flatten(method.reference(**known))
        found = first_difference(received, [np.asarray(one) for one in told], EXACT)
        if found:
            ctx.fail(
                f"`{name}` is not what its reference computes: {found}.",
                "Compare it with the reference, axis by axis.",
            )


@check("precision", applies=has_methods)
def methods_follow_the_policy(ctx: Context) -> None:
    """Guards against a method that computes in another dtype than a call does.

    Under mixed precision weights are float32 outside of a call, and what a call returns
    is float16: the two meet in a method, which raises, or returns float32 from there on.
    """
    for policy, compute, _ in POLICIES:
        layer, _ = ctx.policies.under(policy)
        for name, method, given in each_method(ctx):
            found = called(ctx, layer, name, half(given, compute))
            stated = method.dtypes or [None] * len(found)
            for number, (one, dtype) in enumerate(zip(found, stated, strict=False)):
                expected = dtype or compute
                if is_float(one) and one.dtype.name != expected:
                    ctx.fail(
                        f"under {policy}, output {number} of `{name}` is "
                        f"{one.dtype.name}; expected is {expected}.",
                        CASTS,
                    )


def half(given: dict[str, Any], dtype: str) -> dict[str, Any]:
    """Values as another layer of the policy hands them on: floats in the dtype that it
    computes in, as far as NumPy has it."""
    held = "float32" if dtype == "bfloat16" else dtype
    return {
        name: keras.tree.map_structure(
            lambda one: one.astype(held) if is_float(one) else one, value
        )
        for name, value in given.items()
    }


@check("saving", applies=has_methods)
def methods_survive_loading(ctx: Context) -> None:
    """Guards against a method that rests on what only the first calls have set.

    In a model that is loaded, nobody has called the layer yet.
    """
    with ctx.blame("loading the model from its .keras file", "Correct `get_config`."):
        model = load(ctx, ctx.saved)
    kind = type(ctx.make.core(ctx.layer))
    loaded = [one for one in (model, *sublayers(model)) if isinstance(one, kind)][0]
    for name, _, given in each_method(ctx):
        given = half(given, "float32")
        received = called(ctx, loaded, name, given)
        expected = called(ctx, ctx.layer, name, given)
        found = first_difference(received, expected, ROUNDING["float32"])
        if found:
            ctx.fail(
                f"loaded from a .keras file, `{name}` computes something else: {found}.",
                "Let it rest on weights and arguments alone.",
            )


@check("refusals", applies=refuses_early)
def methods_refuse_what_they_cannot_take(ctx: Context) -> None:
    """Guards against a method that fails inside of a layer that is not built.

    So does one that computes with the weights as they are while a model is put together,
    on symbolic tensors. Both are a `ValueError` that names the method, and says what to do.
    """
    for name, method, given in each_method(ctx):
        told = f"Raise a `ValueError` that names `{name}`, and says what to do."
        values = [*half(given, "float32").values()]
        tensors = keras.tree.map_structure(backend.tensor, values)
        refuses(ctx, ctx.make.new(), name, tensors, "before the layer is built", told)
        if method.inputs:
            symbolic = keras.tree.map_structure(
                lambda one: keras.KerasTensor(one.shape, one.dtype.name), values
            )
            refuses(ctx, ctx.layer, name, symbolic, "on a symbolic tensor", told)


def refuses(
    ctx: Context, layer: Any, name: str, given: list[Any], where: str, told: str
) -> None:
    """Fails unless a method raises a `ValueError` that names it."""
    method = (ctx.case.methods or {})[name]
    try:
        found = getattr(layer, name)
        if method.inputs:
            found(*given, **method.args)
    except ValueError as error:
        if name in str(error):
            return
        ctx.fail(f"{where}, `{name}` raises `{error}`, which does not name it.", told)
    except Exception as error:
        ctx.fail(f"{where}, `{name}` raises {type(error).__name__}.", told)
    ctx.fail(f"{where}, `{name}` raises nothing.", told)
