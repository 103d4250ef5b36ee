"""A spec as the plan of its test module."""

from __future__ import annotations

import math
from collections.abc import Collection

from msgspec import Struct

from layergen.example.sizes import Sizes
from layergen.example.values import (
    Named,
    call_of,
    constructor_call,
    example_sizes,
)
from layergen.forward.shapes import REST
from layergen.forward.sizes import value_of
from layergen.forward.values import Tensor, there
from layergen.language.model import Function as SpecFunction
from layergen.layer.cell import is_cell
from layergen.layer.constructor import parameters
from layergen.layer.facts import Facts
from layergen.layer.function_calls import constants
from layergen.layer.plan import imports_of
from layergen.layer.randomness import is_random
from layergen.proof.case import Case
from layergen.proof.cases import cases
from layergen.proof.functions import proofs, surrogates
from layergen.proof.methods import method_references
from layergen.proof.refusals import (
    OtherRanks,
    Refusal,
    Structure,
    Unknown,
    built_shapes,
    other_ranks,
    other_structure,
    refusals,
    unknown_sizes,
)
from layergen.source.functions import Function
from layergen.source.imports import Import, import_blocks
from layergen.source.literals import comment_text, literal
from layergen.source.written import Written, reads_of

DEFAULTS_OF = Import("layergen.testing", "defaults_of")


class Weights(Struct, frozen=True):
    """The weights that the built layer must have: their shapes, by name."""

    arguments: Written
    shapes: tuple[object, ...]
    trainable: tuple[Named, ...]
    frozen: tuple[Named, ...]


class GradientTest(Struct, frozen=True):
    """A function whose gradient is held to a formula, and what both are called with."""

    name: str
    arguments: str


class TestPlan(Struct, frozen=True):
    """The test module of one layer; `imports` are the lines for what is `needed`.

    A layer that is not `proven` has nothing that its values are compared with.
    """

    source: str
    needed: frozenset[Import]
    imports: tuple[tuple[str, ...], ...]
    name: str
    functions: tuple[Function, ...]
    cases: tuple[Case, ...]
    refusals: tuple[Refusal, ...]
    unknown: Unknown | None
    ranks: OtherRanks | None
    structure: Structure | None
    defaults: tuple[Named, ...]
    weights: Weights | None
    gradients: tuple[GradientTest, ...]
    aliases: tuple[str, ...]
    proven: bool


def plan_test(facts: Facts) -> TestPlan:
    """The plan of a spec's test.

    Raises:
        SpecError: If no example sizes meet the spec's requirements.
    """
    spec, sizes = facts.spec, example_sizes(facts)
    held = tuple(surrogates(facts))
    functions = (*proofs(facts), *method_references(facts))
    functions += tuple(formula for _, formula in held)
    tried = tuple(cases(facts, sizes))
    refused = tuple(refusals(facts, sizes))
    unknown = unknown_sizes(facts, sizes)
    ranks = other_ranks(facts, sizes)
    structure = other_structure(facts, sizes)
    defaults = plain_defaults(facts)
    weights = _weights(facts, sizes)
    reads = {name for function in functions for name in function.reads}
    reads |= reads_of([*defaults, *(one.arguments for one in refused)])
    reads |= {name for case in tried for name in case.reads}
    reads |= weights.arguments.reads if weights else set()
    reads |= unknown.arguments.reads if unknown else set()
    reads |= reads_of((ranks.tensor, ranks.arguments)) if ranks else set()
    reads |= {"keras"} if spec.aliases else set()
    reads |= structure.arguments.reads if structure else set()
    asked = (
        refused or unknown or ranks or structure or spec.aliases or not spec.is_proven
    )
    asks_pytest = bool(asked)
    needed = needed_for(facts, spec.layer, reads, asks_pytest)
    needed |= {Import(spec.module, function.name) for function, _ in held}
    needed |= {Import("layergen.testing", "check_gradient")} if held else set()
    needed |= {DEFAULTS_OF} if defaults else set()
    return TestPlan(
        source=comment_text(f"{spec.stem}.yaml"),
        needed=frozenset(needed),
        imports=import_blocks(needed, own={spec.module}),
        name=spec.layer,
        functions=functions,
        cases=tried,
        refusals=refused,
        unknown=unknown,
        ranks=ranks,
        structure=structure,
        defaults=defaults,
        weights=weights,
        gradients=tuple(
            _gradient_test(facts, one, formula.name, sizes) for one, formula in held
        ),
        aliases=tuple(alias.name for alias in spec.aliases),
        proven=spec.is_proven,
    )


def plain_defaults(facts: Facts) -> tuple[Named, ...]:
    """The constructor's defaults; none where one is an object, equal to itself alone."""
    found = [(p.name, p.default) for p in parameters(facts) if not p.required]
    return tuple(found) if all(is_plain(value) for _, value in found) else ()


def is_plain(value: object) -> bool:
    """Whether a value equals what is made the same way: it is a name or a literal."""
    match value:
        case Written():
            return value.isidentifier()
        case float():
            return math.isfinite(value)
        case dict():
            return is_plain([*value.keys(), *value.values()])
        case list() | tuple():
            return all(map(is_plain, value))
    return True


def needed_for(
    facts: Facts, tested: str, reads: Collection[str], uses_pytest: bool
) -> set[Import]:
    """What a test module imports to test what the layer's module calls `tested`.

    `reads` are the names from outside that its code and its values read.
    """
    module = facts.spec.module
    activation = facts.functions.keys() & {facts.spec.activation} & {*reads}
    return {
        Import("layergen.testing", "LayerCase"),
        Import("layergen.testing", "parametrize_checks"),
        Import(module, tested),
        *(Import(module, name) for name in activation),
        *imports_of(facts, reads),
        *(
            Import("layergen.testing", one)
            for one in ("Input", "Method")
            if one in reads
        ),
        *([Import("pytest")] if uses_pytest else []),
    }


def _gradient_test(
    facts: Facts, function: SpecFunction, formula: str, sizes: Sizes
) -> GradientTest:
    """Values of the layer stand for what the function reads. Tensors have the shapes that
    the layer calls it with; unless all are known, each that is no scalar is a matrix.
    """
    values = [sizes.values.get(name) for name in constants(facts)[function.name]]
    shapes = [_handed(facts, function, arg, sizes) for arg in function.args]
    if None in shapes:
        shapes = [() if one == () else (3, 4) for one in shapes]
    further = [f"constants={literal(tuple(values))}"] if values else []
    own = [function.name, formula, *map(literal, shapes)]
    return GradientTest(function.name, ", ".join([*own, *further]))


def _handed(
    facts: Facts, function: SpecFunction, arg: str, sizes: Sizes
) -> tuple[int, ...] | None:
    """The shape of a tensor that a function is called with, None where it is not known."""
    read = [node for node in function.forward.names.free if node.id == arg]
    tensor = there(facts.analysis.at(read[0])) if read else None
    if not isinstance(tensor, Tensor) or not isinstance(tensor.shape, tuple):
        return None
    found: list[int] = []
    for size in tensor.shape:
        if size is REST:
            found += sizes.rest
            continue
        axis = None if size is None else value_of(size, sizes.values)
        if axis is None:
            return None
        found.append(axis)
    return tuple(found)


def _weights(facts: Facts, sizes: Sizes) -> Weights | None:
    """The weights of the first case; a sublayer brings weights that nobody stated."""
    given = any(arg.type.is_layer for arg in facts.spec.args)
    if given or facts.spec.layers:
        return None
    trainable: list[Named] = []
    frozen: list[Named] = []
    for weight in facts.spec.weights:
        if weight.when is not None and not sizes.holds(weight.when):
            continue
        flag = weight.trainable
        trains = bool(sizes.values.get(flag)) if isinstance(flag, str) else flag
        entry = weight.name, sizes.shape(weight.shape) or ()
        (trainable if trains else frozen).append(entry)
    if not is_cell(facts):
        for state in facts.spec.states:
            frozen.append((state.name, sizes.shape(state.shape) or ()))
    if is_random(facts):
        return None
    if not trainable and not frozen:
        return None
    return Weights(
        call_of(dict(constructor_call(facts, sizes)), facts),
        built_shapes(facts, sizes),
        tuple(trainable),
        tuple(frozen),
    )
