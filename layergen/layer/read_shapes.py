"""Sizes that code leaves to `x.shape` and to `-1`, where a graph leaves an axis open.

There `x.shape` holds None, and no graph works out the `-1` of `ops.reshape` beside a size
that is a tensor. A size that `build` knows is written as that; any other is asked for by
`ops.shape`, which gives a number wherever there is one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from layergen.forward.analyse import Forward
from layergen.forward.asked import operation
from layergen.forward.late import Late
from layergen.forward.sizes import (
    Item,
    Poly,
    Quotient,
    Remainder,
    Size,
    bound,
    text_of,
)
from layergen.forward.values import Items, Many, Number, Tensor, Value, there
from layergen.layer.facts import Facts
from layergen.source.code import Code
from layergen.source.rewrite import Bind
from layergen.source.walk import children


def asked_late(facts: Facts, code: Code) -> frozenset[ast.AST]:
    """The `x.shape` in a piece of code of which a size may be open."""
    return frozenset(
        node
        for node, above in _shapes(facts, code)
        if _is_late(facts.analysis, node, above)
    )


def known_sizes(facts: Facts, code: Code) -> Mapping[ast.AST, Size]:
    """The sizes that a piece of code leaves open and that `build` knows."""
    found: dict[ast.AST, Size] = dict(_left_over(facts, code))
    for node, above in _shapes(facts, code):
        value = facts.analysis.at(above) if _is_item(node, above) else None
        if not isinstance(value, Number) or value.late or value.size is None:
            continue
        rests_on = set() if isinstance(value.size, int) else {*value.size.atoms}
        of_input = isinstance(node.value, ast.Name) and node.value.id in facts.inputs
        if of_input or rests_on & {*facts.pinned}:
            found[above] = value.size
    return found


def names_of(sizes: Iterable[Size]) -> set[str]:
    """The names that some sizes rest on."""
    known = (size for size in sizes if not isinstance(size, int))
    parts = (Quotient, Remainder)
    atoms = (atom for size in known for atom in size.atoms)
    plain = (atom for atom in atoms if not isinstance(atom, parts))
    return {atom.name if isinstance(atom, Item) else str(atom) for atom in plain}


def as_text(node: ast.AST, size: Size, bind: Bind) -> str:
    """A size with its names bound, as it stands for a node."""
    text = text_of(size, lambda atom: bound(atom, bind))
    match size:
        case Poly(terms=((((Quotient() | Remainder()),), 1),)):
            text = text[1:-1]
    alone = isinstance(size, int) or size.name or isinstance(node, ast.UnaryOp)
    return text if alone else f"({text})"


def _shapes(facts: Facts, code: Code) -> Iterator[tuple[ast.Attribute, ast.expr]]:
    """Each shape of a tensor that is made when the layer runs, with what it stands in."""
    variables = {*facts.weights, *facts.states, *facts.args, *facts.derived}
    kept = {name for name in code.names.free if name.id in variables}
    todo: list[ast.AST] = [*code.body]
    while todo:
        above = todo.pop()
        # Python gives no usable positions inside an f-string.
        below = [] if isinstance(above, ast.JoinedStr) else children(above)
        todo += below
        for node in below:
            if isinstance(node, ast.Attribute) and node.attr == "shape":
                tensor = there(facts.analysis.at(node.value))
                if isinstance(tensor, Tensor) and node.value not in kept:
                    yield node, above  # type: ignore[misc]


def _left_over(facts: Facts, code: Code) -> Iterator[tuple[ast.AST, Size]]:
    """Each `-1` in a shape beside sizes that may be tensors."""
    for call in (one for one in code.nodes if isinstance(one, ast.Call)):
        name, given = operation(facts.analysis, call)
        shape, result = given.get("newshape"), facts.analysis.at(call)
        if name != "reshape" or not isinstance(shape, (ast.Tuple, ast.List)):
            continue
        axes = result.shape if isinstance(result, Tensor) else None
        if not isinstance(axes, tuple) or len(axes) != len(shape.elts):
            continue
        if any(_holds_late(facts.analysis.at(one)) for one in shape.elts):
            for one, size in zip(shape.elts, axes, strict=True):
                if isinstance(one, ast.UnaryOp) and _at_build(facts, size):
                    yield one, size


def _at_build(facts: Facts, size: object) -> TypeGuard[Size]:
    """Whether `build` knows a size."""
    names = names_of([size]) if isinstance(size, Poly) else set()
    return isinstance(size, int) or (bool(names) and names <= facts.at_build)


def _is_late(analysis: Forward, node: ast.Attribute, above: ast.expr) -> bool:
    if _is_item(node, above):
        return _holds_late(analysis.at(above))
    match above:
        case ast.Call(func=ast.Name(id="len")) | ast.Compare() | ast.Attribute():
            return False
    return _holds_late(analysis.at(node))


def _is_item(node: ast.Attribute, above: ast.AST) -> bool:
    return isinstance(above, ast.Subscript) and above.value is node


def _holds_late(value: Value) -> bool:
    """Whether a size, or one of several, may be a tensor."""
    match value:
        case Number(late=late):
            return late is not Late.NEVER
        case Items(items=items, late=late):
            sizes = [one for one in items if isinstance(one, Number)]
            return late is not Late.NEVER or any(map(_holds_late, sizes))
        case Many(element=element):
            return _holds_late(element)
    return False
