"""Loops of code that is gone through: round by round where their items are known, else until
another round says nothing new."""

from __future__ import annotations

import ast
from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from layergen.forward import shapes
from layergen.forward.findings import Chain, Found, Walker
from layergen.forward.frames import Names, changes, each, element_of, together
from layergen.forward.values import Tensor, Value, listed, there
from layergen.limits import UNROLLED


class Loops(Struct, eq=False):
    """Goes through the loops of what a walker goes through.

    `unrolled` is the number of rounds, those of the loops around multiplied, that are gone
    through one by one; `rounds` what is known of loops by the names that they began with.
    """

    walker: Walker
    unrolled: int = 1
    rounds: dict[object, Names | None] = field(default_factory=dict)
    started: dict[ast.AST, Names] = field(default_factory=dict)

    def over(self, node: ast.For) -> None:
        goes_over = self.walker.value(node.iter)
        items = each(goes_over)
        frame = self.walker.frame
        if items is not None and self.unrolled * len(items) <= UNROLLED:
            self._one_by_one(node, items)
            return
        many = listed(there(goes_over))
        element = many.element if many else element_of(goes_over)
        once = bool(many and many.some)
        self._repeat(node, once, lambda: self.walker.bind(node.target, element))
        if frame.names is not None:
            self.walker.block(node.orelse)

    def _one_by_one(self, node: ast.For, items: tuple[Value, ...]) -> None:
        """A loop over items that are known; in another such loop its rounds multiply."""
        frame, around = self.walker.frame, self.unrolled
        self.unrolled *= max(len(items), 1)
        for item in items:
            if frame.names is not None:
                self._round(node, node.target, item)
        self.unrolled = around
        if frame.names is not None:
            self.walker.block(node.orelse)

    def _round(self, node: ast.For, target: ast.expr, item: Value) -> None:
        """One round of a loop over items that are known."""
        frame = self.walker.frame
        frame.breaks.append([])
        frame.continues.append([])
        self.walker.bind(target, item)
        self.walker.block(node.body)
        frame.names = together(frame.names, *frame.continues.pop())
        broken = frame.breaks.pop()
        # What leaves early is taken to come to the end as well.
        if broken:
            frame.names = together(frame.names, *broken)

    def while_(self, node: ast.While) -> None:
        def test() -> None:
            self.walker.value(node.test)

        self._repeat(node, False, test)
        if self.walker.frame.names is not None:
            self.walker.value(node.test)

    def _repeat(
        self, node: ast.For | ast.While, once: bool, begin: Callable[[], None]
    ) -> None:
        """Any number of rounds, or at least one: gone through until nothing changes."""
        frame = self.walker.frame
        assert frame.names is not None
        start = dict(frame.names)
        key = (node, frame, frozenset(start.items()))
        if key in self.rounds:
            known = self.rounds[key]
            frame.names = None if known is None else dict(known)
            return
        frame.loops.append(node)
        self.started[node] = start
        left: list[Names] = [] if once else [start]
        state = start
        while True:
            frame.breaks.append([])
            frame.continues.append([])
            frame.names = dict(state)
            begin()
            self.walker.block(node.body)
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
        self.rounds[key] = None if frame.names is None else dict(frame.names)

    def _chain(self, node: ast.For, begin: Callable[[], None], state: Names) -> None:
        """Keep how a loop over sublayers hands a tensor on whose shape changes by round."""
        frame, found = self.walker.frame, self.walker.found
        after = frame.names
        assert after is not None
        if not any(call.listed and call.loop is node for call in found.calls):
            return
        start = self.started[node]
        carried = [name for name in start if changes(start[name], after.get(name))]
        if len(carried) != 1:
            return
        [name] = carried
        shape = shapes.Carried(name, node)
        tensor = start[name]
        assert isinstance(tensor, Tensor)
        self.walker.found = Found()
        frame.names = {**state, name: replace(tensor, shape=shape)}
        begin()
        self.walker.block(node.body)
        last = frame.names.get(name) if frame.names is not None else None
        calls = tuple(self.walker.found.calls)
        self.walker.found, frame.names = found, after
        if isinstance(last, Tensor) and last.shape is not None:
            chain = Chain(node, name, tensor.shape, calls, last.shape)
            found.chains[chain] = None
            value = after[name]
            assert isinstance(value, Tensor)
            after[name] = replace(value, shape=shape)
