"""Templates of the user's own: which stand in for shipped ones, and where one fails."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from pathlib import Path

from layergen.errors import UserError, nearest, reason
from layergen.resources import templates_folder


def refuse_unused(folder: Path) -> None:
    """Every file of the folder must be of use; notes (`*.md`) and hidden files are not asked.

    A template is of use if a shipped one has its name, or if one that is of use includes,
    imports or extends it.

    Raises:
        UserError: If a file is of no use, or one that is cannot be read.
    """
    shipped = sorted(_names(templates_folder() / "layer", templates_folder()))
    there = [*_names(folder, folder)]
    if {*there} <= {*shipped}:
        return
    used = [name for name in there if name in shipped]
    for name in used:
        inner = {*_named_in(folder / name)} - {*used}
        used += [one for one in there if one in inner and one.endswith(".j2")]
    for name in there:
        if name not in used:
            raise UserError(
                f"{_shown(folder / name)} stands in for no shipped template"
                f"{_meant(name, shipped)}, and no other template there includes it."
            )


def failure(error: Exception, folder: Path) -> str:
    """Where and why a template fails, in a sentence: the innermost line of one."""
    import jinja2

    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        return f"{_shown(Path(error.filename))}:{error.lineno}: {error.message}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(folder.absolute()):
            place = f"{_shown(Path(frame.filename))}:{frame.lineno}"
            return f"{place}: {error or type(error).__name__}"
    return f"the templates in {_shown(folder)} fail: {error}"


def _meant(name: str, shipped: list[str]) -> str:
    """The shipped template that is meant, or all of them."""
    alike = [one for one in shipped if Path(one).name == Path(name).name]
    found = nearest(name, shipped) if not alike else f" (nearest: {alike[0]})"
    return found or f" (there are {', '.join(shipped)})"


def _names(folder: Path, root: Path) -> Iterator[str]:
    """The files below a folder, by their paths from the root, with `/`."""
    try:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(root)
            hidden = any(part.startswith(".") for part in name.parts)
            if not hidden and path.suffix != ".md" and path.is_file():
                yield name.as_posix()
    except OSError as error:
        raise UserError(f"cannot read {_shown(folder)}: {reason(error)}.") from None


def _named_in(path: Path) -> Iterator[str]:
    """The templates that a template includes, imports or extends, by their names."""
    import jinja2
    from jinja2 import meta

    try:
        text = path.read_text("utf-8")
        tree = jinja2.Environment().parse(text, filename=str(path))
    except jinja2.TemplateSyntaxError as error:
        raise UserError(f"{failure(error, path.parent)}.") from None
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error) if isinstance(error, OSError) else "it is not UTF-8"
        raise UserError(f"cannot read {_shown(path)}: {why}.") from None
    yield from (name for name in meta.find_referenced_templates(tree) if name)


def _shown(path: Path) -> str:
    """A path as the user would type it."""
    return os.path.relpath(path)
