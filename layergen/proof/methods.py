"""What the emitted test says of methods and properties: how each is tried, and what computes
the same."""

from __future__ import annotations

from collections.abc import Iterator, Set

from layergen.example.sizes import Sizes, find_sizes
from layergen.example.values import call_values, input_range, input_shape, tensor_count
from layergen.language.methods import methods_of, sizes_kept, within
from layergen.language.model import Method
from layergen.layer.facts import Facts
from layergen.proof.case import Given
from layergen.proof.functions import reference_function, speaks_of
from layergen.source.functions import Function
from layergen.source.literals import literal
from layergen.source.written import Written


def method_references(facts: Facts) -> Iterator[Function]:
    """The functions of NumPy arrays that compute what methods do."""
    for one in methods_of(facts.spec):
        if one.reference:
            inner = Facts(within(facts.spec, one, kept=False))
            yield reference_function(inner, _name(facts, one))


def tried_methods(facts: Facts, sizes: Sizes, changed: Set[str]) -> dict[str, Written]:
    """Each with what it is called on, as a case states it; `changed` are the arguments that
    its reference must know of."""
    found = {}
    for one in methods_of(facts.spec):
        inner = Facts(within(facts.spec, one))
        known = {**sizes.given, **sizes.values}
        sized = {*inner.axes, *inner.array_axes, *inner.counts}
        names = {*inner.args, *sized} & known.keys()
        own = find_sizes(inner, {name: known[name] for name in names}, len(sizes.rest))
        if own is not None:
            found[one.name] = _tried(facts, inner, one, own, changed)
    return found


def _tried(
    facts: Facts, inner: Facts, one: Method, sizes: Sizes, changed: Set[str]
) -> Written:
    parts: list[str] = []
    if not one.is_property:
        given = {
            tensor.name: Given(
                input_shape(tensor.shape, sizes),
                tensor.dtype,
                *input_range(tensor, sizes),
                tensor_count(tensor, sizes) if tensor.many else None,
            ).value
            for tensor in one.inputs
        }
        parts.append(Written(literal(given), [*given.values()]))
    if one.args:
        parts.append(f"args={literal(call_values(inner))}")
    shapes = [sizes.known(output.shape) for output in one.outputs or ()]
    if shapes and None not in shapes:
        parts.append(
            f"outputs={literal(shapes[0] if len(shapes) == 1 else tuple(shapes))}"
        )
    dtypes = tuple(output.dtype for output in one.outputs or ())
    if any(dtypes):
        parts.append(f"dtypes={literal(dtypes)}")
    if one.reference and speaks_of(inner, one.reference, changed):
        name = _name(facts, one)
        parts.append(Written(f"reference={name}", reads=[name]))
    return Written(f"Method({', '.join(parts)})", parts, reads=["Method"])


def _name(facts: Facts, one: Method) -> str:
    return facts.scope.fresh(f"{one.name}_reference")


def read_by_methods_alone(facts: Facts) -> Iterator[str]:
    """The weights of which a call gives no gradient, for methods alone read them."""
    read = facts.reads(facts.spec.forward)
    methods = {
        name for one in methods_of(facts.spec) for name in facts.reads(one.forward)
    }
    kept = {*sizes_kept(facts.spec)}
    for name in facts.weights:
        if name in methods - read - kept:
            yield name
