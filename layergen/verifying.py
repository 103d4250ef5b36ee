"""What `layergen verify` is pointed at: a spec, or a layer class by its place."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from layergen.errors import UserError, nearest
from layergen.problems import SpecError

if TYPE_CHECKING:
    from layergen.testing import LayerCase

_INPUT = re.compile(
    r"\s*(?:(?P<name>[^\W\d]\w*)\s*:)?\s*(?P<sizes>\d+(?:\s*,\s*\d+)*)\s*,?"
    r"(?:\s+(?P<dtype>[a-z]+\d*)(?:\s+(?P<min>-?[\d.]+)\s*\.\.\s*(?P<max>-?[\d.]+))?)?\s*"
)


def cases_of_spec(path: Path, folder: Path) -> list[LayerCase]:
    """The cases of the test that a spec renders to, written to a folder of its own.

    Specs beside it whose layers it holds are rendered too.
    """
    waiting, done = [path], set()
    while waiting:
        spec = waiting.pop()
        done.add(spec)
        for name, text in _rendered(spec).items():
            (folder / name).write_text(text, encoding="utf-8")
            for module in re.findall(r"^from (\w+) import ", text, re.MULTILINE):
                beside = spec.with_name(f"{module}.yaml")
                if beside.is_file() and beside not in done:
                    waiting.append(beside)
    sys.path.insert(0, str(folder))
    return _cases_in(_imported(f"test_{path.stem}"))


def _rendered(path: Path) -> Mapping[str, str]:
    from layergen.project.build import build
    from layergen.project.config import Config
    from layergen.project.source import read_source

    result = build(read_source(path), Config())
    if result.failed:
        raise SpecError(result.problems)
    return result.files


def _cases_in(module: ModuleType) -> list[LayerCase]:
    from layergen.testing import LayerCase

    lists = [one for one in vars(module).values() if isinstance(one, list)]
    return [one for some in lists for one in some if isinstance(one, LayerCase)]


def layer_at(target: str) -> Any:
    """The class in `package.module:Class` or `folder/file.py:Class`."""
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name.isidentifier():
        raise UserError(
            f"{target!r} is neither a spec (.yaml) nor a layer: write "
            "package.module:Class, or file.py:Class."
        )
    sys.path.insert(0, str(Path.cwd()))
    module = _at_path(Path(place)) if place.endswith(".py") else _imported(place)
    if not hasattr(module, name):
        close = nearest(name, [n for n in vars(module) if not n.startswith("_")])
        raise UserError(f"{place} has no {name!r}{close}.")
    return getattr(module, name)


def _at_path(path: Path) -> ModuleType:
    if not path.is_file():
        raise UserError(f"there is no file {path}.")
    sys.path.insert(0, str(path.resolve().parent))
    return _imported(path.stem)


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise UserError(
            f"cannot import {name}: {type(error).__name__}: {error}"
        ) from error


def arguments(text: str | None) -> dict[str, Any]:
    """Constructor arguments from a YAML mapping: `{units: 4}`."""
    import yaml

    try:
        values = yaml.safe_load(text or "{}")
    except yaml.YAMLError as error:
        raise UserError(f"--args is not valid YAML: {error}") from None
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise UserError(
            f"--args must be a mapping such as '{{units: 4}}', not {text!r}."
        )
    return values


def inputs(texts: Iterable[str], names: list[str]) -> dict[str, Any] | None:
    """Inputs by name, from texts; None where there are none.

    One without a name is the next parameter of `call` that must be given. Where `call`
    takes one tensor only and there are several inputs, they are a list.
    """
    found: dict[str, Any] = {}
    unnamed = []
    for text in texts:
        name, value = _input(text)
        if name is None:
            unnamed.append(value)
        elif name in found:
            raise UserError(f"--input names {name!r} twice.")
        else:
            found[name] = value
    free = [name for name in names if name not in found]
    if len(unnamed) > 1 and len(names) == 1 and free:
        return {free[0]: unnamed, **found}
    if len(unnamed) > len(free):
        listed = ", ".join(names) or "none"
        raise UserError(f"there are more inputs than the layer takes ({listed}).")
    found.update(zip(free, unnamed, strict=False))
    return {n: found[n] for n in dict.fromkeys([*names, *found]) if n in found} or None


def _input(text: str) -> tuple[str | None, Any]:
    import numpy as np

    from layergen.testing import Input

    match = _INPUT.fullmatch(text)
    if not match:
        raise UserError(
            f"--input {text!r} is no input: write sizes, batch first, as in '32, 16'; "
            "name, dtype and range may be added: 'tokens: 32, 16 int32 0..99'."
        )
    shape = tuple(int(size) for size in match["sizes"].split(","))
    if match["dtype"] is None:
        return match["name"], shape
    try:
        np.dtype(match["dtype"])
    except TypeError:
        raise UserError(
            f"--input {text!r}: there is no dtype {match['dtype']!r}."
        ) from None
    limits = [None if match[m] is None else float(match[m]) for m in ("min", "max")]
    return match["name"], Input(shape, match["dtype"], *limits)
