"""What reading a spec keeps beside the model: problems, places, and what to forgive."""

from __future__ import annotations

from layergen.language.collector import Collector, Hint
from layergen.problems import Place
from layergen.source.code import Code

NO_CODE = Code("None", (Place(1, 1),))
"""Stands where code was needed and could not be read."""


class Context:
    """The state of one reading.

    `places` has the place of the value under each path, such as `("weights", "kernel",
    "initializer")`. `ghosts` are names that unreadable or unknown entries may have meant
    to declare, so that their use is not reported again; `loose` says that a shape could
    not be read, so that a dimension may be missing for that reason alone.
    """

    def __init__(self, problems: Collector) -> None:
        self.problems = problems
        self.places: dict[tuple[str, ...], Place] = {}
        self.ghosts: set[str] = set()
        self.loose = False
        self.unknown_keys = 0
        self.parts: dict[tuple[str, ...], Context] = {}

    def add(self, code: str, place: Place, message: str, hint: Hint = "") -> None:
        self.problems.add(code, place, message, hint)

    def within(self, *path: str) -> Context:
        """The context of a part that has inputs, outputs and code of its own."""
        if path not in self.parts:
            inner = self.parts[path] = Context(self.problems)
            inner.ghosts = self.ghosts
        return self.parts[path]

    def place(self, *path: str) -> Place:
        """The place of a value, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))
