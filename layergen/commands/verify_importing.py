"""Importing what a user names: a module, or a file by the name that leads to it."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from layergen.errors import UserError


def imported(name: str, shown: str = "") -> ModuleType:
    """The module of a name.

    Raises:
        UserError: If it cannot be imported.
    """
    try:
        return importlib.import_module(name)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise UserError(f"cannot import {shown or name}: {said}") from error


def module_at(path: Path) -> ModuleType:
    """The module in a file, imported by the name that finds it, in its package.

    Where another module has that name, the folders above become part of it, so that
    none takes the other's place.

    Raises:
        UserError: If there is no such file, or it cannot be imported.
    """
    if not path.is_file():
        raise UserError(f"there is no file {path}.")
    file = path.resolve()
    top = _top(file)
    for root in (top, *top.parents):
        parts = file.relative_to(root).with_suffix("").parts
        if any("." in one for one in parts) or not _leads(root, file, root == top):
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        module = imported(name, str(path))
        if Path(module.__file__ or "").resolve() == file:
            return module
    raise UserError(f"cannot import {path}: no name leads to it and to it alone.")


def _top(file: Path) -> Path:
    """The folder that holds a file, or the package that the file is in."""
    folder = file.parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _leads(root: Path, file: Path, first: bool) -> bool:
    """Whether Python finds a file from a folder, which then stays on its path.

    The folder goes before all others only if asked to, and if it hides nothing of the
    standard library.
    """
    part = file.relative_to(root).parts[0]
    head = Path(part).stem if part == file.name else part
    place = 0 if first and head not in sys.stdlib_module_names else len(sys.path)
    sys.path.insert(place, str(root))
    importlib.invalidate_caches()
    try:
        spec = importlib.util.find_spec(head)
    except ValueError:  # `__main__` has no spec.
        spec = None
    found = [spec.origin, *(spec.submodule_search_locations or ())] if spec else []
    if any(one and Path(one).resolve() == root / part for one in found):
        return True
    del sys.path[place]
    return False
