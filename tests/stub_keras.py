"""A `keras` in which everything is there and nothing happens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

PARTS = ("ops", "random", "activations", "initializers", "regularizers", "constraints")


class Anything:
    """What can be called, read and used as a decorator."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *given: Any, **named: Any) -> Any:
        decorates = len(given) == 1 and callable(given[0]) and not named
        return given[0] if decorates else Anything()


class Layer:
    """The base of generated classes."""

    def __init__(self, **kwargs: Any) -> None:
        self.given = kwargs


def _module(name: str, **names: Any) -> ModuleType:
    found = ModuleType(name)
    vars(found).update(names)
    vars(found)["__getattr__"] = lambda _: Anything()
    return found


@contextmanager
def stub_keras() -> Iterator[None]:
    """Let `import keras` give the stub, whatever was there before."""
    layers = _module("keras.layers", Layer=Layer)
    modules = {f"keras.{part}": _module(f"keras.{part}") for part in PARTS}
    parts = {name.rpartition(".")[2]: part for name, part in modules.items()}
    modules |= {"keras": _module("keras", layers=layers, **parts)}
    modules |= {"keras.layers": layers, "tensorflow": _module("tensorflow")}
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, one in before.items():
            if one is None:
                del sys.modules[name]
            else:
                sys.modules[name] = one
