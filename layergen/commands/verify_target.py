"""What `layergen verify` is pointed at: a spec, or a layer class by its place."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from layergen.commands.verify_importing import imported, module_at
from layergen.errors import UserError
from layergen.nearest import aside
from layergen.problems import SpecError

if TYPE_CHECKING:
    from layergen.project.build import Build
    from layergen.testing import LayerCase


def render_to(folder: Path, path: Path) -> Build:
    """Render a spec, and those beside it whose layers it holds; what came of it itself."""
    waiting, done = [path], {}
    while waiting:
        spec = waiting.pop()
        done[spec] = _rendered(spec)
        for name, text in done[spec].files.items():
            (folder / name).write_text(text, encoding="utf-8")
            for module in re.findall(r"^from (\w+) import ", text, re.MULTILINE):
                beside = spec.with_name(f"{module}.yaml")
                if beside.is_file() and beside not in done:
                    waiting.append(beside)
    return done[path]


def _rendered(path: Path) -> Build:
    from layergen.project.build import build
    from layergen.project.config import Config
    from layergen.project.source import read_source

    result = build(read_source(path), Config())
    if result.failed:
        raise SpecError(result.problems)
    return result


def cases_in(test: str, folder: str) -> list[LayerCase]:
    """The cases of a test module in a folder."""
    from layergen.testing import LayerCase

    sys.path.insert(0, folder)
    lists = [one for one in vars(imported(test)).values() if isinstance(one, list)]
    return [one for some in lists for one in some if isinstance(one, LayerCase)]


def layer_at(target: str) -> Any:
    """The layer class in `package.module:Class` or `folder/file.py:Class`."""
    from layergen.testing.observing import is_layer

    place, colon, name = target.rpartition(":")
    if not colon and name.endswith(".py"):
        place, name = name, ""
    elif not place or not name.isidentifier():
        raise UserError(
            f"{target!r} is neither a spec (.yaml) nor a layer: write "
            "package.module:Class, or file.py:Class."
        )
    sys.path.insert(0, str(Path.cwd()))
    module = module_at(Path(place)) if place.endswith(".py") else imported(place)
    if not name:
        raise UserError(f"name the layer, {place}:Class; {_listed(module)}.")
    if not hasattr(module, name):
        close = aside(name, _layers(module), f"; {_listed(module)}")
        raise UserError(f"{place} has no {name!r}{close}.")
    if not is_layer(getattr(module, name)):
        raise UserError(f"{target} is no Keras layer class.")
    return getattr(module, name)


def _layers(module: ModuleType) -> dict[str, Any]:
    """The layer classes that a module has."""
    from layergen.testing.observing import is_layer

    return {name: one for name, one in vars(module).items() if is_layer(one)}


def _listed(module: ModuleType) -> str:
    """The layer classes that a module defines, for a message."""
    made = [n for n, o in _layers(module).items() if o.__module__ == module.__name__]
    return f"its layers: {', '.join(made)}" if made else "it defines no layer"


def arguments(text: str | None) -> dict[str, Any]:
    """Constructor arguments from a YAML mapping: `{units: 4}`.

    A mapping of `class_name` and `config` whose class is a layer of Keras becomes that
    layer.
    """
    values = mapping("--args", text or "{}")
    return {name: _made(value) for name, value in values.items()}


def mapping(option: str, text: str) -> dict[str, Any]:
    """The YAML mapping from names that an option gives."""
    import yaml

    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UserError(f"{option} is not valid YAML: {error}") from None
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise UserError(
            f"{option} must be a mapping such as '{{units: 4}}', not {text!r}."
        )
    return values


def _made(value: Any) -> Any:
    """A value, with layers in the place of what describes them."""
    import keras

    match value:
        case [*values]:
            return [_made(one) for one in values]
        case {"class_name": str(name), "config": dict(config)} if name in _layers(
            keras.layers
        ):
            given = {key: _made(one) for key, one in config.items()}
            try:
                return getattr(keras.layers, name)(**given)
            except Exception as error:
                raise UserError(f"--args: cannot make the {name}: {error}") from None
    return value
