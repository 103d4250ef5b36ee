"""Where each requirement of a spec is checked: as soon as all that it speaks of is known."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from layergen.language.model import Requirement
from layergen.layer.facts import Facts
from layergen.layer.shape_text import shape_reads
from layergen.source.conditions import negated
from layergen.source.literals import Shown, message
from layergen.source.rewrite import Bind
from layergen.source.statements import Check
from layergen.source.written import Written

LAYER = Shown("self.name")


class When(Enum):
    """The moments at which a requirement can be checked, in their order."""

    ARGUMENTS = "in the constructor, before anything is kept"
    DERIVED = "in the constructor, once the values derived from arguments are there"
    BUILD = "in `build`"
    SHAPES = "in `build` and on every call, for a size may be unknown until then"
    CALL = "in `call`, for it speaks of an argument of the call"


def placed(facts: Facts, *moments: When) -> tuple[Requirement, ...]:
    """The requirements that are checked at some of the moments."""
    return tuple(r for r in facts.spec.require if moment(facts, r) in moments)


def moment(facts: Facts, requirement: Requirement) -> When:
    """The first moment that knows every name of the spec in a requirement."""
    names = facts.reads(requirement.condition)
    if names & facts.call_args.keys():
        return When.CALL
    if names & (facts.inputs.keys() | facts.axes.keys() - facts.at_build):
        return When.SHAPES
    if names & facts.at_build - facts.static:
        return When.BUILD
    return When.DERIVED if names & facts.derived.keys() else When.ARGUMENTS


def requirement_check(
    facts: Facts,
    requirement: Requirement,
    bind: Bind,
    waiting: Collection[str] = (),
    whose: str | Shown = LAYER,
) -> Check:
    """A requirement as the check that raises its message, after the name of what has it.

    Sizes in `waiting` may be unknown.
    """
    names = facts.reads(requirement.condition)
    whole = {name for name in names if facts.is_whole(name)}
    condition = negated(requirement.condition, bind, whole)
    unknown = [name for name in facts.axes if name in names and name in waiting]
    text = requirement.message.rstrip()
    stop = "" if text.endswith((".", "!", "?")) else "."
    texts = [bind(name) for name in unknown]
    for tensor, position in shape_reads(requirement.condition):
        if tensor in facts.inputs:
            texts.append(f"{bind(f'{tensor}.shape')}[{position}]")
    received: list[str | Shown] = []
    for name in sorted(names & {*facts.args, *facts.axes, *facts.derived}):
        before = ", " if received else " Received: "
        received += [f"{before}{name}=", Shown(bind(name))]
    whole_condition = Written(known(texts) + condition, texts, condition)
    return Check(whole_condition, message(whose, f": {text}{stop}", *received))


def known(names: list[str]) -> str:
    """The beginning of a condition that waits until some sizes are known."""
    if len(names) > 1:
        return f"None not in ({', '.join(names)}) and "
    return f"{names[0]} is not None and " if names else ""
