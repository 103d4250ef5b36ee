"""What comes up while code is gone through, and who goes through it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct, field

from layergen.forward.frames import Frame
from layergen.forward.shapes import Pair, Shape
from layergen.forward.values import Function, SpecFunction, Value


class LayerCall(Struct, frozen=True):
    """A call of a sublayer: `listed` where it is one of a list; `loop` is the innermost
    loop that it stands in."""

    name: str
    node: ast.Call
    given: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    listed: bool
    loop: ast.AST | None


class Meeting(Struct, frozen=True):
    """Sizes that must agree for an operation on tensors of these shapes; `exactly` where
    a 1 does not give way."""

    node: ast.expr | ast.AugAssign
    what: str
    given: tuple[Shape, ...]
    pairs: tuple[Pair, ...]
    exactly: bool = False


class Fault(Struct, frozen=True):
    """What is surely wrong at a node."""

    code: str
    node: ast.AST
    message: str
    hint: str = ""


class Chain(Struct, frozen=True):
    """A loop that hands a tensor from sublayer to sublayer: what it is called, its shape
    before the loop, the calls of a round, and its shape after a round, which both rest on
    `Carried` shapes."""

    loop: ast.For
    name: str
    start: Shape
    calls: tuple[LayerCall, ...]
    after: Shape


class Found(Struct):
    """What comes up while code is gone through.

    `values` has what each expression may be, all calls of the code around it together;
    `casts` the dtype that an operand must be cast to where it stands; `whole` the operands
    that are integers and must stay such; `supplied` the calls that are given the compute
    dtype.
    """

    values: dict[ast.expr, Value] = field(default_factory=dict)
    casts: dict[ast.expr, str] = field(default_factory=dict)
    whole: dict[ast.expr, None] = field(default_factory=dict)
    supplied: dict[ast.Call, None] = field(default_factory=dict)
    looped: dict[ast.Call, None] = field(default_factory=dict)
    calls: dict[LayerCall, None] = field(default_factory=dict)
    chains: dict[Chain, None] = field(default_factory=dict)
    meetings: dict[Meeting, None] = field(default_factory=dict)
    faults: dict[Fault, None] = field(default_factory=dict)


class Reader(Protocol):
    """Whoever goes through code, as those see it who say what its expressions are."""

    found: Found
    frame: Frame
    looping: int
    given_dtype: frozenset[ast.Call]
    lists: Mapping[str, Value]

    @property
    def loop(self) -> ast.AST | None: ...

    @property
    def late(self) -> frozenset[str] | None: ...

    def layer_result(self, call: LayerCall, smooth: frozenset[str]) -> Value: ...

    def value(self, node: ast.expr) -> Value: ...

    def lookup(self, name: str) -> Value: ...

    def bind(self, target: ast.expr, value: Value) -> None: ...

    def add_item(self, owner: ast.expr, value: Value) -> None: ...

    def fault(self, code: str, node: ast.AST, message: str, hint: str = "") -> None: ...

    def meet(
        self,
        node: ast.expr | ast.AugAssign,
        what: str,
        given: Iterable[Shape],
        pairs: Iterable[Pair],
        exactly: bool = False,
    ) -> None: ...

    def comprehension(
        self, generators: list[ast.comprehension], results: list[ast.expr]
    ) -> list[Value]: ...

    def either(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Value: ...

    def function(self, node: ast.Lambda) -> Value: ...

    def call_with(self, function: Function | SpecFunction, part: Value) -> Value: ...

    def call_spec_function(
        self, name: str, given: list[Value], named: dict[str, Value]
    ) -> Value: ...

    def call_function(
        self, function: Function, given: list[Value], named: dict[str, Value]
    ) -> Value: ...


class Walker(Reader, Protocol):
    """Whoever goes through code, as those see it who go through parts of it."""

    depth: int

    def block(self, body: list[ast.stmt]) -> None: ...
