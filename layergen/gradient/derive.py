"""The gradient of elementwise code, derived symbolically and written out again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import sympy
from msgspec import Struct

from layergen.forward.scope import Scope
from layergen.gradient.formula import Reader, Underivable
from layergen.gradient.primitives import Expr, derivative, parts
from layergen.gradient.text import UPSTREAM, text_of
from layergen.language.model import Function
from layergen.limits import FORMULA_SIZE
from layergen.source.code import Code

LETTERS = {
    "sigmoid": "s",
    "tanh": "t",
    "exp": "e",
    "sqrt": "r",
    "rsqrt": "r",
    "step": "on",
    "log": "log",
    "sin": "sin",
    "cos": "cos",
    "erf": "erf",
}
OTHERS = "abcdfghkpquvwz"
RESERVED = ("ops", "math", "keras", "upstream", "args", "grad", "forward")


class Derived(Struct, frozen=True):
    """A gradient as text: local variables, and the gradient by each argument.

    `results` has None for an argument that the result does not depend on smoothly.
    """

    assignments: tuple[tuple[str, str], ...]
    results: tuple[str | None, ...]


def derive(
    code: Code,
    arguments: tuple[str, ...],
    functions: Mapping[str, Function],
    taken: Collection[str] = (),
) -> Derived:
    """The gradient of code by its arguments, where `upstream` is the incoming one.

    Calls of `functions` are followed; local variables get none of the names in `taken`.

    Raises:
        Underivable: If the code is not elementwise, or there is no rule for a part.
    """
    try:
        return _derived(code, arguments, functions, taken)
    except RecursionError:
        raise Underivable(code, code.body[0], "it is too long") from None


def _derived(
    code: Code,
    arguments: tuple[str, ...],
    functions: Mapping[str, Function],
    taken: Collection[str],
) -> Derived:
    symbols = {name: sympy.Symbol(name) for name in arguments}
    value = Reader(code, dict(symbols), functions).result()
    found = parts(value)
    _check_size(found, code, arguments)
    read = {node for node in found if node.is_Symbol}
    if unused := [name for name in arguments if symbols[name] not in read]:
        reason = f"it does not use `{unused[0]}`"
        raise Underivable(code, code.body[-1], reason)
    slopes = [_factored(derivative(value, symbols[name])) for name in arguments]
    shared, results = sympy.cse(
        [UPSTREAM * slope for slope in slopes],
        symbols=(sympy.Dummy() for _ in iter(int, 1)),
        order="none",
    )
    names = _names(shared, {*taken, *arguments, *_words(read)})
    named = {old: sympy.Symbol(new) for old, new in names.items()}
    return Derived(
        tuple((names[old], text_of(part.xreplace(named))) for old, part in shared),
        tuple(text_of(r.xreplace(named)) if r != 0 else None for r in results),
    )


def _factored(expr: Expr) -> Expr:
    """A sum with the factors that all of its terms have in front of it."""
    if not expr.is_Add:
        return expr
    terms = [sympy.Mul.make_args(term) for term in expr.args]
    common = [f for f in terms[0] if all(f in term for term in terms) and f != -1]
    if not common:
        return expr
    rest = [sympy.Mul(*(f for f in term if f not in common)) for term in terms]
    return sympy.Mul(*common, sympy.Add(*rest))


def _check_size(found: list[Expr], code: Code, arguments: tuple[str, ...]) -> None:
    """Refuse a formula of more operations than are followed."""
    if len(found) * len(arguments) > FORMULA_SIZE:
        reason = f"it has more than {FORMULA_SIZE // len(arguments):,} operations"
        raise Underivable(code, code.body[-1], reason)


def _words(symbols: Iterable[Expr]) -> Iterator[str]:
    """The names in the text of symbols."""
    for symbol in symbols:
        yield from "".join(c if c.isidentifier() else " " for c in symbol.name).split()


def _names(parts: Iterable[tuple[Expr, Expr]], taken: set[str]) -> dict[Expr, str]:
    """Short names for local variables, after what they hold."""
    found: dict[Expr, str] = {}
    scope = Scope.of(taken, RESERVED)
    others = iter(OTHERS)
    for symbol, part in parts:
        name = LETTERS.get(part.func.__name__) or next(others, "a")
        found[symbol] = scope.fresh(name)
        scope = scope.beside([found[symbol]])
    return found
