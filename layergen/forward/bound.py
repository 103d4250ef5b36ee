"""Which names of a piece of code surely have a value where they are read.

A flow analysis of whole functions: branches and what their conditions have in common,
loops that may not run, `break` and `continue`, short circuits, comprehensions, and inner
functions, which read the names around them when they are called. Names only ever gain
values (`del` has no place in spec code), so that what holds before a loop holds in each
of its rounds.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection

from msgspec import Struct, field
from msgspec.structs import replace

from layergen.forward.paths import State, Way, facts, joined
from layergen.forward.rounds import continues, has_item
from layergen.source.scopes import (
    COMPREHENSIONS,
    Comprehension,
    bound_in,
    parameters,
)
from layergen.source.walk import children, nodes


class Bound(Struct, frozen=True):
    """`unsure` are the reads of a name that may have no value; `ends` are the names that
    have one wherever the code ends."""

    unsure: tuple[ast.Name, ...]
    ends: frozenset[str]


def bound(
    body: list[ast.stmt],
    start: Collection[str],
    runs: Callable[[ast.expr], bool] = lambda iterable: False,
) -> Bound:
    """The names of a function body, with those in `start` bound when it is called.

    `runs` says of what a loop goes over whether it surely has an item, beyond what shows
    in the code itself.
    """
    flow = _Flow(bound_in(body), runs)
    last = flow.block(body, State(frozenset(start)))
    states = [state for state in (*flow.returned, last) if state]
    ends = frozenset.intersection(*(s.bound for s in states)) if states else frozenset()
    return Bound(tuple(dict.fromkeys(flow.unsure)), ends)


class _Flow(Struct):
    """Goes through the code of one function, `local` being its own names.

    `unsure` are the reads found to come too early; `late` those that inner functions make
    of names around them, by the name of the function: they count where it is used.
    """

    local: frozenset[str]
    runs: Callable[[ast.expr], bool]
    around: frozenset[str] = frozenset()
    unsure: list[ast.Name] = field(default_factory=list)
    returned: list[State] = field(default_factory=list)
    late: dict[str, list[ast.Name]] = field(default_factory=dict)
    free: list[ast.Name] = field(default_factory=list)
    breaks: list[list[Way]] = field(default_factory=list)

    def block(self, body: list[ast.stmt], state: Way) -> Way:
        for statement in body:
            if state is None:
                return None
            state = self.statement(statement, state)
        return state

    def statement(self, node: ast.stmt, state: State) -> Way:
        match node:
            case ast.Return():
                self.returned.append(self.read(node, state))
                return None
            case ast.Raise():
                self.read(node, state)
                return None
            case ast.Break():
                if self.breaks:
                    self.breaks[-1].append(state)
                return None
            case ast.Continue():
                return None
            case ast.If():
                then, other = self.branch(node.test, state)
                return joined(
                    self.block(node.body, then), self.block(node.orelse, other)
                )
            case ast.For() | ast.AsyncFor():
                return self.loop(node, state)
            case ast.While():
                return self.repeat(node, state)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self.function(node, state)
        return self.simple(node, state)

    def simple(self, node: ast.stmt, state: State) -> Way:
        """A statement that goes one way."""
        match node:
            case ast.Assign(targets=targets, value=value):
                return self.assigned(value, targets, state)
            case ast.AnnAssign(target=target, value=value):
                return self.assigned(value, [target], state) if value else state
            case ast.AugAssign(target=target, value=value):
                if isinstance(target, ast.Name):
                    self.use(target, state)
                return self.stored(target, self.read(value, state))
            case ast.With(items=items, body=body) | ast.AsyncWith(
                items=items, body=body
            ):
                for item in items:
                    state = self.read(item.context_expr, state)
                    if item.optional_vars:
                        state = self.stored(item.optional_vars, state)
                return self.block(body, state)
        return self.read(node, state)

    def assigned(self, value: ast.expr, targets: list[ast.expr], state: State) -> State:
        state = self.read(value, state)
        if isinstance(value, ast.Lambda):
            for name in (t.id for t in targets if isinstance(t, ast.Name)):
                self.late.setdefault(name, []).extend(self._of_lambda(value, state))
        for target in targets:
            state = self.stored(target, state)
        return state

    def stored(self, target: ast.expr, state: State) -> State:
        """A target once it has its value; what it is an item of is read."""
        for node in nodes([target]):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                state = state.binding(node.id)
        return self.read(target, state)

    def loop(self, node: ast.For | ast.AsyncFor, state: State) -> Way:
        state = self.read(node.iter, state)
        self.breaks.append([])
        last = self.block(node.body, self.stored(node.target, state))
        broken = self.breaks.pop()
        # A `continue` ends a round early: then only what was bound before is sure.
        once = has_item(node.iter, self.runs) and not continues(node.body)
        after = self.block(node.orelse, last if once else state)
        return joined(after, *broken)

    def repeat(self, node: ast.While, state: State) -> Way:
        then, other = self.branch(node.test, state)
        self.breaks.append([])
        self.block(node.body, then)
        broken = self.breaks.pop()
        if isinstance(node.test, ast.Constant) and node.test.value:
            other = None
        return joined(self.block(node.orelse, other), *broken)

    def function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, state: State
    ) -> State:
        """A definition: its defaults are read now, its body where it is used."""
        args = node.args
        for part in (*node.decorator_list, *args.defaults, *args.kw_defaults):
            if part is not None:
                state = self.read(part, state)
        own = frozenset(one.arg for one in parameters(node))
        inner = self._inside(own | bound_in(node.body))
        begin = replace(state, bound=(state.bound - inner.local) | own)
        inner.block(node.body, begin.binding(*({node.name} - inner.local)))
        self.late.setdefault(node.name, []).extend(self._left(inner))
        return state.binding(node.name)

    def _of_lambda(self, node: ast.Lambda, state: State) -> list[ast.Name]:
        """What a lambda reads of the names around it before they have a value."""
        own = frozenset(one.arg for one in parameters(node))
        inner = self._inside(own)
        inner.read(node.body, replace(state, bound=(state.bound - own) | own))
        return self._left(inner)

    def _inside(self, local: frozenset[str]) -> _Flow:
        around = (self.around | self.local) - local
        late = {name: nodes for name, nodes in self.late.items() if name in around}
        return _Flow(local, self.runs, around, self.unsure, late=late)

    def _left(self, inner: _Flow) -> list[ast.Name]:
        """The early reads of an inner function, of which those of names yet further out
        are left to whoever uses the function around it."""
        self.free += [name for name in inner.free if name.id in self.around]
        return [name for name in inner.free if name.id in self.local]

    def use(self, node: ast.Name, state: State) -> None:
        """A name where it is read, with what the function of that name reads."""
        todo, seen = [node], set()
        while todo:
            name = todo.pop()
            if name.id not in seen:
                seen.add(name.id)
                todo += self.late.get(name.id, ())
            if name.id in state.bound:
                continue
            if name.id in self.local:
                self.unsure.append(name)
            elif name.id in self.around:
                self.free.append(name)

    def read(self, node: ast.AST, state: State) -> State:
        """An expression (or the expressions of a statement), in the order it is run."""
        match node:
            case ast.Name(ctx=ast.Load()):
                self.use(node, state)
                return state
            case ast.NamedExpr(target=target, value=value):
                return self.assigned(value, [target], state)
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return self._either(node, state)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                then, other = self.branch(test, state)
                ways = self._read_if(body, then), self._read_if(orelse, other)
                return joined(*ways) or state
            case ast.Compare(left=left, comparators=[first, *others]):
                state = self.read(first, self.read(left, state))
                reached = state
                for further in others:
                    reached = self.read(further, reached)
                return state
            case ast.Lambda():
                for part in (*node.args.defaults, *node.args.kw_defaults):
                    state = self.read(part, state) if part is not None else state
                for name in self._of_lambda(node, state):
                    self.use(name, state)
                return state
        if isinstance(node, COMPREHENSIONS):
            return self.comprehension(node, state)
        for child in children(node):
            state = self.read(child, state)
        return state

    def _read_if(self, node: ast.expr, state: Way) -> Way:
        return None if state is None else self.read(node, state)

    def _either(self, node: ast.expr, state: State) -> State:
        return joined(*self.branch(node, state)) or state

    def comprehension(self, node: Comprehension, state: State) -> State:
        """It runs where it stands, perhaps for no item; its variables are its own."""
        first = node.generators[0]
        state = self.read(first.iter, state)
        own = {
            name.id
            for generator in node.generators
            for name in nodes([generator.target])
            if isinstance(name, ast.Name) and not isinstance(name.ctx, ast.Load)
        }
        inner = replace(self, local=self.local - own, around=self.around | own)
        inside: Way = replace(state, bound=state.bound - own)
        for generator in node.generators:
            if inside and generator is not first:
                inside = inner.read(generator.iter, inside)
            inside = inside and inner.stored(generator.target, inside)
            for condition in generator.ifs:
                inside = inside and inner.branch(condition, inside)[0]
        pair = isinstance(node, ast.DictComp)
        for part in (node.key, node.value) if pair else (node.elt,):  # type: ignore[union-attr]
            inside = inside and inner.read(part, inside)
        return state

    def branch(self, test: ast.expr, state: State) -> tuple[Way, Way]:
        """The states where a condition holds and where it does not."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                then, other = self.branch(operand, state)
                return other, then
            case ast.BoolOp(op=op, values=values):
                whole = isinstance(op, ast.And)
                reached: Way = state
                left: list[Way] = []
                for value in values:
                    if reached is not None:
                        then, other = self.branch(value, reached)
                        reached = then if whole else other
                        left.append(other if whole else then)
                short = joined(*left)
                changing = self.local | self.around
                every = [facts(value, whole, changing) for value in values]
                if short is not None and all(every):
                    short = short.without(frozenset().union(*every))
                return (reached, short) if whole else (short, reached)
        state = self.read(test, state)
        changing = self.local | self.around
        then, other = (
            state.knowing(facts(test, holds, changing)) for holds in (True, False)
        )
        return then, other
