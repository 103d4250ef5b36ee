"""What a user can get wrong outside of a spec: usage, files, configuration."""

from __future__ import annotations

from collections.abc import Iterable


class UserError(ValueError):
    """One plain sentence for the user; the command line shows it and exits with 2."""


def reason(error: OSError) -> str:
    """Why the system refused, in its own words and without its error number."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def nearest(name: str, known: Iterable[str]) -> str:
    """` (nearest: ...)` for a message on an unknown name; empty where none is like it."""
    import difflib

    names = {one.lower(): one for one in known}
    close = difflib.get_close_matches(name.lower(), names, 3, 0.5)
    return f" (nearest: {', '.join(names[one] for one in close)})" if close else ""
