"""Templates of the user's own: which stand in for shipped ones, and where one fails.

They are read once, and laid out from what was read.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from layergen.errors import UserError, reason
from layergen.nearest import aside, question
from layergen.reading import read_regular
from layergen.resources import templates_folder

LIMIT = 2**16
"""The longest template, in bytes."""


class OwnTemplates(Struct, frozen=True, dict=True):
    """Templates that stand in for shipped ones, or are included by such: names and texts."""

    folder: Path
    texts: tuple[tuple[str, str], ...]

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return dict(self.texts)

    def source(self, name: str) -> tuple[str, str, None] | None:
        """The text and the file of a template of this name, as a loader of Jinja2 does."""
        text = self._by_name.get(name)
        return None if text is None else (text, str(self.folder / name), None)


def read_own(folder: Path, project: Path) -> OwnTemplates:
    """The templates of a folder of the project.

    Every file must be of use; notes (`*.md`) and hidden files are not asked. A template
    is of use if a shipped one has its name, or if one that is of use includes, imports or
    extends it.

    Raises:
        UserError: If one is of no use, leads out of the project or cannot be read.
    """
    shipped = sorted(_names(templates_folder() / "layer", templates_folder()))
    _refuse_outside(folder, project)
    there = [*_names(folder, folder)]
    for name in there:
        _refuse_outside(folder / name, project)
    used = [name for name in there if name in shipped]
    texts: dict[str, str] = {}
    for name in used:
        texts[name] = _text(folder / name)
        inner = {*_named_in(texts[name], folder / name)} - {*used}
        used += [one for one in there if one in inner and one.endswith(".j2")]
    for name in there:
        if name not in texts:
            raise UserError(
                f"{_shown(folder / name)} stands in for no shipped template"
                f"{_meant(name, shipped)}, and no other template there includes it."
            )
    return OwnTemplates(folder.absolute(), tuple(sorted(texts.items())))


def failure(error: Exception, folder: Path) -> str:
    """Where and why a template fails, in a sentence: the innermost line of one."""
    import jinja2

    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        return f"{_shown(Path(error.filename))}:{error.lineno}: {error.message}"
    why = str(error).rstrip(".") or type(error).__name__
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(folder):
            place = f"{_shown(Path(frame.filename))}:{frame.lineno}"
            return f"{place}: {why}"
    return f"the templates in {_shown(folder)} fail: {why}"


def _meant(name: str, shipped: list[str]) -> str:
    """The shipped template that is meant, or all of them."""
    alike = [one for one in shipped if Path(one).name == Path(name).name]
    if alike:
        return f" ({question(alike[0])})"
    return aside(name, shipped, f" (there are {', '.join(shipped)})")


def _names(folder: Path, root: Path) -> Iterator[str]:
    """What is below a folder but folders, by its path from the root, with `/`; sorted."""
    try:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(root)
            hidden = any(part.startswith(".") for part in name.parts)
            folder_itself = path.is_dir() and not path.is_symlink()
            if not hidden and path.suffix != ".md" and not folder_itself:
                yield name.as_posix()
    except OSError as error:
        raise UserError(f"cannot read {_shown(folder)}: {reason(error)}.") from None


def _refuse_outside(path: Path, project: Path) -> None:
    """What is a link must lead to a place in the project."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise UserError(f"{_shown(path)} is a link that leads nowhere.") from None
    if not target.is_relative_to(project.resolve()):
        raise UserError(f"{_shown(path)} leads out of the project, to {target}.")


def _text(path: Path) -> str:
    """The text of a template, with LF for its line endings."""
    try:
        return read_regular(path, LIMIT).decode().replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error) if isinstance(error, OSError) else "it is not UTF-8"
        raise UserError(f"cannot read {_shown(path)}: {why}.") from None


def _named_in(text: str, path: Path) -> Iterator[str]:
    """The templates that a template includes, imports or extends, by their names."""
    import jinja2
    from jinja2 import meta

    try:
        tree = jinja2.Environment().parse(text, filename=str(path))
        yield from (name for name in meta.find_referenced_templates(tree) if name)
    except jinja2.TemplateSyntaxError as error:
        raise UserError(f"{failure(error, path.parent)}.") from None
    except RecursionError:
        raise UserError(f"{_shown(path)} is nested too deeply.") from None


def _shown(path: Path) -> str:
    """A path as the user would type it."""
    return os.path.relpath(path)
