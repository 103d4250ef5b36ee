"""`states`: what their values fit, and how `forward` assigns to them."""

from __future__ import annotations

import ast

from layergen.forward.checks import constructs
from layergen.keras_tables.dtypes import is_float, is_integer
from layergen.language.context import Context
from layergen.language.model import Spec, State
from layergen.source.scopes import Names

LOGICAL = (ast.BitAnd, ast.BitOr, ast.BitXor)
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
OTHERS = (*ARITHMETIC, ast.MatMult)
WHOLE = (*OTHERS, *LOGICAL, ast.LShift, ast.RShift)
SIGNS = dict(zip(WHOLE, "+ - * / // % ** @ & | ^ << >>".split(), strict=True))


def check_states(spec: Spec, context: Context) -> None:
    for state in spec.states:
        _check_aggregation(state, context)


def _check_aggregation(state: State, context: Context) -> None:
    whole = state.dtype is not None and not is_float(state.dtype)
    if state.aggregation == "mean" and whole:
        message = f"the state `{state.name}` is {state.dtype}, which has no mean"
        place = context.place("states", state.name, "aggregation")
        hint = "write `only_first_replica`, or leave the key out"
        context.add("LG220", place, message, hint)


def check_assignments(spec: Spec, names: Names, context: Context) -> None:
    """A state is assigned by `=` and the like, in `forward` itself."""
    states = {state.name: state for state in spec.states}
    plain = _plain_targets(spec.forward.body)
    for node in spec.forward.nodes:
        match node:
            case ast.AugAssign(target=ast.Name(id=name)) if name in states:
                _check_operator(node, states[name], spec, context)
    assigned: set[str] = set()
    for name, node in names.bound:
        if name not in states:
            continue
        assigned.add(name)
        if id(node) not in plain:
            message = f"`forward` gives `{name}`, a state, a value that is not kept"
            hint = "assign to it by `=` in `forward` itself, or rename the variable"
            context.add("LG408", spec.forward.place(node), message, hint)
    for state in spec.states:
        if state.name not in assigned and not context.problems.failed:
            message = f"`forward` never assigns to the state `{state.name}`"
            hint = "a value that stays is a weight with `trainable: false`"
            context.add("LGW07", state.place, message, hint)


def _check_operator(
    node: ast.AugAssign, state: State, spec: Spec, context: Context
) -> None:
    """Bits are those of integers; bools know `and`, `or` and `xor` alone."""
    dtype = state.dtype
    known: tuple[type[ast.operator], ...] = WHOLE if is_integer(dtype) else OTHERS
    if isinstance(node.op, LOGICAL if dtype == "bool" else known):
        return
    sign = SIGNS[type(node.op)]
    held = {None: "floats", "bool": "bools"}.get(state.dtype, str(state.dtype))
    message = f"`{sign}=` on the state `{state.name}`, which holds {held}"
    hint = "bits are those of integers: give the state `dtype: int32`"
    if dtype == "bool":
        hint = "bools know `&=`, `|=` and `^=`; count with `dtype: int32`"
    context.add("LG425", spec.forward.place(node), message, hint)


def _plain_targets(body: list[ast.stmt]) -> set[int]:
    """The names that assignments outside of inner functions assign to."""
    found: set[int] = set()
    todo: list[ast.AST] = [*body]
    while todo:
        node = todo.pop()
        match node:
            case ast.Assign(targets=targets):
                found |= {
                    id(name) for one in targets for name in constructs.targets(one)
                }
            case ast.AugAssign(target=target):
                found |= {id(name) for name in constructs.targets(target)}
            case ast.If() | ast.For() | ast.While() | ast.With():
                todo += ast.iter_child_nodes(node)
    return found
