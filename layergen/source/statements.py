"""The statements that generated methods are made of; templates lay each kind out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layergen.source.literals import Message


@dataclass(frozen=True)
class Assign:
    """`target = value`."""

    target: str
    value: str
    kind = "assign"


@dataclass(frozen=True)
class Check:
    """Raise a `ValueError` where `condition` holds."""

    condition: str
    message: Message
    kind = "check"


@dataclass(frozen=True)
class AddWeight:
    """`self.name = self.add_weight(...)` with keyword arguments as (name, text)."""

    name: str
    arguments: tuple[tuple[str, str], ...]
    kind = "add_weight"


@dataclass(frozen=True)
class Branch:
    """`if condition: body`, with an `else` where `orelse` has statements."""

    condition: str
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...] = ()
    kind = "branch"


@dataclass(frozen=True)
class Each:
    """`for target in iterable: body`."""

    target: str
    iterable: str
    body: tuple[Statement, ...]
    kind = "each"


@dataclass(frozen=True)
class Run:
    """A statement as it stands, such as a call or a `return`; it may span lines."""

    text: str
    kind = "run"


Statement = Assign | Check | AddWeight | Branch | Each | Run


def code_of(statement: Statement) -> Iterator[str]:
    """Every piece of Python in a statement."""
    match statement:
        case Assign():
            yield f"{statement.target} = {statement.value}"
        case Check():
            yield statement.condition
            yield statement.message.whole
        case AddWeight():
            yield from (text for _, text in statement.arguments)
        case Branch():
            yield statement.condition
            for inner in (*statement.body, *statement.orelse):
                yield from code_of(inner)
        case Each():
            yield statement.iterable
            for inner in statement.body:
                yield from code_of(inner)
        case Run():
            yield statement.text
