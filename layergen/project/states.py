"""What state a file of a project is in, and why one is left to the user.

A file is layergen's if it says so and has a digest that is on record: a record alone
proves nothing, since anybody may write one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from msgspec import Struct

from layergen.layout import header
from layergen.project.conflict import in_conflict
from layergen.project.digests import folded, of_bytes
from layergen.project.lock import Written

HEADER = header.HEADER.encode()
"""What every generated file begins with."""


class State(StrEnum):
    """How a file stands to the spec that it comes of."""

    CURRENT = "current"
    SPEC_CHANGED = "spec changed"
    GENERATOR_CHANGED = "generator changed"
    EDITED = "edited by hand"
    MISSING = "missing"
    ORPHANED = "orphaned"
    YOURS = "yours"
    UNUSABLE = "unusable"


class Why(StrEnum):
    """Why a file is the user's, and left as it is."""

    EJECTED = "it is yours"
    LINK = "it is a symbolic link"
    NO_SPEC = "it is no spec"
    CONFLICT = "it holds the markers of a merge conflict"
    UNRECORDED = "layergen did not write it"
    UNMARKED = "it does not begin with the line that layergen writes"
    EDITED = "it was edited by hand"
    BLOCK = "it was edited by hand inside the block of exports"


class Known(Struct, frozen=True):
    """What is on record of a place: digests, whether it is named, whether given away."""

    digests: Collection[str] = ()
    place: bool = False
    ejected: bool = False


class Standing(Struct, frozen=True):
    """The state of a file; with one that was edited, `why` it counts as that."""

    state: State
    why: Why | None = None


def says_generated(data: bytes) -> bool:
    """Whether a file begins with the line by which layergen knows its own."""
    return data.startswith(HEADER)


def is_generated(data: bytes, digests: Collection[str]) -> bool:
    """Whether layergen wrote a file, to the byte."""
    return says_generated(data) and of_bytes(data) in digests


def why_left(data: bytes, known: Known, is_link: bool = False) -> Why | None:
    """Why a file that is there is the user's; None where layergen wrote it.

    `is_link` says that it is a link which would be deleted.
    """
    if known.ejected:
        return Why.EJECTED
    if is_link:
        return Why.LINK
    if is_generated(data, known.digests):
        return None
    if in_conflict(data.decode(errors="replace")):
        return Why.CONFLICT
    if not known.place:
        return Why.UNRECORDED
    return Why.EDITED if says_generated(data) else Why.UNMARKED


def standing(
    data: bytes | None,
    written: Sequence[Written],
    is_recorded: bool,
    made_from: str,
    text: str | None = None,
) -> Standing:
    """How a file that is to be stands to its spec.

    Args:
        data: What is there, if anything is.
        written: What layergen may have written there, as the record has it.
        is_recorded: Whether the record names the place.
        made_from: What the file would be made from.
        text: What it is to hold, where that is known.
    """
    if data is None:
        return Standing(State.MISSING)
    if text is not None and folded(data) == text.encode():
        return Standing(State.CURRENT)
    digests = {one.sha256: one for one in reversed(written)}
    why = why_left(data, Known(digests, is_recorded))
    if why is not None:
        return Standing(State.EDITED, why)
    old = digests[of_bytes(data)].made_from
    if old == made_from:
        return Standing(State.CURRENT)
    same_spec = old.split()[:1] == made_from.split()[:1]
    return Standing(State.GENERATOR_CHANGED if same_spec else State.SPEC_CHANGED)
