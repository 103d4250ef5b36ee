"""Spec code, gone through once with values in place of numbers.

What an expression may be comes of `expressions.py` and `calls.py`; here are the statements
and the names that they bind. A loop is gone through until another round says nothing new, a
function for each different call of it. What is found on the way stands in `Found`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from layergen.forward import binding, expressions, shapes
from layergen.forward.findings import Chain, Fault, Found, LayerCall, Meeting
from layergen.forward.frames import (
    Frame,
    Names,
    changes,
    each,
    element_of,
    result_of,
    together,
)
from layergen.forward.layers import HowMade, result
from layergen.forward.shapes import Pair, Shape
from layergen.forward.values import (
    NOWHERE,
    UNKNOWN,
    Function,
    Many,
    Nothing,
    SpecFunction,
    Tensor,
    Unknown,
    Value,
    joined,
    listed,
    there,
    through,
    with_through,
)
from layergen.limits import FLOW_STEPS, UNROLLED

FUNCTIONS_DEEP = 20
"""Calls inside one another that are followed."""

DEPTH = 60
"""Expressions inside one another, past which no call of a function is followed."""


class TooMuch(Exception):
    """The code takes more steps than the limits allow."""


class Interpreter:
    """Goes through code.

    `world` is what names from outside the code stand for, `functions` what the spec's
    functions are made of: their parameters and bodies; `layers` how sublayers are made.
    `late` are the dimensions that may be unknown until the layer runs, None where every
    size is known, as it is beside the shapes that `build` gets; `supplied` are the calls that are given the compute dtype; functions in `own_gradient` say themselves what
    passes through them, and are taken to let everything through.
    """

    def __init__(
        self,
        world: Mapping[str, Value],
        functions: Mapping[str, tuple[tuple[str, ...], list[ast.stmt]]],
        layers: Mapping[str, HowMade],
        late: frozenset[str] | None = None,
        supplied: Iterable[ast.Call] = (),
        own_gradient: frozenset[str] = NOWHERE,
    ) -> None:
        self.world = world
        self.functions = functions
        self.layers = layers
        self.late = late
        self.given_dtype = frozenset(supplied)
        self.own_gradient = own_gradient
        self.found = Found()
        self.frame = Frame({})
        self.steps = 0
        self.unrolled = 1
        self.depth = 0
        self._rounds: dict[object, Names | None] = {}
        self._results: dict[object, Value] = {}
        self._calls: dict[str, list[tuple[Names, Value]]] = {}
        self._started: dict[ast.AST, Names] = {}
        self._running: list[object] = []

    def run(self, body: list[ast.stmt], names: Names) -> Frame:
        """Go through the body of a function that has these names."""
        before, self.frame = self.frame, Frame(names)
        self.block(body)
        done, self.frame = self.frame, before
        return done

    def ways_through(self, function: str) -> list[tuple[Names, Value]]:
        """The names at the end of one of the spec's functions, and its result, for each
        different call."""
        return [*self._calls.get(function, ())]

    def value(self, node: ast.expr) -> Value:
        """What an expression may be; also kept by its node."""
        self.step()
        self.depth += 1
        found = expressions.value(self, node)
        self.depth -= 1
        known = self.found.values
        known[node] = joined(known[node], found) if node in known else found
        return found

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
        if self.steps > FLOW_STEPS:
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
                self._for(node)
            case ast.While():
                self._while(node)
            case ast.FunctionDef(name=name):
                names[name] = Function(node, frame)
            case ast.Assign(targets=targets, value=value):
                found = self.value(value)
                for target in targets:
                    self.bind(target, found)
            case ast.AnnAssign(target=target, value=value) if value:
                self.bind(target, self.value(value))
            case ast.AugAssign(target=target, value=value):
                self._augmented(node, target, value)
            case ast.Expr(value=value):
                self.value(value)
            case ast.Assert(test=test):
                self.value(test)

    def _augmented(
        self, node: ast.AugAssign, target: ast.expr, value: ast.expr
    ) -> None:
        if isinstance(target, ast.Name):
            before = self.lookup(target.id)
            known = self.found.values
            known[target] = joined(known.get(target, before), before)
            other = self.value(value)
            many, more = listed(before), listed(other)
            if many and more and isinstance(node.op, ast.Add):
                found: Value = Many(joined(many.element, more.element), some=True)
                if isinstance(many.element, Unknown):
                    found = more
            else:
                found = expressions.binary(self, node, before, other, target, value)
            self.bind(target, found)
        else:
            self.bind(target, self.value(value))

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

    # Loops

    def _for(self, node: ast.For) -> None:
        goes_over = self.value(node.iter)
        items = each(goes_over)
        frame = self.frame
        if items is not None and self.unrolled * len(items) <= UNROLLED:
            self._one_by_one(node, items)
            return
        many = listed(there(goes_over))
        element = many.element if many else element_of(goes_over)
        once = bool(many and many.some)
        self._repeat(node, once, lambda: self.bind(node.target, element))
        if frame.names is not None:
            self.block(node.orelse)

    def _one_by_one(self, node: ast.For, items: tuple[Value, ...]) -> None:
        """A loop over items that are known; in another such loop its rounds multiply."""
        frame, around = self.frame, self.unrolled
        self.unrolled *= max(len(items), 1)
        for item in items:
            if frame.names is not None:
                self._round(node, node.target, item)
        self.unrolled = around
        if frame.names is not None:
            self.block(node.orelse)

    def _round(self, node: ast.For, target: ast.expr, item: Value) -> None:
        """One round of a loop over items that are known."""
        frame = self.frame
        frame.breaks.append([])
        frame.continues.append([])
        self.bind(target, item)
        self.block(node.body)
        frame.names = together(frame.names, *frame.continues.pop())
        broken = frame.breaks.pop()
        # What leaves early is taken to come to the end as well.
        if broken:
            frame.names = together(frame.names, *broken)

    def _while(self, node: ast.While) -> None:
        def test() -> None:
            self.value(node.test)

        self._repeat(node, False, test)
        if self.frame.names is not None:
            self.value(node.test)

    def _repeat(
        self, node: ast.For | ast.While, once: bool, begin: Callable[[], None]
    ) -> None:
        """Any number of rounds, or at least one: gone through until nothing changes."""
        frame = self.frame
        assert frame.names is not None
        start = dict(frame.names)
        key = (node, frame, frozenset(start.items()))
        if key in self._rounds:
            known = self._rounds[key]
            frame.names = None if known is None else dict(known)
            return
        frame.loops.append(node)
        self._started[node] = start
        left: list[Names] = [] if once else [start]
        state = start
        while True:
            frame.breaks.append([])
            frame.continues.append([])
            frame.names = dict(state)
            begin()
            self.block(node.body)
            after = together(frame.names, *frame.continues.pop())
            left += [*([after] if after is not None else []), *frame.breaks.pop()]
            if after is None:
                break
            further = together(state, after)
            assert further is not None
            if further == state:
                break
            state = further
        frame.names = together(*left) if left else None
        if isinstance(node, ast.For) and frame.names is not None:
            self._chain(node, begin, state)
        frame.loops.pop()
        self._rounds[key] = None if frame.names is None else dict(frame.names)

    def _chain(self, node: ast.For, begin: Callable[[], None], state: Names) -> None:
        """Keep how a loop over sublayers hands a tensor on whose shape changes by round."""
        frame, found = self.frame, self.found
        after = frame.names
        assert after is not None
        if not any(call.listed and call.loop is node for call in found.calls):
            return
        start = self._started[node]
        carried = [name for name in start if changes(start[name], after.get(name))]
        if len(carried) != 1:
            return
        [name] = carried
        shape = shapes.Carried(name, node)
        tensor = start[name]
        assert isinstance(tensor, Tensor)
        self.found = Found()
        frame.names = {**state, name: replace(tensor, shape=shape)}
        begin()
        self.block(node.body)
        last = frame.names.get(name) if frame.names is not None else None
        calls = tuple(self.found.calls)
        self.found, frame.names = found, after
        if isinstance(last, Tensor) and last.shape is not None:
            chain = Chain(node, name, tensor.shape, calls, last.shape)
            found.chains[chain] = None
            value = after[name]
            assert isinstance(value, Tensor)
            after[name] = replace(value, shape=shape)

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
        parameters, body = self.functions[name]
        values = dict(zip(parameters, given, strict=False)) | named
        for parameter in parameters:
            values.setdefault(parameter, UNKNOWN)
        key, frame = (name, tuple(values.items())), Frame(values)
        result = self._called(key, body, frame)
        names = together(*frame.ends)
        if names is not None:
            self._calls.setdefault(name, []).append((names, result))
        if name in self.own_gradient:
            smooth = NOWHERE.union(*map(through, values.values()))
            result = with_through(result, smooth)
        return result

    def call_with(self, function: Function | SpecFunction, part: Value) -> Value:
        """What a function returns of which each parameter is `part`."""
        if isinstance(function, SpecFunction):
            given = [part] * len(self.functions[function.name][0])
            return self.call_spec_function(function.name, given, {})
        return self.call_function(function, [part] * len(function.node.args.args), {})

    def call_function(
        self, function: Function, given: list[Value], named: Names
    ) -> Value:
        """What a function of the code itself returns."""
        args = function.node.args
        names = [one.arg for one in (*args.posonlyargs, *args.args)]
        values: Names = dict(zip(names, given, strict=False)) | named
        defaults = args.defaults
        for name, default in zip(
            names[len(names) - len(defaults) :], defaults, strict=True
        ):
            if name not in values:
                values[name] = self.value(default)
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
        key = (function.node, tuple(values.items()), around)
        return self._called(key, statements, Frame(values, function.frame))

    def _called(self, key: object, body: list[ast.stmt], frame: Frame) -> Value:
        too_deep = len(self._running) >= FUNCTIONS_DEEP or self.depth >= DEPTH
        if key in self._running or too_deep:
            given = (frame.names or {}).values()
            return Unknown(NOWHERE.union(*map(through, given)))
        if key not in self._results:
            self._running.append(key)
            before, self.frame = self.frame, frame
            frame.loops = [*before.loops]
            self.block(body)
            self.frame = before
            self._running.pop()
            self._results[key] = result_of(frame)
        return self._results[key]
