"""All code of a spec: each piece checked with the names that it may use."""

from __future__ import annotations

import ast

from layergen.spec import constructs, slow
from layergen.spec.code import check_code
from layergen.spec.context import NO_CODE, Context
from layergen.spec.model import Code, Spec
from layergen.spec.scopes import Names
from layergen.spec.vocabulary import (
    for_arguments,
    for_forward,
    for_reference,
    for_values,
)


def check_all_code(spec: Spec, context: Context) -> None:
    _check_imports(spec, context)
    for weight in spec.weights:
        if weight.when:
            vocabulary = for_arguments(spec, f"`when` of `{weight.name}`")
            check_code(weight.when, vocabulary, spec, context)
    _check_derived(spec, context)
    for requirement in spec.require:
        what = "a condition of `require`"
        vocabulary = for_values(spec, what)
        check_code(requirement.condition, vocabulary, spec, context)
        _check_inputs(requirement.condition, what, spec, context)
    if spec.reference:
        check_code(spec.reference, for_reference(spec), spec, context)
        constructs.check_returns(spec.reference, "`reference`", context)
    if spec.forward is not NO_CODE:
        _check_forward(spec, context)


def _check_imports(spec: Spec, context: Context) -> None:
    if spec.imports is None:
        return
    for statement in spec.imports.body:
        place = spec.imports.place(statement)
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            message = "`imports` holds something else than an import statement"
            context.add("LG216", place, message, "as in `import scipy.signal`")
        elif isinstance(statement, ast.ImportFrom) and statement.level:
            hint = "name the package in full"
            context.add("LG216", place, "a relative import", hint)
        elif any(alias.name == "*" for alias in statement.names):
            hint = "name what the code uses"
            context.add("LG216", place, "an import of `*`", hint)
        elif isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            context.add("LG216", place, "an import from `__future__`", "leave it out")


def _check_derived(spec: Spec, context: Context) -> None:
    """A derived value sees those before it."""
    later = {derived.name for derived in spec.derived}
    for derived in spec.derived:
        what = f"the derived value `{derived.name}`"
        vocabulary = for_values(spec, what, but=later)
        check_code(derived.code, vocabulary, spec, context)
        _check_inputs(derived.code, what, spec, context)
        later.discard(derived.name)


def _check_inputs(code: Code, what: str, spec: Spec, context: Context) -> None:
    """Of an input only `x.shape[<int>]` is known when derived values are computed."""
    inputs = {tensor.name for tensor in spec.inputs}
    allowed: set[int] = set()
    for statement in code.body:
        for node in ast.walk(statement):
            match node:
                case ast.Subscript(
                    value=ast.Attribute(value=ast.Name() as name, attr="shape"),
                    slice=ast.Constant(value=int())
                    | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())),
                ):
                    allowed.add(id(name))
                case ast.Name(id=name_) if name_ in inputs and id(node) not in allowed:
                    message = f"{what} uses the input `{name_}` itself"
                    hint = f"only its sizes are known here, as `{name_}.shape[1]`"
                    context.add("LG413", code.place(node), message, hint)


def _check_forward(spec: Spec, context: Context) -> None:
    names = check_code(spec.forward, for_forward(spec), spec, context)
    assert names is not None
    constructs.check_returns(spec.forward, "`forward`", context)
    used = {name.id for name in names.free}
    _check_outputs(spec, used, context)
    slow.check_slow(spec, names, context)
    if not context.problems.failed:
        _warn_unused(spec, names, context)


def _check_outputs(spec: Spec, used: set[str], context: Context) -> None:
    values = [one.value for one in constructs.returns(spec.forward.body)]
    if spec.forward.is_expression:
        values = [spec.forward.expression]
    count = len(spec.outputs) if spec.outputs is not None else 0
    tuples = [v for v in values if isinstance(v, ast.Tuple)]
    for value in tuples:
        starred = any(isinstance(item, ast.Starred) for item in value.elts)
        if count and not starred and len(value.elts) != count:
            given = f"{count} output" + ("s" if count > 1 else "")
            message = f"`forward` returns {len(value.elts)} tensors, and `outputs` has"
            context.add("LG415", spec.forward.place(value), f"{message} {given}")
    several = count > 1 or bool(tuples)
    if spec.activation is not None and several and "activation" not in used:
        message = "with several outputs `forward` itself must call `activation`"
        hint = "call `activation(...)` where it belongs"
        context.add("LG414", context.place("activation"), message, hint)


def _warn_unused(spec: Spec, names: Names, context: Context) -> None:
    forward = {name.id for name in names.free}
    for weight in spec.weights:
        if weight.name not in forward:
            message = f"`forward` never uses the weight `{weight.name}`"
            hint = "it gets no gradient, and is saved and loaded for nothing"
            context.add("LGW06", weight.place, message, hint)
    used = forward | _used_elsewhere(spec)
    for kind, items in (("argument", spec.args), ("derived value", spec.derived)):
        for item in items:
            if item.name not in used:
                message = f"nothing uses the {kind} `{item.name}`"
                context.add("LGW05", item.place, message, "leave it out")


def _used_elsewhere(spec: Spec) -> set[str]:
    pieces = [derived.code for derived in spec.derived]
    pieces += [weight.when for weight in spec.weights if weight.when]
    pieces += [requirement.condition for requirement in spec.require]
    shapes = [tensor.shape for tensor in spec.inputs]
    shapes += [weight.shape for weight in spec.weights]
    shapes += [output.shape for output in spec.outputs or ()]
    shapes += [arg.shape for arg in spec.args if arg.shape]
    used = {str(weight.trainable) for weight in spec.weights}
    used |= {str(bound) for i in spec.inputs for bound in (i.min, i.below)}
    for weight in spec.weights:
        for maker in (weight.initializer, weight.regularizer, weight.constraint):
            if maker and maker.code:
                pieces.append(maker.code)
            elif maker:
                used.add(maker.text)
    for shape in shapes:
        for dim in shape.dims or ():
            used |= set(getattr(dim, "names", ()))
    trees = [node for code in pieces for s in code.body for node in ast.walk(s)]
    return used | {node.id for node in trees if isinstance(node, ast.Name)}
