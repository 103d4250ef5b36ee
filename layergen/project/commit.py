"""Writing what a run has decided on, and tidying up after those that were cut off.

Only for the one run that may write in the project.
"""

from __future__ import annotations

from layergen.project import lock as locks
from layergen.project import sink
from layergen.project.refresh import Refresh
from layergen.project.survey import Survey


def commit(survey: Survey, refresh: Refresh) -> None:
    """Write files and lock; from then on no earlier run is unfinished."""
    sink.clean(survey.project.folders)
    if refresh.is_needed:
        sink.write(refresh.changes, refresh.lock)
    sink.discard(survey.project.root / locks.PENDING)


def settle(survey: Survey) -> None:
    """Tidy up where the last run was cut off with its work done."""
    if survey.locks[-1] == survey.locks[0]:
        sink.clean(survey.project.folders)
        sink.discard(survey.project.root / locks.PENDING)
