"""Whether what forward does apart from computing, it does in training only."""

from __future__ import annotations

import ast

from layergen.layer.facts import Facts


def differs_in_training(facts: Facts) -> bool:
    """Whether training and inference differ, and inference draws and updates nothing."""
    forward = facts.spec.forward
    if "training" not in facts.reads(forward):
        return False
    if facts.spec.kind == "cell":
        return not _draws_outside(forward.body, set())
    return not _draws_outside(forward.body, set(facts.states))


def _draws_outside(body: list[ast.stmt], states: set[str]) -> bool:
    """Whether something is drawn, or a state assigned, where training is not asked for."""
    for statement in body:
        if isinstance(statement, ast.If):
            if _asks(statement.test):
                if _draws_outside(statement.orelse, states):
                    return True
                continue
            if _asks_not(statement.test) and isinstance(statement.body[-1], ast.Return):
                return _draws_outside(statement.body, states)
        if _draws(statement, states):
            return True
    return False


def _draws(node: ast.AST, states: set[str]) -> bool:
    if isinstance(node, ast.IfExp) and _asks(node.test):
        return _draws(node.orelse, states)
    if isinstance(node, ast.Name):
        stored = node.id in states and not isinstance(node.ctx, ast.Load)
        return stored or node.id == "random"
    return any(_draws(child, states) for child in ast.iter_child_nodes(node))


def _asks(test: ast.expr) -> bool:
    """`training`, alone or with more conditions."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(_asks(value) for value in test.values)
    return isinstance(test, ast.Name) and test.id == "training"


def _asks_not(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.UnaryOp)
        and isinstance(test.op, ast.Not)
        and _asks(test.operand)
    )
