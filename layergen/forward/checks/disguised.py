"""A spec that computes what a built-in layer does."""

from __future__ import annotations

import ast

from layergen.language.context import Context
from layergen.language.dims import names_in
from layergen.language.model import Spec
from layergen.source.code import Size


def check_for_dense(spec: Spec, context: Context) -> None:
    """Warn of a spec that is `Dense` and does not say so."""
    if spec.equivalent or spec.reference or len(spec.inputs) > 1:
        return
    if not spec.forward.is_expression or spec.gradient or spec.inputs[0].many:
        return
    tree, name = spec.forward.expression, spec.inputs[0].name
    bias = ""
    match tree:
        case ast.BinOp(
            op=ast.Add(), left=ast.BinOp() as product, right=ast.Name(id=bias)
        ):
            tree = product
    match tree:
        case ast.BinOp(
            op=ast.MatMult(), left=ast.Name(id=x), right=ast.Name(id=kernel)
        ):
            ranks = {weight.name: weight.shape.axes for weight in spec.weights}
            plain = len(ranks.get(kernel, ())) == 2 and x == name
            lasts = spec.inputs[0].shape.axes[-1:]
            plain = plain and [str(ranks[kernel][0][1])] == [str(n) for _, n in lasts]
            if bias:
                plain = plain and len(ranks.get(bias, ())) == 1
            if plain and names_in(spec.forward.expression) >= set(ranks):
                last = dict(ranks[kernel])[1]
                units = str(last) if isinstance(last, Size) else "units"
                call = f"Dense({units}" + ("" if bias else ", use_bias=False")
                call += ", activation=activation)" if spec.activation else ")"
                message = (
                    "this computes what `Dense` does, and the spec does not say so"
                )
                place = spec.forward.lines[0]
                context.add("LGW04", place, message, f"add `equivalent: {call}`")
