"""Python text in the style of a formatter, which is imported when it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from msgspec import Struct

WIDTH = 88


class Formatting(Struct, frozen=True):
    """What decides how a formatter lays text out, so that another one can be told from it."""

    formatter: str
    version: str
    settings: str

    def __str__(self) -> str:
        return f"{self.formatter} {self.version} ({self.settings})"


class Formatter(Protocol):
    """What lays out the files of layers: of each its module, and its test."""

    at_once: ClassVar[bool]
    """Whether all texts of a run are formatted together, or each where it is made."""

    @property
    def line_length(self) -> int:
        """The width that texts are written for."""

    @property
    def formatting(self) -> Formatting:
        """How it formats."""

    def formatted(self, layers: Sequence[dict[str, str]]) -> list[dict[str, str]]:
        """The files of layers, by name: of each layer the module, then its test.

        Raises:
            UserError: If there is no such formatter, or it refuses the settings.
        """

    def formatted_block(self, text: str) -> str:
        """A part of a file among the modules."""

    def at(self, folder: Path) -> Formatter:
        """The formatter for modules and tests that go to a folder."""


class Black(Struct, frozen=True):
    """Black, as a library."""

    line_length: int = WIDTH
    at_once: ClassVar[bool] = False

    @property
    def formatting(self) -> Formatting:
        # Where Black itself has its version from; this module imports nothing.
        from _black_version import version

        return Formatting("black", version, f"line length {self.line_length}")

    def formatted(self, layers: Sequence[dict[str, str]]) -> list[dict[str, str]]:
        from layergen.layout.settling import settled

        return [
            {
                name: self.formatted_block(settled(text, self.line_length, blackened))
                for name, text in files.items()
            }
            for files in layers
        ]

    def formatted_block(self, text: str) -> str:
        return blackened(text, self.line_length)

    def at(self, folder: Path) -> Black:
        return self


def blackened(text: str, line_length: int) -> str:
    """Text as Black lays it out for the Python versions that layergen itself runs on."""
    import black
    from black.mode import TargetVersion

    mode = black.Mode({TargetVersion.PY311}, line_length)
    return black.format_str(text.rstrip() + "\n", mode=mode)
