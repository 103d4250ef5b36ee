"""What follows from the facts of a spec, worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Known = TypeVar("Known")
Found = TypeVar("Found")


def once(work: Callable[[Known], Found]) -> Callable[[Known], Found]:
    """A function of facts that does its work once for each, and keeps with them what it
    found, as a cached property does that stands in another module."""
    key = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def found(facts: Known) -> Found:
        kept: dict[str, Any] = vars(facts)
        if key not in kept:
            kept[key] = work(facts)
        answer: Found = kept[key]
        return answer

    return found
