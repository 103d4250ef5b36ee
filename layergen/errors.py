"""What a user can get wrong outside of a spec: usage, files, configuration."""

from __future__ import annotations


class UserError(ValueError):
    """One plain sentence for the user; the command line shows it and exits with 2."""


def reason(error: OSError) -> str:
    """Why the system refused, in its own words and without its error number."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]
