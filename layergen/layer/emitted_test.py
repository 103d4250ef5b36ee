"""A spec as the plan of its test module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layergen.layer.arguments import argument_bounds
from layergen.layer.cases import Case, cases
from layergen.layer.cell import is_cell
from layergen.layer.examples import (
    Text,
    call_text,
    constructor_call,
    example_sizes,
    input_shape,
    tensor_count,
)
from layergen.layer.facts import Facts
from layergen.layer.function_calls import constants
from layergen.layer.imports import Import, import_blocks
from layergen.layer.literals import literal
from layergen.layer.plan import used_imports
from layergen.layer.proofs import Function as TestFunction
from layergen.layer.proofs import proofs, surrogates
from layergen.layer.randomness import is_random
from layergen.layer.sizes import Sizes
from layergen.layer.statements import code_of
from layergen.layer.validation import wrong_values
from layergen.spec.model import Function, Input, Spec


@dataclass(frozen=True)
class Refusal:
    """An argument, values that the constructor must refuse, and how it is called."""

    name: str
    values: tuple[str, ...]
    arguments: str


@dataclass(frozen=True)
class Weights:
    """The weights that the built layer must have: names and shapes as text."""

    arguments: str
    shapes: tuple[str, ...]
    trainable: tuple[Text, ...]
    frozen: tuple[Text, ...]


@dataclass(frozen=True)
class GradientTest:
    """A function whose gradient is held to a formula, and what both are called with."""

    name: str
    arguments: str


@dataclass(frozen=True)
class TestPlan:
    """The test module of one layer; every field is text."""

    source: str
    imports: tuple[tuple[str, ...], ...]
    name: str
    functions: tuple[TestFunction, ...]
    cases: tuple[Case, ...]
    refusals: tuple[Refusal, ...]
    weights: Weights | None
    gradients: tuple[GradientTest, ...]


def plan_test(spec: Spec) -> TestPlan:
    """The plan of a spec's test.

    Raises:
        SpecError: If no example sizes meet the spec's requirements.
    """
    facts = Facts(spec)
    sizes = example_sizes(facts)
    held = tuple(surrogates(facts))
    functions = (*proofs(facts), *(formula for _, formula in held))
    tried = tuple(cases(facts, sizes))
    refusals = tuple(_refusals(facts, sizes))
    weights = _weights(facts, sizes)
    texts = [text for f in functions for s in f.body for text in code_of(s)]
    texts += [text for case in tried for _, text in (*case.args, *case.inputs)]
    texts += [text for refusal in refusals for text in refusal.values]
    texts += [f"f({refusal.arguments})" for refusal in refusals]
    texts += [f"f({weights.arguments})"] if weights else []
    return TestPlan(
        source=f"{spec.stem}.yaml",
        imports=_imports(facts, texts, bool(refusals)),
        name=spec.layer,
        functions=functions,
        cases=tried,
        refusals=refusals,
        weights=weights,
        gradients=tuple(_gradient_test(facts, one, sizes) for one, _ in held),
    )


def _imports(
    facts: Facts, texts: list[str], uses_pytest: bool
) -> tuple[tuple[str, ...], ...]:
    needed = {
        Import("layergen.testing", "LayerCase"),
        Import("layergen.testing", "parametrize_checks"),
        Import(facts.spec.module, facts.spec.layer),
        *used_imports(facts, texts),
    }
    held = [function for function, _ in surrogates(facts)]
    needed |= {Import(facts.spec.module, function.name) for function in held}
    needed |= {Import(facts.spec.module, name) for name in _default_functions(facts)}
    if held:
        needed.add(Import("layergen.testing", "check_gradient"))
    if uses_pytest:
        needed.add(Import("pytest"))
    if any("Input(" in text for text in texts):
        needed.add(Import("layergen.testing", "Input"))
    return import_blocks(needed, own={facts.spec.module})


def _default_functions(facts: Facts) -> Iterator[str]:
    """The function of the spec that is the default of an argument in the test."""
    name = facts.spec.activation
    spoken = [text for function in proofs(facts) for text in function.parameters]
    if name in facts.functions and f"activation={name}" in spoken:
        yield str(name)


def _gradient_test(facts: Facts, function: Function, sizes: Sizes) -> GradientTest:
    """Each tensor is a matrix; values of the layer stand for what the function reads."""
    values = [sizes.values.get(name) for name in constants(facts)[function.name]]
    shapes = ["(3, 4)"] * len(function.args)
    further = [f"constants={literal(tuple(values))}"] if values else []
    own = [function.name, f"{function.name}_gradient"]
    return GradientTest(function.name, ", ".join([*own, *shapes, *further]))


def _refusals(facts: Facts, sizes: Sizes) -> Iterator[Refusal]:
    for arg in facts.spec.args:
        values = wrong_values(arg.type, argument_bounds(facts, arg))
        if values:
            given = {**dict(constructor_call(facts, sizes)), arg.name: arg.name}
            listed = tuple(dict.fromkeys(map(literal, values)))
            yield Refusal(arg.name, listed, call_text(given, facts))


def _weights(facts: Facts, sizes: Sizes) -> Weights | None:
    """The weights of the first case; a sublayer brings weights that nobody stated."""
    given = any(arg.type.name == "Layer" for arg in facts.spec.args)
    if given or facts.spec.layers:
        return None
    trainable: list[Text] = []
    frozen: list[Text] = []
    for weight in facts.spec.weights:
        if weight.when is not None and not sizes.holds(weight.when):
            continue
        flag = weight.trainable
        trains = bool(sizes.values.get(flag)) if isinstance(flag, str) else flag
        entry = literal(weight.name), literal(sizes.shape(weight.shape) or ())
        (trainable if trains else frozen).append(entry)
    if not is_cell(facts):
        for state in facts.spec.states:
            shape = literal(sizes.shape(state.shape) or ())
            frozen.append((literal(state.name), shape))
    if is_random(facts):
        return None
    if not trainable and not frozen:
        return None
    return Weights(
        call_text(dict(constructor_call(facts, sizes)), facts),
        tuple(_build_shape(facts, tensor, sizes) for tensor in facts.spec.inputs),
        tuple(trainable),
        tuple(frozen),
    )


def _build_shape(facts: Facts, tensor: Input, sizes: Sizes) -> str:
    """The shape that `build` is given: of an unknown batch where it may be unknown."""
    shape = input_shape(tensor.shape, sizes)
    fixed = {a.index % len(shape) for a in facts.fixed_axes if a.tensor == tensor.name}
    text = literal(shape if 0 in fixed or not shape else (None, *shape[1:]))
    return (
        f"[{', '.join([text] * tensor_count(tensor, sizes))}]" if tensor.many else text
    )
