"""Custom gradients: of what there can be one, and that it is whole."""

from __future__ import annotations

import ast

from layergen.forward.analyse import Forward
from layergen.forward.bound import bound
from layergen.forward.checks import constructs
from layergen.forward.checks.bound import check_shared, runs_in
from layergen.forward.checks.calls import check_calls
from layergen.forward.checks.names import check_code
from layergen.forward.values import Items, Many, there
from layergen.forward.vocabulary import Vocabulary, for_forward, for_gradient
from layergen.keras_tables.dtypes import is_smooth
from layergen.language.collector import Hint, listing
from layergen.language.context import Context
from layergen.language.model import Function, Gradient, Spec
from layergen.nearest import nearest
from layergen.source.code import Code
from layergen.source.scopes import Names
from layergen.source.trees import returned_values

IMPURE = {
    "random": "randomness",
    "add_loss": "`add_loss`",
    "activation": "`activation`",
}
HIDDEN = {"a state", "a sublayer"}


def check_function_gradient(
    function: Function,
    vocabulary: Vocabulary,
    names: Names,
    spec: Spec,
    analysis: Forward,
    context: Context,
) -> None:
    """The gradient of a function with respect to its parameters."""
    gradient, what = function.gradient, f"`gradient` of `{function.name}`"
    assert gradient is not None
    if not function.args:
        message = f"`{function.name}` has no parameter to differentiate by"
        context.add("LG418", gradient.place, message, "leave `gradient` out")
    _check_single(function.forward, vocabulary.what, analysis, context)
    if gradient.code is None:
        _check_plain(function.forward, vocabulary.what, context)
        return
    own = for_gradient(vocabulary, what, names.local, set())
    _check_gradient_code(gradient, own, spec, context)
    check_shared(gradient.code, own, function.forward, spec, context)
    _check_complete(gradient.code, list(function.args), set(), what, spec, context)


def check_layer_gradient(
    spec: Spec,
    gradient: Gradient,
    names: Names,
    analysis: Forward,
    context: Context,
) -> None:
    """The gradient of `forward` with respect to the inputs and the weights."""
    _check_pure(spec, context)
    for tensor in spec.inputs:
        if tensor.many or tensor.optional:
            message = f"the input `{tensor.name}` is not always one tensor, and the "
            hint = "put what has the gradient into a function, and call it"
            context.add("LG418", tensor.place, f"{message}layer has a `gradient`", hint)
    if spec.outputs and len(spec.outputs) > 1:
        message = "a layer with several outputs has no `gradient` of the whole"
        hint = "give a function a gradient, and call it in `forward`"
        context.add("LG418", gradient.place, message, hint)
    else:
        _check_single(spec.forward, "`forward`", analysis, context)
    if gradient.code is None:
        _check_plain(spec.forward, "`forward`", context)
        return
    vocabulary = for_gradient(for_forward(spec), "`gradient`", names.local, HIDDEN)
    _check_gradient_code(gradient, vocabulary, spec, context)
    check_shared(gradient.code, vocabulary, spec.forward, spec, context)
    wanted = [i.name for i in spec.inputs if _is_float(i.dtype)]
    wanted += [w.name for w in spec.weights if _is_float(w.dtype)]
    others = {i.name for i in spec.inputs} | {w.name for w in spec.weights}
    others -= set(wanted)
    _check_complete(gradient.code, wanted, others, "`gradient`", spec, context)


def _is_float(dtype: str | None) -> bool:
    return dtype is None or is_smooth(dtype)


def _check_pure(spec: Spec, context: Context) -> None:
    """What a custom gradient of the whole cannot see through."""
    impure = dict(IMPURE)
    impure |= {state.name: f"the state `{state.name}`" for state in spec.states}
    impure |= {layer.name: f"the layer `{layer.name}`" for layer in spec.layers}
    impure |= {
        arg.name: f"the layer `{arg.name}`" for arg in spec.args if arg.type.is_layer
    }
    for node in spec.forward.nodes:
        if isinstance(node, ast.Name) and node.id in impure:
            message = f"`forward` uses {impure[node.id]}, and has a `gradient`"
            hint = "put what has the gradient into a function, and call it"
            context.add("LG418", spec.forward.place(node), message, hint)


def _check_single(code: Code, what: str, analysis: Forward, context: Context) -> None:
    for value in returned_values(code):
        if isinstance(there(analysis.at(value)), (Items, Many)):
            message = f"{what} returns several tensors, and has a `gradient`"
            hint = "what has a gradient returns one tensor"
            context.add("LG418", code.place(value), message, hint)


def _check_plain(code: Code, what: str, context: Context) -> None:
    """`auto` follows assignments to names, and the result."""
    if code.is_expression:
        return
    for statement in code.body:
        match statement:
            case ast.Assign(targets=[ast.Name()]) | ast.Return():
                continue
        message = f"{what} does more than assign and return, so that its gradient"
        hint = "write the gradient's code, or put the parts that differ into functions"
        context.add("LG418", code.place(statement), f"{message} cannot be `auto`", hint)


def _check_gradient_code(
    gradient: Gradient, vocabulary: Vocabulary, spec: Spec, context: Context
) -> None:
    code = gradient.code
    assert code is not None
    names = check_code(code, vocabulary, spec, context)
    assert names is not None
    if not gradient.surrogate and "upstream" not in {name.id for name in names.free}:
        message = f"{vocabulary.what} does not use `upstream`, the incoming gradient"
        hint = "multiply by it, or say that this is a `surrogate`"
        context.add("LGW08", code.lines[0], message, hint)
    for statement in constructs.returns(code.body):
        message = f"`return` has no place in {vocabulary.what}"
        hint = "assign `d_<name>` for everything that has a gradient"
        context.add("LG409", code.place(statement), message, hint)
    check_calls(code, spec, context)


def _check_complete(
    code: Code,
    wanted: list[str],
    others: set[str],
    what: str,
    spec: Spec,
    context: Context,
) -> None:
    """Every name in `wanted` has its `d_<name>`; those in `others` have none."""
    if code.is_expression:
        if len(wanted) > 1:
            message = f"{what} is one expression, and there are {len(wanted)} gradients"
            hint = f"assign {listing(f'd_{name}' for name in wanted)}"
            context.add("LG417", code.lines[0], message, hint)
        return
    names = {f"d_{name}" for name in wanted}
    for node in _stores(code):
        name = node.id
        if name.startswith("d_") and name not in names:
            message = f"{what} assigns `{name}`, and there is no such gradient"
            near: Hint = nearest(name, names)
            if name[2:] in others:
                near = f"`{name[2:]}` holds no floats, so that it has none"
            context.add("LG417", code.place(node), message, near)
    ends = bound(code.body, (), runs_in(spec)).ends
    missing = sorted(names - ends, key=[f"d_{n}" for n in wanted].index)
    if missing:
        message = f"{what} does not assign {listing(missing)} on every path"
        context.add("LG417", code.lines[0], message, "every gradient is needed")


def _stores(code: Code) -> list[ast.Name]:
    return [
        node
        for node in code.nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
