"""How code that stands outside of the layer reads the dtype that the layer computes in.

The spec's functions become functions of the module, and so does all of `forward` that has
a gradient: there is no `self` in them. What they cast takes its dtype from a tensor.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from layergen.forward.analyse import Forward
from layergen.forward.lists import Lists
from layergen.forward.values import COMPUTE, UNKNOWN, Tensor
from layergen.language.model import Spec
from layergen.source.code import Code
from layergen.source.walk import nodes

UPSTREAM = "upstream"


def dtype_outside(
    analysis: Forward, code: Code, parameters: Iterable[str]
) -> str | None:
    """The dtype of a parameter that is a tensor of the compute dtype wherever it is read."""
    held: dict[str, list[ast.expr | None]] = {}
    read: set[str] = set()
    assigned = _assigned(code)
    for node in nodes(code.body):
        if isinstance(node, ast.arg):
            held.setdefault(node.arg, []).append(None)
        elif isinstance(node, ast.Name):
            is_read = isinstance(node.ctx, ast.Load)
            held.setdefault(node.id, []).append(node if is_read else assigned.get(node))
            read |= {node.id} if is_read else set()
    for name in parameters:
        values = [analysis.at(n) if n else UNKNOWN for n in held.get(name, ())]
        computed = (isinstance(v, Tensor) and v.dtype == COMPUTE for v in values)
        if name in read and all(computed):
            return f"{name}.dtype"
    return None


def _assigned(code: Code) -> dict[ast.AST, ast.expr]:
    """The names that plain assignments bind, each with what it is given."""
    return {
        target: node.value
        for node in code.nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
    }


def outside(spec: Spec) -> Iterator[tuple[str, Code, tuple[str, ...]]]:
    """The code that becomes functions of the module: what has it, and its parameters."""
    if spec.gradient:
        inputs = [tensor.name for tensor in spec.inputs]
        names = (*inputs, *(weight.name for weight in spec.weights))
        yield "a layer with a gradient", spec.forward, names
        if spec.gradient.code is not None:
            yield "a gradient", spec.gradient.code, (UPSTREAM, *names)
    for function in spec.functions:
        yield f"`{function.name}`", function.forward, function.args
        if function.gradient and function.gradient.code is not None:
            code, names = function.gradient.code, (UPSTREAM, *function.args)
            yield f"the gradient of `{function.name}`", code, names


def unplaced(spec: Spec, analysis: Forward) -> Iterator[tuple[str, Code, ast.expr]]:
    """What needs the compute dtype where nothing has it: whose code, and the node."""
    made = Lists(spec, analysis).made
    needing = {
        node
        for node, dtype in analysis.casts.items()
        if dtype == COMPUTE and node not in made
    }
    needing |= {*analysis.supplied}
    for whose, code, parameters in outside(spec):
        found = [node for node in nodes(code.body) if node in needing]
        if found and dtype_outside(analysis, code, parameters) is None:
            for node in found:
                assert isinstance(node, ast.expr)
                yield whose, code, node
