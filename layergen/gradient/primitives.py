"""The elementwise operations that a gradient can be derived of, each with its own rule.

An operation is an opaque SymPy function: SymPy sees what it is applied to and never what
it does, so that it cannot write an exponential out and differentiate that, which would
not be a number as soon as the exponential overflows.

Where a derivative has two values the rules follow TensorFlow: 0 at the kinks of `relu`
and `abs`, 1 at the bounds of `clip`, and all of it to the first of two equal arguments of
`maximum` and `minimum`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

import sympy

Expr: TypeAlias = Any
Rule = Callable[..., tuple[Expr, ...]]

SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805
GELU_CUBE = 0.044715


def number(value: float) -> Expr:
    """A number, exactly as the float holds it."""
    return sympy.Rational(value)


def constant(text: str) -> Expr:
    """A value of Python, which has no gradient, by its text: a symbol known as finite."""
    return sympy.Symbol(text, finite=True)


@lru_cache(4096)
def is_constant(expression: Expr) -> bool:
    """Whether there is no tensor in an expression."""
    if expression.is_Symbol:
        return bool(expression.is_finite)
    return all(map(is_constant, expression.args))


def call(name: str, *args: Expr) -> Expr:
    """An operation applied: an operation of `keras.ops`, or an operator's sign."""
    return sympy.Function(name)(*args)


def step(condition: Expr) -> Expr:
    """1 where a condition holds and 0 elsewhere, in the dtype of the result."""
    return call("step", condition)


def both(first: Expr, second: Expr) -> Expr:
    return call("logical_and", first, second)


def one_of(condition: Expr, yes: Expr, no: Expr) -> Expr:
    """`yes` where a condition holds, else `no`; both are numbers or constants."""
    return yes * step(condition) + no * (1 - step(condition))


def negative(x: Expr) -> Expr:
    return call("neg", x)


def product(a: Expr, b: Expr) -> Expr:
    """A product; what is multiplied by itself is a power."""
    (base, first), (other, second) = a.as_base_exp(), b.as_base_exp()
    whole = first.is_Integer and second.is_Integer and first > 0 and second > 0
    same = base == other and whole and not base.is_number
    return base ** (first + second) if same else call("*", a, b)


def quotient(a: Expr, b: Expr) -> Expr:
    return 1 / b if a == 1 else call("/", a, b)


def power(a: Expr, b: Expr) -> Expr:
    return a ** b if b.is_Integer else call("**", a, b)


def _exp_below_zero(x: Expr) -> Expr:
    """`exp(x)` for what is negative, which does not overflow for the rest."""
    return call("exp", call("minimum", x, sympy.Integer(0)))


def _divided(a: Expr, b: Expr) -> tuple[Expr, Expr]:
    over = -a / b**2 if a.is_Atom else -call("/", a, b) / b
    return 1 / b, over


def _powered(a: Expr, b: Expr) -> tuple[Expr, Expr]:
    less = b - 1 if b.is_number else call("-", b, sympy.Integer(1))
    safe = call("where", call(">", a, sympy.Integer(0)), a, sympy.Integer(1))
    if a.is_number:
        logarithm = number(math.log(a) if a > 0 else 0)
    elif is_constant(a):
        logarithm = call("math.log", a)
    else:
        logarithm = call("log", safe)
    return b * power(a, less), call("**", a, b) * logarithm


def _silu(x: Expr) -> tuple[Expr]:
    s = call("sigmoid", x)
    return (s * (1 + x * (1 - s)),)


def _gelu(x: Expr) -> tuple[Expr]:
    cumulative = (1 + call("erf", call("*", x, number(math.sqrt(0.5))))) / 2
    square = call("/", x**2, sympy.Integer(2))
    density = call("exp", negative(square)) * number(1 / math.sqrt(2 * math.pi))
    return (cumulative + x * density,)


def _gelu_tanh(x: Expr) -> tuple[Expr]:
    root = number(math.sqrt(2 / math.pi))
    cubed = call("+", x, call("*", number(GELU_CUBE), x**3))
    t = call("tanh", call("*", root, cubed))
    inner = root * (1 + number(3 * GELU_CUBE) * x**2)
    return ((1 + t) / 2 + x * (1 - t**2) * inner / 2,)


def _elu(x: Expr, alpha: Expr) -> tuple[Expr, None]:
    falling = _exp_below_zero(x)
    if alpha == 1:
        return falling, None
    positive = call(">", x, sympy.Integer(0))
    return call("where", positive, sympy.Integer(1), alpha * falling), None


def _selu(x: Expr) -> tuple[Expr]:
    falling = number(SELU_ALPHA * SELU_SCALE) * _exp_below_zero(x)
    return (
        call("where", call(">=", x, sympy.Integer(0)), number(SELU_SCALE), falling),
    )


def _between(x: Expr, low: Expr, high: Expr) -> Expr:
    return step(both(call(">", x, low), call("<", x, high)))


def _clip(x: Expr, low: Expr, high: Expr) -> tuple[Expr, None, None]:
    return step(both(call(">=", x, low), call("<=", x, high))), None, None


RULES: dict[str, Rule] = {
    "+": lambda a, b: (sympy.Integer(1), sympy.Integer(1)),
    "-": lambda a, b: (sympy.Integer(1), sympy.Integer(-1)),
    "*": lambda a, b: (b, a),
    "/": _divided,
    "**": _powered,
    "neg": lambda x: (sympy.Integer(-1),),
    "absolute": lambda x: (call("sign", x),),
    "arctan": lambda x: (1 / (1 + x**2),),
    "cast": lambda x, dtype: (sympy.Integer(1), None),
    "clip": _clip,
    "cos": lambda x: (-call("sin", x),),
    "cosh": lambda x: (call("sinh", x),),
    "elu": _elu,
    "erf": lambda x: (number(2 / math.sqrt(math.pi)) * call("exp", negative(x**2)),),
    "exp": lambda x: (call("exp", x),),
    "expm1": lambda x: (call("exp", x),),
    "gelu": _gelu,
    "gelu_tanh": _gelu_tanh,
    "hard_sigmoid": lambda x: (
        _between(x, sympy.Integer(-3), sympy.Integer(3)) / sympy.Integer(6),
    ),
    "leaky_relu": lambda x, slope: (
        one_of(call(">", x, sympy.Integer(0)), sympy.Integer(1), slope),
        None,
    ),
    "log": lambda x: (1 / x,),
    "log1p": lambda x: (1 / (1 + x),),
    "log_sigmoid": lambda x: (call("sigmoid", negative(x)),),
    "logaddexp": lambda a, b: (
        call("sigmoid", call("-", a, b)),
        call("sigmoid", call("-", b, a)),
    ),
    "maximum": lambda a, b: (step(call(">=", a, b)), step(call("<", a, b))),
    "minimum": lambda a, b: (step(call("<=", a, b)), step(call(">", a, b))),
    "relu": lambda x: (step(call(">", x, sympy.Integer(0))),),
    "relu6": lambda x: (_between(x, sympy.Integer(0), sympy.Integer(6)),),
    "rsqrt": lambda x: (-(call("rsqrt", x) ** 3) / 2,),
    "selu": _selu,
    "sigmoid": lambda x: (call("sigmoid", x) * (1 - call("sigmoid", x)),),
    "silu": _silu,
    "sin": lambda x: (call("cos", x),),
    "sinh": lambda x: (call("cosh", x),),
    "softplus": lambda x: (call("sigmoid", x),),
    "softsign": lambda x: (1 / (1 + call("absolute", x)) ** 2,),
    "sqrt": lambda x: (1 / (2 * call("sqrt", x)),),
    "tan": lambda x: (1 + call("tan", x) ** 2,),
    "tanh": lambda x: (1 - call("tanh", x) ** 2,),
}
"""The derivatives by each argument, which is None for one that must be a constant."""

FLAT = frozenset(
    "sign floor ceil round zeros_like ones_like stop_gradient step logical_and "
    "logical_or logical_not > >= < <= == !=".split()
)
"""Operations whose derivative is zero."""


def derivative(of: Expr, by: Expr) -> Expr:
    """The derivative of an expression, common parts of which are followed only once."""
    known: dict[Expr, Expr] = {}
    for node in parts(of):
        known[node] = _derivative(node, by, known.__getitem__)
    return known[of]


def parts(expression: Expr) -> list[Expr]:
    """The different parts of an expression, itself the last, each after its own parts."""
    found: dict[Expr, None] = {}
    todo = [(expression, False)]
    while todo:
        node, is_ready = todo.pop()
        if is_ready:
            found[node] = None
        elif node not in found:
            todo.append((node, True))
            todo += [(arg, False) for arg in node.args if arg not in found]
    return list(found)


def _derivative(node: Expr, by: Expr, inner: Callable[[Expr], Expr]) -> Expr:
    if node.is_Atom:
        return sympy.Integer(int(node == by))
    name = node.func.__name__
    if node.is_Pow:
        return node.exp * node.base ** (node.exp - 1) * inner(node.base)
    if name in FLAT:
        return sympy.Integer(0)
    if name == "where":
        condition, yes, no = node.args
        return _chosen(condition, inner(yes), inner(no))
    slopes = zip(RULES[name](*node.args), node.args, strict=True)
    return sum(
        (
            rule * inner(arg)
            for rule, arg in slopes
            if rule is not None and inner(arg) != 0
        ),
        sympy.Integer(0),
    )


def _chosen(condition: Expr, yes: Expr, no: Expr) -> Expr:
    if yes == no:
        return yes
    if is_constant(yes) and is_constant(no):
        return one_of(condition, yes, no)
    return call("where", condition, yes, no)
