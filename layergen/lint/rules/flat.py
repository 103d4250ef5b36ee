"""Operations that no gradient gets through, behind weights that are to be trained."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.forward.values import Items, Tensor, Value, there, through
from layergen.keras_tables import tensorflow
from layergen.keras_tables.effects import CHOOSING, ROUNDING
from layergen.keras_tables.operations import Operation, op
from layergen.lint.analysed import Analysis
from layergen.lint.facts import LayerClass, Module
from layergen.lint.registry import Finding, given, module_rule, shown
from layergen.lint.rules.kept import is_trained
from layergen.lint.walk import attribute_of


@module_rule("LGW77")
def behind_a_weight(module: Module) -> Iterator[Finding]:
    """No gradient gets through what rounds, counts or compares: a weight that reaches the
    result by no other way is never trained."""
    for layer, analysis in zip(module.layers, module.analyses, strict=True):
        lost = _lost(layer, analysis)
        if not lost:
            continue
        for name in sorted(layer.only_in_call & layer.own.keys()):
            for site in layer.own[name].sites:
                cut = _cuts(site.node, analysis) & lost
                if cut and isinstance(site.node, ast.expr):
                    yield Finding(
                        site.node,
                        f"`{shown(site.node)}` lets no gradient through to "
                        f"`{sorted(cut)[0]}`, which is trained",
                        _hint(site.node, analysis),
                    )


def _lost(layer: LayerClass, analysis: Analysis) -> set[str]:
    """The weights that are surely trained, and from which no way leads to a result."""
    if not _is_sure(analysis.returned):
        return set()
    weights = {f"self.{w.attribute}" for w in layer.all_weights() if is_trained(w)}
    reached = set(through(analysis.returned))
    for name in layer.only_in_call & layer.own.keys():
        method = layer.own[name]
        for call in method.calls():
            if attribute_of(call.func, method.this) == "add_loss":
                for one in given(call):
                    value = analysis.values.get(one)
                    if value is None or not _is_sure(value):
                        return set()
                    reached |= through(value)
    return weights - reached


def _is_sure(value: Value) -> bool:
    """Whether all that something is made of is known."""
    match there(value):
        case Tensor():
            return True
        case Items(items=items):
            return bool(items) and all(map(_is_sure, items))
    return False


def _cuts(node: ast.AST, analysis: Analysis) -> frozenset[str]:
    """What a node is given that no gradient gets through to."""
    match node:
        case ast.Call(func=func):
            found = _operation(analysis.path(func))
            if found is None or not found.flat or found.name == "stop_gradient":
                return frozenset()
            values = [*given(node)]
        case ast.Compare(left=left, comparators=others):
            values = [left, *others]
        case _:
            return frozenset()
    return frozenset().union(*(through(analysis.at(one)) for one in values))


def _operation(path: str) -> Operation | None:
    head, _, name = path.rpartition(".")
    return op(name) if head == "keras.ops" else tensorflow.meant(path)


def _hint(node: ast.AST, analysis: Analysis) -> str:
    found = _operation(analysis.path(node.func)) if isinstance(node, ast.Call) else None
    name = found.name if found else ""
    if name in ROUNDING:
        return f"`x + ops.stop_gradient(ops.{name}(x) - x)` passes it straight through"
    if name in CHOOSING:
        return "`ops.softmax` in its place, or `trainable=False`"
    return "`ops.sigmoid` of the difference in its place, or `trainable=False`"
