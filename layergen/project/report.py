"""What there is to say of changes: a line for each file, or its diff, and the exit code."""

from __future__ import annotations

import io
from collections.abc import Iterator

from msgspec import Struct

from layergen.project.plan import Change

_VERBS = {
    "write": {"created": "created", "updated": "updated", "deleted": "deleted"},
    "check": {
        "created": "missing",
        "updated": "differs",
        "deleted": "left over",
        "kept": "differs",
    },
    "dry-run": {
        "created": "would create",
        "updated": "would update",
        "deleted": "would delete",
    },
}


class Report(Struct, frozen=True):
    """What became of changes under a mode: `write`, `check`, `diff` or `dry-run`."""

    mode: str
    changes: tuple[Change, ...]

    @property
    def lines(self) -> list[str]:
        """A line for each file that there is something to say of."""
        if self.mode == "diff":
            return [line for change in self.changes for line in diff(change)]
        verbs = _VERBS[self.mode]
        return [
            f"{verbs[change.status]} {change.planned.path}"
            for change in self.changes
            if change.status in verbs
        ]

    @property
    def kept(self) -> list[Change]:
        """The files that are left as they are, being somebody else's."""
        return [change for change in self.changes if change.status == "kept"]

    @property
    def drifted(self) -> bool:
        """Whether anything is not as it is to be."""
        return any(change.status != "unchanged" for change in self.changes)

    @property
    def exit_code(self) -> int:
        """1 where what was asked to hold does not."""
        return int(bool(self.kept) or self.mode == "check" and self.drifted)

    @property
    def data(self) -> list[dict[str, str]]:
        """The same for `--json`."""
        return [
            {"path": c.planned.path.as_posix(), "status": c.status}
            for c in self.changes
        ]


def diff(change: Change) -> Iterator[str]:
    """What is there against what is to be, as a patch."""
    import difflib

    if change.status == "unchanged":
        return
    name = change.planned.path.as_posix()
    old = (change.old or b"").decode(errors="replace").replace("\r\n", "\n")
    text = change.planned.text
    lines = difflib.unified_diff(
        io.StringIO(old).readlines(),
        io.StringIO(text or "").readlines(),
        name if change.old is not None else "/dev/null",
        name if text is not None else "/dev/null",
    )
    for line in lines:
        end = line.endswith("\n")
        yield line[:-1] if end else f"{line}\n\\ No newline at end of file"
