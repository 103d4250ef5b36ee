"""Elementwise spec code as a SymPy expression, or the reason why it is none."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NoReturn, TypeAlias

import sympy
from msgspec import Struct, field

from layergen.gradient.operations import (
    ARITHMETIC,
    BINARY,
    DEFAULTS,
    KNOWN,
    OPERATORS,
    PARAMETERS,
    SAME,
)
from layergen.gradient.primitives import (
    Expr,
    call,
    constant,
    is_constant,
    negative,
    number,
    power,
    product,
    quotient,
)
from layergen.gradient.text import UPSTREAM
from layergen.language.model import Function
from layergen.limits import BITS, FORMULA_DEPTH, FORMULA_SIZE
from layergen.source.code import Code
from layergen.source.dotted import dotted


class Underivable(Exception):
    """Code that no gradient can be derived of: where, and why."""

    def __init__(self, code: Code, node: ast.AST, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = code.place(node), reason


Call: TypeAlias = tuple[str, frozenset[str], tuple[Expr, ...]]


class Known(Struct, frozen=True):
    """What has been read: what calls gave, and how deeply expressions are nested."""

    calls: dict[Call, Expr] = field(default_factory=dict)
    depths: dict[Expr, int] = field(default_factory=dict)

    def depth(self, expression: Expr) -> int:
        if expression not in self.depths:
            inner = (self.depth(arg) for arg in expression.args)
            self.depths[expression] = 1 + max(inner, default=0)
        return self.depths[expression]


class Reader(Struct):
    """Reads code whose parameters stand for `values`; every other name is a constant.

    A function of `functions` is read as if its code stood where it is called. What it
    gives for the same arguments is read once, and is `known` from then on. `depth` is
    how many readings are under way inside one another.
    """

    code: Code
    values: dict[str, Expr]
    functions: Mapping[str, Function]
    locals: dict[str, ast.expr] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    depth: int = 0

    def result(self) -> Expr:
        """What the code returns."""
        if self.code.is_expression:
            return self.read(self.code.expression)
        for statement in self.code.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._assign(name, value)
                case ast.Return(value=ast.expr() as value):
                    return self.read(value)
                case _:
                    self._refuse(statement, "it does more than assign and return")
        self._refuse(self.code.body[-1], "it does not end in `return`")

    def _assign(self, name: str, value: ast.expr) -> None:
        if self._has_tensor(value):
            self.values[name] = self.read(value)
            self.locals.pop(name, None)
        else:
            self.locals[name] = self._without_locals(value)
            self.values.pop(name, None)

    def read(self, node: ast.expr) -> Expr:
        """The expression that a piece of the code stands for."""
        self.depth += 1
        if self.depth <= FORMULA_DEPTH:
            found = self._read(node)
            self.depth -= 1
            if self.known.depth(found) <= FORMULA_DEPTH:
                return found
        self._refuse(node, f"more than {FORMULA_DEPTH} operations are nested")

    def _read(self, node: ast.expr) -> Expr:
        match node:
            case ast.Name(id=name) if name in self.values:
                return self.values[name]
            case ast.Name(id=name) if name in self.locals:
                return self.read(self.locals[name])
            case ast.Constant(value=bool()):
                return sympy.true if node.value else sympy.false
            case ast.Constant(value=int() | float() as value):
                return self._number(node, value)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self.read(operand)
                return -value if value.is_number else negative(value)
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                return call("logical_not", self.read(operand))
            case ast.BinOp(op=op, left=left, right=right) if type(op) in OPERATORS:
                sides = self.read(left), self.read(right)
                return self._applied(node, OPERATORS[type(op)], *sides)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if (
                type(op) in OPERATORS
            ):
                return call(OPERATORS[type(op)], self.read(left), self.read(right))
            case ast.Call(func=func, args=[value]) if dotted(func) == "abs":
                return call("absolute", self.read(value))
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                return self._inlined(node, self.functions[name])
        if not self._has_tensor(node):
            return self._constant(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        self._refuse(node, _REASONS.get(type(node), "it is not elementwise"))

    def _number(self, node: ast.AST, value: float) -> Expr:
        if value - value != 0:
            self._refuse(node, "it holds an infinite number")
        return number(value)

    def _call(self, node: ast.Call) -> Expr:
        name = dotted(node.func).removeprefix("keras.").removeprefix("ops.")
        called = f"`{ast.unparse(node.func)}`"
        if not dotted(node.func).removeprefix("keras.").startswith("ops."):
            self._refuse(node, f"there is no rule for {called}")
        name = SAME.get(name, name)
        if name not in KNOWN:
            self._refuse(node, f"there is no rule for {called}")
        given = self._arguments(node, name, called)
        if name == "cast":
            return call(name, self.read(given["x"]), self._dtype(given["dtype"]))
        found = {key: self.read(value) for key, value in given.items()}
        args = [
            found[key] if key in found else DEFAULTS[name][key]
            for key in self._parameters(name)
        ]
        for key, value in list(zip(self._parameters(name), args, strict=True))[1:]:
            if name in PARAMETERS and name != "where" and not is_constant(value):
                self._refuse(given[key], f"`{key}` of {called} must be no tensor")
        return self._applied(node, name, *args)

    def _arguments(self, node: ast.Call, name: str, called: str) -> dict[str, ast.expr]:
        """The arguments of a call by the names of the parameters."""
        names = self._parameters(name)
        given = dict(zip(names, node.args, strict=False))
        given |= {str(keyword.arg): keyword.value for keyword in node.keywords}
        optional = DEFAULTS.get(name, {}).keys()
        starred = any(isinstance(arg, ast.Starred) for arg in node.args)
        count = len(node.args) + len(node.keywords)
        if starred or len(given) != count or set(names) - optional - given.keys():
            self._refuse(node, f"{called} is not called as it must be")
        if unknown := given.keys() - set(names):
            self._refuse(node, f"{called} is given `{min(unknown)}`")
        return given

    def _parameters(self, name: str) -> tuple[str, ...]:
        return PARAMETERS.get(name, ("x1", "x2") if name in BINARY else ("x",))

    def _applied(self, node: ast.AST, name: str, *args: Expr) -> Expr:
        """An operation on expressions; powers stay within bounds."""
        found = self._unbounded(node, name, *args)
        _, exponent = found.as_base_exp()
        if exponent.is_Integer and exponent.p.bit_length() > BITS:
            self._refuse(node, "it comes to a power past every limit")
        return found

    def _unbounded(self, node: ast.AST, name: str, *args: Expr) -> Expr:
        """An operation on expressions, worked out where they are numbers."""
        if name in ARITHMETIC and all(arg.is_number for arg in args):
            return self._worked_out(node, name, *args)
        match name, args:
            case "square", (x,):
                return x**2
            case "reciprocal", (x,):
                return 1 / x
            case "/", (a, b):
                return quotient(a, b)
            case "*", (a, b):
                return product(a, b)
            case "**", (a, b):
                return power(a, b)
            case "gelu", (x, approximate):
                if approximate not in (sympy.true, sympy.false):
                    self._refuse(node, "`approximate` of `ops.gelu` is not known")
                return call("gelu_tanh" if approximate else "gelu", x)
        return call(name, *args)

    def _worked_out(self, node: ast.AST, name: str, a: Expr, b: Expr) -> Expr:
        try:
            return self._number(node, float(ARITHMETIC[name](float(a), float(b))))
        except (ArithmeticError, TypeError):
            self._refuse(node, "it has a constant that is no number")

    def _dtype(self, node: ast.expr) -> Expr:
        match node:
            case ast.Constant(value=str()):
                return constant(ast.unparse(node))
            case ast.Attribute(value=ast.Name(id=name), attr="dtype") if (
                name in self.values and self.values[name].is_Symbol
            ):
                return constant(f"{self.values[name]}.dtype")
            case ast.Attribute(value=ast.Name(id=name), attr="dtype") if name == str(
                UPSTREAM
            ):
                return constant(ast.unparse(node))
        self._refuse(node, "it casts to a dtype that is not known")

    def _inlined(self, node: ast.Call, function: Function) -> Expr:
        if node.keywords or len(node.args) != len(function.args):
            self._refuse(node, f"`{function.name}` is not called by position")
        if function.gradient and function.gradient.code:
            reason = f"`{function.name}` has a gradient that is written by hand"
            self._refuse(node, reason)
        args = tuple(map(self.read, node.args))
        inner = {k: f for k, f in self.functions.items() if k not in function.args}
        call = function.name, frozenset(inner), args
        if call not in self.known.calls:
            if len(self.known.calls) == FORMULA_SIZE:
                reason = f"it calls functions in more than {FORMULA_SIZE:,} ways"
                self._refuse(node, reason)
            values = dict(zip(function.args, args, strict=True))
            reader = Reader(
                function.forward, values, inner, known=self.known, depth=self.depth
            )
            try:
                self.known.calls[call] = reader.result()
            except Underivable as error:
                inside = (
                    "" if error.reason.startswith("in `") else f"in `{function.name}`, "
                )
                self._refuse(node, inside + error.reason)
        return self.known.calls[call]

    def _constant(self, node: ast.expr) -> Expr:
        """A value of Python, as text that needs no parentheses."""
        text = ast.unparse(self._without_locals(node))
        atom = isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))
        return constant(text if atom else f"({text})")

    def _has_tensor(self, node: ast.AST) -> bool:
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        return any(
            name in names and not is_constant(v) for name, v in self.values.items()
        )

    def _without_locals(self, node: ast.expr) -> ast.expr:
        """A constant with the text of local variables put in."""
        copy = ast.parse(ast.unparse(node), mode="eval")
        put: ast.Expression = _Put(self.locals).visit(copy)
        return put.body

    def _refuse(self, node: ast.AST, reason: str) -> NoReturn:
        raise Underivable(self.code, node, reason)


class _Put(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, known: Mapping[str, ast.expr]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.known.get(node.id, node)


_REASONS: dict[type[ast.AST], str] = {
    ast.Subscript: "it takes items of a tensor",
    ast.Attribute: "it reads an attribute of a tensor",
    ast.IfExp: "it decides in Python; use `ops.where`",
    ast.Compare: "it compares several values at once; use `ops.logical_and`",
    ast.BoolOp: "it decides in Python; use `ops.logical_and`",
}
