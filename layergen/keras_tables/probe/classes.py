"""A row of the table for each class of layers, initializers, regularizers, constraints."""

from __future__ import annotations

import inspect
import itertools
import re
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import keras

from layergen.keras_tables.probe.calls import Tensor, described
from layergen.keras_tables.probe.signatures import signature_text

Rows = dict[str, tuple[str, ...]]
BASES = {"initializer", "regularizer", "constraint"}

ARGUMENTS: dict[str, Any] = {
    "axes": -1,
    "activation": "tanh",
    "bin_boundaries": [0.5],
    "cropping": 1,
    "dims": (2, 1),
    "equation": "...a,ab->...b",
    "factor": 0.5,
    "filters": 4,
    "head_dim": 4,
    "height": 4,
    "height_factor": 0.5,
    "input_dim": 7,
    "key_dim": 4,
    "kernel_size": 2,
    "max_number": 3,
    "n": 3,
    "num_bins": 3,
    "num_heads": 2,
    "num_key_value_heads": 2,
    "num_query_heads": 2,
    "num_tokens": 4,
    "output_dim": 4,
    "output_shape": 4,
    "output_size": 2,
    "pool_size": 2,
    "rate": 0.5,
    "scale": 2.0,
    "stddev": 0.5,
    "target_shape": (-1,),
    "units": 4,
    "width": 4,
    "width_factor": 0.5,
}
"""What a constructor's parameter without a default is given."""

# Given though there is a default, by which nothing is drawn or kept.
PREFERRED = ("factor", "height_factor", "rate", "width_factor")

SHAPES = (
    (2, 5),
    (2, 8, 8, 3),
    (2, 5, 4),
    (2, 8, 8, 8, 3),
    (2, 5, 8, 8, 3),
    (2, 3, 4, 4, 4, 2),
    (2, 32),
    (5, 4),
)


FORMS: tuple[Callable[[Any, Any], tuple[Any, ...]], ...] = (
    lambda tensor, states: (tensor, states),
    lambda tensor, _: (tensor,),
    lambda tensor, _: (tensor, tensor),
    lambda tensor, _: ([tensor, tensor],),
    lambda tensor, _: ([tensor, tensor, tensor],),
)
HELD = {"cell", "cells", "function", "layer", "layers"}
"""Parameters for what a wrapper wraps."""


BASE = {
    *inspect.signature(keras.layers.Layer.__init__).parameters,
    *("input_dim", "input_shape"),
} - {"self", "kwargs"}
"""What the base class of layers takes by name, with two that it still understands."""

SAMPLES: dict[str, Callable[[], Any]] = {
    "layer": lambda: keras.layers.LSTM(4),
    "cell": lambda: keras.layers.LSTMCell(4),
    "cells": lambda: [keras.layers.LSTMCell(4)],
    "function": lambda: abs,
    "shape": lambda: (3,),
}
"""What a layer may hold, to see which keyword arguments it takes beside."""


def layer_rows() -> Rows:
    """The parameters of each layer, what surely holds of it as it is made by default,
    and what `**kwargs` takes: see `Layer` in `layergen.keras_tables`."""
    names = _classes(keras.layers)
    return {name: layer_row(getattr(keras.layers, name)) for name in names}


def layer_row(one: Any) -> tuple[str, ...]:
    """A layer as one line of the table holds it."""
    facts = " ".join(sorted(_facts(one)))
    return _signature(one), facts, ", ".join(_further(one))


def class_rows(module: ModuleType) -> Rows:
    """The parameters of the classes of a module."""
    return {
        name: (_signature(getattr(module, name)),)
        for name in _classes(module)
        if name.lower() not in BASES
    }


def _signature(one: Any) -> str:
    """The parameters of a constructor; that of `object` takes none."""
    return "" if one.__init__ is object.__init__ else signature_text(one.__init__)


def _further(one: Any) -> list[str]:
    """What `**kwargs` takes beside the names of the base class, and `-` before one of
    those that it does not take; `...` where it takes anything, or cannot be tried."""
    own = _parameters(one)
    if not any(p.kind is p.VAR_KEYWORD for p in own.values()):
        return []
    given = {n: sample() for n, sample in SAMPLES.items() if n in own}
    if _made(one, **given) is None or _made(one, no_such_name=None, **given):
        return ["..."]
    names = _understood(one)
    tried = sorted((names.keys() | BASE) - own.keys())
    taken = {n for n in tried if _made(one, **given, **{n: names.get(n)}) is not None}
    return [*sorted(taken - BASE), *(f"-{n}" for n in tried if n in BASE - taken)]


def _understood(one: Any) -> dict[str, Any]:
    """The names that a constructor, or one that it hands `**kwargs` on to, asks for, each
    with its default."""
    found: dict[str, Any] = {}
    for base in one.__mro__:
        if (init := vars(base).get("__init__")) is None or base is object:
            continue
        named = re.findall(r'kwargs\.(?:pop|get)\(\s*"(\w+)"', inspect.getsource(init))
        found = dict.fromkeys(named) | found
        for name, parameter in inspect.signature(init).parameters.items():
            default = parameter.default
            if parameter.kind in (
                parameter.POSITIONAL_OR_KEYWORD,
                parameter.KEYWORD_ONLY,
            ):
                known = default is not parameter.empty
                found[name] = found.get(name) or (default if known else None)
    return {name: default for name, default in found.items() if name != "self"}


def identifiers(module: ModuleType) -> Iterator[str]:
    """The strings that a module's `get` takes."""
    private = import_module(module.__name__.replace("keras.", "keras.src.", 1))
    for name in sorted(filter(None, private.ALL_OBJECTS_DICT)):
        try:
            taken = module.get(name) is not None
        except Exception:
            taken = False
        if taken and name.lower() not in BASES:
            yield name


def _classes(module: ModuleType) -> list[str]:
    public = (name for name in sorted(dir(module)) if not name.startswith("_"))
    return [name for name in public if inspect.isclass(getattr(module, name))]


def _facts(one: Any) -> set[str]:
    layer = _made(one)
    if not isinstance(layer, keras.layers.Layer):
        return set()
    facts = {"seeded"} if _seeds(layer) else set()
    own_build = not getattr(one.build, "_is_default", False)
    if not own_build and not HELD & _parameters(one).keys():
        facts.add("buildless")
    given, answer = _first_call(one)
    if given is None:
        return facts
    layer = _made(one)
    layer(*given)
    held = layer.layer.variables if hasattr(layer, "layer") else []
    if set(map(id, layer.variables)) - _seeds(layer) - set(map(id, held)):
        facts.add("weighted")
        if _is_strict(one, given):
            facts.add("strict")
    if HELD & _parameters(one).keys():
        # What it makes of tensors and masks rests on the layer that it holds.
        return facts
    if isinstance(answer, Tensor) and answer.shape[:1] == (2,):
        if not (
            isinstance(given[0], keras.KerasTensor) and _keeps_lists(one, given[0])
        ):
            facts.add("tensor")
    if isinstance(given[0], keras.KerasTensor) and _hands_on(_made(one), given):
        facts.add("masking")
    return facts


def _is_strict(one: Any, given: tuple[Any, ...]) -> bool:
    """Whether it refuses to be built on an unknown last axis, in order, and later tensors
    whose last axis is another than it was built on."""
    size = keras.tree.flatten(given)[0].shape[-1]
    try:
        _made(one)(*_resized(one, given, None))
    except ValueError:
        pass
    except Exception:
        return False
    else:
        return False
    layer = _made(one)
    layer(*given)
    for other in (1, size + 1):
        try:
            layer(*_resized(one, given, other))
        except Exception:
            continue
        return False
    return True


def _resized(one: Any, given: tuple[Any, ...], size: int | None) -> tuple[Any, ...]:
    """What a layer is called with, with another last axis; a cell's states stay."""

    def resized(tensor: Any) -> Any:
        return keras.KerasTensor((*tensor.shape[:-1], size), dtype=tensor.dtype)

    states = given[1:] if _states(_made(one)) else ()
    changed = given[: len(given) - len(states)]
    return (*keras.tree.map_structure(resized, changed), *states)


def _first_call(one: Any) -> tuple[Any, Any]:
    """What the layer may be called with, and what comes out: a cell's input and states,
    one tensor, two beside each other, two or three in a list."""
    states = [keras.KerasTensor((2, 4)) for _ in range(_states(_made(one)))]
    for form in FORMS[1 if not states else 0 :]:
        for shape, dtype in itertools.product(SHAPES, ("float32", "int32")):
            given = form(keras.KerasTensor(shape, dtype=dtype), states)
            answer = _answer(one, given)
            if answer is not None:
                return given, answer
    return None, None


def _keeps_lists(one: Any, tensor: Any) -> bool:
    """Whether a list of tensors goes in and out, also in training."""
    values = keras.ops.ones(tensor.shape, tensor.dtype)
    layer = _made(one)
    trains = "training" in inspect.signature(layer.call).parameters
    try:
        return isinstance(
            layer([values, values], **({"training": True} if trains else {})), list
        )
    except Exception:
        return False


def _answer(one: Any, given: tuple[Any, ...]) -> Any:
    try:
        return described(_made(one)(*given))
    except Exception:
        return None


def _made(one: Any, **more: Any) -> Any:
    """One of a class, None where it cannot be made by names of arguments alone."""
    given = {
        name: ARGUMENTS.get(name)
        for name, p in _parameters(one).items()
        if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD and name != "self"
    }
    if "layer" in given:
        given["layer"] = keras.layers.Dense(4)
    given |= more
    better = {n: ARGUMENTS[n] for n in PREFERRED if n in _parameters(one)}
    whole = better | {"factor": 4} if "factor" in better else better
    for arguments in (given | better, given | whole, given):
        try:
            return one(**arguments)
        except Exception:
            continue
    return None


def _states(layer: Any) -> int:
    """How many states a cell has."""
    sizes = getattr(layer, "state_size", ())
    return len(sizes) if isinstance(sizes, (list, tuple)) else 1


def _parameters(one: Any) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(one.__init__).parameters)


def _seeds(layer: Any) -> set[int]:
    """The variables of random generators."""
    return {id(v) for v in layer.variables if v.path.endswith("seed_generator_state")}


def _hands_on(layer: Any, given: tuple[Any, ...]) -> bool:
    """Whether the mask of the first tensor goes on as it is."""
    first = keras.KerasTensor(given[0].shape, dtype=given[0].dtype)
    mask = keras.KerasTensor(first.shape[:2], dtype="bool")
    first._keras_mask = mask
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return getattr(layer(first, *given[1:]), "_keras_mask", None) is mask
        except Exception:
            return False
