"""Runs that were cut off: what of their records holds on the disk."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from layergen.project import lock as locks
from layergen.project.config import Project
from layergen.project.lock import Lock, Record, Written
from layergen.project.plan import Inside, present
from layergen.project.states import is_generated, says_generated


def interrupted(project: Project) -> tuple[Lock, ...]:
    """What runs that were cut off were about to record."""
    place = project.root / locks.PENDING
    return locks.noted(present(place, project.shown(locks.PENDING)) or b"")


def with_interrupted(lock: Lock, pending: Lock, inside: Inside) -> Lock:
    """The lock with those records of the interrupted run that hold on the disk."""
    specs = dict(lock.specs)
    for spec, record in pending.specs.items():
        there = {
            path: written
            for path, written in record.files.items()
            if written and _is_written(path, written, inside)
        }
        if record.ejected:
            if spec not in specs or _is_ejected(record, inside):
                specs[spec] = record
        elif spec in specs:
            old = specs[spec]
            record = record if there == record.files else old
            specs[spec] = replace(record, files={**old.files, **there})
        elif there:
            specs[spec] = replace(record, files=there)
    return replace(lock, specs=dict(sorted(specs.items())))


def _is_ejected(record: Record, inside: Inside) -> bool:
    """Whether a file that an interrupted `eject` was for no longer calls itself generated.

    One that was edited, but is called so, may be from before.
    """
    found = (present(inside.target(path), Path(path)) for path in record.files)
    return any(data is not None and not says_generated(data) for data in found)


def _is_written(path: str, written: Written, inside: Inside) -> bool:
    data = present(inside.target(path), Path(path))
    return data is not None and is_generated(data, (written.sha256,))
