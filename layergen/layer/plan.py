"""A spec as the plan of its class: everything that the template lays out, decided."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from layergen.layer import axes, docstring
from layergen.layer.call import call_method
from layergen.layer.constructor import (
    Parameter,
    config,
    deserialized,
    init_body,
    parameters,
)
from layergen.layer.docstring import Section
from layergen.layer.examples import (
    call_text,
    constructor_call,
    example_sizes,
    input_example,
)
from layergen.layer.facts import Facts
from layergen.layer.imports import Import, import_blocks, parsed
from layergen.layer.literals import literal
from layergen.layer.outputs import output_shape, output_spec
from layergen.layer.rewrite import expression
from layergen.layer.sizes import Sizes
from layergen.layer.statements import Assign, Branch, Method, Run, Statement, code_of
from layergen.layer.weights import add_weights
from layergen.spec.model import Anyone, Spec
from layergen.spec.scopes import names_of

MODULES = {
    "keras": Import("keras"),
    "math": Import("math"),
    "np": Import("numpy", alias="np"),
    "tf": Import("tensorflow", alias="tf"),
    "ops": Import("keras", "ops"),
    "activations": Import("keras", "activations"),
    "initializers": Import("keras", "initializers"),
    "regularizers": Import("keras", "regularizers"),
    "constraints": Import("keras", "constraints"),
}
"""The names that generated code may use, each with its import."""


@dataclass(frozen=True)
class Example:
    """The docstring's example: lines to type, and what the last one shows."""

    lines: tuple[str, ...]
    shown: str


@dataclass(frozen=True)
class LayerPlan:
    """The module of one layer; every field is text or a list of statements."""

    source: str
    imports: tuple[tuple[str, ...], ...]
    register_as: str
    name: str
    module_summary: str
    summary: str
    prose: str
    sections: tuple[Section, ...]
    example: Example | None
    parameters: tuple[Parameter, ...]
    init: tuple[Statement, ...]
    methods: tuple[Method, ...]
    deserialized: tuple[str, ...]
    config: tuple[tuple[str, str], ...]


def plan_layer(spec: Spec, register_as: str) -> LayerPlan:
    """The plan of a spec's class.

    Raises:
        SpecError: If no example sizes meet the spec's requirements.
    """
    facts = Facts(spec)
    checks = axes.check_shapes(facts)
    methods = (
        build_method(facts, checks is not None),
        call_method(facts, checks is not None),
        output_shape(facts),
        output_spec(facts),
        checks,
    )
    present = tuple(method for method in methods if method)
    init = init_body(facts)
    entries = config(facts)
    return LayerPlan(
        source=f"{spec.stem}.yaml",
        imports=_imports(facts, init, present, entries),
        register_as=literal(register_as),
        name=spec.layer,
        module_summary=docstring.summary(facts, ends=True),
        summary=docstring.summary(facts),
        prose=docstring.prose(facts),
        sections=docstring.sections(facts),
        example=_example(facts, example_sizes(facts)),
        parameters=parameters(facts),
        init=init,
        methods=present,
        deserialized=deserialized(facts),
        config=entries,
    )


def build_method(facts: Facts, checks_shapes: bool) -> Method | None:
    """`build`, or None for a layer with nothing to create or check there."""
    bind = facts.from_shapes(set(facts.pinned))
    body: list[Statement] = []
    if checks_shapes:
        body.append(Run(f"self._check_shapes({', '.join(facts.shape_names)})"))
    body += axes.fixed_sizes(facts)
    body += [
        Assign(f"self.{derived.name}", expression(derived.code, bind))
        for derived in facts.spec.derived
        if derived.name not in facts.static
    ]
    body += axes.build_checks(facts)
    body += axes.kept_sizes(facts)
    body += add_weights(facts, bind)
    body += _inner_layers(facts)
    input_spec = axes.build_spec(facts)
    if input_spec:
        body.append(Assign("self.input_spec", input_spec))
    return Method("build", facts.shape_names, tuple(body)) if body else None


def _inner_layers(facts: Facts) -> Iterator[Statement]:
    """Layers given as arguments are built here where they have not been yet.

    The shape that one is called on is known where that is an input's; the others are
    built by tracing `call` once.
    """
    traced: list[str] = []
    for arg in facts.spec.args:
        if arg.type.name == "Layer":
            shape = _called_on(facts, arg.name)
            given = f"self.{arg.name} is not None and " if arg.type.optional else ""
            condition = f"{given}not self.{arg.name}.built"
            if shape:
                yield Branch(condition, (Run(f"self.{arg.name}.build({shape})"),))
            else:
                traced.append(f"({condition})" if given else condition)
    if traced:
        condition = " or ".join(traced) if len(traced) > 1 else traced[0].strip("()")
        yield Branch(condition, (Run(_trace(facts)),))


def _called_on(facts: Facts, name: str) -> str:
    """The shape of the input that a given layer is called on, or ""."""
    forward = facts.spec.forward.body
    changed = names_of(forward).local
    for node in (node for statement in forward for node in ast.walk(statement)):
        match node:
            case ast.Call(func=ast.Name(id=called), args=[ast.Name(id=tensor)]) if (
                called == name and tensor in facts.inputs and tensor not in changed
            ):
                return facts.shape_name(tensor)
    return ""


def _trace(facts: Facts) -> str:
    tensors = [
        f"keras.KerasTensor({facts.shape_name(tensor.name)}"
        + (f", dtype={literal(tensor.dtype)})" if tensor.dtype else ")")
        for tensor in facts.spec.inputs
    ]
    call = 'lambda inputs: self.call(*inputs), dtype=self.dtype_policy, name="call"'
    return f"keras.layers.Lambda({call})([{', '.join(tensors)}])"


def _example(facts: Facts, sizes: Sizes) -> Example | None:
    """Calling the layer on ones, and the shape that comes out.

    There is none for a layer that takes an object as an argument, or whose output shape
    is not stated.
    """
    spec = facts.spec
    shape = sizes.shape(spec.outputs[0].shape) if spec.outputs else None
    objects = any(arg.type.name in ("Array", "Layer") for arg in spec.args)
    if spec.outputs is None or shape is None or objects:
        return None
    if any(isinstance(dim, Anyone) for dim in spec.outputs[0].shape.dims or ()):
        return None
    call = call_text(dict(constructor_call(facts, sizes)), facts)
    tensors = ", ".join(input_example(tensor, sizes) for tensor in spec.inputs)
    made = f"layer = {spec.layer}({call})"
    if len(spec.outputs) == 1:
        return Example((made, f"layer({tensors}).shape"), literal(shape))
    names = ", ".join(str(output.name) for output in spec.outputs)
    called = f"{names} = layer({tensors})"
    return Example((made, called, f"{spec.outputs[0].name}.shape"), literal(shape))


def _imports(
    facts: Facts,
    init: tuple[Statement, ...],
    methods: tuple[Method, ...],
    entries: tuple[tuple[str, str], ...],
) -> tuple[tuple[str, ...], ...]:
    """The imports that the code uses."""
    statements = [*init, *(s for method in methods for s in method.body)]
    texts = [text for statement in statements for text in code_of(statement)]
    texts += [text for _, text in entries]
    return import_blocks({MODULES["keras"], *used_imports(facts, texts)})


def used_imports(facts: Facts, texts: Iterable[str]) -> Iterator[Import]:
    """The imports of the names that pieces of code read."""
    available = MODULES | {found.bound: found for found in parsed(facts.spec.imports)}
    for text in texts:
        for name in names_of(ast.parse(text).body).free:
            if name.id in available:
                yield available[name.id]
