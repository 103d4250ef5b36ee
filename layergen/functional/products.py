"""Products of a tensor and a weight, as the built-in layer that computes them.

`x @ w` is what `Dense` does, `ops.einsum(equation, x, w)` what `EinsumDense` does and
`ops.take(w, x, axis=0)` what `Embedding` does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from layergen.forward.asked import operation
from layergen.forward.values import Number, Tensor, Text
from layergen.language.axes import Shape
from layergen.layer.facts import Facts


class Use(Struct, frozen=True, eq=False):
    """An expression that a layer computes from `inner`.

    `node` is all of it, the bias included; `names` are the names of weights in it.
    `removed` is a statement whose work the layer does as well; `repeats` says that the
    code may run more than once, and `whole` that it is all that a statement computes.
    """

    layer: str
    weight: str
    node: ast.expr
    inner: ast.expr
    names: tuple[ast.Name, ...]
    equation: str = ""
    bias: str | None = None
    removed: ast.stmt | None = None
    repeats: bool = False
    whole: bool = False

    @property
    def made(self) -> tuple[str, str, str | None]:
        """What two uses of one weight must agree on."""
        return self.layer, self.equation, self.bias


def product(facts: Facts, node: ast.expr) -> Use | None:
    """The layer that computes an expression, if there is one."""
    at = facts.analysis.at
    match operation(facts.analysis, node):
        case "matmul" | "dot", {"x1": inner, "x2": weight}:
            return _dense(facts, node, inner, weight)
        case "einsum", {"subscripts": text, "operands": [left, right], **others}:
            match at(text):
                case Text(value=str() as equation) if not others:
                    return _einsum(facts, node, equation, left, right)
        case "take", {"x": weight, "indices": inner, "axis": axis}:
            if at(axis) == Number("int", 0):
                return _embedding(facts, node, inner, weight)
    return None


def sums(facts: Facts, node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The operands of a sum, either way round."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from ((left, right), (right, left))
        case ast.Call():
            match operation(facts.analysis, node):
                case "add", {"x1": left, "x2": right}:
                    yield from ((left, right), (right, left))


def is_bias(facts: Facts, use: Use, name: str) -> bool:
    """Whether a weight can be the bias of the layer that a product becomes."""
    if name not in facts.weights or name == use.weight:
        return False
    kernel = _sizes(facts.weights[use.weight].shape)
    bias = _sizes(facts.weights[name].shape)
    if use.layer == "Dense":
        return bias == kernel[1:]
    return use.layer == "EinsumDense" and _einsum_bias(use.equation, kernel, bias)


def _einsum_bias(equation: str, kernel: list[str], bias: list[str]) -> bool:
    """Whether a bias covers the last axes of the result, all of them the kernel's."""
    letters, _, result = equation.partition(",")[2].partition("->")
    last = result[len(result) - len(bias) :] if bias else ""
    sizes = dict(zip(letters, kernel, strict=True))
    return bool(last) and [sizes.get(letter) for letter in last] == bias


def _dense(
    facts: Facts, node: ast.expr, inner: ast.expr, weight: ast.expr
) -> Use | None:
    if _rank(facts, weight) != 2 or not _is_input(facts, inner):
        return None
    assert isinstance(weight, ast.Name)
    return Use("Dense", weight.id, node, inner, (weight,))


def _embedding(
    facts: Facts, node: ast.expr, inner: ast.expr, weight: ast.expr
) -> Use | None:
    if _rank(facts, weight) != 2 or not _is_input(facts, inner):
        return None
    assert isinstance(weight, ast.Name)
    return Use("Embedding", weight.id, node, inner, (weight,))


def _einsum(
    facts: Facts, node: ast.expr, text: str, left: ast.expr, right: ast.expr
) -> Use | None:
    terms, arrow, result = text.replace(" ", "").partition("->")
    first, comma, second = terms.partition(",")
    if _rank(facts, right) is None:
        left, right, first, second = right, left, second, first
    apart = _rank(facts, right) != len(second) or not _is_input(facts, left)
    # The kernel of such a layer takes an axis that all three share from the result.
    apart = apart or bool({*first} & {*second} & {*result})
    if not (arrow and comma) or apart or not _suits(first, second, result):
        return None
    assert isinstance(right, ast.Name)
    equation = f"{first},{second}->{result}"
    return Use("EinsumDense", right.id, node, left, (right,), equation)


def _suits(first: str, second: str, result: str) -> bool:
    """Whether `EinsumDense` knows the equation: the batch leads, `...` is at an end."""
    terms = [term.replace("...", "") for term in (first, second, result)]
    letters = all(term.isalpha() and len({*term}) == len(term) for term in terms)
    inside = any("..." in term.strip(".") for term in (first, result))
    batch = first[:1] == result[:1] and first[:1] not in second
    known = {*second} <= {*first} | {*result} and {*terms[2]} <= {*first} | {*second}
    return letters and batch and known and "." not in second and not inside


def _is_input(facts: Facts, node: ast.expr) -> bool:
    """Whether a layer can be called on it: a tensor, and no weight."""
    return _rank(facts, node) is None and isinstance(facts.analysis.at(node), Tensor)


def _rank(facts: Facts, node: ast.expr) -> int | None:
    """The rank of a weight, None for what is none."""
    weight = facts.weights.get(node.id) if isinstance(node, ast.Name) else None
    return None if weight is None else len(weight.shape.dims or ())


def _sizes(shape: Shape) -> list[str]:
    return [str(dim) for dim in shape.dims or ()]
