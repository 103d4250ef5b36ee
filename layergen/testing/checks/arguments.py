"""Initializers, regularizers, constraints: each argument does what its name says."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ..backend import backend
from ..case import LayerCase
from ..context import Context
from ..introspect import own_weights
from ..outcomes import CheckFailure, NotApplicable
from ..registry import check

OPTIONAL = ("bias", "beta", "gamma", "scale", "gate")
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
    for name in named_arguments(ctx, ending):
        layer = ctx.build.new(**{name: value})
        weights = weights_called(ctx, layer, name.removesuffix(ending))
        found.append((name, layer, weights))
    if not found:
        raise NotApplicable(f"no weight of {ctx.name} is named after a `*{ending}`")
    return found


def named_arguments(ctx: Context, ending: str) -> list[str]:
    """The arguments of an ending after which weights of this case are named."""
    return [
        name
        for name in arguments_ending(ctx.case, ending)
        # None under the weight's name says that this case has no such weight.
        if getattr(ctx.layer, name.removesuffix(ending), name) is not None
        and weights_called(ctx, ctx.layer, name.removesuffix(ending))
    ]


def one_is_enough(ctx: Context, weights: list[Any]) -> bool:
    """Whether weights of one name are those of several layers in one, of which an argument
    may be for one alone."""
    if not ctx.case.is_class:
        return True
    names = {one.path.rpartition("/")[0] for one in weights}
    return len(names) > 1 and not ctx.case.is_strict


def constrains_nothing(ctx: Context, name: str, constraint: Any) -> bool:
    """Whether no weight has a constraint that a layer is given, whatever else it is given.

    It may be for a weight that is there only with another switch, and there are weights
    that layers may well be without.
    """
    part = name.removesuffix("_constraint")
    absent = getattr(ctx.make.core(ctx.layer), part, name) is None
    if absent or part in OPTIONAL or not ctx.layer.trainable_weights:
        return False
    flags = [n for n, value in ctx.case.arguments.items() if isinstance(value, bool)]
    changes = [{}, *({n: not ctx.case.arguments[n]} for n in flags)]
    for change in changes:
        try:
            layer = ctx.build.new(**{name: constraint, **change})
        except CheckFailure:
            continue
        if any(isinstance(w.constraint, type(constraint)) for w in layer.weights):
            return False
    return True


@check("config", applies=lambda case: bool(arguments_ending(case, "_initializer")))
def initializer_takes_effect(ctx: Context) -> None:
    """Guards against an initializer that is ignored or meets another weight.

    `add_weight` takes `glorot_uniform` for floats where it is given none, so that a
    forgotten one trains all the same, only worse. Several layers in one may have a weight
    of the name: one of them is enough, unless the layer is strictly held.
    """
    initializer = keras.initializers.Constant(ODD)
    for name, _, weights in each_argument(ctx, "_initializer", initializer):
        values = [backend.to_numpy(one) for one in weights]
        met = any(np.isclose(value, ODD).any() for value in values)
        if met and one_is_enough(ctx, weights):
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
        exact = exact and not (ctx.case.is_class and one_is_enough(ctx, weights))
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
    named = named_arguments(ctx, "_constraint")
    for name in arguments_ending(ctx.case, "_constraint"):
        if name not in named and constrains_nothing(ctx, name, constraint):
            ctx.fail(
                f"with {name}=MaxNorm no weight has a constraint.",
                f"Pass `constraint=self.{name}` to the `add_weight` of what it is for.",
            )
    for name, _, weights in each_argument(ctx, "_constraint", constraint):
        held = [isinstance(w.constraint, keras.constraints.MaxNorm) for w in weights]
        if any(held) and one_is_enough(ctx, weights):
            continue
        for one, holds in zip(weights, held, strict=True):
            if not holds:
                ctx.fail(
                    f"with {name}=MaxNorm the weight `{one.name}` has the constraint "
                    f"{one.constraint!r}.",
                    f"Pass `constraint=self.{name}` to its `add_weight`.",
                )
