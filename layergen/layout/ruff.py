"""Files formatted by ruff, all of a run by one call, with the settings of where they go.

Nothing is written there: the texts and the settings that hold for them go to a temporary
folder, each by the path that it has, and what ruff makes of them is read back.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from layergen.errors import UserError
from layergen.layout.formatting import WIDTH, Formatting
from layergen.layout.ruff_settings import (
    LIMIT,
    PROJECT,
    Settings,
    digest,
    settings_of,
)
from layergen.reading import read_regular


class Ruff(Struct, frozen=True, dict=True):
    """The ruff of this environment, for modules and tests that go to two folders.

    `stated` is the width that layergen has been told to write for, if it has.
    """

    modules: Path
    tests: Path
    stated: int | None = None
    at_once: ClassVar[bool] = True

    @property
    def line_length(self) -> int:
        return self.stated or self._settings[0].line_length(WIDTH)

    @cached_property
    def formatting(self) -> Formatting:
        version = _run("--version").stdout.strip().removeprefix("ruff ")
        settings = f"settings {digest(*self._settings)}"
        if self.stated:
            settings = f"line length {self.stated}, {settings}"
        return Formatting("ruff", version, settings)

    def formatted(self, layers: Sequence[dict[str, str]]) -> list[dict[str, str]]:
        places = [
            dict(zip(files, (self.modules, self.tests), strict=True))
            for files in layers
        ]
        texts = {
            place / name: files[name]
            for files, folders in zip(layers, places, strict=True)
            for name, place in folders.items()
        }
        found = self._formatted(texts)
        return [
            {name: found[place / name] for name, place in folders.items()}
            for folders in places
        ]

    def formatted_block(self, text: str) -> str:
        path = self.modules / "__init__.py"
        return self._formatted({path: text})[path]

    def at(self, folder: Path) -> Ruff:
        folder = folder.absolute()
        return Ruff(folder, folder, self.stated)

    @cached_property
    def _settings(self) -> tuple[Settings, Settings]:
        return settings_of(self.modules), settings_of(self.tests)

    def _formatted(self, texts: Mapping[Path, str]) -> dict[Path, str]:
        """Texts by the paths that they are to have."""
        if not texts:
            return {}
        import tempfile

        with tempfile.TemporaryDirectory(prefix="layergen-") as name:
            mirror = _Mirror(Path(name).resolve() / "tree")
            for settings in self._settings:
                mirror.take_over(settings)
            for path, text in texts.items():
                mirror.write(path, text)
            mirror.format(texts)
            return {path: mirror.read(path) for path in texts}


class _Mirror(Struct, frozen=True):
    """A folder in which files lie by the paths that they have in the whole file system."""

    root: Path

    def place(self, path: Path) -> Path:
        return self.root / path.relative_to(path.anchor)

    def write(self, path: Path, text: str) -> None:
        place = self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")

    def read(self, path: Path) -> str:
        return self.place(path).read_text("utf-8")

    def take_over(self, settings: Settings) -> None:
        """Copy settings files; where there are none, ruff's own defaults are to hold."""
        for path in settings.paths:
            self.write(path, read_regular(path, LIMIT).decode())
        if settings.project and not settings.files:
            self.place(settings.project[0]).with_name("ruff.toml").touch()

    def format(self, paths: Iterable[Path]) -> None:
        """Run ruff over some of the files.

        It runs where settings lie that hold for none of the files: it takes those around
        the place where it runs for the last resort, not for the nearest. A project may
        leave generated files out of what it formats; those that are named are formatted
        all the same. They are named in a file, as a command takes but so many.
        """
        named = self.root.with_name("files")
        named.write_text("\n".join(str(self.place(path)) for path in paths), "utf-8")
        self.root.joinpath("ruff.toml").touch()
        options = ("--no-cache", "--config", "force-exclude=false")
        _run("format", *options, f"@{named}", mirror=self.root, cwd=self.root)


def _run(
    *args: str, mirror: Path | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    program = _program()
    try:
        done = subprocess.run(
            [program, *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            cwd=cwd,
        )
    except OSError as error:
        raise UserError(f"cannot run {program}: {error.strerror}.") from None
    if done.returncode:
        said = " ".join(done.stderr.split()).removesuffix(".")
        said = said.replace(str(mirror), "") if mirror else said
        raise UserError(f"`ruff {args[0]}` fails: {said or 'it does not say why'}.")
    return done


def _program() -> str:
    """The ruff that pip has put beside this Python, else that of PATH."""
    import shutil
    import sys

    beside, others = Path(sys.executable).parent, os.environ.get("PATH", os.defpath)
    found = shutil.which("ruff", path=os.pathsep.join((str(beside), others)))
    if found is None:
        raise UserError(
            f'{PROJECT} has `formatter = "ruff"`, and there is no ruff here: '
            f"`pip install ruff` brings it."
        )
    return found
