"""Looking into a Keras layer: its sublayers, its own weights, what it holds."""

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import keras

from .backend import backend

PLAIN = (int, float, complex, str, bytes, bool, type(None))
# Constructor arguments that every Keras layer takes.
OF_EVERY_LAYER = ("activity_regularizer", "autocast", "dtype", "name", "trainable")


def snake_case(name: str) -> str:
    """A class's name as Keras makes a layer's of it."""
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


def sublayers(layer: Any) -> list[Any]:
    """All layers inside a layer, at every depth."""
    return [one for one in layer._flatten_layers(include_self=False)]


def own_weights(layer: Any) -> list[Any]:
    """The weights that a layer made itself, not its sublayers'."""
    inner = {id(weight) for one in sublayers(layer) for weight in one.weights}
    return [one for one in layer.weights if id(one) not in inner]


def changing(layer: Any) -> list[Any]:
    """The variables that calls may change: states, and those of random generators."""
    return [one for one in layer.variables if not one.trainable]


def generators(layer: Any) -> list[Any]:
    """The variables of the random generators that Keras tracks on a layer.

    They are among its variables and not among its weights.
    """
    return [one for one in layer.variables if one.name == "seed_generator_state"]


def relative_path(variable: Any, layer: Any) -> str:
    """A variable's path below its layer, the same in every layer of its kind.

    Keras counts up the names of layers and variables that were given none, all through a
    process, and other names are made of them: here they count from the first of the layer.
    """
    path = str(variable.path)
    _, _, below = f"/{path}".partition(f"/{layer.name}/")
    names = _steady_names(layer)
    if not names:
        return below or path
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = rf"(?<![^/_])({'|'.join(longest_first)})(?![^/_])"
    return re.sub(pattern, lambda found: names[found[0]], below or path)


def _steady_names(layer: Any) -> dict[str, str]:
    """The names that Keras gave, in a layer, and what they are in this layer alone.

    The layer's own is its class's; `Bidirectional` and its like put a word before the name
    of a layer that they copy.
    """
    names = {layer.name: snake_case(type(layer).__name__)}
    counts: Counter[str] = Counter()
    kinds = [(one.name, snake_case(type(one).__name__)) for one in sublayers(layer)]
    kinds += [(one.name, "variable") for one in layer.variables]
    for name, kind in kinds:
        given = re.fullmatch(rf"((?:\w+_)?{kind})(?:_\d+)?", name)
        if given and name not in names:
            base = given[1]
            names[name] = f"{base}_{counts[base]}" if counts[base] else base
            counts[base] += 1
    return {name: steady for name, steady in names.items() if name != steady}


def is_variable(value: Any) -> bool:
    """Whether a value is a Keras variable or one of the backend."""
    return isinstance(value, keras.Variable) or backend.is_raw_variable(value)


def held(layer: Any) -> Iterator[tuple[str, Any]]:
    """All that the user's code keeps on a layer: place and value, containers opened.

    Attributes that every Keras layer has are left out, and so is the inside of
    sublayers that Keras tracks.
    """
    common = backend.attributes(keras.layers.Layer())
    tracked = {id(one) for one in sublayers(layer)}
    stack = [
        (f"self.{name}", value)
        for name, value in backend.attributes(layer).items()
        if name not in common
    ]
    seen: set[int] = set()
    while stack:
        place, value = stack.pop()
        if isinstance(value, PLAIN) or id(value) in seen:
            continue
        seen.add(id(value))
        yield place, value
        if id(value) not in tracked:
            stack += _inside(place, value)


def _inside(place: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{place}[{key!r}]", one) for key, one in value.items()]
    if isinstance(value, list | tuple | set | frozenset):
        return [(f"{place}[{i}]", one) for i, one in enumerate(value)]
    if is_variable(value) or backend.is_tensor(value) or inspect.isroutine(value):
        return []
    module = type(value).__module__.split(".")[0]
    if module in ("keras", "tensorflow", "torch", "numpy", "builtins"):
        return []
    return [(f"{place}.{name}", one) for name, one in vars_of(value).items()]


def vars_of(value: Any) -> dict[str, Any]:
    """An object's attributes; none where it has no dictionary."""
    return dict(getattr(value, "__dict__", {}))


def defaults_of(made: Callable[..., Any]) -> dict[str, Any]:
    """The defaults of a layer's constructor, or of a function, by parameter.

    Args:
        made: A `keras.layers.Layer` subclass, or a function that builds a model.
    """
    # Keras gives every class a `__new__(*args, **kwargs)`, which hides `__init__`.
    function: Any = made.__init__ if inspect.isclass(made) else made
    parameters = inspect.signature(function).parameters.values()
    empty = inspect.Parameter.empty
    return {one.name: one.default for one in parameters if one.default is not empty}
