"""A spec as the plan of a function that builds a model out of built-in layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from layergen.example.sizes import Sizes
from layergen.example.values import (
    call_of,
    constructor_call,
    example_sizes,
    input_example,
    input_shape,
)
from layergen.functional.activation import activation_function
from layergen.functional.body import Body
from layergen.functional.forward import own_arguments, read_values
from layergen.functional.shapes import shown_shape
from layergen.language.model import Function as SpecFunction
from layergen.layer import docstring
from layergen.layer.casts import casting_outside
from layergen.layer.constructor import Parameter, optional, parameters
from layergen.layer.docstring import Example
from layergen.layer.facts import Facts
from layergen.layer.function_calls import as_parameter
from layergen.layer.plan import LayerPlan, imports_of, plan_layer
from layergen.layer.shape_text import documented, is_arbitrary
from layergen.source.bodies import function_body
from layergen.source.functions import Function
from layergen.source.imports import Import, import_blocks
from layergen.source.literals import (
    DocText,
    comment_text,
    docstring_text,
    literal,
)
from layergen.source.statements import Run
from layergen.source.written import Written


class FunctionPlan(Struct, frozen=True):
    """The function of one layer, and the module around it; every field is text."""

    source: str
    imports: tuple[tuple[str, ...], ...]
    needed: frozenset[Import]
    functions: tuple[Function, ...]
    function: Function
    summary: DocText
    prose: DocText
    arguments: tuple[DocText, ...]
    returns: DocText
    raises: tuple[DocText, ...]
    example: Example | None


def plan_function(facts: Facts) -> FunctionPlan:
    """The plan of a spec's function.

    Raises:
        SpecError: If the spec has what no model of built-in layers can do, or no example
            sizes meet its requirements.
    """
    helpers = tuple(_helpers(facts))
    taken = tuple(parameter.text for parameter in function_parameters(facts))
    function = Function(facts.spec.stem, taken, Body(facts).statements())
    reads = {name for one in (*helpers, function) for name in one.reads}
    needed = imports_of(facts, {"keras", *reads})
    return FunctionPlan(
        source=comment_text(f"{facts.spec.stem}.yaml"),
        imports=import_blocks(needed),
        needed=needed,
        functions=helpers,
        function=function,
        summary=docstring.summary(facts),
        prose=docstring.prose(facts),
        arguments=docstring.paragraphs(_argument_docs(facts)),
        returns=docstring_text(_returns(facts)),
        raises=docstring.paragraphs(docstring.raises(facts)),
        example=_example(facts, example_sizes(facts)),
    )


def plan_both(facts: Facts, register_as: str) -> tuple[LayerPlan, FunctionPlan]:
    """The plans of a class and of the function beside it in one module.

    Raises:
        SpecError: As `plan_function` does.
    """
    layer, function = plan_layer(facts, register_as), plan_function(facts)
    needed = function.needed | layer.needed
    return replace(layer, needed=needed, imports=import_blocks(needed)), function


def function_parameters(facts: Facts) -> tuple[Parameter, ...]:
    """Shapes, the constructor's own parameters, and what every layer is given."""
    shapes = map(Parameter, facts.shape_names)
    return (*shapes, *_own_parameters(facts), optional("name"), optional("dtype"))


def _own_parameters(facts: Facts) -> list[Parameter]:
    """The constructor's parameters, but for an activation that is a function of the spec."""
    fixed = activation_function(facts) is not None
    return [p for p in parameters(facts) if not (fixed and p.name == "activation")]


def given_shapes(facts: Facts, sizes: Sizes) -> tuple[tuple[int, ...], ...]:
    """The shapes that the function is given, of these sizes."""
    found = (input_shape(tensor.shape, sizes) for tensor in facts.spec.inputs)
    return tuple(shape[1:] for shape in found)


def _helpers(facts: Facts) -> Iterator[Function]:
    """The spec's functions that the model uses; what they read is passed to them."""
    for function in facts.spec.functions:
        yield Function(
            function.name,
            (*function.args, *read_values(facts, function)),
            (Run(_helper_body(facts, function)),),
            doc=docstring_text(" ".join((function.doc or "").split())),
        )


def _helper_body(facts: Facts, function: SpecFunction) -> str:
    code = function.forward
    bind = partial(as_parameter, facts)
    made = casting_outside(facts, code, function.args, bind, sizes_are_known=True)

    def extra(call: ast.Call) -> tuple[str, ...]:
        return made.extra(call) or own_arguments(facts, call, bind)

    return function_body(
        code, str, extra=extra, around=made.around, instead=made.instead
    )


def _argument_docs(facts: Facts) -> Iterator[str]:
    """The shapes, the class' arguments, and what every model takes."""
    yield from _shape_docs(facts)
    yield from docstring.argument_docs(facts, _own_parameters(facts))
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
    shapes = [output.shape for output in facts.outputs or ()]
    said = "A `keras.Model` of built-in layers, which loads without custom objects"
    if len(shapes) != 1 or is_arbitrary(shapes[0]):
        return f"{said}."
    return f"{said}. Its output has the shape `{documented(shapes[0].dims or ())}`."


def _example(facts: Facts, sizes: Sizes) -> Example | None:
    """Building the model and calling it on ones; none where objects must be given."""
    spec = facts.spec
    outputs = facts.outputs
    shape = sizes.known(outputs[0].shape) if outputs else None
    objects = any(arg.type.is_made for arg in spec.args)
    if outputs is None or len(outputs) > 1 or shape is None or objects:
        return None
    if not outputs[0].shape.is_stated:
        return None
    given = [literal(one) for one in given_shapes(facts, sizes)]
    call = call_of(dict(constructor_call(facts, sizes)), facts)
    arguments = ", ".join([*given, *([call] if call else [])])
    ones = [
        Written(input_example(t, input_shape(t.shape, sizes), sizes))
        for t in spec.inputs
    ]
    tensors = literal(spec.joined(ones)) if len(ones) > 1 else ones[0]
    made = f"model = {spec.stem}({arguments})"
    return docstring.example((made, f"model({tensors}).shape"), shape)
