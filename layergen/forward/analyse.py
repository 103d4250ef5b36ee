"""A spec's code, analysed once: what each expression may be, and what follows from it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from layergen.forward.arithmetic import two_casts
from layergen.forward.environment import Environment
from layergen.forward.findings import Fault, Found, LayerCall, Meeting
from layergen.forward.interpreter import Interpreter, TooMuch
from layergen.forward.values import COMPUTE, UNKNOWN, Tensor, Value
from layergen.language.lookup import Lookup
from layergen.language.model import Function, Spec
from layergen.source.code import Code

ROUNDS = 4
"""Calls that are given a dtype change what others get; so many times it is gone through."""


@dataclass(frozen=True)
class Forward:
    """What a spec's code does.

    `names` are the spec's arguments, dimensions and derived values; `casts` are the operands that are cast where they stand, with the dtype; `supplied`
    the calls that are given the compute dtype; `calls` those of sublayers, in order;
    `returns` what `forward` returns, with the expression of each `return`; `meetings`
    sizes that must agree; `faults` what is surely wrong.
    """

    values: Mapping[ast.expr, Value] = field(repr=False)
    names: Mapping[str, Value]
    casts: Mapping[ast.expr, str]
    supplied: tuple[ast.Call, ...]
    calls: tuple[LayerCall, ...]
    returns: tuple[tuple[ast.AST, Value], ...]
    meetings: tuple[Meeting, ...]
    faults: tuple[Fault, ...]

    def at(self, node: ast.expr) -> Value:
        """What an expression may be."""
        return self.values.get(node, UNKNOWN)


def analyse(spec: Spec) -> Forward:
    """Analyse a spec's `forward` and `functions`."""
    environment = Environment(Lookup(spec))
    supplied: dict[ast.Call, None] = {}
    for _ in range(ROUNDS):
        reader = _reader(environment, supplied)
        try:
            returns = _run(reader, environment)
        except (TooMuch, RecursionError):
            return Forward({}, environment.values, {}, (), (), (), (), ())
        for node in reader.found.casts.keys() & reader.found.whole.keys():
            dtype = reader.found.casts[node]
            two_casts(reader.found, node, dtype, "an integer")
        further = {**supplied, **reader.found.supplied}
        if len(further) == len(supplied):
            break
        supplied = further
    return _forward(environment, reader.found, tuple(supplied), returns)


def _reader(environment: Environment, supplied: Mapping[ast.Call, None]) -> Interpreter:
    functions = {
        one.name: (one.args, _body(one.forward))
        for one in environment.lookup.spec.functions
    }
    return Interpreter(
        environment.forward, functions, environment.layers, environment.late, supplied
    )


def _body(code: Code) -> list[ast.stmt]:
    """The statements of some code; an expression is what it returns."""
    return [ast.Return(value=code.expression)] if code.is_expression else code.body


def _run(reader: Interpreter, environment: Environment) -> list[tuple[ast.AST, Value]]:
    spec = environment.lookup.spec
    returns = reader.run(_body(spec.forward), dict(environment.inputs))
    for function in spec.functions:
        if not any(node in reader.found.values for node in _expressions(function)):
            given = [Tensor(None, COMPUTE, frozenset({n})) for n in function.args]
            reader.call_spec_function(function.name, [*given], {})
    return returns


def _expressions(function: Function) -> list[ast.expr]:
    nodes = (
        node for statement in function.forward.body for node in ast.walk(statement)
    )
    return [node for node in nodes if isinstance(node, ast.expr)]


def _forward(
    environment: Environment,
    found: Found,
    supplied: tuple[ast.Call, ...],
    returns: list[tuple[ast.AST, Value]],
) -> Forward:
    return Forward(
        found.values,
        environment.values,
        found.casts,
        supplied,
        tuple(found.calls),
        tuple(returns),
        tuple(found.meetings),
        tuple(found.faults),
    )
