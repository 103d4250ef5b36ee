"""`forward`: its code, its outputs, and what of the spec it leaves unused."""

from __future__ import annotations

import ast

from layergen.forward.analyse import Forward
from layergen.forward.checks import constructs
from layergen.forward.checks.calls import check_calls
from layergen.forward.checks.disguised import check_for_dense
from layergen.forward.checks.gradients import check_layer_gradient
from layergen.forward.checks.names import check_code
from layergen.forward.checks.states import check_assignments
from layergen.forward.vocabulary import for_forward
from layergen.language.context import Context
from layergen.language.dims import names_in
from layergen.language.methods import methods_of
from layergen.language.model import Spec
from layergen.language.variables import declared
from layergen.source.code import Code


def check_forward(spec: Spec, analysis: Forward, context: Context) -> None:
    vocabulary = for_forward(spec)
    names = check_code(spec.forward, vocabulary, spec, context)
    assert names is not None
    constructs.check_returns(spec.forward, "`forward`", context)
    check_returned(spec, "`forward`", context)
    used = {name.id for name in names.free}
    _check_activation(spec, used, context)
    check_assignments(spec, names, context)
    check_calls(spec.forward, spec, context)
    if spec.gradient:
        check_layer_gradient(spec, spec.gradient, names, analysis, context)


def warn_of_forward(spec: Spec, context: Context) -> None:
    """What is right, and may be meant otherwise."""
    check_for_dense(spec, context)
    _warn_unused(spec, context)


def check_returned(spec: Spec, what: str, context: Context) -> None:
    """As many tensors as there are outputs."""
    count = len(spec.outputs) if spec.outputs is not None else 0
    for value in _tuples(spec):
        starred = any(isinstance(item, ast.Starred) for item in value.elts)
        if count and not starred and len(value.elts) != count:
            given = f"{count} output" + ("s" if count > 1 else "")
            message = f"{what} returns {len(value.elts)} tensors, and `outputs` has"
            context.add("LG415", spec.forward.place(value), f"{message} {given}")


def _tuples(spec: Spec) -> list[ast.Tuple]:
    """What `forward` returns of several tensors."""
    values = [one.value for one in constructs.returns(spec.forward.body)]
    if spec.forward.is_expression:
        values = [spec.forward.expression]
    return [v for v in values if isinstance(v, ast.Tuple)]


def _check_activation(spec: Spec, used: set[str], context: Context) -> None:
    several = len(spec.outputs or ()) > 1 or bool(_tuples(spec))
    if spec.activation is not None and several and "activation" not in used:
        message = "with several outputs `forward` itself must call `activation`"
        hint = "call `activation(...)` where it belongs"
        context.add("LG414", context.place("activation"), message, hint)


def _warn_unused(spec: Spec, context: Context) -> None:
    codes = (spec.forward, *(one.forward for one in methods_of(spec)))
    forward = {name.id for code in codes for name in code.names.free}
    for weight in spec.weights:
        if weight.name not in forward:
            message = f"`forward` never uses the weight `{weight.name}`"
            hint = "it gets no gradient, and is saved and loaded for nothing"
            context.add("LGW06", weight.place, message, hint)
    for layer in spec.layers:
        if layer.name not in forward:
            message = f"`forward` never uses the layer `{layer.name}`"
            hint = "its weights get no gradient, and are saved and loaded for nothing"
            context.add("LGW06", layer.place, message, hint)
    used = forward | _used_elsewhere(spec)
    for kind, items in (
        ("argument", (*spec.args, *spec.call_args)),
        ("derived value", spec.derived),
        ("function", spec.functions),
    ):
        for item in items:
            if item.name not in used:
                message = f"nothing uses the {kind} `{item.name}`"
                context.add("LGW05", item.place, message, "leave it out")


def _used_elsewhere(spec: Spec) -> set[str]:
    """The names used anywhere but in `forward` (and in what never runs in the layer)."""
    pieces = _pieces(spec)
    shapes = [tensor.shape for tensor in spec.inputs]
    shapes += [variable.shape for variable in declared(spec)]
    shapes += [output.shape for output in spec.outputs or ()]
    shapes += [arg.shape for arg in spec.args if arg.shape]
    used = {str(weight.trainable) for weight in spec.weights} | {str(spec.activation)}
    for method in methods_of(spec):
        shapes += [tensor.shape for tensor in method.inputs]
        shapes += [output.shape for output in method.outputs or ()]
    used |= {str(one) for i in spec.inputs for one in (i.min, i.below, i.many)}
    for variable in declared(spec):
        for role in ("initializer", "regularizer", "constraint"):
            maker = getattr(variable, role, None)
            if maker and maker.code:
                pieces.append(maker.code)
            elif maker:
                used.add(maker.text)
    for shape in shapes:
        for dim in shape.dims or ():
            used |= set(getattr(dim, "names", ())) | {getattr(dim, "argument", "")}
    return used.union(*(names_in(s) for code in pieces for s in code.body))


def _pieces(spec: Spec) -> list[Code]:
    found = [derived.code for derived in spec.derived]
    found += [weight.when for weight in spec.weights if weight.when]
    found += [layer.when for layer in spec.layers if layer.when]
    found += [output.when for output in spec.outputs or () if output.when]
    found += [requirement.condition for requirement in spec.require]
    found += [layer.make for layer in spec.layers]
    found += [layer.loop.iterable for layer in spec.layers if layer.loop]
    found += [function.forward for function in spec.functions]
    found += [one.forward for one in methods_of(spec)]
    gradients = [spec.gradient, *(function.gradient for function in spec.functions)]
    found += [gradient.code for gradient in gradients if gradient and gradient.code]
    return [*found, spec.mask] if isinstance(spec.mask, Code) else found
