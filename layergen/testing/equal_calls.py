"""Equal calls of a layer that nobody has described: whether they draw at random."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from .backend import backend
from .case import Array
from .checks.randomness import STEPS
from .context import Context
from .introspect import generators
from .numerics import first_difference


def draws_at_rest(ctx: Context, layer: Any, inputs: list[Array]) -> bool:
    """Whether calls at inference draw, whatever comes of what is drawn."""
    calls = islice(_equal_calls(ctx, layer, inputs, training=False), 2)
    return any(differs or moves for differs, moves in calls)


def draws_in_training(ctx: Context, layer: Any, inputs: list[Array]) -> bool | None:
    """Whether calls in training are seen to draw; None where they might, and are not.

    Two calls may draw the same by chance, but not where there is a generator.
    """
    drawn_from = generators(layer)
    calls = _equal_calls(ctx, layer, inputs, training=True)
    if any(differs for differs, _ in islice(calls, STEPS if drawn_from else 2)):
        return True
    return None if drawn_from else False


def _equal_calls(
    ctx: Context, layer: Any, inputs: list[Array], training: bool
) -> Iterator[tuple[bool, bool]]:
    """Whether each of many calls gives other than the first, and moves a generator.

    What else a call changes is taken back before the next, so that what differs is drawn.
    """
    drawn_from = generators(layer)
    states = [one for one in layer.variables if all(one is not g for g in drawn_from)]
    before = _copied(states)
    first = None
    while True:
        kept = _copied(drawn_from)
        outputs = ctx.call.step(layer, inputs, training=training)
        first = first or outputs
        for one, value in zip(states, before, strict=True):
            one.assign(value)
        yield (
            first_difference(outputs, first, 1e-6) is not None,
            first_difference(_copied(drawn_from), kept, 0.0) is not None,
        )


def _copied(variables: list[Any]) -> list[Array]:
    return [backend.to_numpy(one).copy() for one in variables]
