"""All code of a spec: each piece checked with the names that it may use."""

from __future__ import annotations

import ast

from layergen.forward.analyse import Forward
from layergen.forward.checks import constructs
from layergen.forward.checks.forward import check_forward, warn_of_forward
from layergen.forward.checks.functions import check_functions
from layergen.forward.checks.names import check_code
from layergen.forward.checks.outputs import check_gathered
from layergen.forward.slow.check import check_slow
from layergen.forward.vocabulary import (
    for_mask,
    for_parts,
    for_reference,
    for_require,
    for_values,
)
from layergen.language.chosen import chosen_axis
from layergen.language.context import NO_CODE, Context
from layergen.language.model import Spec
from layergen.source.code import Code


def check_all_code(spec: Spec, analysis: Forward, context: Context) -> None:
    _check_imports(spec, context)
    conditions = [(weight.name, weight.when) for weight in spec.weights]
    conditions += [(layer.name, layer.when) for layer in spec.layers]
    for name, when in conditions:
        if when:
            vocabulary = for_parts(spec, f"`when` of `{name}`")
            check_code(when, vocabulary, spec, context)
    _check_derived(spec, context)
    for requirement in spec.require:
        what = "a condition of `require`"
        vocabulary = for_require(spec, what)
        check_code(requirement.condition, vocabulary, spec, context)
        _check_inputs(requirement.condition, what, spec, context)
    if spec.reference:
        check_code(spec.reference, for_reference(spec), spec, context)
        constructs.check_returns(spec.reference, "`reference`", context)
    if isinstance(spec.mask, Code):
        check_code(spec.mask, for_mask(spec), spec, context)
        constructs.check_returns(spec.mask, "`mask`", context)
    check_functions(spec, analysis, context)
    if spec.forward is not NO_CODE:
        check_forward(spec, analysis, context)
    check_gathered(spec, context)
    check_slow(spec, analysis, context)
    if spec.forward is not NO_CODE and not context.problems.failed:
        warn_of_forward(spec, context)


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
        if chosen_axis(spec, derived) is None:
            _check_inputs(derived.code, what, spec, context)
        later.discard(derived.name)


def _check_inputs(code: Code, what: str, spec: Spec, context: Context) -> None:
    """Of an input only `x.shape[<int>]` is known when derived values are computed.

    Of one that may be None or is a list not even that.
    """
    inputs = {tensor.name for tensor in spec.inputs}
    shaped = inputs | {arg.name for arg in spec.args if arg.type.is_tensor}
    single = {i.name for i in spec.inputs if not i.optional and not i.many}
    allowed: set[int] = set()
    for node in code.nodes:
        match node:
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name() as name, attr="shape"),
                slice=ast.Constant(value=int())
                | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())),
            ):
                if name.id in single:
                    allowed.add(id(name))
            case ast.Attribute(value=ast.Name(id=name_), attr="shape") if (
                name_ not in shaped
            ):
                message = f"{what} asks for the shape of `{name_}`, which has none"
                hint = "inputs and Array arguments have shapes"
                context.add("LG413", code.place(node), message, hint)
            case ast.Name(id=name_) if name_ in inputs and id(node) not in allowed:
                message = f"{what} uses the input `{name_}` itself"
                hint = f"only its sizes are known here, as `{name_}.shape[1]`"
                hint = hint if name_ in single else "nothing of it is known here"
                context.add("LG413", code.place(node), message, hint)
