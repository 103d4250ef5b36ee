"""What is done with a plan: write it, check it, show it. The only code that writes.

A file is written beside its place and moved over it, so that whoever reads it sees the
old text or the new. Nothing is moved before every file has been written.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from layergen.errors import UserError, reason
from layergen.project.plan import Change

_VERBS = {
    "write": {"created": "created", "updated": "updated"},
    "check": {"created": "missing", "updated": "differs", "kept": "differs"},
    "dry-run": {"created": "would create", "updated": "would update"},
    "diff": {},
}


@dataclass(frozen=True)
class Report:
    """What became of a plan under a mode: `write`, `check`, `diff` or `dry-run`."""

    mode: str
    changes: tuple[Change, ...]

    @property
    def lines(self) -> list[str]:
        """A line for each file that there is something to say of."""
        if self.mode == "diff":
            return [line for change in self.changes for line in _diff(change)]
        verbs = _VERBS[self.mode]
        return [
            f"{verbs[change.status]} {change.planned.path}"
            for change in self.changes
            if change.status in verbs
        ]

    @property
    def kept(self) -> list[str]:
        """The files that are left as they are, being somebody else's."""
        return [str(c.planned.path) for c in self.changes if c.status == "kept"]

    @property
    def exit_code(self) -> int:
        """1 where what was asked to hold does not."""
        drifted = any(change.status != "unchanged" for change in self.changes)
        return int(bool(self.kept) or self.mode == "check" and drifted)

    @property
    def data(self) -> list[dict[str, str]]:
        """The same for `--json`."""
        return [
            {"path": c.planned.path.as_posix(), "status": c.status}
            for c in self.changes
        ]


def run(mode: str, changes: Iterable[Change]) -> Report:
    """Do with the changes what the mode says; only `write` writes."""
    report = Report(mode, tuple(changes))
    if mode == "write":
        write(report.changes)
    return report


def write(changes: Iterable[Change]) -> None:
    """Write what is created or updated: all files, or none if one cannot be written."""
    staged: list[tuple[Path, Change]] = []
    change = None
    try:
        for change in changes:
            if change.status in ("created", "updated"):
                staged.append((_stage(change), change))
        for temporary, change in staged:
            os.replace(temporary, change.planned.target)
    except OSError as error:
        path = change.planned.path if change else ""
        raise UserError(f"cannot write {path}: {reason(error)}.") from None
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _stage(change: Change) -> Path:
    """Write the new text beside its place, with the mode of the file that is there."""
    target = change.planned.target
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.urandom(4).hex()}")
    try:
        with open(temporary, "xb") as file:
            file.write(change.planned.text.encode())
        if change.old is not None:
            os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def _diff(change: Change) -> list[str]:
    import difflib

    if change.status == "unchanged":
        return []
    name = change.planned.path.as_posix()
    old = (change.old or b"").decode(errors="replace").replace("\r\n", "\n")
    lines = difflib.unified_diff(
        io.StringIO(old).readlines(),
        io.StringIO(change.planned.text).readlines(),
        name if change.old is not None else "/dev/null",
        name,
    )
    return [
        line[:-1] if line.endswith("\n") else f"{line}\n\\ No newline at end of file"
        for line in lines
    ]
