"""Markers that a merge leaves in a file where both sides changed the same lines."""

from __future__ import annotations

from layergen.errors import UserError


def in_conflict(text: str) -> bool:
    """Whether a text holds the markers of a merge conflict."""
    lines = text.split("\n")
    return any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in lines)


def refuse_conflict(text: str, file: str) -> None:
    """A text in conflict cannot be read.

    Raises:
        UserError: If it is; `file` is what it is called.
    """
    if in_conflict(text):
        raise UserError(
            f"{file} holds the markers of a merge conflict: take either side, then run "
            f"`layergen generate`."
        )
