"""The plan of the tests of a function that builds a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from layergen.example.sizes import Sizes
from layergen.example.values import (
    Named,
    call_of,
    constructor_call,
    example_sizes,
)
from layergen.functional.activation import activation_function
from layergen.functional.body import Body
from layergen.functional.builtin import KERNELS, WeightLayer, weight_layers
from layergen.functional.lowering import Lowering
from layergen.functional.plan import function_parameters, given_shapes
from layergen.language.model import Spec
from layergen.layer.constructor import parameters
from layergen.layer.facts import Facts
from layergen.layer.plan import MODULES
from layergen.layer.shape_text import rank
from layergen.proof.case import Case
from layergen.proof.pairs import Pairs, model_pairs
from layergen.proof.plan import DEFAULTS_OF, TestPlan, is_plain, needed_for, plan_test
from layergen.proof.refusals import Refusal, needed_axes
from layergen.source.functions import Function
from layergen.source.imports import Import, import_blocks
from layergen.source.literals import literal
from layergen.source.statements import Run
from layergen.source.written import Written, named, reads_of


class FunctionTest(Struct, frozen=True):
    """What is tested of a function, beside its class where there is one."""

    name: str
    cases: tuple[Case, ...]
    refusals: tuple[Refusal, ...]
    arguments: Written
    defaults: tuple[Named, ...]
    pairs: Pairs | None


def plan_function_test(facts: Facts) -> tuple[TestPlan, FunctionTest]:
    """The plan of the test module of a function alone."""
    spec, plan = facts.spec, plan_test(facts)
    test = _function_test(facts, plan, beside_class=False)
    functions = plan.functions
    if _has_reference_of_model(facts, plan):
        functions = (*functions, _reference(facts))
    reads = {name for function in functions for name in function.reads}
    reads |= {name for case in test.cases for name in case.reads}
    reads |= reads_of([test.arguments, *test.defaults])
    reads |= reads_of([refusal.arguments for refusal in test.refusals])
    used = needed_for(facts, spec.stem, reads, bool(test.refusals or not plan.proven))
    used |= {DEFAULTS_OF} if test.defaults else set()
    return _with_imports(spec, plan, functions, used), test


def plan_both_test(facts: Facts) -> tuple[TestPlan, FunctionTest]:
    """The plan of the tests of a class and of the function beside it."""
    spec, plan = facts.spec, plan_test(facts)
    test = _function_test(facts, plan, beside_class=True)
    functions = plan.functions
    used = {*plan.needed, Import(spec.module, spec.stem)}
    used |= {DEFAULTS_OF} if test.defaults else set()
    if test.pairs is None:
        functions = (*functions, _as_class(facts))
    else:
        used |= {MODULES["keras"], MODULES["np"]}
    return _with_imports(spec, plan, functions, used), test


def _with_imports(
    spec: Spec, plan: TestPlan, functions: tuple[Function, ...], used: set[Import]
) -> TestPlan:
    """The plan with other functions, and what these need."""
    needed = frozenset(used)
    blocks = import_blocks(needed, own={spec.module})
    return replace(plan, functions=functions, needed=needed, imports=blocks)


def _function_test(facts: Facts, plan: TestPlan, beside_class: bool) -> FunctionTest:
    sizes = example_sizes(facts)
    given = [*map(literal, given_shapes(facts, sizes))]
    call = call_of(dict(constructor_call(facts, sizes)), facts)
    lowering = Lowering(facts)
    layers = weight_layers(facts, lowering)
    paired = beside_class and not _in_one_order(facts, layers)
    cases = tuple(_case(facts, one, beside_class, paired) for one in plan.cases)
    refusals = [
        replace(one, arguments=_behind(given, one.arguments)) for one in plan.refusals
    ]
    return FunctionTest(
        facts.spec.stem,
        cases,
        (*_refused_shapes(facts, sizes, call), *refusals),
        _behind(given, call),
        tuple(_defaults(facts)),
        model_pairs(facts, layers) if paired else None,
    )


def _refused_shapes(facts: Facts, sizes: Sizes, call: Written) -> Iterator[Refusal]:
    """For each input with a rank: shapes of an axis less, and of one more where `...` is
    not among them, and such that a size is unknown that the model needs."""
    given = given_shapes(facts, sizes)
    needed = needed_axes(facts, sizes)
    for place, tensor in enumerate(facts.spec.inputs):
        if tensor.shape.dims is None:
            continue
        whole, (kind, count) = given[place], rank(tensor.shape)
        least = count - 1 if tensor.shape.rest != 0 else count
        shapes: list[object] = [whole[: least - 1]] if least else []
        shapes += [(*whole, 2)] if kind == "ndim" else []
        for index in (at for name, at in needed if name == tensor.name):
            axes: list[int | None] = [None, *whole]
            if axes[index] is not None:
                axes[index] = None
                shapes.append(tuple(axes[1:]))
        variable = facts.scope.fresh("shape")
        passed = [*map(literal, given)]
        passed[place] = variable
        if shapes:
            name = facts.shape_name(tensor.name)
            yield Refusal(name, variable, tuple(shapes), _behind(passed, call))


def _behind(given: list[str], call: Written) -> Written:
    """The arguments of a call, behind the shapes that a function is given."""
    arguments = [*given, *([call] if call else [])]
    return Written(", ".join(arguments), call)


def _defaults(facts: Facts) -> Iterator[Named]:
    """The function's parameters that have a default, and it."""
    if not all(is_plain(p.default) for p in parameters(facts)):
        return
    for parameter in function_parameters(facts):
        if not parameter.required:
            yield parameter.name, parameter.default


def _case(facts: Facts, case: Case, beside_class: bool, paired: bool) -> Case:
    """A case of the class as one of the function: shapes are arguments."""
    options: dict[str, Any] = dict(case.options)
    found = [one.shape for _, one in case.given if one]
    unknown = _unknown(facts, options.pop("unknown", (0,)), found)
    if unknown != (0,):
        options["unknown"] = unknown
    shapes: list[Named] = []
    for tensor, shape in zip(facts.spec.inputs, found, strict=True):
        free = [None if i in unknown else size for i, size in enumerate(shape)]
        shapes.append((facts.shape_name(tensor.name), tuple(free[1:])))
    args = [
        a for a in case.args if not (_fixed_activation(facts) and a[0] == "activation")
    ]
    of_classes = ("training", "weights", "states", "gradient", "losses")
    for name in (*of_classes, "random", "strict"):
        options.pop(name, None)
    if beside_class:
        options.pop("reference", None)
        options.pop("equivalent", None)
        if not paired:
            options["equivalent"] = named(facts.scope.fresh("as_class"))
    elif "reference" in options and facts.spec.weights:
        options["reference"] = named(facts.scope.fresh("reference_of_model"))
    return Case((*shapes, *args), case.given, tuple(options.items()))


def _has_reference_of_model(facts: Facts, plan: TestPlan) -> bool:
    """Whether a case of the function alone is held to a reference that is given weights."""
    held = any("reference" in dict(case.options) for case in plan.cases)
    return held and bool(facts.spec.weights)


def _unknown(
    facts: Facts, unknown: tuple[int, ...], shapes: list[tuple[int, ...]]
) -> tuple[int, ...]:
    """The axes that may be unknown in the model as well.

    Not those whose size it computes with, and none behind an `EinsumDense`, which keeps
    the output shape that it was built with.
    """
    if any(use.layer == "EinsumDense" for use in Lowering(facts).uses):
        return (0,)
    needed = Body(facts).needed()
    bound = {
        axis.position % len(shape)
        for tensor, shape in zip(facts.spec.inputs, shapes, strict=True)
        for name, axis in facts.axes.items()
        if axis.owner == tensor.name and name in needed
    }
    return tuple(axis for axis in unknown if axis not in bound)


def _fixed_activation(facts: Facts) -> bool:
    return activation_function(facts) is not None


def _as_class(facts: Facts) -> Function:
    """The class from the function's arguments."""
    taken = (*facts.shape_names, "**arguments")
    made = Run(f"return {facts.spec.layer}(**arguments)")
    return Function(facts.scope.fresh("as_class"), taken, (made,))


def _reference(facts: Facts) -> Function:
    """The reference, given the weights by the names that they have in the model."""
    layers = weight_layers(facts, Lowering(facts))
    found = {
        weight.name: f"{layer.name}_{kind}"
        for layer in layers
        for weight, kind in zip(
            layer.weights, (KERNELS[layer.use.layer], "bias"), strict=False
        )
    }
    taken = [
        f"{found[weight.name]}=None" if weight.when else found[weight.name]
        for weight in sorted(facts.spec.weights, key=lambda one: one.when is not None)
    ]
    passed = ", ".join(f"{name}={model}" for name, model in found.items())
    reference, of_model = map(facts.scope.fresh, ("reference", "reference_of_model"))
    made = Run(f"return {reference}({passed}, **arguments)")
    return Function(of_model, (*taken, "**arguments"), (made,))


def _in_one_order(facts: Facts, layers: tuple[WeightLayer, ...]) -> bool:
    """Whether class and model have their weights in the same order."""
    given = [arg for arg in facts.spec.args if arg.type.is_layer]
    held = [weight.name for layer in layers for weight in layer.weights]
    several = len(layers) + len(facts.spec.layers) + len(given) > 1
    return not several and held == [weight.name for weight in facts.spec.weights]
