"""What is said once of a file that is written anew: that its layer does something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layergen.project.plan import Change

SKIPS = re.compile(
    r"    def compute_mask\([^\n]*\n        if \w*mask is None:\n            return None\n"
)
"""A `compute_mask` that makes no mask where none comes in."""


def remarks(changes: Iterable[Change]) -> Iterator[str]:
    """The layers that make a mask where none comes in, and whose file made none there."""
    for change in changes:
        old, new = (change.old or b"").decode(errors="replace"), change.planned.text
        skipped = SKIPS.search(old.replace("\r\n", "\n"))
        if change.status == "updated" and new and skipped and not SKIPS.search(new):
            if "def compute_mask(" in new:
                yield (
                    f"{change.planned.path}: `mask` looks into the input, and so makes a "
                    "mask where none comes in as well: a mask that is missing counts as "
                    "all true."
                )
