"""The checks of one shape: its rank, its sizes, the axes that `...` stands for.

A layer and a function that builds a model make the same ones; what differs is how code
reads the shape and what messages call it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from layergen.language import dims
from layergen.language.model import Input
from layergen.layer.facts import Facts
from layergen.layer.requirements import known
from layergen.source.bodies import sized
from layergen.source.code import Size
from layergen.source.literals import Shown, message
from layergen.source.rewrite import Bind
from layergen.source.statements import Check
from layergen.source.written import Written


class Measured(Struct, frozen=True):
    """A shape that is checked.

    `shape` is how code reads it, `label` what messages show it as, and `name` what they
    say has the axes; `opening` begins them, and `must` comes before a size.
    """

    shape: str
    label: str
    name: str
    opening: tuple[str | Shown, ...] = ()
    must: str = "must be"

    def check(
        self, condition: str, *said: str | Shown, after: Measured | None = None
    ) -> Check:
        """A check that says what must be, and then what was given, `after` another."""
        given = [one for one in (after, self) if one]
        received: list[str | Shown] = []
        for one in given:
            received += [f"{', ' if received else ''}{one.label}=", Shown(one.shape)]
        return Check(
            condition, message(*self.opening, *said, ". Received: ", *received)
        )


def rank_check(one: Measured, exact: bool, count: int, shown: str) -> Check:
    """Hold a shape to a number of axes, or to a least one."""
    noun = "axis" if count == 1 else "axes"
    return one.check(
        f"len({one.shape}) {'!=' if exact else '<'} {count}",
        f"`{one.name}` must have {'' if exact else 'at least '}{count} {noun}, {shown}",
    )


def size_check(
    one: Measured, at: int, dim: Size, bind: Bind, waiting: Collection[str]
) -> Check:
    """Hold an axis to a size, unless it is unknown, as sizes in `waiting` may be."""
    wanted = sized(dim, bind)
    local = [name for name in dim.names if name in waiting]
    called = f" ({dim})" if dim.names else ""
    differs = f"{known(local)}{one.shape}[{at}] not in (None, {wanted})"
    return one.check(
        Written(differs, wanted),
        f"axis {at} of `{one.name}`{called} {one.must} ",
        Shown(wanted) if dim.names else wanted,
    )


def rest_check(
    one: Measured, first: Measured, theirs: str, ours: str, pair: str
) -> Check:
    """Hold the axes of `...`, `theirs`, to those of the first input, `ours`."""
    wanted = f"of `{one.name}` must be those of `{first.name}`"
    if one.name == first.name:
        wanted = f"must be the same in all of `{one.name}`"
    return one.check(
        f"len({theirs}) != len({ours}) or any(None not in {pair} and "
        f"{pair}[0] != {pair}[1] for {pair} in zip({theirs}, {ours}, strict=True))",
        f"the axes `...` {wanted}",
        after=first,
    )


def held(facts: Facts, tensor: Input) -> Iterator[tuple[int, Size]]:
    """The axes of an input that are held to a size, not bound to one.

    Of a list, each tensor must agree with the size that is bound.
    """
    for position, dim in tensor.shape.axes:
        if isinstance(dim, Size):
            axis = dims.Axis(tensor.name, position, of_input=True)
            if tensor.many or facts.axes.get(dim.text) != axis:
                yield position, dim
