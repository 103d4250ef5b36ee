"""The functions of an emitted test that compute the same by other means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layergen.layer.constructor import parameters
from layergen.layer.examples import layer_names
from layergen.layer.facts import Facts
from layergen.layer.rewrite import expression, numpy_body
from layergen.layer.statements import Assign, Run, Statement


@dataclass(frozen=True)
class Function:
    """A function of the test module; it is called with more than it has use for."""

    name: str
    parameters: tuple[str, ...]
    body: tuple[Statement, ...]


def proofs(facts: Facts) -> Iterator[Function]:
    """The functions for the spec's `equivalent` and `reference`."""
    if facts.spec.equivalent:
        code = facts.spec.equivalent
        made = expression(code, layer_names(facts))
        taken = (*_arguments(facts, facts.reads(code)), "**_")
        yield Function("same_as_builtin", taken, (Run(f"return {made}"),))
    if facts.spec.reference:
        yield _reference(facts)


def _reference(facts: Facts) -> Function:
    code = facts.spec.reference
    assert code
    read = facts.with_parts(facts.reads(code))
    bound = {**facts.axes, **facts.array_axes}
    owners = {axis.owner for name, axis in bound.items() if name in read}
    owners |= {owner for name, owner in facts.rests.items() if name in read}
    taken = read | owners
    required = [name for name in facts.inputs if name in taken]
    optional: list[str] = []
    for weight in facts.spec.weights:
        if weight.name in taken:
            (optional if weight.when else required).append(weight.name)
    arguments = _arguments(facts, taken)
    required += [text for text in arguments if "=" not in text]
    defaults = [
        *(f"{name}=None" for name in optional),
        *(t for t in arguments if "=" in t),
    ]
    body = (*_sizes(facts, read), Run(numpy_body(code, _activation_called)))
    return Function("reference", (*required, *defaults, "**_"), body)


def _activation_called(name: str) -> str:
    """In a test the activation is an identifier; NumPy code calls what it stands for."""
    return "keras.activations.get(activation)" if name == "activation" else name


def _sizes(facts: Facts, read: set[str]) -> Iterator[Statement]:
    """The dimensions and derived values that the reference reads."""
    for name, axis in {**facts.axes, **facts.array_axes}.items():
        if name in read:
            yield Assign(name, f"{axis.owner}.shape[{axis.position}]")
    for name, owner in facts.rests.items():
        if name in read:
            shape = facts.inputs[owner].shape
            before = shape.rest or 0
            after = len(shape.dims or ()) - before - 1
            yield Assign(name, f"tuple(range({before}, {owner}.ndim - {after}))")
    for derived in facts.spec.derived:
        if derived.name in read:
            yield Assign(derived.name, derived.code.text)


def _arguments(facts: Facts, read: set[str]) -> list[str]:
    """The constructor's parameters among the names, as text."""
    return [
        p.name if p.default is None else f"{p.name}={p.default}"
        for p in parameters(facts)
        if p.name in read
    ]
