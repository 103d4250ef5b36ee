"""The statements that generated methods are made of; templates lay each kind out.

Their texts are `Written` where they read a name from outside.
"""

from __future__ import annotations

from msgspec import Struct

from layergen.source.literals import Message
from layergen.source.written import reads_of


class Assign(Struct, frozen=True):
    """`target = value`."""

    target: str
    value: str
    kind = "assign"


class Check(Struct, frozen=True):
    """Raise a `ValueError` where `condition` holds."""

    condition: str
    message: Message
    kind = "check"


class AddWeight(Struct, frozen=True):
    """`self.name = self.add_weight(...)` with keyword arguments as (name, text)."""

    name: str
    arguments: tuple[tuple[str, str], ...]
    kind = "add_weight"


class Branch(Struct, frozen=True):
    """`if condition: body`, with an `else` where `orelse` has statements."""

    condition: str
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...] = ()
    kind = "branch"


class Each(Struct, frozen=True):
    """`for target in iterable: body`."""

    target: str
    iterable: str
    body: tuple[Statement, ...]
    kind = "each"


class Run(Struct, frozen=True):
    """A statement as it stands, such as a call or a `return`; it may span lines."""

    text: str
    kind = "run"


Statement = Assign | Check | AddWeight | Branch | Each | Run


def reads_in(statement: Statement) -> frozenset[str]:
    """The names from outside that a statement reads, as the code in it knows them."""
    match statement:
        case Assign():
            return reads_of(statement.value)
        case Check():
            return reads_of(statement.condition)
        case AddWeight():
            return reads_of(statement.arguments)
        case Branch():
            inner = (*statement.body, *statement.orelse)
            return reads_of(statement.condition).union(*map(reads_in, inner))
        case Each():
            return reads_of(statement.iterable).union(*map(reads_in, statement.body))
        case Run():
            return reads_of(statement.text)
