"""A spec as the plan of a function that builds a model out of built-in layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from layergen.example.sizes import Sizes
from layergen.example.values import (
    call_text,
    constructor_call,
    example_sizes,
    input_example,
    input_shape,
)
from layergen.functional.activation import activation_function
from layergen.functional.body import Body
from layergen.functional.forward import own_arguments, read_values
from layergen.functional.shapes import shown_shape
from layergen.language.model import Anyone, Function, Spec
from layergen.layer import docstring
from layergen.layer.constructor import parameters
from layergen.layer.docstring import Example
from layergen.layer.facts import Facts
from layergen.layer.plan import MODULES, LayerPlan, plan_layer, used_imports
from layergen.layer.shape_text import documented, is_arbitrary
from layergen.source.code import Code
from layergen.source.imports import Import, import_blocks, parsed
from layergen.source.literals import (
    DocText,
    comment_text,
    docstring_text,
    literal,
)
from layergen.source.rewrite import function_body
from layergen.source.statements import Statement, code_of


@dataclass(frozen=True)
class Helper:
    """A function of the spec, as one of the module."""

    name: str
    parameters: tuple[str, ...]
    doc: DocText
    body: str


@dataclass(frozen=True)
class FunctionPlan:
    """The function of one layer, and the module around it; every field is text."""

    source: str
    imports: tuple[tuple[str, ...], ...]
    needed: frozenset[Import]
    name: str
    summary: DocText
    prose: DocText
    arguments: tuple[DocText, ...]
    returns: DocText
    raises: tuple[DocText, ...]
    example: Example | None
    parameters: tuple[str, ...]
    helpers: tuple[Helper, ...]
    body: tuple[Statement, ...]


def plan_function(spec: Spec) -> FunctionPlan:
    """The plan of a spec's function.

    Raises:
        SpecError: If the spec has what no model of built-in layers can do, or no example
            sizes meet its requirements.
    """
    facts = Facts(spec)
    body = Body(facts).statements()
    helpers = tuple(_helpers(facts))
    texts = [text for statement in body for text in code_of(statement)]
    texts += [helper.body for helper in helpers]
    needed = frozenset({MODULES["keras"], *used_imports(facts, texts)})
    return FunctionPlan(
        source=comment_text(f"{spec.stem}.yaml"),
        imports=import_blocks(needed),
        needed=needed,
        name=spec.stem,
        summary=docstring.summary(facts),
        prose=docstring.prose(facts),
        arguments=docstring.paragraphs(_argument_docs(facts)),
        returns=docstring_text(_returns(facts)),
        raises=docstring.paragraphs(docstring.raises(facts)),
        example=_example(facts, example_sizes(facts)),
        parameters=function_parameters(facts),
        helpers=helpers,
        body=body,
    )


def plan_both(spec: Spec, register_as: str) -> tuple[LayerPlan, FunctionPlan]:
    """The plans of a class and of the function beside it in one module.

    Raises:
        SpecError: As `plan_function` does.
    """
    layer, function = plan_layer(spec, register_as), plan_function(spec)
    lines = [line for block in layer.imports for line in block]
    needed = function.needed | {*parsed(Code("\n".join(lines), ()))}
    return replace(layer, imports=import_blocks(needed)), function


def function_parameters(facts: Facts) -> tuple[str, ...]:
    """Shapes, the constructor's own parameters, and what every layer is given."""
    own = [
        one.name if one.default is None else f"{one.name}={one.default}"
        for one in parameters(facts)
        if not (one.name == "activation" and activation_function(facts))
    ]
    return (*facts.shape_names, *own, "name=None", "dtype=None")


def given_shapes(facts: Facts, sizes: Sizes) -> tuple[tuple[int, ...], ...]:
    """The shapes that the function is given, of these sizes."""
    found = (input_shape(tensor.shape, sizes) for tensor in facts.spec.inputs)
    return tuple(shape[1:] for shape in found)


def _helpers(facts: Facts) -> Iterator[Helper]:
    """The spec's functions that the model uses; what they read is passed to them."""
    for function in facts.spec.functions:
        yield Helper(
            function.name,
            (*function.args, *read_values(facts, function)),
            docstring_text(" ".join((function.doc or "").split())),
            _helper_body(facts, function),
        )


def _helper_body(facts: Facts, function: Function) -> str:
    return function_body(
        function.forward,
        lambda name: name,
        extra=lambda call: own_arguments(facts, call),
    )


def _argument_docs(facts: Facts) -> Iterator[str]:
    """The shapes, the class' arguments, and what every model takes."""
    yield from _shape_docs(facts)
    fixed = activation_function(facts) is not None
    for entry in docstring.argument_docs(facts):
        if not (fixed and entry.startswith("activation: ")):
            yield entry
    yield "name: Name of the model."
    yield "dtype: Dtype policy of the layers; `None` for the global one."


def _shape_docs(facts: Facts) -> Iterator[str]:
    for tensor in facts.spec.inputs:
        name = facts.shape_name(tensor.name)
        whose = f"`{tensor.name}`" if len(facts.inputs) > 1 else "the input"
        said = f"{name}: Tuple of integers, the shape of {whose} without the batch axis"
        yield said + (
            "." if is_arbitrary(tensor.shape) else f": `{shown_shape(tensor.shape)}`."
        )


def _returns(facts: Facts) -> str:
    shapes = [output.shape for output in facts.spec.outputs or ()]
    said = "A `keras.Model` of built-in layers, which loads without custom objects"
    if len(shapes) != 1 or is_arbitrary(shapes[0]):
        return f"{said}."
    return f"{said}. Its output has the shape `{documented(shapes[0].dims or ())}`."


def _example(facts: Facts, sizes: Sizes) -> Example | None:
    """Building the model and calling it on ones; none where objects must be given."""
    spec = facts.spec
    shape = sizes.shape(spec.outputs[0].shape) if spec.outputs else None
    objects = any(arg.type.is_made for arg in spec.args)
    if spec.outputs is None or len(spec.outputs) > 1 or shape is None or objects:
        return None
    if any(isinstance(dim, Anyone) for dim in spec.outputs[0].shape.dims or ()):
        return None
    given = [literal(one) for one in given_shapes(facts, sizes)]
    call = call_text(dict(constructor_call(facts, sizes)), facts)
    arguments = ", ".join([*given, *([call] if call else [])])
    tensors = ", ".join(
        input_example(t, input_shape(t.shape, sizes), sizes) for t in spec.inputs
    )
    tensors = f"[{tensors}]" if len(spec.inputs) > 1 else tensors
    made = f"model = {spec.stem}({arguments})"
    return docstring.example((made, f"model({tensors}).shape"), shape)
