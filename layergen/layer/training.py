"""Whether what forward does apart from computing, it does in training only."""

from __future__ import annotations

import ast

from layergen.forward.values import Module
from layergen.layer.facts import Facts
from layergen.source.walk import nodes


def differs_in_training(facts: Facts) -> bool:
    """Whether training and inference differ, and inference draws and updates nothing."""
    forward = facts.spec.forward
    if "training" not in facts.reads(forward) or not facts.inference.returns:
        return False
    states = set() if facts.spec.kind == "cell" else {*facts.states}
    return not any(
        _draws(facts, node) or _updates(facts, node, states)
        for node in nodes(forward.body)
    )


def _draws(facts: Facts, node: ast.AST) -> bool:
    """Whether something is drawn out of training."""
    if not isinstance(node, (ast.Attribute, ast.Name)) or not _runs(facts, node):
        return False
    if not facts.inference.runs(node):
        return isinstance(node, ast.Name) and node.id == "random"
    value = facts.inference.at(node)
    return isinstance(value, Module) and value.path.startswith("keras.random.")


def _updates(facts: Facts, node: ast.AST, states: set[str]) -> bool:
    """Whether a state is assigned to out of training."""
    if not isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    stored = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return bool(stored & states) and node.value is not None and _runs(facts, node.value)


def _runs(facts: Facts, node: ast.expr) -> bool:
    """Whether code runs out of training: what is nowhere come to may run anyhow."""
    return facts.inference.runs(node) or not facts.analysis.runs(node)
