"""Functions that code calls, each gone through for every different call of it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from msgspec import Struct, field

from layergen.forward.findings import Walker
from layergen.forward.frames import Frame, Names, result_of, together
from layergen.forward.values import (
    NOWHERE,
    UNKNOWN,
    Function,
    Many,
    SpecFunction,
    Unknown,
    Value,
    through,
    with_through,
)

FUNCTIONS_DEEP = 20
"""Calls inside one another that are followed."""

DEPTH = 60
"""Expressions inside one another, past which no call of a function is followed."""


class Runs(Struct, eq=False):
    """Goes through the functions of what a walker goes through.

    `functions` are those of the spec, their parameters and bodies; those in `own_gradient`
    say themselves what passes through them, and are taken to let everything through.
    `ways` has the names at the end of each of the spec's, and its result, for each
    different call.
    """

    walker: Walker
    functions: Mapping[str, tuple[tuple[str, ...], list[ast.stmt]]]
    own_gradient: frozenset[str]
    ways: dict[str, list[tuple[Names, Value]]] = field(default_factory=dict)
    results: dict[object, Value] = field(default_factory=dict)
    running: list[object] = field(default_factory=list)

    def of_spec(self, name: str, given: list[Value], named: Names) -> Value:
        """What one of the spec's functions returns; it sees no names of the caller."""
        parameters, body = self.functions[name]
        values = dict(zip(parameters, given, strict=False)) | named
        for parameter in parameters:
            values.setdefault(parameter, UNKNOWN)
        key = (name, tuple(values.items()), self.walker.looping > 0)
        frame = Frame(values)
        result = self._called(key, body, frame)
        names = together(*frame.ends)
        if names is not None:
            self.ways.setdefault(name, []).append((names, result))
        if name in self.own_gradient:
            smooth = NOWHERE.union(*map(through, values.values()))
            result = with_through(result, smooth)
        return result

    def with_parts(self, function: Function | SpecFunction, part: Value) -> Value:
        """What a function returns of which each parameter is `part`."""
        if isinstance(function, SpecFunction):
            given = [part] * len(self.functions[function.name][0])
            return self.of_spec(function.name, given, {})
        return self.of_code(function, [part] * len(function.node.args.args), {})

    def of_code(self, function: Function, given: list[Value], named: Names) -> Value:
        """What a function of the code itself returns."""
        args = function.node.args
        names = [one.arg for one in (*args.posonlyargs, *args.args)]
        values: Names = dict(zip(names, given, strict=False)) | named
        defaults = args.defaults
        for name, default in zip(
            names[len(names) - len(defaults) :], defaults, strict=True
        ):
            if name not in values:
                values[name] = self.walker.value(default)
        for one in (*names, *(one.arg for one in args.kwonlyargs)):
            values.setdefault(one, UNKNOWN)
        if args.vararg:
            values[args.vararg.arg] = Many(UNKNOWN)
        if args.kwarg:
            values[args.kwarg.arg] = UNKNOWN
        body = function.node.body
        statements: list[ast.stmt] = (
            body if isinstance(body, list) else [ast.Return(value=body)]
        )
        # What it reads around it may be another thing at each call.
        around = tuple((function.frame.names or {}).items())
        key = (function.node, tuple(values.items()), around, self.walker.looping > 0)
        return self._called(key, statements, Frame(values, function.frame))

    def _called(self, key: object, body: list[ast.stmt], frame: Frame) -> Value:
        too_deep = len(self.running) >= FUNCTIONS_DEEP or self.walker.depth >= DEPTH
        if key in self.running or too_deep:
            given = (frame.names or {}).values()
            return Unknown(NOWHERE.union(*map(through, given)))
        if key not in self.results:
            self.running.append(key)
            before, self.walker.frame = self.walker.frame, frame
            frame.loops = [*before.loops]
            self.walker.block(body)
            self.walker.frame = before
            self.running.pop()
            self.results[key] = result_of(frame)
        return self.results[key]
