"""A spec as the plan of its class: everything that the template lays out, decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from layergen.example.sizes import Sizes
from layergen.example.values import (
    call_of,
    call_values,
    constructor_call,
    example_sizes,
    in_time,
    input_example,
    input_shape,
    there,
)
from layergen.language.naming import to_snake_case
from layergen.layer import docstring, joined
from layergen.layer.build import build_method
from layergen.layer.call import call_method
from layergen.layer.cell import initial_state, is_cell
from layergen.layer.constructor import config, constructor, deserialized
from layergen.layer.docstring import Example, Section
from layergen.layer.facts import Facts
from layergen.layer.functions import module_functions
from layergen.layer.masks import mask_methods
from layergen.layer.methods import method_functions
from layergen.layer.outputs import output_shape, output_spec
from layergen.layer.shape_checks import check_shapes
from layergen.layer.states import reset_method
from layergen.source.functions import Function
from layergen.source.imports import Import, import_blocks, parsed
from layergen.source.literals import DocText, comment_text, literal
from layergen.source.written import reads_of

MODULES = {
    "keras": Import("keras"),
    "math": Import("math"),
    "np": Import("numpy", alias="np"),
    "tf": Import("tensorflow", alias="tf"),
    "ops": Import("keras", "ops"),
    "random": Import("keras", "random"),
    "activations": Import("keras", "activations"),
    "initializers": Import("keras", "initializers"),
    "regularizers": Import("keras", "regularizers"),
    "constraints": Import("keras", "constraints"),
}
"""The names that generated code may use, each with its import."""


class LayerPlan(Struct, frozen=True):
    """The module of one layer; `imports` are the lines for what is `needed`."""

    source: str
    needed: frozenset[Import]
    imports: tuple[tuple[str, ...], ...]
    register_as: str
    aliases: tuple[str, ...]
    name: str
    summary: DocText
    prose: DocText
    sections: tuple[Section, ...]
    example: Example | None
    functions: tuple[Function, ...]
    methods: tuple[Function, ...]
    deserialized: tuple[str, ...]
    config: tuple[tuple[str, str], ...]


def plan_layer(facts: Facts, register_as: str) -> LayerPlan:
    """The plan of a spec's class.

    Raises:
        SpecError: If no example sizes meet the spec's requirements.
    """
    spec, present = facts.spec, tuple(_methods(facts))
    functions = module_functions(facts, register_as)
    entries = config(facts)
    needed = _needed(facts, (*functions, *present), entries)
    return LayerPlan(
        source=comment_text(f"{spec.stem}.yaml"),
        needed=needed,
        imports=import_blocks(needed, {found.module for found in neighbours(facts)}),
        register_as=literal(register_as),
        aliases=tuple(literal(alias.name) for alias in spec.aliases),
        name=spec.layer,
        summary=docstring.summary(facts),
        prose=docstring.prose(facts),
        sections=docstring.sections(facts),
        example=_example(facts, example_sizes(facts)),
        functions=functions,
        methods=present,
        deserialized=deserialized(facts),
        config=entries,
    )


def _methods(facts: Facts) -> Iterator[Function]:
    """The methods of the class, in Keras' usual order."""
    checks = check_shapes(facts)
    found = [
        constructor(facts),
        build_method(facts, checks is not None),
        call_method(facts, checks is not None),
        *([initial_state(facts)] if is_cell(facts) else _layer_methods(facts)),
        checks,
    ]
    return (method for method in found if method)


def _layer_methods(facts: Facts) -> list[Function | None]:
    """The methods that a cell, which only an RNN calls, does not have."""
    return [
        output_shape(facts),
        output_spec(facts),
        *mask_methods(facts),
        reset_method(facts),
        *method_functions(facts),
    ]


def _example(facts: Facts, sizes: Sizes) -> Example | None:
    """Calling the layer on ones, and the shape that comes out.

    There is none for a layer that takes an object as an argument or needs more in a call
    than tensors, or whose output shape is not stated. A cell is shown in an RNN.
    """
    spec = facts.spec
    outputs = facts.outputs
    shape = sizes.known(outputs[0].shape) if outputs else None
    objects = any(arg.type.is_made for arg in spec.args)
    needs = any(arg.required for arg in spec.call_args)
    if outputs is None or shape is None or objects or needs:
        return None
    if not outputs[0].shape.is_stated:
        return None
    call = call_of(dict(constructor_call(facts, sizes)), facts)
    shapes = [in_time(facts, input_shape(t.shape, sizes)) for t in spec.inputs]
    given = zip(spec.inputs, shapes, strict=True)
    shown = [input_example(t, s, sizes) for t, s in given]
    tensors = ", ".join(joined.together(facts, shown))
    made = f"{spec.layer}({call})"
    made = f"layer = {f'keras.layers.RNN({made})' if is_cell(facts) else made}"
    if spec.outputs_as == "dict":
        item = f"[{literal(outputs[0].name)}].shape"
        return docstring.example((made, f"layer({tensors}){item}"), shape)
    returned = there(facts, sizes, call_values(facts))
    outputs = tuple(one for one, here in zip(outputs, returned, strict=True) if here)
    if len(outputs) == 1:
        item = "[0].shape" if spec.outputs_as == "list" else ".shape"
        return docstring.example((made, f"layer({tensors}){item}"), shape)
    names = ", ".join(str(output.name) for output in outputs)
    called = f"{names} = layer({tensors})"
    return docstring.example((made, called, f"{outputs[0].name}.shape"), shape)


def _needed(
    facts: Facts,
    functions: tuple[Function, ...],
    entries: tuple[tuple[str, str], ...],
) -> frozenset[Import]:
    """The imports that the code uses."""
    reads = reads_of(entries).union(*(function.reads for function in functions))
    return imports_of(facts, {"keras", *reads})


def neighbours(facts: Facts) -> Iterator[Import]:
    """The layers of specs beside this one, each from the module named after it."""
    for name in facts.neighbours:
        yield Import(facts.spec.module_of(to_snake_case(name)), name)


def imports_of(facts: Facts, names: Iterable[str]) -> frozenset[Import]:
    """The imports of the names that code reads, where they come from a module."""
    own = (*parsed(facts.spec.imports), *neighbours(facts))
    available = MODULES | {found.bound: found for found in own}
    return frozenset(available[name] for name in {*names} & available.keys())
