"""`[tool.layergen]` of a project's `pyproject.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layergen.errors import UserError, reason


@dataclass(frozen=True)
class Config:
    """How to render; the defaults are those of a folder without a project.

    `templates` is a folder whose files take the place of the shipped ones of the same
    name; `register_as` is the package that classes are registered in with Keras.
    """

    templates: Path | None = None
    line_length: int = 88
    register_as: str = "layergen"


def load_config(folder: Path) -> Config:
    """The configuration that holds in a folder: that of the nearest `pyproject.toml`."""
    try:
        folder = folder.resolve()
        for parent in (folder, *folder.parents):
            file = parent / "pyproject.toml"
            if file.is_file():
                return read_config(file)
    except OSError as error:
        raise UserError(
            f"cannot look for pyproject.toml from here: {reason(error)}."
        ) from None
    return Config()


def read_config(file: Path) -> Config:
    """The configuration in one `pyproject.toml`."""
    import tomllib

    try:
        tools = tomllib.loads(file.read_bytes().decode()).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{file} is not valid TOML: {error}.") from None
    except OSError as error:
        raise UserError(f"cannot read {file}: {reason(error)}.") from None
    if not isinstance(tools, dict) or "layergen" not in tools:
        return Config()
    table = _Table(file, "tool.layergen", tools["layergen"])
    table.refuse_others("templates", "line_length", "register_as")
    black = _Table(file, "tool.black", tools.get("black", {}))
    return Config(
        _templates(table),
        _positive(table, "line_length") or _positive(black, "line-length") or 88,
        _package(table),
    )


@dataclass(frozen=True)
class _Table:
    """One table of the file; its errors name the file, the table and the key."""

    file: Path
    name: str
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not isinstance(self.values, dict):
            raise UserError(f"{self.file}: `{self.name}` must be a table.")

    def refuse_others(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                listed = ", ".join(f"`{name}`" for name in known)
                raise UserError(
                    f"{self.file}: [{self.name}] has no key `{key}`; it knows {listed}."
                )

    def error(self, key: str, wanted: str) -> UserError:
        got = self.values[key]
        return UserError(
            f"{self.file}: [{self.name}] `{key}` must be {wanted}, not {got!r}."
        )


def _templates(table: _Table) -> Path | None:
    value = table.values.get("templates")
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise table.error("templates", "the name of a folder")
    folder = table.file.parent / value
    if not folder.is_dir():
        raise table.error("templates", "a folder that exists")
    return folder


def _positive(table: _Table, key: str) -> int | None:
    value = table.values.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise table.error(key, "a positive integer")
    return value


def _package(table: _Table) -> str:
    value = table.values.get("register_as", "layergen")
    # Keras joins package and class name with `>`.
    if not isinstance(value, str) or not value or ">" in value:
        raise table.error("register_as", "a name without `>`")
    return value
