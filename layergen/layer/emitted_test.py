"""A spec as the plan of its test module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layergen.layer.cases import Case, cases
from layergen.layer.constructor import argument_bounds
from layergen.layer.examples import (
    ANY_SHAPE,
    Text,
    call_text,
    constructor_call,
    example_sizes,
)
from layergen.layer.facts import Facts
from layergen.layer.imports import Import, import_blocks
from layergen.layer.literals import literal
from layergen.layer.plan import MODULES, used_imports
from layergen.layer.proofs import Function, proofs
from layergen.layer.sizes import Sizes
from layergen.layer.statements import code_of
from layergen.layer.validation import wrong_values
from layergen.spec.model import Input, Spec


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
class TestPlan:
    """The test module of one layer; every field is text."""

    source: str
    imports: tuple[tuple[str, ...], ...]
    name: str
    functions: tuple[Function, ...]
    cases: tuple[Case, ...]
    refusals: tuple[Refusal, ...]
    weights: Weights | None


def plan_test(spec: Spec) -> TestPlan:
    """The plan of a spec's test.

    Raises:
        SpecError: If no example sizes meet the spec's requirements.
    """
    facts = Facts(spec)
    sizes = example_sizes(facts)
    functions = tuple(proofs(facts))
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
    )


def _imports(
    facts: Facts, texts: list[str], uses_pytest: bool
) -> tuple[tuple[str, ...], ...]:
    needed = {
        Import("layergen.testing", "LayerCase"),
        Import("layergen.testing", "parametrize_checks"),
        Import(facts.spec.stem, facts.spec.layer),
        *used_imports(facts, texts),
    }
    if uses_pytest:
        needed.add(Import("pytest"))
    if any("Input(" in text for text in texts):
        needed.add(Import("layergen.testing", "Input"))
    return import_blocks(needed - {MODULES["ops"]}, own=facts.spec.stem)


def _refusals(facts: Facts, sizes: Sizes) -> Iterator[Refusal]:
    for arg in facts.spec.args:
        values = wrong_values(arg.type, argument_bounds(facts, arg))
        if values:
            given = {**dict(constructor_call(facts, sizes)), arg.name: arg.name}
            listed = tuple(dict.fromkeys(map(literal, values)))
            yield Refusal(arg.name, listed, call_text(given, facts))


def _weights(facts: Facts, sizes: Sizes) -> Weights | None:
    """The weights of the first case; a given layer brings weights that nobody stated."""
    if any(arg.type.name == "Layer" for arg in facts.spec.args):
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
    shape = sizes.shape(tensor.shape) or ANY_SHAPE
    fixed = {a.index % len(shape) for a in facts.fixed_axes if a.tensor == tensor.name}
    return literal(shape if 0 in fixed or not shape else (None, *shape[1:]))
