"""Layers generated from specs, in the places where Keras has its own."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import keras
from keras.src.utils.naming import to_snake_case

import layergen

from .calling import adapt, recurrent
from .forms import FORMS, OF_CELLS, PLAIN


def generated(name: str, specs: Path, folder: Path) -> type:
    """The class that the spec of a layer's name renders to.

    What specs import lies beside them.
    """
    if str(specs) not in sys.path:
        sys.path.append(str(specs))
    spec = layergen.load(specs / f"{to_snake_case(name)}.yaml")
    file = folder / f"{spec.stem}.py"
    file.write_text(layergen.render(spec)[file.name], "utf-8")
    module_name = f"generated_{spec.stem}"
    found = importlib.util.spec_from_file_location(module_name, file)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[module_name] = module
    found.loader.exec_module(module)
    made = getattr(module, name)
    assert isinstance(made, type)
    return made


def stand_in(name: str, specs: Path, folder: Path) -> type:
    """A generated layer that is made and called as Keras' own of that name."""
    own = getattr(keras.layers, name)
    if issubclass(own, keras.layers.RNN):
        return recurrent(generated(f"{name}Cell", specs, folder), own, OF_CELLS)
    made = generated(name, specs, folder)
    adapt(made, own, FORMS.get(name, PLAIN))
    return made


def put_in_place(name: str, made: type) -> None:
    """Puts a class wherever one of Keras' modules has its own layer of that name."""
    own = getattr(keras.layers, name)
    for module in [*sys.modules.values()]:
        if getattr(module, "__name__", "").partition(".")[0] == "keras":
            for known, value in [*vars(module).items()]:
                if value is own:
                    setattr(module, known, made)
