"""`methods` and `properties`: what they take, their code, and what they must not use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from layergen.forward.analyse import Forward, analyse
from layergen.forward.checks import constructs
from layergen.forward.checks.calls import check_calls
from layergen.forward.checks.forward import check_returned
from layergen.forward.checks.names import check_code
from layergen.forward.slow.check import check_slow
from layergen.forward.vocabulary import for_method, for_method_reference
from layergen.language.along import lying_along
from layergen.language.checks.inputs import check_inputs
from layergen.language.checks.names import check_names
from layergen.language.checks.shapes import check_shapes
from layergen.language.context import Context
from layergen.language.fields import OUTSIDE
from layergen.language.methods import within
from layergen.language.model import Method, Spec
from layergen.problems import Place


def check_method(spec: Spec, method: Method, context: Context) -> Forward:
    """Record everything that is wrong, and give the analysis of the code; `context` is that
    of the method."""
    inner = within(spec, method)
    analysis = analyse(inner)
    if not method.is_property:
        check_names(within(spec, method, kept=False), context)
        check_shapes(replace(inner, weights=(), states=(), layers=()), context)
        check_inputs(inner, context)
    what, code = f"`{method.name}`", method.forward
    check_code(code, for_method(spec, method), inner, context)
    constructs.check_returns(code, what, context)
    check_returned(inner, what, context)
    check_calls(code, inner, context)
    if method.reference:
        vocabulary = for_method_reference(spec, method)
        check_code(method.reference, vocabulary, inner, context)
        constructs.check_returns(method.reference, "`reference`", context)
    for place, message, hint in _refused(spec, method, context):
        context.add("LG228", place, message, hint)
    check_slow(inner, analysis, context)
    return analysis


def _refused(
    spec: Spec, method: Method, context: Context
) -> Iterator[tuple[Place, str, str]]:
    """What only `call` has, or is there for."""
    if method.name in OUTSIDE:
        message = f"`{method.name}`, which Keras calls with data before training"
        yield method.place, message, OUTSIDE[method.name]
    read = {node.id: node for node in reversed(method.forward.names.free)}
    forward = {node.id for node in spec.forward.names.free}
    given = {arg.name for arg in spec.args if arg.type.is_layer}
    for name in ({layer.name for layer in spec.layers} | given) & read.keys() - forward:
        message = f"`{method.name}` uses the layer `{name}`, and `forward` does not"
        hint = "`build` builds what `forward` calls: call it there too"
        yield method.forward.place(read[name]), message, hint
    for name in lying_along(spec).keys() & read.keys():
        message = f"`{method.name}` uses `{name}`, which lies along axes"
        hint = "give it a shape: they are axes of the layer's input"
        yield method.forward.place(read[name]), message, hint
    for output in method.outputs or ():
        if output.when:
            message = f"an output of `{method.name}` may be left out"
            hint = "a method returns all its outputs: write another method"
            path = ("outputs", output.name) if output.name else ("outputs",)
            yield context.place(*path, "when"), message, hint
