"""Python text with its names bound, everything else as it was written.

The text is edited in place by the positions of its syntax tree, so that the user's
spacing, comments and parentheses survive.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import TypeGuard

from msgspec import Struct, field
from msgspec.structs import replace

from layergen.source.code import Code
from layergen.source.lexing import code_span, is_owned
from layergen.source.walk import children
from layergen.source.written import Written

Bind = Callable[[str], str]
Edit = tuple[int, int, str]
Extra = Callable[[ast.Call], tuple[str, ...]]
Gather = Callable[[Sequence[str]], Written]

SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
# What Keras' variables have no operator for, or another than their dtype wants.
FUNCTIONS: dict[type[ast.operator], str] = {
    ast.MatMult: "matmul",
    ast.BitAnd: "bitwise_and",
    ast.BitOr: "bitwise_or",
    ast.BitXor: "bitwise_xor",
    ast.LShift: "left_shift",
    ast.RShift: "right_shift",
}
LOGICAL: dict[type[ast.operator], str] = {
    ast.BitAnd: "logical_and",
    ast.BitOr: "logical_or",
    ast.BitXor: "logical_xor",
}

LOOSE = (ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.NamedExpr)
MATMUL = Written("ops.matmul", reads=["ops"])


def no_extra(call: ast.Call) -> tuple[str, ...]:
    return ()


class Instead(Struct, frozen=True):
    """What is written instead of a node: `text`, with `{}` for each of some expressions."""

    parts: tuple[ast.expr, ...]
    text: str


class Source(Struct, frozen=True):
    """Python text with what is to change in it.

    `bind` gives the text that stands for a name which the code does not bind itself (the
    nodes in `free`), or for its shape (asked for as `x.shape`); `around` gives what goes
    before and after an expression; `matmul` is called for `@`, which stays where it is "".
    `extra` gives arguments to add to a call. `states` are names that are variables of the
    layer: True for one that is held in a local variable of the same name as well;
    `logical` are those that hold bools. `apart` are nodes that read another text than
    they do elsewhere; `instead` what is written for those that become something else.
    `gathered` are tuples of which `gather` makes something else, given the texts of their
    items. `flat` are the states that code reads in another shape than they have.
    """

    text: str
    bind: Bind
    free: frozenset[ast.Name]
    around: dict[ast.expr, tuple[str, str]]
    matmul: str = MATMUL
    extra: Extra = no_extra
    states: Mapping[str, bool] = field(default_factory=dict)
    logical: frozenset[str] = frozenset()
    apart: Mapping[ast.AST, str] = field(default_factory=dict)
    instead: Mapping[ast.AST, Instead] = field(default_factory=dict)
    gathered: frozenset[ast.Tuple] = frozenset()
    gather: Gather | None = None
    flat: frozenset[str] = frozenset()

    def rewritten(self, node: ast.AST) -> Written:
        """The text of a node after rewriting."""
        start, end = self._span(node)
        return self._patched(start, end, self._edits(node))

    def operand(self, node: ast.expr) -> Written:
        """The text of a node where an operator follows, in parentheses if it needs them."""
        text = self.rewritten(node)
        is_not = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        return Written(f"({text})", text) if is_not or isinstance(node, LOOSE) else text

    def item(self, node: ast.expr) -> Written:
        """The text of a node where it is an item among others."""
        return (
            self.operand(node)
            if isinstance(node, ast.NamedExpr)
            else self.rewritten(node)
        )

    def enclosed(self, node: ast.expr) -> Written:
        """The text of the only expression, with the parentheses around it."""
        return self._patched(*code_span(self.text), self._edits(node))

    def whole(self, body: list[ast.stmt]) -> Written:
        """All of the text after rewriting the statements in it, comments included."""
        edits = [edit for statement in body for edit in self._edits(statement)]
        return self._patched(0, len(self.text), edits)

    def _edits(self, node: ast.AST) -> Iterator[Edit]:
        if isinstance(node, ast.expr) and node in self.around:
            before, after = self.around[node]
            inner = replace(
                self, around={k: v for k, v in self.around.items() if k != node}
            )
            span = self._outer(node) if before.endswith("(") else self._span(node)
            parts = before, inner.rewritten(node), after
            yield *span, Written("".join(parts), parts)
        elif self.gather and isinstance(node, ast.Tuple) and node in self.gathered:
            yield *self._span(node), self.gather([*map(self.item, node.elts)])
        elif node in self.apart:
            yield *self._span(node), self.apart[node]
        elif node in self.instead:
            operator = isinstance(node, (ast.BinOp, ast.UnaryOp))
            span = self._outer(node) if operator else self._span(node)
            yield *span, self._instead(self.instead[node])
        elif isinstance(node, ast.Name):
            if node in self.free or self.states.get(node.id) is False:
                yield *self._span(node), self._read(node.id)
        elif isinstance(node, (ast.Assign, ast.AugAssign)) and self._assigned(node):
            yield *self._span(node), self._update(node)
        elif isinstance(node, ast.AugAssign) and node.target in self.around:
            yield *self._span(node), self._spelled_out(node)
        elif self.matmul and _is_matmul_update(node):
            target, value = self.rewritten(node.target), self.rewritten(node.value)
            text = f"{target} = {self.matmul}({target}, {value})"
            yield *self._span(node), Written(text, target, value, self.matmul)
        elif isinstance(node, ast.Call) and self.extra(node):
            yield *self._span(node), self._extended(node)
        elif (owner := _shape_owner(node)) and owner in self.free:
            yield *self._span(node), self._read(owner.id, ".shape")
        elif self.matmul and _is_matmul(node):
            left, right = self.rewritten(node.left), self.rewritten(node.right)
            text = f"{self.matmul}({left}, {right})"
            yield *self._outer(node), Written(text, left, right, self.matmul)
        elif isinstance(node, ast.JoinedStr):
            # Python gives no usable positions inside an f-string.
            read = [self._read(n.id) for n in ast.walk(node) if n in self.free]
            if read:
                text = ast.unparse(_Bound(self).visit(deepcopy(node)))
                yield *self._span(node), Written(text, read)
        else:
            for child in children(node):
                yield from self._edits(child)

    def _instead(self, instead: Instead) -> Written:
        """What is written instead of a node."""
        parts = [self.rewritten(part) for part in instead.parts]
        first, *others = instead.text.split("{}")
        texts = [text for pair in zip(parts, others, strict=True) for text in pair]
        return Written("".join([first, *texts]), instead.text, parts)

    def _read(self, name: str, attribute: str = "") -> Written:
        """How a name is read: one that stays as it is comes from outside."""
        text = self.bind(name + attribute)
        kept = text == name + attribute
        return Written(text, text, reads=[name] if kept else [])

    def _assigned(self, node: ast.Assign | ast.AugAssign) -> list[str]:
        """The states that a statement assigns to."""
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [n for target in targets for n in ast.walk(target)]
        return [n.id for n in names if isinstance(n, ast.Name) and n.id in self.states]

    def _update(self, node: ast.Assign | ast.AugAssign) -> Written:
        """An assignment to states, which are updated by it."""
        names = self._assigned(node)
        is_local = self.states[names[0]]
        if isinstance(node, ast.AugAssign):
            target = names[0]
            before, after = self.around.get(node.target, ("", ""))
            read = self.bind(target)
            value = self._applied(node, Written(f"{before}{read}{after}", before, read))
        else:
            target = self.text[slice(*self._targets(node))]
            value = self._value(node) if is_local else self.rewritten(node.value)
        if not is_local:
            return Written(f"self.{names[0]}.assign({value})", value)
        updates = [f"self.{name}.assign({self._shaped(name)})" for name in names]
        text = self._between(node).join([f"{target} = {value}", *updates])
        return Written(text, value, *map(self._shaped, names))

    def _value(self, node: ast.Assign | ast.AugAssign) -> Written:
        """What a statement assigns, with the parentheses that may hold its lines together."""
        last = node.targets[-1] if isinstance(node, ast.Assign) else node.target
        start, end = self._span(last)[1], self._span(node)[1]
        start = self.text.index("=", start) + 1
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
        return self._patched(start, end, self._edits(node.value))

    def _shaped(self, state: str) -> Written:
        """What is assigned of a state's new value."""
        if state not in self.flat:
            return Written(state)
        return Written(f"ops.reshape({state}, self.{state}.shape)", reads=["ops"])

    def _applied(self, node: ast.AugAssign, read: Written) -> Written:
        """What an augmented assignment assigns, given how its target is read."""
        value = self.rewritten(node.value)
        plain = isinstance(
            node.value, (ast.Name, ast.Constant, ast.Call, ast.Attribute)
        )
        operand = self._value(node) if plain else f"({value})"
        logical = isinstance(node.target, ast.Name) and node.target.id in self.logical
        named = FUNCTIONS | (LOGICAL if logical else {})
        if function := named.get(type(node.op)):
            text = f"ops.{function}({read}, {value})"
            return Written(text, read, value, reads=["ops"])
        return Written(f"{read} {SIGNS[type(node.op)]} {operand}", read, value)

    def _spelled_out(self, node: ast.AugAssign) -> Written:
        """An augmented assignment as a plain one, with the text around its target."""
        before, after = self.around[node.target]
        target = self.text[slice(*self._span(node.target))]
        read = Written(f"{before}{target}{after}", before, after)
        value = self._applied(node, read)
        return Written(f"{target} = {value}", value)

    def _between(self, node: ast.stmt) -> str:
        """What separates a statement from one more behind it, such as `if a: b` allows."""
        line = self.text.splitlines()[node.lineno - 1]
        before = line.encode()[: node.col_offset].decode()
        return "; " if before.strip() else f"\n{before}"

    def _targets(self, node: ast.Assign) -> tuple[int, int]:
        return self._span(node.targets[0])[0], self._span(node.targets[-1])[1]

    def _extended(self, node: ast.Call) -> Written:
        """A call with the extra arguments at its end."""
        inner = [edit for c in children(node) for edit in self._edits(c)]
        text = self._patched(*self._span(node), inner)
        for argument in self.extra(node):
            text = extended(text, argument)
        return text

    def _patched(self, start: int, end: int, edits: Iterable[Edit]) -> Written:
        pieces, at = [], start
        for first, last, text in sorted(edits):
            pieces += [self.text[at:first], text]
            at = last
        return Written("".join([*pieces, self.text[at:end]]), pieces)

    def _outer(self, node: ast.AST) -> tuple[int, int]:
        """The span of a node with the parentheses that a call in its place needs not.

        Those of a call stay, and those of a keyword that nothing else parts from it.
        """
        start, end = self._span(node)
        while True:
            before, after = self.text[:start].rstrip(), self.text[end:].lstrip()
            if before[-1:] != "(" or after[:1] != ")" or is_owned(before[:-1]):
                return start, end
            start, end = len(before) - 1, len(self.text) - len(after) + 1

    def _span(self, node: ast.AST) -> tuple[int, int]:
        """The offsets in `text`, in characters, of a node."""
        lines = self.text.splitlines(keepends=True)

        def offset(line: int, column: int) -> int:
            before = sum(len(text) for text in lines[: line - 1])
            return before + len(lines[line - 1].encode()[:column].decode())

        return (
            offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )


def extended(call: str, argument: str) -> Written:
    """The text of a call with one more argument at its end."""
    bare = call.rstrip()[:-1].rstrip().removesuffix(",")
    between = "" if bare.endswith("(") else ", "
    return Written(f"{bare}{between}{argument})", call, argument)


def source_of(
    code: Code, bind: Bind, around: dict[ast.expr, tuple[str, str]]
) -> Source:
    return Source(code.text, bind, frozenset(code.names.free), around)


class _Bound(ast.NodeTransformer):
    """The free names of a copied tree, bound."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.free = {node.id for node in source.free}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.free or not isinstance(node.ctx, ast.Load):
            return node
        return ast.parse(self.source.bind(node.id), mode="eval").body


def _is_matmul(node: ast.AST) -> TypeGuard[ast.BinOp]:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)


def _is_matmul_update(node: ast.AST) -> TypeGuard[ast.AugAssign]:
    return isinstance(node, ast.AugAssign) and isinstance(node.op, ast.MatMult)


def _shape_owner(node: ast.AST) -> ast.Name | None:
    """`x` for `x.shape`."""
    match node:
        case ast.Attribute(value=ast.Name() as owner, attr="shape"):
            return owner
    return None
