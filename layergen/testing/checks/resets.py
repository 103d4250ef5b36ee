"""How states begin: what `reset_state` brings back, and what they need to know."""

from dataclasses import replace
from typing import Any

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..numerics import difference
from ..registry import check
from ..scopes import seeded


def resets(case: LayerCase) -> bool:
    return case.has_states and hasattr(case.layer, "reset_state")


def initial_states(ctx: Context, seed: int) -> tuple[Any, dict[str, Array]]:
    """A layer made under a seed and built, and its states before any step."""
    other = Context(replace(ctx.case, seed=seed))
    layer = other.make.new()
    other.graphs.symbolic(layer, ctx.graphs.open_shapes)
    return layer, ctx.weights.states(layer)


def of_keras(ctx: Context) -> bool:
    """Whether a layer's `reset_state` is one that it has from Keras."""
    layer: Any = ctx.case.layer
    return ctx.case.is_class and layer.reset_state.__module__.startswith("keras.")


@check("state", applies=resets)
def reset_state_restores_initial_values(ctx: Context) -> None:
    """Guards against a state that survives `reset_state`, or a weight that does not.

    Zeros in place of the stated initial value are wrong too; a random initial value
    must be drawn anew, which calling the same initializer again does not do. What Keras'
    own `RNN.reset_state` leaves as it is, all but the steps' states, may be so.
    """
    layer, start = initial_states(ctx, ctx.case.seed)
    _, other = initial_states(ctx, ctx.case.seed + 1)
    random = {name for name in start if difference(other[name], start[name], 0.0)}
    for _ in range(2):
        ctx.call.step(layer, ctx.inputs, **ctx.case.in_training)
    moved = ctx.weights.states(layer)
    weights = [backend.to_numpy(one).copy() for one in layer.trainable_weights]
    hint = "Assign each state what its initializer gives; a random one, cloned first."
    with seeded(ctx.case.seed + 2), ctx.blame("reset_state()", hint):
        layer.reset_state()
    after = ctx.weights.states(layer)
    for name, value in after.items():
        if of_keras(ctx) and not difference(value, moved[name], 0.0):
            continue
        anew = name in random
        if anew and not difference(value, start[name], 0.0):
            ctx.fail(
                f"reset_state() brings back the random value `{name}` had first, "
                "instead of drawing another.",
                hint,
            )
        if not anew and difference(value, start[name], 0.0):
            ctx.fail(
                f"after reset_state() `{name}` is not what it was at first: "
                f"{difference(value, start[name], 0.0)}.",
                hint,
            )
        if anew and not difference(value, moved[name], 0.0):
            ctx.fail(f"reset_state() leaves `{name}` as it is.", hint)
    for one, value in zip(layer.trainable_weights, weights, strict=True):
        if difference(backend.to_numpy(one), value, 0.0):
            ctx.fail(f"reset_state() changes the weight `{one.name}`.", hint)


@check("state", applies=lambda case: case.fixed_batch)
def fixed_batch_is_asked_for(ctx: Context) -> None:
    """Guards against a state per sample that meets an unknown batch.

    Its shape has the batch size in it: without one, the layer must say that it needs
    a fixed batch size, in a `ValueError`.
    """
    shapes = ctx.graphs.shapes(0)
    hint = "Raise a ValueError in `build` that asks for a fixed batch size."
    try:
        ctx.graphs.symbolic(ctx.make.new(), shapes)
    except ValueError as error:
        if "batch" not in str(error).lower():
            ctx.fail(f"an unknown batch size raises, without naming it: {error}", hint)
    except Exception as error:
        ctx.fail(
            f"an unknown batch size raises {type(error).__name__} instead of a "
            f"ValueError: {error}",
            hint,
        )
    else:
        ctx.fail("an unknown batch size is accepted, and a state rests on it.", hint)
