"""Axes that arguments choose: `x.shape[axis]`, `x.shape[-1] if last else x.shape[1]`.

A derived value that is such a size of the first input, and nothing else, needs the axis that
is chosen and no other.
"""

from __future__ import annotations

import ast

from msgspec import Struct

from layergen.language.dims import is_static, names_in
from layergen.language.model import Derived, Spec
from layergen.source.code import Code


class ChosenAxis(Struct, frozen=True):
    """An axis of the first input, whose size is a derived value of that name.

    `axis` is an expression over what the constructor knows.
    """

    name: str
    tensor: str
    axis: Code


def chosen_axes(spec: Spec) -> tuple[ChosenAxis, ...]:
    """The axes that a spec's arguments choose, in the order of its derived values."""
    found = (chosen_axis(spec, derived) for derived in spec.derived)
    return tuple(one for one in found if one is not None)


def chosen_axis(spec: Spec, derived: Derived) -> ChosenAxis | None:
    """The axis whose size a derived value is, None unless arguments choose one."""
    tree = derived.code.expression
    first, owners = spec.inputs[0], set[str]()
    axis = _axis(tree, owners)
    if axis is None or owners != {first.name} or first.many or _is_plain(tree):
        return None
    known = {arg.name for arg in spec.args if not arg.type.is_tensor}
    known |= {one.name for one in spec.derived if is_static(spec, one)}
    if not names_in(axis) <= known:
        return None
    text = ast.unparse(axis)
    return ChosenAxis(derived.name, first.name, Code(text, derived.code.lines))


def _axis(tree: ast.expr, owners: set[str]) -> ast.expr | None:
    """The expression with axes for their sizes, None where it holds something else."""
    match tree:
        case ast.IfExp(test=test, body=body, orelse=other):
            first, second = _axis(body, owners), _axis(other, owners)
            return first and second and ast.IfExp(test, first, second)
        case ast.Subscript(
            value=ast.Attribute(value=ast.Name(id=tensor), attr="shape"), slice=axis
        ) if not isinstance(axis, ast.Slice):
            owners.add(tensor)
            return axis
    return None


def _is_plain(tree: ast.expr) -> bool:
    """Whether the axis is written as a number, so that nothing chooses it."""
    if not isinstance(tree, ast.Subscript):
        return False
    try:
        return isinstance(ast.literal_eval(tree.slice), int)
    except ValueError:
        return False
