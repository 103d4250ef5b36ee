"""States: variables that `forward` assigns to, and `reset_state`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from layergen.forward.values import Number
from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.language.along import lying_along
from layergen.language.model import State
from layergen.layer.along import spread
from layergen.layer.facts import Facts
from layergen.layer.initializers import copied, copies
from layergen.layer.weights import made, maker_argument, shape_tuple
from layergen.source.functions import Function, method
from layergen.source.literals import docstring_text, literal
from layergen.source.rewrite import SIGNS, Bind
from layergen.source.statements import (
    AddWeight,
    Assign,
    Run,
    Statement,
)
from layergen.source.written import Written


def add_states(facts: Facts, bind: Bind) -> Iterator[Statement]:
    """The statements of `build` that create the states."""
    for state in facts.spec.states:
        floating = state.dtype is None or state.dtype in FLOAT_DTYPES
        arguments = [
            ("name", literal(state.name)),
            ("shape", shape_tuple(facts, state.shape, bind)),
            ("initializer", _initializer(facts, state, bind)),
        ]
        if state.dtype:
            arguments.append(("dtype", literal(state.dtype)))
        arguments.append(("trainable", "False"))
        if state.dtype and floating:
            arguments.append(("autocast", "False"))
        kind = state.aggregation or ("mean" if floating else "only_first_replica")
        if not is_per_sample(state):
            arguments.append(("aggregation", literal(kind)))
        yield AddWeight(state.name, tuple(arguments))


def reset_method(facts: Facts) -> Function | None:
    """`reset_state`, for a layer with states."""
    states = facts.spec.states
    if not states:
        return None
    initial = {state.name: _initial(facts, state) for state in states}
    body = tuple(
        Run(Written(f"self.{name}.assign({value})", value))
        for name, value in initial.items()
    )
    doc = docstring_text("Put every state back to its initial value.")
    return method("reset_state", (), body, doc)


def is_per_sample(state: State) -> bool:
    """Whether a state holds something for each row of the batch."""
    return any("batch" in getattr(dim, "names", ()) for dim in state.shape.dims or ())


def held_locally(facts: Facts) -> dict[str, bool]:
    """The states that forward assigns to: True where it needs them in a local variable.

    A state that is assigned once and not read afterwards needs none: it is read where it
    stands and updated in place. What was read must not change with the update, so each
    reading before it must be an operand that no gradient needs, never a name for the
    variable.
    """
    states = {state.name for state in facts.spec.states}
    body = facts.spec.forward.body
    found: dict[str, bool] = {}
    for name in sorted(states):
        stored = [n for s in body for n in ast.walk(s) if _stores(n, name)]
        if stored:
            whole = name not in lying_along(facts.spec)
            found[name] = not (whole and _in_place(facts, name, stored))
    return found


def local_states(facts: Facts) -> Iterator[Statement]:
    """The local variables that begin with what a state holds.

    One may stand for the variable itself where each reading makes another tensor of it:
    an update binds the name anew, and nothing else keeps what it changes.
    """
    body = facts.spec.forward.body
    for name, local in held_locally(facts).items():
        if local and not _is_assigned_first(body, name):
            kept = spread(facts, {name}).get(name, Written(f"self.{name}"))
            copied = Written(f"ops.copy({kept})", kept, reads=["ops"])
            yield Assign(name, kept if _is_used_up(facts, name) else copied)


def _initializer(facts: Facts, state: State, bind: Bind) -> str:
    maker = state.initializer
    if argument := maker_argument(facts, state, "initializer"):
        return f"self.{argument.name}"
    if maker is None:
        return literal("zeros")
    if maker.kind == "call":
        return made(facts, maker, "initializer", bind)
    if maker.kind == "identifier":
        return literal(maker.text)
    text = bind(maker.text)
    shared = state.name in copies(facts).variables
    return copied(facts, maker.text, text) if shared else text


def _initial(facts: Facts, state: State) -> str:
    """The initial value; a random one is drawn anew."""
    maker = state.initializer
    variable = f"self.{state.name}"
    if argument := maker_argument(facts, state, "initializer"):
        return f"self.{argument.name}({variable}.shape, dtype={variable}.dtype)"
    if maker is None or maker.text in ("zeros", "ones"):
        fill = maker.text if maker else "zeros"
        code = f"ops.{fill}({variable}.shape, dtype={variable}.dtype)"
        return Written(code, reads=["ops"])
    bind = facts.in_method
    new = made(facts, maker, "initializer", bind) if maker.code else literal(maker.text)
    if maker.kind == "identifier":
        new = Written(f"initializers.get({new})", reads=["initializers"])
    elif maker.kind == "argument":
        new = bind(maker.text)
    return Written(f"{new}({variable}.shape, dtype={variable}.dtype)", new)


def _stores(node: ast.AST, name: str) -> TypeGuard[ast.Name]:
    return (
        isinstance(node, ast.Name)
        and node.id == name
        and not isinstance(node.ctx, ast.Load)
    )


def _in_place(facts: Facts, name: str, stored: list[ast.Name]) -> bool:
    body = facts.spec.forward.body
    if len(stored) > 1:
        return False
    for node, parents in _with_parents(body):
        if isinstance(node, (ast.Assign, ast.AugAssign)) and _targets(node) == [
            stored[0]
        ]:
            repeated = any(isinstance(p, (ast.For, ast.While)) for p in parents)
            return not repeated and _reads_are_safe(facts, name, node)
    return False


def _targets(node: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _reads_are_safe(facts: Facts, name: str, update: ast.stmt) -> bool:
    for node, parents in _with_parents(facts.spec.forward.body):
        if (
            isinstance(node, ast.Name)
            and node.id == name
            and isinstance(node.ctx, ast.Load)
        ):
            after = (node.lineno, node.col_offset) > (
                update.end_lineno or update.lineno,
                update.end_col_offset or 0,
            )
            operand = isinstance(parents[-1], (ast.BinOp, ast.UnaryOp, ast.Compare))
            called = isinstance(parents[-1], ast.Call) and _is_ops(parents[-1].func)
            if after or not (operand or called):
                return False
            # The new value itself goes nowhere else.
            if update not in parents and not _is_let_go(facts, node, parents[-1]):
                return False
    return True


SUMS = (ast.Add, ast.Sub)


def _is_let_go(facts: Facts, node: ast.Name, parent: ast.AST) -> bool:
    """Whether no gradient needs what a state held where it is read.

    PyTorch keeps the factors of a product for their gradients, and what is only seen in
    another form is the same: it refuses to differentiate once that has changed.
    """
    state = next(one for one in facts.spec.states if one.name == node.id)
    whole = state.dtype is not None and state.dtype not in FLOAT_DTYPES
    match parent:
        case ast.BinOp(op=sign) | ast.AugAssign(op=sign) if isinstance(sign, SUMS):
            return True
        case ast.AugAssign(value=other):
            return whole or isinstance(facts.analysis.at(other), Number)
        case ast.BinOp(left=left, right=right):
            other = right if left is node else left
            return whole or isinstance(facts.analysis.at(other), Number)
        case ast.Call(func=function):
            return whole and ast.unparse(function) == "ops.cast"
    return isinstance(parent, (ast.UnaryOp, ast.Compare, ast.Attribute))


def _is_used_up(facts: Facts, name: str) -> bool:
    """Whether no reading of a name hands on what it stands for, to a gradient neither."""
    body = facts.spec.forward.body
    names = (n for s in body for n in ast.walk(s) if isinstance(n, ast.Name))
    last = max(n.lineno for n in names if _stores(n, name))
    for node, parents in _with_parents(body):
        if isinstance(node, ast.Name) and node.id == name:
            repeated = any(isinstance(p, (ast.For, ast.While)) for p in parents)
            updated = node.lineno > last and not repeated
            read = isinstance(node.ctx, ast.Load)
            read |= isinstance(parents[-1], ast.AugAssign)
            if read and not updated and not _is_let_go(facts, node, parents[-1]):
                return False
            match parents[-1]:
                case ast.BinOp(op=sign) if type(sign) in SIGNS:
                    continue
                case ast.Call(func=function) if _is_ops(function):
                    continue
                case ast.UnaryOp(op=ast.USub()) | ast.Compare():
                    continue
                case ast.Attribute(attr="dtype" | "shape"):
                    continue
            if isinstance(node.ctx, ast.Load):
                return False
    return True


def _is_ops(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and ast.unparse(function).startswith(
        "ops."
    )


def _with_parents(
    body: list[ast.stmt],
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    todo: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(node, ()) for node in body]
    while todo:
        node, parents = todo.pop()
        yield node, parents
        todo += [(child, (*parents, node)) for child in ast.iter_child_nodes(node)]


def _is_assigned_first(body: list[ast.stmt], name: str) -> bool:
    """Whether a statement that always runs assigns the name before anything reads it."""
    for statement in body:
        names = [
            n for n in ast.walk(statement) if isinstance(n, ast.Name) and n.id == name
        ]
        if names:
            reads = any(isinstance(n.ctx, ast.Load) for n in names)
            return isinstance(statement, ast.Assign) and not reads
    return False
