"""Whom a gradient can reach: what forward reads in another way than by comparing."""

from __future__ import annotations

import ast

from layergen.layer.facts import Facts
from layergen.layer.function_calls import in_order
from layergen.layer.sources import Flow, Passing, sources
from layergen.source.code import Code


def unreached_inputs(facts: Facts) -> tuple[str, ...]:
    """The float inputs from which no gradient can come out of a float output."""
    reached = _reached(facts)
    return tuple(
        tensor.name
        for tensor in facts.spec.inputs
        if not _is_discrete(tensor.dtype) and tensor.name not in reached
    )


def has_no_gradient(facts: Facts) -> bool:
    """Whether a gradient is stopped on purpose, or nothing can get one."""
    codes = [facts.spec.forward, *(f.forward for f in facts.spec.functions)]
    if any(_stops(code) for code in codes):
        return True
    floats = [t.name for t in facts.spec.inputs if not _is_discrete(t.dtype)]
    weights = [weight.name for weight in facts.spec.weights if weight.trainable]
    given = facts.spec.layers or any(a.type.is_layer for a in facts.spec.args)
    return bool(floats) and not given and not {*floats, *weights} & _reached(facts)


def _is_discrete(dtype: str | None) -> bool:
    return dtype is not None and "float" not in dtype


def _stops(code: Code) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "stop_gradient"
        for statement in code.body
        for node in ast.walk(statement)
    )


def _reached(facts: Facts) -> set[str]:
    """The inputs and weights with which a float output may change smoothly."""
    spec = facts.spec
    passing: Passing = {}
    for function in in_order(facts):
        flow = Flow(function.forward, function.args, passing)
        passing[function.name] = (
            None if function.gradient else sources(flow.carried(), function.args)
        )
    names = [one.name for one in spec.inputs] + [one.name for one in spec.weights]
    flow = Flow(spec.forward, names, passing)
    discrete = [_is_discrete(output.dtype) for output in spec.outputs or ()]
    found = 0
    for returned in flow.returned:
        flat = discrete if len(discrete) == len(returned) else [False] * len(returned)
        for carried, is_flat in zip(returned, flat, strict=True):
            found |= 0 if is_flat else carried
    return {names[index] for index in sources(found, names)}
