"""SymPy expressions of elementwise operations as Python text with `keras.ops`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import sympy

from layergen.gradient.primitives import Expr, parts
from layergen.source.written import Written

COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)
INFIX = {
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "**": POWER,
    ">": COMPARISON,
    ">=": COMPARISON,
    "<": COMPARISON,
    "<=": COMPARISON,
    "==": COMPARISON,
    "!=": COMPARISON,
}
UPSTREAM = sympy.Symbol("upstream")


def text_of(expression: Expr) -> Written:
    """The Python text of an expression, which calls `keras.ops`."""
    called = {part.func.__name__ for part in parts(expression)}
    of_math = any(name.startswith("math.") for name in called)
    return Written(_text(expression)[0], reads=["ops", *(["math"] if of_math else [])])


@lru_cache(4096)
def _text(expr: Expr) -> tuple[str, int]:
    """The text, and how tightly it binds."""
    if expr.is_Rational:
        return _number(expr)
    if expr.is_Symbol:
        return expr.name, ATOM
    if expr.is_Add:
        return _sum(expr), SUM
    if expr.is_Mul or (expr.is_Pow and expr.exp.is_negative):
        return _product(expr)
    if expr.is_Pow:
        return _power(expr.base, int(expr.exp))
    return _operation(expr.func.__name__, expr.args)


def _number(value: Expr) -> tuple[str, int]:
    text = repr(int(value) if value.is_Integer else float(value))
    return text, SIGN if text.startswith("-") else ATOM


def _inside(expr: Expr, least: int) -> str:
    """The text, in parentheses where it binds less tightly than `least`."""
    text, level = _text(expr)
    return text if level >= least else f"({text})"


def _power(base: Expr, exponent: int) -> tuple[str, int]:
    if exponent == 1:
        return _text(base)
    if exponent == 2:
        return f"ops.square({_text(base)[0]})", ATOM
    return f"{_inside(base, ATOM)}**{exponent}", POWER


def _sum(expr: Expr) -> str:
    terms = [_signed(term) for term in expr.args]
    terms.sort(key=lambda term: (term[0], not term[1].is_number, *_size(term[1])))
    pieces: list[str] = []
    for is_negative, term in terms:
        sign = " - " if is_negative else " + "
        text = _inside(term, PRODUCT)
        pieces += [sign, text] if pieces else ["-" * is_negative + text]
    return "".join(pieces)


def _signed(term: Expr) -> tuple[bool, Expr]:
    """Whether a term is subtracted, and what is."""
    coefficient, _ = term.as_coeff_Mul()
    return (True, -term) if coefficient < 0 else (False, term)


def _product(expr: Expr) -> tuple[str, int]:
    is_negative, expr = _signed(expr)
    coefficient, rest = expr.as_coeff_Mul()
    above, below = _split(sympy.Mul.make_args(rest))
    texts = [_inside(factor, PRODUCT if factor.is_Pow else SIGN) for factor in above]
    if coefficient != 1 or not texts:
        texts.insert(0, _number(coefficient)[0])
    text = " * ".join(texts)
    for factor in below:
        text += f" / {_inside(factor, POWER)}"
    level = PRODUCT if len(texts) + len(below) > 1 else _text(above[0])[1]
    if is_negative:
        return f"-{text}", PRODUCT if level == PRODUCT else SIGN
    return text, level


def _split(factors: Iterable[Expr]) -> tuple[list[Expr], list[Expr]]:
    """What is multiplied by, and what is divided by; the plainest first, sums last."""
    above, below = [], []
    for factor in factors:
        if factor.is_Pow and factor.exp.is_negative:
            below.append(factor.base**-factor.exp)
        else:
            above.append(factor)
    above.sort(key=lambda factor: (factor != UPSTREAM, factor.is_Add, *_size(factor)))
    return above, sorted(below, key=_size)


def _size(expr: Expr) -> tuple[int, str]:
    return expr.count_ops(), _text(expr)[0]


def _operation(name: str, args: tuple[Expr, ...]) -> tuple[str, int]:
    if name in INFIX:
        return _infix(name, *args), INFIX[name]
    if name == "neg":
        return f"-{_inside(args[0], POWER)}", SIGN
    inner = ", ".join(_text(one)[0] for one in args)
    if name == "step":
        return f"ops.cast({inner}, {UPSTREAM}.dtype)", ATOM
    if name == "gelu":
        return f"ops.gelu({inner}, approximate=False)", ATOM
    if name == "gelu_tanh":
        return f"ops.gelu({inner})", ATOM
    if name.startswith("math."):
        return f"{name}({inner})", ATOM
    return f"ops.{name}({inner})", ATOM


def _infix(sign: str, left: Expr, right: Expr) -> str:
    """Two operands grouped as the tree has them."""
    level = INFIX[sign]
    if sign == "**":
        return f"{_inside(left, ATOM)}**{_inside(right, SIGN)}"
    return f"{_inside(left, level)} {sign} {_inside(right, level + 1)}"
