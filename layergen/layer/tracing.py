"""How often, and with which arguments, `build` goes through `call`, so that it comes to
every sublayer: those that are called in training alone, or by a flag of `call`, too."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice, product

from layergen.example.values import call_values
from layergen.forward.analyse import analyse
from layergen.forward.values import Nothing, Number, Text, Value
from layergen.language.types.kinds.plain import Literal
from layergen.layer.facts import Facts

MOST = 64
"""Ways to call that are looked at."""

Way = Mapping[str, object]


def ways(facts: Facts, built: Collection[str]) -> tuple[Way, ...]:
    """The keyword arguments of each time, without those that `call` defaults to; sublayers
    that are `built` need not be come to."""
    names, values = [*_choices(facts)], [*_choices(facts).values()]
    wanted = {call.name for call in facts.analysis.calls} - {*built}
    found: list[Way] = []
    for one in islice(product(*values), MOST):
        way = dict(zip(names, one, strict=True))
        reached = _reached(facts, way) & wanted
        if reached or not found:
            found.append({**_needed(facts), **dict(_said(facts, way))})
        wanted -= reached
        if not wanted:
            break
    return tuple(found)


def _choices(facts: Facts) -> dict[str, tuple[object, ...]]:
    """What decides by few values, each with those: first the one that `call` defaults to."""
    found: dict[str, tuple[object, ...]] = {}
    read = facts.reads(facts.spec.forward)
    if "training" in read:
        found["training"] = (False, True)
    for arg in facts.spec.call_args:
        several: tuple[object, ...] = ()
        if isinstance(arg.type, Literal):
            several = arg.type.choices
        elif arg.type.is_flag:
            several = (False, True)
        if several and arg.name in read:
            first = several[0] if arg.required else arg.default
            found[arg.name] = (first, *(one for one in several if one != first))
    return found


def _reached(facts: Facts, way: Way) -> set[str]:
    """The sublayers that a call comes to, or may."""
    fixed = {name: _value(value) for name, value in way.items()}
    return {call.name for call in analyse(facts.spec, fixed).calls}


def _value(value: object) -> Value:
    """What is known of a text, a number or None."""
    match value:
        case str():
            return Text(value)
        case bool() | int():
            return Number(type(value).__name__, value)
    return Nothing()


def _said(facts: Facts, way: Way) -> Iterator[tuple[str, object]]:
    """What a call must be told, because its defaults say otherwise."""
    defaults = {a.name: a.default for a in facts.spec.call_args if not a.required}
    defaults["training"] = False
    for name, value in way.items():
        if name not in defaults or defaults[name] != value:
            yield name, value


def _needed(facts: Facts) -> dict[str, object]:
    """The arguments that `call` cannot do without, with values that it takes."""
    return {
        arg.name: call_values(facts)[arg.name]
        for arg in facts.spec.call_args
        if arg.required
    }
