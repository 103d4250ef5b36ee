"""The settings by which ruff formats the files of a folder, found as ruff finds them.

The nearest folder around with a settings file decides alone; what that file extends is
read before it. Where nobody says otherwise, the Python that a project requires is the one
that is formatted for.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct

from layergen.errors import UserError, reason
from layergen.reading import read_regular

LIMIT = 2**20
"""The longest settings file, in bytes."""
PROJECT = "pyproject.toml"
NAMES = (".ruff.toml", "ruff.toml", PROJECT)
DECISIVE = (
    "line-length indent-width target-version per-file-target-version preview format"
).split()
"""The settings that decide how text is laid out."""


class Settings(Struct, frozen=True, dict=True):
    """What ruff goes by: its settings files, the nearest first, and the project's own.

    `project` is the `pyproject.toml` that may say which Python is required.
    """

    files: tuple[tuple[Path, dict[str, Any]], ...]
    project: tuple[Path, dict[str, Any]] | None

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """All those files."""
        own = (self.project[0],) if self.project else ()
        return (*dict.fromkeys((*(path for path, _ in self.files), *own)),)

    def line_length(self, default: int) -> int:
        """The width of lines."""
        found = (table.get("line-length") for _, table in self.files)
        stated = next((one for one in found if one is not None), default)
        return stated if isinstance(stated, int) and stated > 0 else default

    @property
    def decisive(self) -> list[Any]:
        """All in them that decides how text is laid out."""
        found: list[Any] = [
            {key: table[key] for key in DECISIVE if key in table}
            for _, table in self.files
        ]
        required = self.project and _table(self.project[1], "project")
        return [*found, (required or {}).get("requires-python")]


def settings_of(folder: Path) -> Settings:
    """The settings for the files in a folder.

    Raises:
        UserError: If a settings file cannot be read.
    """
    project = None
    for parent in (folder, *folder.parents):
        there = {name: parent / name for name in NAMES if (parent / name).is_file()}
        read = {name: (path, _read(path)) for name, path in there.items()}
        for name, (path, data) in read.items():
            if name != PROJECT or "ruff" in _table(data, "tool"):
                return Settings(_chain(path), read.get(PROJECT))
        project = project or read.get(PROJECT)
    return Settings((), project)


def digest(*found: Settings) -> str:
    """A digest of all that decides how text is laid out in some folders."""
    data = json.dumps([one.decisive for one in found], sort_keys=True, default=str)
    return hashlib.sha256(data.encode()).hexdigest()[:24]


def _chain(path: Path) -> tuple[tuple[Path, dict[str, Any]], ...]:
    """A settings file, and what it extends, in turn; a circle is left to ruff."""
    found: dict[Path, dict[str, Any]] = {}
    while path not in found:
        data = _read(path)
        is_project = path.name == PROJECT
        found[path] = _table(_table(data, "tool"), "ruff") if is_project else data
        other = found[path].get("extend")
        if not isinstance(other, str):
            break
        other = os.path.expanduser(os.path.expandvars(other))
        path = Path(os.path.normpath(path.parent / other))
    return tuple(found.items())


def _read(path: Path) -> dict[str, Any]:
    shown = os.path.relpath(path)
    try:
        return tomllib.loads(read_regular(path, LIMIT).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{shown} is not valid TOML: {error}.") from None
    except RecursionError:
        raise UserError(f"{shown} is nested too deeply.") from None
    except OSError as error:
        raise UserError(f"cannot read {shown}: {reason(error)}.") from None


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}
