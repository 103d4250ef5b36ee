"""The list of kinds, in the order in which they are written."""

from collections.abc import Callable, Iterator

from ..source import Edit, Source

Kind = Callable[[Source], Iterator[Edit]]
KINDS: dict[str, Kind] = {}


def kind(function: Kind) -> Kind:
    """Registers a function as the kind of its name, with spaces for underscores."""
    KINDS[function.__name__.replace("_", " ")] = function
    return function
