"""Sizes that must agree in a spec's code, and do not.

Two sizes may differ whatever their names stand for. Others are compared at the sizes of
the example, which are the same only where the spec says so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from layergen.example.reached import Reached
from layergen.example.sizes import Sizes, find_sizes
from layergen.forward.analyse import Forward
from layergen.forward.checks.analysed import code_of
from layergen.forward.findings import Meeting
from layergen.forward.shapes import Pair, cannot_meet, shown
from layergen.forward.sizes import Poly, surely_differ, value_of
from layergen.keras_tables.meeting_rules import VERBS
from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.lookup import Lookup
from layergen.language.model import Spec


def check_sizes(spec: Spec, analysis: Forward, context: Context) -> None:
    """Record operations on tensors whose sizes cannot meet."""
    open_ones: list[Meeting] = []
    for meeting in analysis.meetings:
        apart = [one for one in meeting.pairs if cannot_meet(one, meeting.exactly)]
        if apart:
            _report(spec, meeting, apart[0], context)
        else:
            open_ones.append(meeting)
    sizes = _sizes(spec) if open_ones else None
    if sizes is None:
        return
    reached = Reached(spec, sizes)
    for meeting in open_ones:
        apart = [one for one in meeting.pairs if _differ(one, meeting.exactly, sizes)]
        if apart and meeting.node in reached:
            _report(spec, meeting, apart[0], context, sizes)


def agree(spec: Spec, analysis: Forward, sizes: Sizes) -> bool:
    """Whether all sizes that meet in code which runs there agree, as far as is known."""
    reached = Reached(spec, sizes)
    return not any(
        _differ(pair, meeting.exactly, sizes)
        for meeting in analysis.meetings
        if meeting.node in reached
        for pair in meeting.pairs
    )


def _sizes(spec: Spec) -> Sizes | None:
    """The sizes of the example, if there are any."""
    lookup = Lookup(spec)
    found = (find_sizes(lookup, dict(spec.example), rest) for rest in (None, 1))
    return next(filter(None, found), None)


def _differ(pair: Pair, exactly: bool, sizes: Sizes) -> bool:
    """Whether two sizes differ in the example, and none is a 1 that would give way."""
    one, other = (None if d is None else value_of(d, sizes.values) for d in pair)
    if one is None or other is None or one == other:
        return False
    return exactly or 1 not in (one, other)


def _report(
    spec: Spec,
    meeting: Meeting,
    pair: Pair,
    context: Context,
    sizes: Sizes | None = None,
) -> None:
    code = code_of(spec, meeting.node)
    if code is None:
        return
    shapes = " and ".join(_listed(map(shown, meeting.given)))
    verb = VERBS.get(meeting.what, "combined")
    one, other = pair
    message = f"`{clipped(ast.unparse(meeting.node))}`: {shapes} cannot be {verb}:"
    message += f" `{one}` and `{other}` differ"
    hint = ""
    if sizes is not None:
        hint = f"{_values(pair, sizes)} in the example"
        if not surely_differ(one, other):
            hint += "; if they are always equal, give them one name, or require"
            hint += f" `{one} == {other}`"
    context.add("LG442", code.place(meeting.node), message, hint)


def _listed(texts: Iterable[str]) -> list[str]:
    """All but the last in one, for "a, b and c"."""
    *first, last = texts
    return [", ".join(first), last] if first else [last]


def _values(pair: Pair, sizes: Sizes) -> str:
    """What sizes are that are no numbers."""
    return " and ".join(
        f"`{size}` is {value_of(size, sizes.values)}"
        for size in pair
        if isinstance(size, Poly)
    )
