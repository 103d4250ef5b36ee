"""The variables of a layer, in the orders in which things happen to them."""

from __future__ import annotations

from layergen.language.model import Spec, State, Weight


def declared(spec: Spec) -> tuple[Weight | State, ...]:
    """What a spec names: weights, then states."""
    return (*spec.weights, *spec.states)


def created(spec: Spec) -> tuple[Weight | State, ...]:
    """What `build` creates, in its order: Keras hands a cell its states."""
    return spec.weights if spec.kind == "cell" else declared(spec)


def saved(spec: Spec) -> tuple[Weight | State, ...]:
    """What a saved file holds, in its order: Keras puts first what is trained.

    A weight that an argument makes trainable or not counts as trained.
    """
    return tuple(sorted(created(spec), key=_is_fixed))


def _is_fixed(variable: Weight | State) -> bool:
    return isinstance(variable, State) or variable.trainable is False
