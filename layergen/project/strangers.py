"""Layers of other specs that a spec holds, and that are not there."""

from __future__ import annotations

from collections.abc import Mapping

from layergen.keras_tables.names import LAYERS
from layergen.language.collector import Collector
from layergen.language.naming import to_snake_case
from layergen.nearest import nearest
from layergen.project.build import Build
from layergen.project.survey import Survey, stem_of

STRANGER = "LG217"


def refused(survey: Survey, builds: Mapping[str, Build]) -> dict[str, Build]:
    """The builds, with a problem for each layer of another spec that there is not.

    A layer can hold another spec's only if there is such a module to import.
    """
    stems = {stem_of(spec) for spec in survey.sources}
    layers = {record.layer for record in survey.lock.specs.values()}
    known = layers | LAYERS | {one.layer for one in builds.values() if one.layer}
    found: dict[str, Build] = {}
    for spec, one in builds.items():
        told = {problem.place for problem in one.problems if problem.code == STRANGER}
        collector = Collector(one.source.file, one.source.text)
        for layer, place in one.neighbours.items():
            stem = to_snake_case(layer)
            path = survey.project.files(stem)[f"{stem}.py"]
            there = stem in stems or survey.read(path) is not None
            if there or collector.folded(place) in told:
                continue
            message = (
                f"`{layer}` is no layer of Keras, and of no spec beside this one: neither "
                f"{survey.project.shown(survey.project.spec(stem))} nor "
                f"{survey.project.shown(path)} is there"
            )
            collector.add(STRANGER, place, message, nearest(layer, known - {layer}))
        found[spec] = one.refused(collector.problems) if collector.failed else one
    return found
