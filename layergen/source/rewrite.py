"""Spec code to method code: names bound, everything else as it was written.

The text is edited in place by the positions of its syntax tree, so that the user's
spacing, comments and parentheses survive.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from keyword import iskeyword
from typing import TypeGuard

from layergen.source.code import Code, Size
from layergen.source.walk import children
from layergen.source.written import Written

Bind = Callable[[str], str]
Edit = tuple[int, int, str]
Extra = Callable[[ast.Call], tuple[str, ...]]

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
LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
SPANNING = re.compile(r"""['"]{3}|\\\n|=\s*[!:}]""")
"""What a text has whose string literals span lines: also an f-string of Python 3.12 that
shows an expression beside its value."""
MATMUL = Written("ops.matmul", reads=["ops"])


def _no_extra(call: ast.Call) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Source:
    """Python text with what is to change in it.

    `bind` gives the text that stands for a name which the code does not bind itself (the
    nodes in `free`), or for its shape (asked for as `x.shape`); `around` gives what goes
    before and after an expression; `matmul` is called for `@`, which stays where it is "".
    `extra` gives arguments to add to a call. `states` are names that are variables of the
    layer: True for one that is held in a local variable of the same name as well;
    `logical` are those that hold bools. `apart` are nodes that read another text than
    they do elsewhere; `late` the `x.shape` that become `ops.shape(x)`.
    """

    text: str
    bind: Bind
    free: frozenset[ast.Name]
    around: dict[ast.expr, tuple[str, str]]
    matmul: str = MATMUL
    extra: Extra = _no_extra
    states: Mapping[str, bool] = field(default_factory=dict)
    logical: frozenset[str] = frozenset()
    apart: Mapping[ast.AST, str] = field(default_factory=dict)
    late: frozenset[ast.AST] = frozenset()

    def rewritten(self, node: ast.AST) -> Written:
        """The text of a node after rewriting."""
        start, end = self._span(node)
        return self._patched(start, end, self._edits(node))

    def operand(self, node: ast.expr) -> Written:
        """The text of a node where an operator follows, in parentheses if it needs them."""
        text = self.rewritten(node)
        return Written(f"({text})", text) if isinstance(node, LOOSE) else text

    def enclosed(self, node: ast.expr) -> Written:
        """The text of the only expression, with the parentheses around it."""
        return self._patched(*_tokens(self.text), self._edits(node))

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
        elif node in self.apart:
            yield *self._span(node), self.apart[node]
        elif node in self.late and isinstance(node, ast.Attribute):
            tensor = self.rewritten(node.value)
            asked = Written(f"ops.shape({tensor})", tensor, reads=["ops"])
            yield *self._span(node), asked
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
        value = self.rewritten(node.value)
        names = self._assigned(node)
        if isinstance(node, ast.AugAssign):
            target = names[0]
            before, after = self.around.get(node.target, ("", ""))
            read = self.bind(target)
            value = self._applied(node, Written(f"{before}{read}{after}", before, read))
        else:
            target = self.text[slice(*self._targets(node))]
        if not self.states[names[0]]:
            return Written(f"self.{names[0]}.assign({value})", value)
        updates = [f"self.{name}.assign({name})" for name in names]
        text = self._between(node).join([f"{target} = {value}", *updates])
        return Written(text, value)

    def _applied(self, node: ast.AugAssign, read: Written) -> Written:
        """What an augmented assignment assigns, given how its target is read."""
        value = self.rewritten(node.value)
        plain = isinstance(
            node.value, (ast.Name, ast.Constant, ast.Call, ast.Attribute)
        )
        operand = value if plain else f"({value})"
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
            if before[-1:] != "(" or after[:1] != ")" or _owned(before[:-1]):
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


def unchanged(code: Code) -> Written:
    """Code as it stands."""
    return Written(code.text, reads=[node.id for node in code.names.free])


def expression(
    code: Code,
    bind: Bind,
    extra: Extra = _no_extra,
    around: Mapping[ast.expr, tuple[str, str]] | None = None,
) -> Written:
    """An expression with its names bound; `extra` and `around` are those of `Source`."""
    source = replace(source_of(code, bind, dict(around or {})), extra=extra)
    return source.enclosed(code.expression)


def extended(call: str, argument: str) -> Written:
    """The text of a call with one more argument at its end."""
    bare = call.rstrip()[:-1].rstrip().removesuffix(",")
    between = "" if bare.endswith("(") else ", "
    return Written(f"{bare}{between}{argument})", call, argument)


def sized(size: Size, bind: Bind) -> Written:
    """A dimension with its names bound."""
    return expression(Code(size.text, ()), bind)


def numpy_body(code: Code, bind: Bind) -> Written:
    """Code as the body of a function of NumPy arrays: `@` stays."""
    return _returned(code, replace(source_of(code, bind, {}), matmul=""))


def edited(
    code: Code,
    around: Mapping[ast.expr, tuple[str, str]],
    extra: Extra,
    late: frozenset[ast.AST],
) -> Code:
    """Code with text around expressions, with arguments added to calls, and with the
    shapes in `late` asked for when it runs."""
    source = source_of(code, str, dict(around))
    source = replace(source, extra=extra, matmul="", late=late)
    return Code(str(source.whole(code.body)), code.lines)


def function_body(
    code: Code,
    bind: Bind,
    wrap: str = "{}",
    extra: Extra = _no_extra,
    states: Mapping[str, bool] | None = None,
    around: Mapping[ast.expr, tuple[str, str]] | None = None,
    logical: frozenset[str] = frozenset(),
    apart: Mapping[ast.AST, str] | None = None,
    late: frozenset[ast.AST] = frozenset(),
) -> Written:
    """Code as the body of a function, which returns each value as `wrap` formats it.

    `extra`, `states`, `around`, `logical`, `apart` and `late` are those of `Source`.
    """
    before, after = wrap.split("{}")
    outside = dict(around or {})
    for value in _values(code):
        inside = outside.get(value, ("", ""))
        outside[value] = (
            Written(before + inside[0], wrap, inside),
            inside[1] + after,
        )
    source = source_of(code, bind, outside)
    source = replace(
        source,
        extra=extra,
        states=states or {},
        logical=logical,
        apart=apart or {},
        late=late,
    )
    return _returned(code, source)


def _returned(code: Code, source: Source) -> Written:
    text = source.whole(code.body)
    if not code.is_expression:
        return text
    start, _ = _tokens(text)
    return Written(f"{text[:start]}return {text[start:]}", text)


def _values(code: Code) -> list[ast.expr]:
    """The values that code returns."""
    return [code.expression] if code.is_expression else [*returned(code.body)]


def returned(body: list[ast.stmt]) -> Iterator[ast.expr]:
    """The values that the code itself returns, not those of functions inside it."""
    for statement in body:
        if isinstance(statement, ast.Return) and statement.value:
            yield statement.value
        elif not isinstance(statement, ast.FunctionDef):
            blocks = [getattr(statement, name, []) for name in ("body", "orelse")]
            yield from returned([inner for block in blocks for inner in block])


def indented(text: str, indent: str) -> str:
    """Python text moved to the right, the insides of its string literals left alone."""
    inside = set(_inside_literals(text)) if may_span_lines(text) else ()
    return "\n".join(
        indent + line if line.strip() and number not in inside else line
        for number, line in enumerate(text.split("\n"), 1)
    )


def _inside_literals(text: str) -> Iterator[int]:
    """The lines of a text that begin inside a string literal."""
    starts: list[int] = []
    try:
        tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
    except tokenize.TokenError as error:
        raise SyntaxError(error.args[0]) from None
    for token in tokens:
        kind, first = tokenize.tok_name[token.type], token.start[0]
        if kind == "FSTRING_START":  # since Python 3.12
            starts.append(first)
        elif kind in ("STRING", "FSTRING_END"):
            first = first if kind == "STRING" else starts.pop()
            yield from range(first + 1, token.end[0] + 1)


def may_span_lines(text: str) -> bool:
    """Whether a string literal in some Python may go over more than one line."""
    return SPANNING.search(text) is not None


def source_of(
    code: Code, bind: Bind, around: dict[ast.expr, tuple[str, str]]
) -> Source:
    return Source(code.text, bind, frozenset(code.names.free), around)


def _tokens(text: str) -> tuple[int, int]:
    """Where the code of a text begins and ends, comments around it left out."""
    if "#" not in text and "\\" not in text:
        return len(text) - len(text.lstrip()), len(text.rstrip())
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in LAYOUT
    ]
    first, last = found[0], found[-1]
    return (
        starts[first.start[0] - 1] + first.start[1],
        starts[last.end[0] - 1] + last.end[1],
    )


def _owned(before: str) -> bool:
    """Whether a parenthesis behind some text is a call's, or parts it from a keyword."""
    bare = before.rstrip()
    if bare[-1:] in (")", "]", "}", '"', "'"):
        return True
    first = len(bare)
    while first and (bare[first - 1].isalnum() or bare[first - 1] == "_"):
        first -= 1
    word = bare[first:]
    return bool(word) and (not iskeyword(word) or bare == before)


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
