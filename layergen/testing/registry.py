"""The list of checks: each a small function with a name, a group and a condition."""

from collections.abc import Callable
from dataclasses import dataclass

from .case import LayerCase
from .context import Context

Body = Callable[[Context], None]
Condition = Callable[[LayerCase], bool]


@dataclass(frozen=True)
class Check:
    """One statement that a layer is held to.

    `applies` decides from the case alone, without building the layer. A check `trains`
    on the CPU and on every GPU, one after the other; the others run where Keras runs.
    """

    name: str
    group: str
    doc: str
    body: Body
    applies: Condition
    trains: bool = False


CHECKS: dict[str, Check] = {}


def check(
    group: str, applies: Condition = lambda case: True, trains: bool = False
) -> Callable[[Body], Body]:
    """Registers a function as the check of its name."""

    def register(body: Body) -> Body:
        name = body.__name__
        if name in CHECKS:
            raise ValueError(f"There are two checks called {name!r}.")
        doc = (body.__doc__ or "").strip()
        CHECKS[name] = Check(name, group, doc, body, applies, trains)
        return body

    return register


def checks_for(case: LayerCase) -> list[Check]:
    """The checks that apply to a case, in the order in which they are listed."""
    return [one for one in CHECKS.values() if one.applies(case)]
