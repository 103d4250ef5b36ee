"""A spec as the plan of its test module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from layergen.example.sizes import Sizes
from layergen.example.values import (
    Text,
    call_text,
    constructor_call,
    example_sizes,
)
from layergen.language.model import Function, Spec
from layergen.layer.cell import is_cell
from layergen.layer.constructor import parameters
from layergen.layer.facts import Facts
from layergen.layer.function_calls import constants
from layergen.layer.plan import used_imports
from layergen.layer.randomness import is_random
from layergen.proof.cases import Case, cases
from layergen.proof.functions import Function as TestFunction
from layergen.proof.functions import proofs, surrogates
from layergen.proof.refusals import (
    OtherRanks,
    Refusal,
    Unknown,
    built_shape,
    other_ranks,
    refusals,
    unknown_sizes,
)
from layergen.source.imports import Import, import_blocks
from layergen.source.literals import comment_text, literal
from layergen.source.scopes import names_read
from layergen.source.statements import code_of


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
    unknown: Unknown | None
    ranks: OtherRanks | None
    defaults: tuple[Text, ...]
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
    refused = tuple(refusals(facts, sizes))
    unknown = unknown_sizes(facts, sizes)
    ranks = other_ranks(facts, sizes)
    defaults = plain_defaults(facts)
    weights = _weights(facts, sizes)
    texts = [text for f in functions for s in f.body for text in code_of(s)]
    texts += [text for case in tried for _, text in (*case.args, *case.inputs)]
    texts += [text for refusal in refused for text in refusal.values]
    texts += [f"f({refusal.arguments})" for refusal in refused]
    texts += [f"f({weights.arguments})"] if weights else []
    texts += [f"f({unknown.arguments})"] if unknown else []
    texts += [ranks.tensor, f"f({ranks.arguments})"] if ranks else []
    texts += [text for _, text in defaults]
    return TestPlan(
        source=comment_text(f"{spec.stem}.yaml"),
        imports=_imports(facts, texts, bool(refused or unknown or ranks)),
        name=spec.layer,
        functions=functions,
        cases=tried,
        refusals=refused,
        unknown=unknown,
        ranks=ranks,
        defaults=defaults,
        weights=weights,
        gradients=tuple(
            _gradient_test(facts, one, formula.name, sizes) for one, formula in held
        ),
    )


def plain_defaults(facts: Facts) -> tuple[Text, ...]:
    """The constructor's defaults; none where one is an object, equal to itself alone."""
    found = [(p.name, p.default) for p in parameters(facts) if p.default is not None]
    return tuple(found) if all(is_plain(text) for _, text in found) else ()


def is_plain(text: str) -> bool:
    """Whether Python text is a name or a literal value."""
    try:
        ast.literal_eval(text)
    except ValueError:
        return text.isidentifier()
    return True


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
    if plain_defaults(facts):
        needed.add(Import("layergen.testing", "defaults_of"))
    if uses_pytest:
        needed.add(Import("pytest"))
    if any("Input" in names_read(text) for text in texts):
        needed.add(Import("layergen.testing", "Input"))
    return import_blocks(needed, own={facts.spec.module})


def _default_functions(facts: Facts) -> Iterator[str]:
    """The function of the spec that is the default of an argument in the test."""
    if facts.spec.activation in facts.functions:
        yield str(facts.spec.activation)


def _gradient_test(
    facts: Facts, function: Function, formula: str, sizes: Sizes
) -> GradientTest:
    """Each tensor is a matrix; values of the layer stand for what the function reads."""
    values = [sizes.values.get(name) for name in constants(facts)[function.name]]
    shapes = ["(3, 4)"] * len(function.args)
    further = [f"constants={literal(tuple(values))}"] if values else []
    own = [function.name, formula]
    return GradientTest(function.name, ", ".join([*own, *shapes, *further]))


def _weights(facts: Facts, sizes: Sizes) -> Weights | None:
    """The weights of the first case; a sublayer brings weights that nobody stated."""
    given = any(arg.type.is_layer for arg in facts.spec.args)
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
        tuple(built_shape(facts, tensor, sizes) for tensor in facts.spec.inputs),
        tuple(trainable),
        tuple(frozen),
    )
