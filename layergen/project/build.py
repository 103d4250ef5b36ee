"""From a spec's text to the text of its files, with every problem on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from layergen.errors import UserError
from layergen.problems import Problem, SpecError
from layergen.project.config import Config
from layergen.project.source import Source, read_source


@dataclass(frozen=True)
class Build:
    """What came of a source: file names with their text, none where it has errors."""

    source: Source
    problems: tuple[Problem, ...]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return not self.files


def build(source: Source, config: Config) -> Build:
    """Read a spec and render it."""
    from layergen.spec.reader import read_spec

    reading = read_spec(source.text, source.file, source.stem)
    if reading.spec is None:
        return Build(source, tuple(reading.problems))
    from layergen.rendering import render

    try:
        files = render(
            reading.spec,
            register_as=config.register_as,
            line_length=config.line_length,
            templates=config.templates,
        )
    except SpecError as error:
        return Build(source, (*reading.problems, *error.problems))
    except Exception as error:
        # Templates of the user's own are code of the user's own.
        if config.templates is None:
            raise
        raise UserError(
            f"the templates in {config.templates} fail: {error}."
        ) from error
    return Build(source, tuple(reading.problems), files)


def build_all(
    paths: Iterable[Path], config: Config
) -> tuple[list[Build], list[UserError]]:
    """Build the specs in files; with what came of them, the files that are no specs."""
    builds: list[Build] = []
    unread: list[UserError] = []
    for path in paths:
        try:
            builds.append(build(read_source(path), config))
        except UserError as error:
            unread.append(error)
    return builds, unread
