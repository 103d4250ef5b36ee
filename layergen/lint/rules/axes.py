"""Sizes of axes where a graph has none, and Python loops over axes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.forward.shapes import REST
from layergen.forward.values import UNKNOWN, Items, Number, Tensor, Value
from layergen.keras_tables import tensorflow
from layergen.keras_tables.operations import op, random
from layergen.lint.analysed import Analysis
from layergen.lint.evidence import compared_with_none, indexes
from layergen.lint.facts import Module
from layergen.lint.registry import Finding, given, module_rule, shown
from layergen.lint.sizes import Read

_WHOLE = "use `ops` on the whole axis, `keras.layers.RNN`, or `ops.scan`"
_ON_TENSORS = (
    "keras.ops",
    "keras.random",
    "keras.backend",
    "tensorflow",
    "jax",
    "torch",
)
# Functions that take sizes that are not known.
_LENIENT = ("TensorShape", "ensure_shape", "KerasTensor", "print")
_OF_NUMBERS = ("builtins.float", "builtins.int", "builtins.range")
_PASSING = ("builtins.enumerate", "builtins.reversed", "builtins.zip")


@module_rule("LG740")
def static_batch(module: Module) -> Iterator[Finding]:
    """The size of the batch is None while a model is built and in graphs that serve any
    batch."""
    asked = {
        site.node
        for _, method in module.at_calls()
        if compared_with_none(method)
        for site in method.sites
    }
    found: dict[ast.expr, None] = {}
    for analysis, node in module.nodes_at_calls():
        if node not in asked:
            found |= {read.node: None for read in _needed(analysis, node)}
    for size in found:
        if size not in asked:
            yield Finding(
                size,
                f"`{shown(size)}` holds the size of the batch, which is None in a graph",
                "use `ops.shape(x)`, or -1 in `reshape`",
            )


def _needed(analysis: Analysis, node: ast.AST) -> Iterator[Read]:
    """The sizes of the batch that a call or an operator needs as numbers, and which may
    be None."""
    match node:
        case ast.Call(func=func):
            path = analysis.path(func)
            if path in _OF_NUMBERS or _computes(path):
                for one in given(node):
                    for part in (one, *_elements(one)):
                        value = analysis.values.get(part, UNKNOWN)
                        yield from _in(analysis, value, whole=_takes_shape(path))
        case ast.BinOp(left=left, right=right):
            for one, other in ((left, right), (right, left)):
                if isinstance(analysis.at(other), (Number, Tensor)):
                    value = analysis.values.get(one, UNKNOWN)
                    yield from analysis.sizes.missing(value)


def _in(analysis: Analysis, value: Value, whole: bool) -> Iterator[Read]:
    """The sizes in an argument; of shapes of which not all sizes are known one by one,
    where they are wanted `whole`."""
    yield from analysis.sizes.missing(value)
    if isinstance(value, Items) and (whole or REST not in value.items):
        for one in value.items:
            if one is not REST:
                yield from analysis.sizes.missing(one)


def _elements(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, (ast.Tuple, ast.List)):
        for one in node.elts:
            yield one.value if isinstance(one, ast.Starred) else one


def _computes(path: str) -> bool:
    """Whether a function works on tensors, and so needs sizes that are numbers."""
    head, _, last = path.rpartition(".")
    inside = any(head == one or head.startswith(one + ".") for one in _ON_TENSORS)
    return inside and last not in _LENIENT and "debugging" not in head


def _takes_shape(path: str) -> bool:
    """Whether a function needs every size of a shape to be known."""
    name = path.rpartition(".")[2]
    found = tensorflow.meant(path) or op(name) or random(name)
    return found is not None and found.takes_shape


@module_rule("LG741")
def loop(module: Module) -> Iterator[Finding]:
    """A graph's tensor cannot be gone over by Python, which does not know its size."""
    for analysis, node, _ in _loops(module):
        numbers = _ranged(analysis, node)
        over = any(
            analysis.is_tensor(one) or any(r.of_batch and r.late for r in reads)
            for one, reads in numbers
        )
        if over or analysis.is_tensor(node):
            yield Finding(node, f"a Python loop over `{shown(node)}`", _WHOLE)


@module_rule("LGW74")
def unrolled(module: Module) -> Iterator[Finding]:
    """The loop becomes as many operations as the axis is long, compiles as slowly, and
    breaks where the size is unknown."""
    for analysis, node, around in _loops(module):
        reads = [read for _, several in _ranged(analysis, node) for read in several]
        if reads and not any(one.of_batch for one in reads) and indexes(around):
            message = (
                f"a Python loop over an axis, `{shown(node)}`, is unrolled in the graph"
            )
            yield Finding(node, message, _WHOLE)


def _loops(module: Module) -> Iterator[tuple[Analysis, ast.expr, ast.AST]]:
    """What loops go over, with the loops."""
    for analysis, node in module.nodes_at_calls():
        match node:
            case ast.For(iter=over):
                for one in _passed_on(analysis, over):
                    yield analysis, one, node
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for generator in node.generators:
                    for one in _passed_on(analysis, generator.iter):
                        yield analysis, one, node


def _passed_on(analysis: Analysis, node: ast.expr) -> Iterator[ast.expr]:
    """What is gone over where a loop goes over this."""
    if isinstance(node, ast.Call) and analysis.path(node.func) in _PASSING:
        for one in node.args:
            yield from _passed_on(analysis, one)
    else:
        yield node


def _ranged(
    analysis: Analysis, node: ast.expr
) -> list[tuple[ast.expr, tuple[Read, ...]]]:
    """The arguments of a `range`, with the sizes that they rest on."""
    if not isinstance(node, ast.Call) or analysis.path(node.func) != "builtins.range":
        return []
    return [(one, tuple(analysis.sizes.of(analysis.at(one)))) for one in node.args]
