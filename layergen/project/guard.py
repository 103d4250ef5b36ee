"""What stands between a spec's change and the files saved from trained models.

Saved files know a layer by its class, and so does this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from layergen.problems import Problem
from layergen.project.build import Build
from layergen.project.lock import Record
from layergen.project.survey import Survey


def breaking_changes(
    survey: Survey, builds: Mapping[str, Build], anew: Collection[str]
) -> Iterator[Problem]:
    """The changes of weights in the modules of the specs that are written `anew`.

    Not those that somebody accepted for a run that was cut off.
    """
    layers = layers_of(survey, builds)
    accepted = {
        (record.layer, record.saved)
        for lock in survey.locks[1:]
        for record in lock.specs.values()
    }
    for spec in filter(anew.__contains__, builds):
        one = builds[spec]
        old = _before(survey, spec, one.layer, layers)
        if old is None or old.saved is None:
            continue
        if (one.layer, one.saved) not in accepted:
            from layergen.project.variables import breaks

            source = one.source
            yield from breaks(old.saved, one.variables, source.file, source.text)


def layers_of(survey: Survey, builds: Mapping[str, Build]) -> set[str]:
    """The classes that specs make, as built or else as on record."""
    layers = {one.layer for one in builds.values()}
    return layers | {
        record.layer
        for spec, record in survey.lock.specs.items()
        if spec in survey.sources and spec not in builds
    }


def _before(
    survey: Survey, spec: str, layer: str, layers: Collection[str]
) -> Record | None:
    """What is on record of a layer: by its class, or else by its spec.

    The spec's class goes by another name then, unless that is still among the `layers`
    there are.
    """
    records = survey.lock.specs
    own = records.get(spec)
    alike = [s for s, record in records.items() if record.layer == layer]
    if spec not in alike and alike:
        return records[min(alike, key=lambda other: other not in survey.sources)]
    return own if own and (own.layer == layer or own.layer not in layers) else None
