"""A spec's code, analysed once: what each expression may be, and what follows from it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from msgspec import Struct

from layergen.forward.arithmetic import two_casts
from layergen.forward.beside import run_beside
from layergen.forward.calls import activated
from layergen.forward.environment import Environment
from layergen.forward.findings import Chain, Fault, Found, LayerCall, Meeting
from layergen.forward.frames import Frame
from layergen.forward.interpreter import NOTHING, Interpreter, TooMuch
from layergen.forward.values import COMPUTE, UNKNOWN, SpecFunction, Tensor, Value
from layergen.language.lookup import Lookup
from layergen.language.model import Function, Spec
from layergen.source.trees import statements

ROUNDS = 4
"""Calls that are given a dtype change what others get; so many times it is gone through."""


class Forward(Struct, frozen=True):
    """What a spec's code does.

    `names` are the spec's arguments, dimensions and derived values. `casts` are the
    operands that are cast where they stand, with the dtype; `supplied` the calls that are
    given the compute dtype; `looped` those of functions of `ops` inside of loops of the
    graph; `calls` those of sublayers, in order, and `chains` the loops that hand a tensor from one to the next; `returns` what the layer returns, with the
    expression of each `return`; `meetings` sizes that must agree; `faults` what is surely
    wrong. It is not `whole` where the code takes more steps than the limits allow: then
    nothing is known of it.
    """

    values: Mapping[ast.expr, Value]
    names: Mapping[str, Value]
    casts: Mapping[ast.expr, str]
    supplied: tuple[ast.Call, ...]
    looped: frozenset[ast.Call]
    calls: tuple[LayerCall, ...]
    chains: tuple[Chain, ...]
    returns: tuple[tuple[ast.AST, Value], ...]
    meetings: tuple[Meeting, ...]
    faults: tuple[Fault, ...]
    whole: bool = True

    def at(self, node: ast.expr) -> Value:
        """What an expression may be."""
        return self.values.get(node, UNKNOWN)

    def runs(self, node: ast.expr) -> bool:
        """Whether an expression is come to."""
        return node in self.values


def analyse(spec: Spec, fixed: Mapping[str, Value] = NOTHING) -> Forward:
    """Analyse a spec's code: `forward` and `functions`, and what stands beside them.

    `fixed` are the values of `training` and of arguments of `call`, where they are known.

    Of the latter its values are kept, and what gradients cast.
    """
    environment = Environment(Lookup(spec), dict(fixed))
    supplied: dict[ast.Call, None] = {}
    for _ in range(ROUNDS):
        reader = _reader(environment, supplied)
        try:
            end = _run(reader, environment)
            returns = [
                (node, _activated(reader, environment, value))
                for node, value in end.returned
            ]
        except (TooMuch, RecursionError):
            names = environment.values
            return Forward(
                *({}, names, {}, (), frozenset(), (), (), (), (), ()), whole=False
            )
        for node in reader.found.casts.keys() & reader.found.whole.keys():
            dtype = reader.found.casts[node]
            two_casts(reader.found, node, dtype, "an integer")
        further = {**supplied, **reader.found.supplied}
        if len(further) == len(supplied):
            break
        supplied = further
    found, reader.found = reader.found, Found()
    try:
        run_beside(reader, environment, end)
    except (TooMuch, RecursionError):
        reader.found = Found()
    values = reader.found.values | found.values
    _keep_casts(spec, reader.found, found)
    supplied |= found.supplied
    return _forward(environment, found, values, tuple(supplied), returns)


def _keep_casts(spec: Spec, beside: Found, found: Found) -> None:
    """Add what is cast in the code of gradients, which runs on tensors too."""
    gradients = [spec.gradient, *(one.gradient for one in spec.functions)]
    codes = [one.code for one in gradients if one and one.code]
    nodes = {node for code in codes for node in code.nodes}
    found.casts |= {n: dtype for n, dtype in beside.casts.items() if n in nodes}
    found.supplied |= {call: None for call in beside.supplied if call in nodes}


def _reader(environment: Environment, supplied: Mapping[ast.Call, None]) -> Interpreter:
    functions = {
        one.name: (one.args, statements(one.forward))
        for one in environment.lookup.spec.functions
    }
    own = frozenset(
        one.name for one in environment.lookup.spec.functions if one.gradient
    )
    return Interpreter(
        environment.forward,
        functions,
        environment.layers,
        environment.late,
        supplied,
        own,
        environment.lists,
        # Keras' RNN calls a cell in a loop.
        looping=int(environment.lookup.spec.kind == "cell"),
    )


def _run(reader: Interpreter, environment: Environment) -> Frame:
    """Go through `forward`, and through functions that it does not call."""
    spec = environment.lookup.spec
    names = environment.inputs | environment.lists
    end = reader.run(statements(spec.forward), dict(names))
    for function in spec.functions:
        if not any(node in reader.found.values for node in _expressions(function)):
            given = [Tensor(None, COMPUTE, frozenset({n})) for n in function.args]
            reader.call_spec_function(function.name, [*given], {})
    return end


def _activated(reader: Interpreter, environment: Environment, value: Value) -> Value:
    """What a layer returns: the activation is applied to it unless `forward` does so."""
    spec = environment.lookup.spec
    if spec.activation is None or "activation" in environment.lookup.reads(
        spec.forward
    ):
        return value
    match environment.forward["activation"]:
        case SpecFunction(name=name):
            return reader.call_spec_function(name, [value], {})
    return activated([value])


def _expressions(function: Function) -> list[ast.expr]:
    nodes = (
        node for statement in function.forward.body for node in ast.walk(statement)
    )
    return [node for node in nodes if isinstance(node, ast.expr)]


def _forward(
    environment: Environment,
    found: Found,
    values: Mapping[ast.expr, Value],
    supplied: tuple[ast.Call, ...],
    returns: list[tuple[ast.AST, Value]],
) -> Forward:
    return Forward(
        values,
        environment.values,
        found.casts,
        supplied,
        frozenset(found.looped),
        tuple(found.calls),
        tuple(found.chains),
        tuple(returns),
        tuple(found.meetings),
        tuple(found.faults),
    )
