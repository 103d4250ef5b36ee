"""Spec code, gone through once with values in place of numbers.

What an expression may be comes of `expressions.py` and `calls.py`; here are the statements
and the names that they bind. A loop is gone through until another round says nothing new, a
function for each different call of it. What is found on the way stands in `Found`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from layergen.forward import expressions, shapes
from layergen.forward.findings import Fault, Found, LayerCall, Meeting
from layergen.forward.layers import HowMade, result
from layergen.forward.shapes import Pair, Shape
from layergen.forward.values import (
    NOWHERE,
    UNKNOWN,
    Function,
    Items,
    Many,
    Maybe,
    Nothing,
    Number,
    Tensor,
    Unknown,
    Value,
    joined,
    listed,
    there,
    through,
)
from layergen.limits import FLOW_STEPS, UNROLLED

Names = dict[str, Value]


FUNCTIONS_DEEP = 20
"""Calls inside one another that are followed."""


class TooMuch(Exception):
    """The code takes more steps than the limits allow."""


@dataclass(eq=False)
class Frame:
    """The names of a function while it is gone through; None where no run comes.

    `names` are those where the interpreter is.
    """

    names: Names | None
    outer: Frame | None = None
    returned: list[tuple[ast.AST, Value]] = field(default_factory=list)
    breaks: list[list[Names]] = field(default_factory=list)
    continues: list[list[Names]] = field(default_factory=list)
    loops: list[ast.AST] = field(default_factory=list)

    def smooth(self, name: str) -> frozenset[str]:
        """What the value of a name changes smoothly with."""
        frame: Frame | None = self
        while frame is not None:
            value = (frame.names or {}).get(name)
            if value is not None:
                return NOWHERE if isinstance(value, Function) else through(value)
            frame = frame.outer
        return NOWHERE


class Interpreter:
    """Goes through code.

    `world` is what names from outside the code stand for, `functions` what the spec's
    functions are made of: their parameters and bodies; `layers` how sublayers are made.
    `late` are the dimensions that may be unknown until the layer runs, `supplied` the
    calls that are given the compute dtype.
    """

    def __init__(
        self,
        world: Mapping[str, Value],
        functions: Mapping[str, tuple[tuple[str, ...], list[ast.stmt]]],
        layers: Mapping[str, HowMade],
        late: frozenset[str] = frozenset(),
        supplied: Iterable[ast.Call] = (),
    ) -> None:
        self.world = world
        self.functions = functions
        self.layers = layers
        self.late = late
        self.given_dtype = frozenset(supplied)
        self.found = Found()
        self.frame = Frame({})
        self.steps = 0
        self._rounds: dict[object, Names | None] = {}
        self._results: dict[object, Value] = {}
        self._running: list[object] = []

    def run(self, body: list[ast.stmt], names: Names) -> list[tuple[ast.AST, Value]]:
        """What a function body returns, with the expression of each `return`."""
        before, self.frame = self.frame, Frame(names)
        self.block(body)
        returned, self.frame = self.frame.returned, before
        return returned

    def value(self, node: ast.expr) -> Value:
        """What an expression may be; also kept by its node."""
        self.step()
        found = expressions.value(self, node)
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
        node: ast.expr,
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
        """What an assignment to `target` does."""
        names = self.frame.names
        assert names is not None
        match target:
            case ast.Name(id=name):
                names[name] = value
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                self._unpack(parts, value)
            case ast.Starred(value=inner):
                many = listed(value)
                self.bind(inner, many or Unknown(through(value)))
            case ast.Subscript(value=owner, slice=index):
                self.value(owner)
                self.value(index)
                self.add_item(owner, value)

    def _unpack(self, parts: list[ast.expr], value: Value) -> None:
        starred = [i for i, one in enumerate(parts) if isinstance(one, ast.Starred)]
        if isinstance(value, Items) and shapes.REST not in value.items:
            items = value.items
            if not starred and len(items) == len(parts):
                for part, item in zip(parts, items, strict=True):
                    self.bind(part, item)
                return
            if len(starred) == 1 and len(items) >= len(parts) - 1:
                [at] = starred
                after = len(parts) - at - 1
                middle = Items(items[at : len(items) - after])
                whole = [*items[:at], middle, *items[len(items) - after :]]
                for part, item in zip(parts, whole, strict=True):
                    inner = part.value if isinstance(part, ast.Starred) else part
                    self.bind(inner, item)
                return
        many = listed(value)
        for part in parts:
            if many is None:
                self.bind(part, Unknown(through(value)))
            else:
                is_rest = isinstance(part, ast.Starred)
                self.bind(part, Many(many.element) if is_rest else many.element)

    def add_item(self, owner: ast.expr, value: Value) -> None:
        """A list gets another item, or one instead of another."""
        while isinstance(owner, (ast.Subscript, ast.Attribute)):
            owner = owner.value
        names = self.frame.names
        if isinstance(owner, ast.Name) and names is not None:
            before = listed(self.lookup(owner.id))
            some = Many(value, some=True)
            if before is None:
                names[owner.id] = Unknown(through(value))
            elif isinstance(before.element, Unknown) and not before.some:
                names[owner.id] = some
            else:
                names[owner.id] = Many(joined(before.element, value), some=True)

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
                frame.names = self.narrowed(node.test, side, dict(before))
                self.block(body)
            ways.append(frame.names)
        frame.names = together(*ways)

    def narrowed(self, test: ast.expr, holds: bool, names: Names) -> Names:
        """The names where a condition holds or not: what is compared with None."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.narrowed(operand, not holds, names)
            case ast.BoolOp(op=ast.And(), values=values) if holds:
                for one in values:
                    names = self.narrowed(one, True, names)
            case ast.BoolOp(op=ast.Or(), values=values) if not holds:
                for one in values:
                    names = self.narrowed(one, False, names)
            case ast.Compare(
                left=ast.Name(id=name),
                ops=[ast.Is() | ast.IsNot() as op],
                comparators=[ast.Constant(value=None)],
            ):
                is_none = isinstance(op, ast.Is) is holds
                value = self.lookup(name)
                if isinstance(value, Maybe):
                    names[name] = Nothing() if is_none else value.value
            case ast.Name(id=name):
                value = self.lookup(name)
                if isinstance(value, Maybe) and holds:
                    names[name] = value.value
        return names

    # Loops

    def _for(self, node: ast.For) -> None:
        goes_over = self.value(node.iter)
        items = each(goes_over)
        frame = self.frame
        if items is not None:
            for item in items:
                if frame.names is None:
                    return
                self._round(node, node.target, item)
            self.block(node.orelse) if frame.names is not None else None
            return
        many = listed(there(goes_over))
        element = many.element if many else element_of(goes_over)
        once = bool(many and many.some)
        self._repeat(node, once, lambda: self.bind(node.target, element))
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
        frame.loops.pop()
        frame.names = together(*left) if left else None
        self._rounds[key] = None if frame.names is None else dict(frame.names)

    # Expressions that bind names or choose

    def either(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Value:
        """What one or the other expression gives, each where the test holds or not."""
        frame = self.frame
        assert frame.names is not None
        before, values = frame.names, []
        for holds, node in ((True, body), (False, orelse)):
            frame.names = self.narrowed(test, holds, dict(before))
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
                inner.names = self.narrowed(condition, True, inner.names)
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
        key = (name, tuple(values.items()))
        return self._called(key, body, Frame(values))

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
        if key in self._running or len(self._running) >= FUNCTIONS_DEEP:
            given = (frame.names or {}).values()
            return Unknown(NOWHERE.union(*map(through, given)))
        if key not in self._results:
            self._running.append(key)
            before, self.frame = self.frame, frame
            frame.loops = [*before.loops]
            self.block(body)
            self.frame = before
            self._running.pop()
            self._results[key] = _result(frame)
        return self._results[key]


def _result(frame: Frame) -> Value:
    values = [value for _, value in frame.returned]
    if frame.names is not None or not values:
        values.append(Nothing())
    found = values[0]
    for one in values[1:]:
        found = joined(found, one)
    return found


def together(*ways: Names | None) -> Names | None:
    """The names after one of some ways, as far as any of them binds them."""
    found: Names | None = None
    for names in ways:
        if names is None:
            continue
        if found is None:
            found = dict(names)
            continue
        both = {
            name: joined(value, names[name]) if name in names else value
            for name, value in found.items()
        }
        found = names | both
    return found


def each(value: Value) -> tuple[Value, ...] | None:
    """The items that a loop goes over one by one, None where it is not gone so."""
    if isinstance(value, Items) and shapes.REST not in value.items:
        return value.items if len(value.items) <= UNROLLED else None
    return None


def element_of(value: Value) -> Value:
    """An item of something that is no list for certain."""
    if isinstance(value, Tensor):
        shape = value.shape
        known = isinstance(shape, tuple) and shape and shape[0] is not shapes.REST
        return Tensor(shape[1:] if known else None, value.dtype, value.through)  # type: ignore[index]
    if isinstance(value, Number):
        return UNKNOWN
    return Unknown(through(value))
