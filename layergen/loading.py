"""A spec's text to the spec, read and checked, with every problem there is."""

from __future__ import annotations

from collections import abc

from msgspec import Struct

from layergen.example.agreement import check_sizes
from layergen.example.outputs import check_outputs
from layergen.forward.check import check
from layergen.forward.checks.analysed import can_be_asked, check_analysed
from layergen.forward.checks.methods import check_method
from layergen.language.collector import Collector
from layergen.language.context import Context
from layergen.language.methods import within
from layergen.language.model import PROOFS, Spec
from layergen.language.neighbours import neighbours
from layergen.language.readers.spec import read
from layergen.language.yaml.nodes import Mapping
from layergen.language.yaml.parse import parse
from layergen.problems import Place, Problem


class Reading(Struct, frozen=True):
    """What came of a text: a spec unless there are errors, and all problems.

    `neighbours` are the classes of other specs that it names, also where it has errors.
    """

    spec: Spec | None
    problems: tuple[Problem, ...]
    neighbours: abc.Mapping[str, Place]


def states_values(text: str, file: str) -> bool:
    """Whether the text of a spec states what the layer's values are held to.

    Only its keys are read: of a text that is no spec nothing is missed.
    """
    root = parse(text, Collector(file, text))
    if not isinstance(root, Mapping):
        return True
    return bool({key.text for key, _ in root.entries} & PROOFS)


def read_spec(
    text: str, file: str, stem: str | None = None, style: str = "class"
) -> Reading:
    """Read a spec and check it.

    Args:
        text: The YAML text.
        file: What problems call the file.
        stem: What module and test are named after; by default the class name in
            snake case.
        style: The style of a spec that states none.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    context = Context(Collector(file, text))
    spec = read(text, file, stem, style, context)
    if spec is not None:
        analysis = check(spec, context)
        if can_be_asked(spec, context):
            check_analysed(spec, analysis, context)
            check_sizes(spec, analysis, context)
            if not context.problems.failed:
                check_outputs(spec, analysis, context)
        if not context.problems.failed:
            _check_methods(spec, context)
    found, others = context.problems, neighbours(spec) if spec else {}
    return Reading(None if found.failed else spec, found.problems, others)


def _check_methods(spec: Spec, context: Context) -> None:
    """Check methods and properties as what computes what they do and nothing else."""
    found = [
        (within(spec, one), check_method(spec, one, own), own)
        for kind, methods in (
            ("methods", spec.methods),
            ("properties", spec.properties),
        )
        for one in methods
        if (own := context.within(kind, one.name))
    ]
    if not all(can_be_asked(inner, own) for inner, _, own in found):
        return
    for inner, analysis, own in found:
        check_analysed(inner, analysis, own)
        check_sizes(inner, analysis, own)
    if not context.problems.failed:
        for inner, analysis, own in found:
            check_outputs(inner, analysis, own)
