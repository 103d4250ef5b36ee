"""`[tool.layergen]` of a project's `pyproject.toml`."""

from __future__ import annotations

import keyword
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from layergen.errors import UserError, reason
from layergen.invisible import printable
from layergen.layout.formatting import Black, Formatter
from layergen.reading import read_regular

if TYPE_CHECKING:
    from layergen.layout.own_templates import OwnTemplates

STYLES = ("class", "functional", "both")
LIMIT = 2**20
"""The longest `pyproject.toml`, in bytes."""
FORMATTERS = ("black", "ruff")
KEYS = tuple(
    "specs package tests style formatter line_length templates register_as".split()
)


class Config(Struct, frozen=True):
    """How to render; the defaults are those of a folder without a project.

    `templates` take the place of the shipped ones of the same name; `formatter` lays the
    files out; `register_as` is the package that classes are registered in with Keras;
    `style` is that of specs which state none; `package` is the Python package that the
    modules are part of, by the name it is imported by.
    """

    templates: OwnTemplates | None = None
    formatter: Formatter = Black()
    register_as: str = "layergen"
    style: str = "class"
    package: str = ""

    def elsewhere(self, folder: Path) -> Config:
        """The same for files that go to a folder side by side, and are of no package."""
        return replace(self, package="", formatter=self.formatter.at(folder))


class Project(Struct, frozen=True):
    """Where specs and what is generated lie.

    `root` is resolved, and nothing outside of it is touched; the folders are relative to
    it, with `/`. A bare folder has no `package`, and all lies in `root` itself. `here` is
    where the user stands.
    """

    root: Path
    here: Path
    config: Config = field(default_factory=Config)
    specs: str = ""
    package: str = ""
    tests: str = ""

    def spec(self, stem: str) -> str:
        """The place of a spec."""
        return _joined(self.specs, f"{stem}.yaml")

    def files(self, stem: str) -> dict[str, str]:
        """The places of module and test, by their names."""
        module, test = f"{stem}.py", f"test_{stem}.py"
        return {
            module: _joined(self.package, module),
            test: _joined(self.tests, test),
        }

    @property
    def exports(self) -> str:
        """The file that exports what is generated; empty in a bare folder."""
        return _joined(self.package, "__init__.py") if self.package else ""

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that are written to, without links that lead out of the project."""
        inner = dict.fromkeys(("", self.specs, self.package, self.tests))
        found = (Path(os.path.realpath(self.root / folder)) for folder in inner)
        return tuple(folder for folder in found if folder.is_relative_to(self.root))

    def shown(self, path: str) -> Path:
        """A path of the project as the user would type it."""
        if self.here == self.root:
            return Path(path)
        return Path(os.path.relpath(self.root / path, self.here))


def load_config(folder: Path) -> Config:
    """The configuration that holds in a folder."""
    return load_project(folder).config


def load_project(folder: Path) -> Project:
    """The project of the nearest `pyproject.toml` that has the table, or a bare folder."""
    try:
        folder = folder.resolve(strict=True)
        for parent in (folder, *folder.parents):
            file = parent / "pyproject.toml"
            if file.exists() and (project := _read(file, folder)):
                return project
    except OSError as error:
        raise UserError(
            f"cannot look for pyproject.toml from here: {reason(error)}."
        ) from None
    return Project(folder, folder)


def _read(file: Path, here: Path) -> Project | None:
    """The project that one `pyproject.toml` describes, if it has the table."""
    import tomllib

    shown = Path(os.path.relpath(file, here))
    try:
        text = read_regular(file, LIMIT).decode()
        tools = tomllib.loads(text).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{shown} is not valid TOML: {error}.") from None
    except RecursionError:
        raise UserError(f"{shown} is nested too deeply.") from None
    except OSError as error:
        raise UserError(f"cannot read {shown}: {reason(error)}.") from None
    if not isinstance(tools, dict) or "layergen" not in tools:
        return None
    table = _Table(shown, "tool.layergen", tools["layergen"])
    table.refuse_others(*KEYS)
    package = table.folder("package", "")
    name = _import_name(table, package, file.parent)
    of_black = _Table(shown, "tool.black", tools.get("black", {}))
    specs, tests = table.folder("specs", "specs"), table.folder("tests", "tests")
    folders = (file.parent / package, file.parent / tests) if package else (here, here)
    config = Config(
        _templates(table, file.parent),
        _formatter(table, of_black, *folders),
        _register_as(table, name.rpartition(".")[2] or "layergen"),
        table.choice("style", STYLES),
        name,
    )
    if not package:
        for key in ("specs", "tests"):
            if key in table.values:
                raise UserError(
                    f"{shown}: [tool.layergen] has `{key}` but no `package`, the folder "
                    f'of the package to generate, as in `package = "src/my_layers"`.'
                )
        return Project(here, here, config)
    return Project(file.parent, here, config, specs, package, tests)


class _Table(Struct, frozen=True):
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

    def positive(self, key: str) -> int | None:
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.error(key, "a positive integer")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """One of some words, the first unless stated."""
        value = self.values.get(key, choices[0])
        if not isinstance(value, str) or value not in choices:
            raise self.error(key, f"one of {', '.join(map(repr, choices))}")
        return value

    def folder(self, key: str, default: str) -> str:
        """A folder below the file's own, with `/` between its parts."""
        value = self.values.get(key, default)
        wanted = "the name of a folder in the project, relative to this file"
        if not isinstance(value, str) or (not value and default):
            raise self.error(key, wanted)
        if printable(value) != value:
            raise self.error(key, "a name of characters that can be seen")
        path = PurePosixPath(value.replace("\\", "/"))
        if path.is_absolute() or PureWindowsPath(value).drive or ".." in path.parts:
            raise self.error(key, wanted)
        return "" if str(path) == "." else str(path)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _import_name(table: _Table, package: str, root: Path) -> str:
    """The name that a package is imported by: that of its folder, and of packages around.

    A folder around it is a package if it holds an `__init__.py`.
    """
    if "package" not in table.values:
        return ""
    path = PurePosixPath(package)
    if not path.name.isidentifier() or keyword.iskeyword(path.name):
        raise table.error("package", "a folder whose name Python can import")
    parts = [path.name]
    for parent in path.parents:
        if not parent.name or not (root / parent / "__init__.py").exists():
            break
        parts.insert(0, parent.name)
    return ".".join(parts)


def _formatter(
    table: _Table, of_black: _Table, modules: Path, tests: Path
) -> Formatter:
    """What formats modules and tests in their folders."""
    stated = table.positive("line_length")
    if table.choice("formatter", FORMATTERS) == "ruff":
        from layergen.layout.ruff import Ruff

        return Ruff(modules, tests, stated)
    stated = stated or of_black.positive("line-length")
    return Black(stated) if stated else Black()


def _templates(table: _Table, root: Path) -> OwnTemplates | None:
    if "templates" not in table.values:
        return None
    folder = root / table.folder("templates", "templates")
    if not folder.is_dir():
        raise table.error("templates", "a folder that exists")
    from layergen.layout.own_templates import read_own

    return read_own(folder, root)


def _register_as(table: _Table, default: str) -> str:
    value = table.values.get("register_as", default)
    # Keras joins package and class name with `>`.
    if not isinstance(value, str) or not value or ">" in value:
        raise table.error("register_as", "a name without `>`")
    if printable(value) != value:
        raise table.error("register_as", "a name of characters that can be seen")
    return value
