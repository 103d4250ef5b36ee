"""Whom a gradient can reach: what the outputs change smoothly with."""

from __future__ import annotations

import ast

from layergen.forward.values import Items, Tensor, Value, is_whole, through
from layergen.keras_tables.dtypes import is_float
from layergen.layer.facts import Facts
from layergen.source.code import Code
from layergen.source.walk import nodes


def unreached_inputs(facts: Facts) -> tuple[str, ...]:
    """The float inputs from which no gradient can come out of a float output."""
    reached = _reached(facts)
    return tuple(name for name in _floats(facts) if name not in reached)


def has_no_gradient(facts: Facts) -> bool:
    """Whether a gradient is stopped on purpose, or nothing can get one."""
    codes = [facts.spec.forward, *(f.forward for f in facts.spec.functions)]
    if any(_stops(code) for code in codes):
        return True
    floats = _floats(facts)
    weights = [weight.name for weight in facts.spec.weights if weight.trainable]
    given = facts.spec.layers or any(a.type.is_layer for a in facts.spec.args)
    return bool(floats) and not given and not {*floats, *weights} & _reached(facts)


def _floats(facts: Facts) -> list[str]:
    return [t.name for t in facts.spec.inputs if not t.dtype or is_float(t.dtype)]


def _stops(code: Code) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "stop_gradient"
        for statement in code.body
        for node in nodes([statement])
    )


def _reached(facts: Facts) -> frozenset[str]:
    """The names with which a float output may change smoothly.

    What cannot be told may be reached, and all may where nothing is told of the code.
    """
    returns = facts.analysis.returns
    if not returns:
        return frozenset({*facts.inputs, *facts.weights})
    whole = [is_whole(output.dtype or "") for output in facts.outputs or ()]
    found = frozenset[str]()
    for _, value in returns:
        parts = _parts(value)
        known = whole if len(whole) == len(parts) else [False] * len(parts)
        for part, is_flat in zip(parts, known, strict=True):
            found |= frozenset() if is_flat or _is_whole(part) else through(part)
    return found


def _parts(value: Value) -> tuple[Value, ...]:
    """What is returned, one by one."""
    return value.items if isinstance(value, Items) else (value,)


def _is_whole(value: Value) -> bool:
    return isinstance(value, Tensor) and is_whole(value.dtype)
