"""What calls change: states and random generators, and how to leave them alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import backend

GENERATOR = "seed_generator_state"


def changing(layer: Any) -> list[Any]:
    """The variables that calls may change: states, and those of random generators."""
    return [one for one in layer.variables if not one.trainable]


def generators(layer: Any) -> list[Any]:
    """The variables of the random generators that Keras tracks on a layer.

    They are among its variables and not among its weights.
    """
    return [one for one in layer.variables if one.name == GENERATOR]


@contextmanager
def still(layer: Any) -> Iterator[None]:
    """Undoes what eager calls do to states and generators.

    So a layer is a function of its inputs: equal calls give equal outputs. While a
    graph is traced there is nothing to undo.
    """
    if not backend.is_eager():
        yield
        return
    before = [(one, backend.to_numpy(one).copy()) for one in changing(layer)]
    try:
        yield
    finally:
        for variable, value in before:
            variable.assign(value)


def rewind(layer: Any) -> None:
    """Takes every generator back to its seed, as if nothing had been drawn."""
    for one in generators(layer):
        seed, _ = backend.to_numpy(one)
        one.assign([seed, 0])


def copy_draws(source: Any, target: Any) -> None:
    """Makes one layer draw what another would draw next, if both draw alike."""
    ours, theirs = generators(source), generators(target)
    if len(ours) == len(theirs):
        for one, other in zip(ours, theirs, strict=True):
            other.assign(backend.to_numpy(one))
