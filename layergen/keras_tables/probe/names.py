"""Names that are no functions' and no classes': of a layer, of `keras.backend`, dtypes."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import ModuleType
from typing import Any

import keras
from keras.src.backend.common.dtypes import ALLOWED_DTYPES

LEGACY = {
    "batch_input_shape": (2, 3),
    "batch_shape": (2, 3),
    "input_dim": 3,
    "input_shape": (3,),
}
"""What `Layer.__init__` may take beside its parameters."""


def layer_names() -> dict[str, str]:
    """What a layer has or `Layer.__init__` takes: `attribute`, `parameter` or
    `read-only` for a property that cannot be assigned to."""
    layer = keras.layers.Layer
    found = {name: "attribute" for name in (*dir(layer), *dir(layer()))}
    for name in found:
        one: Any = inspect.getattr_static(layer, name, None)
        if isinstance(one, property) and one.fset is None:
            found[name] = "read-only"
    parameters = inspect.signature(layer.__init__).parameters
    taken = [n for n, value in LEGACY.items() if _takes(n, value)]
    for name in (*parameters, *taken):
        found.setdefault(name, "parameter")
    return {
        name: found[name]
        for name in sorted(found)
        if not name.startswith("_") and name not in ("self", "kwargs")
    }


def _takes(name: str, value: Any) -> bool:
    try:
        keras.layers.Layer(**{name: value})
    except (TypeError, ValueError):
        return False
    return True


def private_names() -> list[str]:
    """What a layer that is built and called has for itself."""

    class Plain(keras.layers.Layer):  # type: ignore[misc]
        def build(self, input_shape: tuple[int, ...]) -> None:
            self.add_weight(shape=input_shape[1:])

        def call(self, inputs: Any) -> Any:
            return inputs

    layer = Plain()
    layer(keras.ops.zeros((2, 3)))
    return sorted(n for n in dir(layer) if n[:1] == "_" and n[:2] != "__")


def tracked_names() -> list[str]:
    """The attributes of a layer in which Keras keeps what it tracks."""
    layer = keras.layers.Layer()
    kept = {id(store) for _, store in layer._tracker.config.values()}
    return sorted(n for n, value in vars(layer).items() if id(value) in kept)


def backend_names() -> list[str]:
    return sorted(n for n in dir(keras.backend) if not n.startswith("_"))


def module_names() -> dict[str, str]:
    """What `keras` and its public modules have, apart from those that other tables hold."""
    held = ("keras.backend", "keras.ops", "keras.random")
    names = (n for n in dir(keras) if isinstance(getattr(keras, n), ModuleType))
    paths = ["keras", *(f"keras.{n}" for n in names if n not in ("api", "src"))]
    return {
        path: " ".join(n for n in dir(_module(path)) if not n.startswith("_"))
        for path in paths
        if path not in held and not path.startswith("keras._")
    }


def _module(path: str) -> ModuleType:
    return import_module(path)


def dtype_names() -> list[str]:
    return sorted({keras.backend.standardize_dtype(name) for name in ALLOWED_DTYPES})
