"""Modules that stand for Keras and its company, so that generated code can be imported.

Importing takes no time and does nothing: what is not there is there when it is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FunctionType, ModuleType

NAMES = (
    *("keras", "keras.ops", "keras.layers", "keras.random", "tensorflow"),
    *("keras.activations", "keras.initializers", "keras.regularizers"),
    *("keras.constraints", "layergen.testing"),
)


class Anything:
    """Has every attribute and takes every call; as a decorator it changes nothing."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Layer if name == "Layer" else Anything()

    def __call__(self, *args: object, **kwargs: object) -> object:
        alone = len(args) == 1 and not kwargs
        return args[0] if alone and isinstance(args[0], FunctionType | type) else self


class Layer:
    """What generated classes derive from."""


class Module(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(Anything(), name)


@contextmanager
def in_place(texts: Mapping[str, str]) -> Iterator[None]:
    """The stubs in `sys.modules`, and the modules of some texts, by name, run there."""
    names = {*NAMES, *texts}
    before = {name: sys.modules.get(name) for name in names}
    sys.modules.update({name: Module(name) for name in names})
    try:
        for name, text in texts.items():
            module = ModuleType(name)
            exec(compile(text, f"{name}.py", "exec"), vars(module))
            sys.modules[name] = module
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
