"""Slow and fragile patterns in code on tensors.

The nodes of the code are gone over once, and the analysis is asked what they are.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from layergen.forward.analyse import Forward
from layergen.forward.environment import Environment
from layergen.forward.slow import calls, conditions, items, loops, numbers, scans, sizes
from layergen.forward.slow.asking import Asking
from layergen.language.context import Context
from layergen.language.lookup import Lookup
from layergen.language.model import Spec
from layergen.source.code import Code
from layergen.source.walk import nodes

CHECKS: dict[type[ast.AST], tuple[Callable[[Asking, Any], None], ...]] = {
    ast.Constant: (numbers.literal,),
    ast.BinOp: (numbers.operands,),
    ast.If: (conditions.branch,),
    ast.IfExp: (conditions.branch,),
    ast.While: (loops.while_,),
    ast.For: (loops.for_,),
    ast.comprehension: (conditions.filters, loops.for_),
    ast.UnaryOp: (conditions.negation,),
    ast.BoolOp: (conditions.connection,),
    ast.Compare: (conditions.comparison,),
    ast.Assign: (items.assignment,),
    ast.AnnAssign: (items.annotated,),
    ast.AugAssign: (items.annotated,),
    ast.Call: (calls.call, sizes.count, scans.scan),
}


def check_slow(spec: Spec, analysis: Forward, context: Context) -> None:
    """Report every such pattern in what runs when the layer is called."""
    environment = Environment(Lookup(spec))
    for code in _running(spec):
        asking = Asking(code, environment, analysis, context)
        for node in nodes(code.body):
            for check in CHECKS.get(type(node), ()):
                check(asking, node)


def _running(spec: Spec) -> Iterator[Code]:
    yield spec.forward
    if isinstance(spec.mask, Code):
        yield spec.mask
    yield from (one.forward for one in spec.functions)
    for gradient in (spec.gradient, *(one.gradient for one in spec.functions)):
        if gradient and gradient.code:
            yield gradient.code
