"""What layers of one package have to do with each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from layergen.errors import UserError
from layergen.project.build import Build
from layergen.project.digests import folded
from layergen.project.exports import exported, split, with_exports
from layergen.project.lock import Record
from layergen.project.plan import Change, Overwrite, Planned
from layergen.project.survey import Survey, stem_of
from layergen.spec.naming import to_snake_case


def refuse_strangers(survey: Survey, builds: Mapping[str, Build]) -> None:
    """A layer can hold another spec's layer only if there is such a module to import.

    Raises:
        UserError: If there is none.
    """
    stems = {stem_of(spec) for spec in survey.sources}
    for spec, one in builds.items():
        for layer in one.neighbours:
            stem = to_snake_case(layer)
            path = survey.project.files(stem)[f"{stem}.py"]
            if stem not in stems and survey.read(path) is None:
                raise UserError(
                    f"{survey.project.shown(spec)} holds the layer `{layer}`, which is "
                    f"not there: neither {survey.project.shown(survey.project.spec(stem))} "
                    f"nor {survey.project.shown(path)}."
                )


def exports_change(
    survey: Survey,
    records: Mapping[str, Record],
    overwrite: Overwrite,
) -> tuple[Change, ...]:
    """What becomes of the file with the exports.

    Its block is generated if it holds nothing but names of layers that are, or were.
    Such a block may always be replaced, others only where anything may.
    """
    project = survey.project
    if not project.exports:
        return ()
    data = survey.read(project.exports)
    config, shown = project.config, str(project.shown(project.exports))
    try:
        old = None if data is None else folded(data).decode()
    except UnicodeDecodeError:
        raise UserError(f"{shown} is not text in UTF-8.") from None
    names = [*_exporting(survey, records)]
    text = with_exports(old, shown, config.package, names, config.line_length)
    if text is None:
        return ()
    block = split(old, shown)[1] if old is not None else ""
    there = exported(block, config.package) if block else set()
    known = {(stem, name) for stem, listed in names for name in listed}
    for lock in survey.locks:
        for spec, record in lock.specs.items():
            known |= {(stem_of(spec), name) for name in record.exports}
    ours = there is not None and there <= known
    if old is None:
        status = "created"
    elif old == text:
        status = "unchanged"
    else:
        status = "updated" if ours or overwrite == "anything" else "kept"
    target = survey.inside.target(project.exports)
    planned = Planned(Path(shown), target, text, "the exports")
    return (Change(planned, status, data),)


def _exporting(
    survey: Survey, records: Mapping[str, Record]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Modules with the names to export; of ejected ones those that are there.

    Raises:
        UserError: If two specs make layers of one name.
    """
    makers: dict[str, str] = {}
    for spec, record in records.items():
        stem = stem_of(spec)
        path = survey.project.files(stem)[f"{stem}.py"]
        gone = record.ejected and survey.read(path) is None
        if path not in record.files or gone:
            continue
        for name in record.exports:
            other = makers.setdefault(name, spec)
            if other != spec:
                raise UserError(_two_makers(survey, name, (other, spec)))
        yield stem, record.exports


def _two_makers(survey: Survey, name: str, specs: tuple[str, str]) -> str:
    """That two specs make layers of one name, of which the user may own one."""
    yours = [spec for spec in specs if survey.is_ejected(spec)]
    one, two = (survey.project.shown(spec) for spec in specs)
    if len(yours) != 1:
        return f"{one} and {two} both make `{name}`."
    stem = stem_of(yours[0])
    module = survey.project.shown(survey.project.files(stem)[f"{stem}.py"])
    return (
        f"`{name}` of {module} is yours, and {two if yours[0] == specs[0] else one} makes "
        f"it as well: `layergen remove {stem}` takes yours out of the package's exports."
    )
