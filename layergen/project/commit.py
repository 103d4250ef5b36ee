"""Writing what a run has decided on, after what an earlier run was cut off in."""

from __future__ import annotations

from layergen.project import lock as locks
from layergen.project import sink
from layergen.project.refresh import Refresh
from layergen.project.survey import Survey


def commit(survey: Survey, refresh: Refresh) -> None:
    """Write files and lock. Only for the one run that may write in the project."""
    project = survey.project
    sink.clean(project.folders)
    if survey.interrupted:
        # From here on the lock itself tells what is on the disk.
        sink.write_now(survey.inside.target(locks.NAME), survey.lock.text)
    if refresh.is_needed:
        sink.write(refresh.changes, refresh.lock)
    sink.discard(project.root / locks.PENDING)
