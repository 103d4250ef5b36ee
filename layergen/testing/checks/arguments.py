"""Initializers, regularizers, constraints: each argument does what its name says."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ..backend import backend
from ..case import LayerCase
from ..context import Context
from ..introspect import own_weights
from ..outcomes import NotApplicable
from ..registry import check

ODD = 0.171875  # Exact in every float dtype.


def arguments_ending(case: LayerCase, ending: str) -> list[str]:
    """Constructor arguments with this ending that stand for a weight."""
    return [
        name
        for name in case.constructor
        if name.endswith(ending) and name != f"activity{ending}"
    ]


def ends(ending: str) -> Callable[[LayerCase], bool]:
    return lambda case: case.is_class and bool(arguments_ending(case, ending))


def weights_called(ctx: Context, layer: Any, prefix: str) -> list[Any]:
    """The weights of this name, the layer's own first, or else those that begin so.

    Those of a layer that was given as an argument are that layer's affair.
    """
    given = {id(w) for one in ctx.policies.given_to(layer) for w in one.weights}
    others = [one for one in layer.weights if id(one) not in given]
    for weights in (own_weights(layer), others):
        exact = [one for one in weights if one.name == prefix]
        if exact:
            return exact
    return [one for one in others if one.name.startswith(prefix)]


def each_argument(ctx: Context, ending: str, value: Any) -> list[tuple[str, Any, Any]]:
    """Argument, a layer built with this value for it, and the weights it is for.

    An argument whose weight this case does not have is left out.
    """
    found = []
    for name in arguments_ending(ctx.case, ending):
        prefix = name.removesuffix(ending)
        # None under the weight's name says that this case has no such weight.
        absent = getattr(ctx.layer, prefix, name) is None
        if not absent and weights_called(ctx, ctx.layer, prefix):
            layer = ctx.build.new(**{name: value})
            found.append((name, layer, weights_called(ctx, layer, prefix)))
    if not found:
        raise NotApplicable(f"no weight of {ctx.name} is named after a `*{ending}`")
    return found


@check("config", applies=lambda case: bool(arguments_ending(case, "_initializer")))
def initializer_takes_effect(ctx: Context) -> None:
    """Guards against an initializer that is ignored or meets another weight.

        `add_weight` takes `glorot_uniform` for floats where it is given none, so that a
    forgotten one trains all the same, only worse.
    Several layers of a functional model may have a weight of the name: one is enough.
    """
    initializer = keras.initializers.Constant(ODD)
    for name, _, weights in each_argument(ctx, "_initializer", initializer):
        values = [backend.to_numpy(one) for one in weights]
        if not ctx.case.is_class and any(np.isclose(v, ODD).any() for v in values):
            continue
        for one, value in zip(weights, values, strict=True):
            # A layer may rightly overwrite a part: an LSTM's forget gates do.
            if value.size and not np.isclose(value, ODD).any():
                ctx.fail(
                    f"with {name}=Constant({ODD}) the weight `{one.name}` starts as "
                    f"{value.flat[0]}.",
                    f"Pass `initializer=self.{name}` to its `add_weight`.",
                )


@check("config", applies=ends("_regularizer"))
def regularizer_takes_effect(ctx: Context) -> None:
    """Guards against a regularizer that is ignored or penalizes another weight.

    Keras collects the penalties of trainable weights by itself, from the variables; one
    that `call` adds as well counts twice.
    """
    regularizer = keras.regularizers.L2(0.5)
    for name, layer, weights in each_argument(ctx, "_regularizer", regularizer):
        # Keras adds no penalty of a weight that is not trained.
        if not all(one.trainable for one in weights):
            continue
        ctx.weights.perturb(layer)
        plain = ctx.build.new(**{name: None})
        ctx.weights.copy(layer, plain)
        ctx.call.run(layer, ctx.inputs)
        ctx.call.run(plain, ctx.inputs)
        gained = total(layer.losses) - total(plain.losses)
        exact = weights[0].name == name.removesuffix("_regularizer")
        expected = sum(0.5 * float((backend.to_numpy(w) ** 2).sum()) for w in weights)
        if gained <= 0 or (exact and not np.isclose(gained, expected, rtol=1e-3)):
            ctx.fail(
                f"with {name}=L2(0.5) the layer's losses grow by {gained:.6g}; the "
                f"penalty of {sorted({w.name for w in weights})} is {expected:.6g}.",
                f"Pass `regularizer=self.{name}` to that weight's `add_weight`, once.",
            )


def total(losses: list[Any]) -> float:
    return float(sum(float(backend.to_numpy(one)) for one in losses))


@check("config", applies=ends("_constraint"))
def constraint_takes_effect(ctx: Context) -> None:
    """Guards against a constraint that no optimizer will ever apply.

    Optimizers look for it on the variable, nowhere else, and apply it after each step.
    """
    constraint = keras.constraints.MaxNorm(1.375)
    for name, _, weights in each_argument(ctx, "_constraint", constraint):
        for one in weights:
            if not isinstance(one.constraint, keras.constraints.MaxNorm):
                ctx.fail(
                    f"with {name}=MaxNorm the weight `{one.name}` has the constraint "
                    f"{one.constraint!r}.",
                    f"Pass `constraint=self.{name}` to its `add_weight`.",
                )
