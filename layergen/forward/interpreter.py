"""Spec code, gone through once with values in place of numbers.

What an expression may be comes of `expressions.py` and `calls.py`, loops are those of
`loops.py`, functions that are called those of `runs.py`; here are the statements and the
names that they bind. What is found on the way stands in `Found`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from layergen.forward import binding, expressions
from layergen.forward.findings import Fault, Found, LayerCall, Meeting
from layergen.forward.frames import (
    Frame,
    Names,
    element_of,
    together,
)
from layergen.forward.layers import HowMade, result
from layergen.forward.loops import Loops
from layergen.forward.runs import Runs
from layergen.forward.shapes import Pair, Shape
from layergen.forward.values import (
    NOWHERE,
    UNKNOWN,
    Function,
    Items,
    Many,
    Nothing,
    SpecFunction,
    Unknown,
    Value,
    fits,
    joined,
    listed,
    there,
    through,
)
from layergen.limits import FLOW_STEPS

NOTHING: Mapping[str, Value] = {}


class TooMuch(Exception):
    """The code takes more steps than the limits allow."""


class Interpreter:
    """Goes through code.

    `world` is what names from outside the code stand for, `functions` what the spec's
    functions are made of: their parameters and bodies; `layers` how sublayers are made.
    `late` are the dimensions that may be unknown until the layer runs, None where every
    size is known, as it is beside the shapes that `build` gets; `supplied` are the calls
    that are given the compute dtype. `own_gradient` is that of `Runs`. `lists` are the
    values of lists that are tensors where code hands them by name to functions of tensors.
    `looping` counts the loops of the graph that it is in.
    """

    def __init__(
        self,
        world: Mapping[str, Value],
        functions: Mapping[str, tuple[tuple[str, ...], list[ast.stmt]]],
        layers: Mapping[str, HowMade],
        late: frozenset[str] | None = None,
        supplied: Iterable[ast.Call] = (),
        own_gradient: frozenset[str] = NOWHERE,
        lists: Mapping[str, Value] = NOTHING,
        looping: int = 0,
    ) -> None:
        self.world = world
        self.layers = layers
        self.late = late
        self.given_dtype = frozenset(supplied)
        self.lists = lists
        self.looping = looping
        self.found = Found()
        self.frame = Frame({})
        self.steps = 0
        self.limit = FLOW_STEPS
        self.depth = 0
        self.loops = Loops(self)
        self.runs = Runs(self, functions, own_gradient)

    def run(self, body: list[ast.stmt], names: Names) -> Frame:
        """Go through the body of a function that has these names."""
        before, self.frame = self.frame, Frame(names)
        self.block(body)
        done, self.frame = self.frame, before
        return done

    def ways_through(self, function: str) -> list[tuple[Names, Value]]:
        """The names at the end of one of the spec's functions, and its result, for each
        different call."""
        return [*self.runs.ways.get(function, ())]

    def value(self, node: ast.expr) -> Value:
        """What an expression may be; also kept by its node."""
        self.step()
        self.depth += 1
        found = self.meaning(node)
        self.depth -= 1
        if isinstance(found, (Items, Many)) and not fits([found]):
            found = Unknown(through(found))
        known = self.found.values
        known[node] = joined(known[node], found) if node in known else found
        return found

    def meaning(self, node: ast.expr) -> Value:
        """What an expression may be by what its parts are."""
        return expressions.value(self, node)

    def value_of(self, node: ast.expr) -> Value:
        """What an expression may be where nothing is known but what the world has."""
        try:
            return self.value(node)
        except TooMuch:
            return UNKNOWN

    @property
    def loop(self) -> ast.AST | None:
        """The innermost loop that the interpreter is in."""
        return self.frame.loops[-1] if self.frame.loops else None

    def layer_result(self, call: LayerCall, smooth: frozenset[str]) -> Value:
        how = self.layers.get(call.name)
        return result(how, call, smooth) if how else Unknown(smooth)

    def step(self) -> None:
        self.steps += 1
        if self.steps > self.limit:
            raise TooMuch

    def fault(self, code: str, node: ast.AST, message: str, hint: str = "") -> None:
        self.found.faults[Fault(code, node, message, hint)] = None

    def meet(
        self,
        node: ast.expr | ast.AugAssign,
        what: str,
        given: Iterable[Shape],
        pairs: Iterable[Pair],
        exactly: bool = False,
    ) -> None:
        """Keep sizes that must agree, unless they surely do."""
        left = tuple((one, two) for one, two in pairs if one != two)
        if left:
            meeting = Meeting(node, what, tuple(given), left, exactly)
            self.found.meetings[meeting] = None

    # Names

    def lookup(self, name: str) -> Value:
        frame: Frame | None = self.frame
        while frame is not None:
            if frame.names is not None and name in frame.names:
                return frame.names[name]
            frame = frame.outer
        return self.world.get(name, UNKNOWN)

    def bind(self, target: ast.expr, value: Value) -> None:
        binding.bind(self, target, value)

    def add_item(self, owner: ast.expr, value: Value) -> None:
        binding.add_item(self, owner, value)

    # Statements

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if self.frame.names is None:
                return
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        self.step()
        frame = self.frame
        names = frame.names
        assert names is not None
        match node:
            case ast.Return(value=value):
                found = self.value(value) if value else Nothing()
                frame.returned.append((value or node, found))
                frame.ends.append(names)
                frame.names = None
            case ast.Raise():
                frame.names = None
            case ast.Break():
                if frame.breaks:
                    frame.breaks[-1].append(names)
                frame.names = None
            case ast.Continue():
                if frame.continues:
                    frame.continues[-1].append(names)
                frame.names = None
            case ast.If():
                self._if(node)
            case ast.For():
                self.loops.over(node)
            case ast.While():
                self.loops.while_(node)
            case ast.FunctionDef(name=name):
                names[name] = Function(node, frame)
            case ast.Assign(targets=targets, value=value):
                found = self.value(value)
                for target in targets:
                    self.bind(target, found)
            case ast.AnnAssign(target=target, value=value) if value:
                self.bind(target, self.value(value))
            case ast.AugAssign():
                binding.augmented(self, node)
            case ast.Expr(value=value):
                self.value(value)
            case ast.Assert(test=test):
                self.value(test)

    def _if(self, node: ast.If) -> None:
        holds = expressions.truth(self.value(node.test))
        frame = self.frame
        assert frame.names is not None
        before = frame.names
        ways = []
        for side, body in ((True, node.body), (False, node.orelse)):
            frame.names = None
            if holds is None or holds is side:
                frame.names = binding.narrowed(self, node.test, side, dict(before))
                self.block(body)
            ways.append(frame.names)
        frame.names = together(*ways)

    # Expressions that bind names or choose

    def either(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Value:
        """What one or the other expression gives, each where the test holds or not."""
        frame = self.frame
        assert frame.names is not None
        before, values = frame.names, []
        for holds, node in ((True, body), (False, orelse)):
            frame.names = binding.narrowed(self, test, holds, dict(before))
            values.append(self.value(node))
        frame.names = before
        return joined(*values)

    def comprehension(
        self, generators: list[ast.comprehension], results: list[ast.expr]
    ) -> list[Value]:
        """What the results of a comprehension may be; its variables are its own."""
        outer = self.frame
        first = self.value(generators[0].iter)
        inner = Frame({}, outer, loops=[*outer.loops, generators[0].iter])
        self.frame = inner
        for generator in generators:
            over = first if generator is generators[0] else self.value(generator.iter)
            many = listed(there(over))
            self.bind(generator.target, many.element if many else element_of(over))
            for condition in generator.ifs:
                self.value(condition)
                assert inner.names is not None
                inner.names = binding.narrowed(self, condition, True, inner.names)
        values = [self.value(one) for one in results]
        self.frame = outer
        return values

    def function(self, node: ast.Lambda) -> Value:
        return Function(node, self.frame)

    # Calls of functions

    def call_spec_function(self, name: str, given: list[Value], named: Names) -> Value:
        """What one of the spec's functions returns; it sees no names of the caller."""
        return self.runs.of_spec(name, given, named)

    def call_with(self, function: Function | SpecFunction, part: Value) -> Value:
        """What a function returns of which each parameter is `part`."""
        return self.runs.with_parts(function, part)

    def call_function(
        self, function: Function, given: list[Value], named: Names
    ) -> Value:
        """What a function of the code itself returns."""
        return self.runs.of_code(function, given, named)
