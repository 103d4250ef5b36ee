"""Randomness: new in every step, the same with the same seed, saved with the layer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras

from ..backend import backend
from ..case import Array
from ..context import Context
from ..introspect import generators, held
from ..numerics import first_difference
from ..outcomes import NotApplicable
from ..registry import check
from .saving import load

SEED = 4321
RATE = 0.5
# One draw in five that shows is missed by as many in less than one layer of a million.
STEPS = 64
GENERATOR = (
    "Make `self.seed_generator = keras.random.SeedGenerator(seed)` in the constructor "
    "and pass `seed=self.seed_generator` to every function of `keras.random`."
)


def steps(ctx: Context, layer: Any, count: int = STEPS) -> Iterator[list[Array]]:
    """Outputs, states and losses of some steps in training on the same inputs."""
    for _ in range(count):
        outputs = ctx.call.step(layer, ctx.inputs, **ctx.case.in_training)
        seen = [*layer.non_trainable_weights, *layer.losses]
        yield [*outputs, *(backend.to_numpy(one).copy() for one in seen)]


def all_the_same(found: Iterator[list[Array]]) -> bool:
    """Whether every step gives what the first gave; two may by chance."""
    first = next(found)
    return not any(first_difference(one, first, 0.0) for one in found)


def require_draws(ctx: Context) -> None:
    """Ends a check of a layer that may draw nothing, and with these arguments does not.

    A layer that is stated to draw is held to it; a strict one must draw with another
    rate, where one is zero.
    """
    if ctx.case.random or not all_the_same(steps(ctx, ctx.build.twin_of(ctx.layer))):
        return
    if not ctx.case.is_strict or draws_at_another_rate(ctx):
        raise NotApplicable(f"{ctx.name} draws nothing with these arguments")


def draws_at_another_rate(ctx: Context) -> bool:
    """Whether the layer draws with a rate in place of an argument that is zero."""
    for name, value in ctx.case.arguments.items():
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and value == 0
        ):
            args = {**ctx.case.args, name: RATE}
            other = Context(replace(ctx.case, args=args))
            if not other.flaw and not all_the_same(steps(other, other.layer)):
                return True
    return False


@check("randomness", applies=lambda case: case.is_random)
def draws_anew_in_every_step(ctx: Context) -> None:
    """Guards against a layer that draws the same in every step, or nothing.

    `keras.random` with an integer as its seed always gives the same.
    """
    require_draws(ctx)
    if all_the_same(steps(ctx, ctx.build.twin_of(ctx.layer))):
        ctx.fail(
            f"{STEPS} steps in training give the same, though it is to draw.",
            GENERATOR,
        )


@check("randomness", applies=lambda case: case.is_random)
def graph_draws_anew_in_every_step(ctx: Context) -> None:
    """Guards against a draw that becomes a constant when a graph is traced.

    NumPy's and Python's generators draw once, while tracing.
    """
    require_draws(ctx)
    layer = ctx.build.twin_of(ctx.layer)
    with ctx.blame("a graph of the layer in training", GENERATOR):
        graph = ctx.graphs.of(layer, **ctx.case.in_training)

    def graph_steps() -> Iterator[list[Array]]:
        for _ in range(STEPS):
            outputs = graph.step(ctx.inputs)
            states = [backend.to_numpy(w).copy() for w in layer.non_trainable_weights]
            yield [*outputs, *states]

    if all_the_same(graph_steps()):
        ctx.fail(f"{STEPS} steps of a graph in training give the same.", GENERATOR)


@check("randomness", applies=lambda case: case.takes_seed)
def same_seed_repeats(ctx: Context) -> None:
    """Guards against a `seed` that is not used, or is not all that is drawn from.

    Two layers of one seed must draw the same in every step, one of another seed
    something else.
    """
    require_draws(ctx)
    drawn = []
    for seed in (SEED, SEED, SEED + 1):
        layer = ctx.build.new(seed=seed)
        fresh = [backend.to_numpy(one).copy() for one in generators(layer)]
        ctx.weights.copy(ctx.layer, layer)
        for one, value in zip(generators(layer), fresh, strict=True):
            one.assign(value)
        drawn.append([one for step in steps(ctx, layer) for one in step])
    found = first_difference(drawn[1], drawn[0], 1e-6)
    if found:
        ctx.fail(f"two layers of the same seed draw differently: {found}.", GENERATOR)
    if not first_difference(drawn[2], drawn[0], 0.0):
        ctx.fail("two layers of different seeds draw the same.", GENERATOR)


@check("randomness", applies=lambda case: case.is_random and case.training is True)
def inference_draws_nothing(ctx: Context) -> None:
    """Guards against predictions that differ from one to the next.

    What is drawn at inference and not used makes them depend on how often they were
    asked for, too. A layer that is meant to draw there leaves `training` unstated.
    """
    layer = ctx.build.twin_of(ctx.layer)
    before = [backend.to_numpy(one).copy() for one in generators(layer)]
    first, second = (ctx.call.step(layer, ctx.inputs) for _ in range(2))
    hint = "Draw only where `training` is true; or leave `training` unstated."
    found = first_difference(second, first, 0.0)
    if found:
        ctx.fail(f"two calls at inference differ: {found}.", hint)
    after = [backend.to_numpy(one) for one in generators(layer)]
    if first_difference(after, before, 0.0):
        ctx.fail("a call at inference moves the random generator.", hint)


@check("randomness", applies=lambda case: case.is_random)
def generator_is_tracked(ctx: Context) -> None:
    """Guards against a random generator that Keras does not know of.

    Its state is then no variable of the layer: exported models and other backends
    leave it where it is.
    """
    require_draws(ctx)
    known = {id(one) for one in ctx.layer.variables}
    if not generators(ctx.layer):
        ctx.fail("no random generator is among the layer's variables.", GENERATOR)
    for place, value in held(ctx.make.core(ctx.layer)):
        is_generator = isinstance(value, keras.random.SeedGenerator)
        if is_generator and id(value.state) not in known:
            ctx.fail(f"{place} is a generator that Keras does not track.", GENERATOR)


@check("randomness", applies=lambda case: case.takes_seed)
def loaded_layer_draws_from_its_seed(ctx: Context) -> None:
    """Guards against a seed that a saved model forgets.

    Keras saves no generator's state: a loaded layer begins anew, with its own seed.
    """
    require_draws(ctx)
    with ctx.blame("loading the model from its .keras file", GENERATOR):
        loaded = load(ctx, ctx.saved)
    received = [backend.to_numpy(one) for one in generators(loaded)]
    expected = [backend.to_numpy(one) for one in generators(ctx.build.new())]
    found = first_difference(received, expected, 0.0)
    if found:
        ctx.fail(
            f"loaded from its .keras file, the layer draws from another seed: {found}.",
            f"Return `seed` from `get_config`. {GENERATOR}",
        )
