"""A spec's text to the model, part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from layergen.keras_tables.names import ACTIVATIONS
from layergen.language.axes import Shape
from layergen.language.collector import clipped
from layergen.language.context import NO_CODE, Context
from layergen.language.fields import SPEC
from layergen.language.lengths import with_lengths
from layergen.language.model import Arg, Function, Gradient, Input, Spec, State, Weight
from layergen.language.naming import check_class_name, check_stem, to_snake_case
from layergen.language.readers.aliases import read_aliases
from layergen.language.readers.args import read_args, read_call_args
from layergen.language.readers.code import read_code, read_expression
from layergen.language.readers.mappings import is_identifier, read_fields
from layergen.language.readers.members import read_functions, read_layers
from layergen.language.readers.methods import read_methods, read_properties
from layergen.language.readers.parts import (
    read_derived,
    read_example,
    read_inputs,
    read_outputs,
    read_require,
    read_states,
    read_weights,
)
from layergen.language.readers.spread import spread
from layergen.language.readers.tables import READERS, read_gradient
from layergen.language.readers.values import read_flag, read_text
from layergen.language.yaml.nodes import (
    Mapping,
    Node,
    Scalar,
    kind_of,
)
from layergen.language.yaml.parse import parse
from layergen.nearest import closest, nearest
from layergen.problems import Place
from layergen.source.code import Code

MASKS = ("pass", "stop")
Part = TypeVar("Part")


def read(
    text: str, file: str, stem: str | None, style: str, context: Context
) -> Spec | None:
    """The spec that a text of YAML holds, as far as it can be read.

    Args:
        text: The text, its lines ended by LF.
        file: What problems call the file.
        stem: What module and test are named after; by default the class name in
            snake case.
        style: The style of a spec that states none.
        context: Takes the problems.
    """
    root = parse(text, context.problems)
    if isinstance(root, Mapping):
        return _spec(root, file, text, stem, style, context)
    if root is not None:
        message = f"a spec is a mapping with keys such as `layer`, not {kind_of(root)}"
        context.add("LG203", root.place, message)
    return None


def _spec(
    root: Mapping,
    file: str,
    text: str,
    stem: str | None,
    style: str,
    context: Context,
) -> Spec:
    nodes = read_fields(root, "", SPEC, (), context)
    layer = _layer(nodes, context)
    stem = _stem(layer, stem, context)
    args = _read(read_args, nodes, "args", context)
    call_args = _read(read_call_args, nodes, "call_args", context)
    inputs = _inputs(nodes, context)
    outputs = read_outputs(nodes["outputs"], context) if "outputs" in nodes else None
    functions = _read(read_functions, nodes, "functions", context)
    weights, states = _variables(nodes, args, context)
    aliases, methods = nodes.get("aliases"), nodes.get("methods")
    spec = Spec(
        layer=layer,
        stem=stem,
        file=file,
        text=text,
        inputs=inputs,
        forward=_code(nodes, "forward", context) or NO_CODE,
        doc=read_text(nodes["doc"], "`doc`", context) if "doc" in nodes else None,
        style=_word(nodes, "style", style, context),
        kind=_word(nodes, "kind", "layer", context),
        args=args,
        call_args=call_args,
        inputs_as=_word(nodes, "inputs_as", "separate", context),
        outputs=spread(outputs, args, context) if outputs else outputs,
        outputs_as=_word(nodes, "outputs_as", "tuple", context),
        weights=spread(weights, args, context),
        states=spread(states, args, context),
        layers=read_layers(nodes["layers"], args, context) if "layers" in nodes else (),
        functions=functions,
        gradient=_gradient(nodes, context),
        derived=_read(read_derived, nodes, "derived", context),
        activation=_activation(nodes, functions, context),
        autocast=_flag(nodes, "autocast", True, context),
        mask=_mask(nodes, context),
        require=_read(read_require, nodes, "require", context),
        equivalent=_code(nodes, "equivalent", context),
        reference=_code(nodes, "reference", context),
        example=_example(nodes, (*args, *call_args), context),
        imports=_code(nodes, "imports", context),
        aliases=read_aliases(aliases, layer, context) if aliases else (),
        methods=read_methods(methods, args, context) if methods else (),
        properties=_read(read_properties, nodes, "properties", context),
    )
    return with_lengths(spec)


def _read(
    read: Callable[[Node, Context], tuple[Part, ...]],
    nodes: dict[str, Node],
    key: str,
    context: Context,
) -> tuple[Part, ...]:
    return read(nodes[key], context) if key in nodes else ()


def _inputs(nodes: dict[str, Node], context: Context) -> tuple[Input, ...]:
    """The inputs; where there are none to read, one that may be anything."""
    inputs = _read(read_inputs, nodes, "inputs", context)
    if not inputs:
        inputs = (Input("x", Shape(None, Place(1, 1)), Place(1, 1)),)
        context.loose = True
    return inputs


def _variables(
    nodes: dict[str, Node], args: tuple[Arg, ...], context: Context
) -> tuple[tuple[Weight, ...], tuple[State, ...]]:
    weights, states = nodes.get("weights"), nodes.get("states")
    return (
        read_weights(weights, args, context) if weights else (),
        read_states(states, args, context) if states else (),
    )


def _example(
    nodes: dict[str, Node], args: tuple[Arg, ...], context: Context
) -> tuple[tuple[str, object], ...]:
    node = nodes.get("example")
    return read_example(node, args, context) if node else ()


def _gradient(nodes: dict[str, Node], context: Context) -> Gradient | None:
    node = nodes.get("gradient")
    return read_gradient(node, "`gradient`", context) if node else None


def _layer(nodes: dict[str, Node], context: Context) -> str:
    node = nodes.get("layer")
    name = read_text(node, "`layer`", context) if node else None
    if node is None or name is None:
        return ""
    check_class_name(name, node.place, context)
    return name


def _stem(layer: str, stem: str | None, context: Context) -> str:
    if stem is not None:
        check_stem(stem, Place(1, 1), context)
        return stem
    stem = to_snake_case(layer)
    if layer and stem:
        check_stem(stem, context.place("layer"), context)
    return stem


def _code(nodes: dict[str, Node], key: str, context: Context) -> Code | None:
    if key not in nodes:
        return None
    read = read_expression if key == "equivalent" else read_code
    return read(nodes[key], f"`{key}`", context)


def _activation(
    nodes: dict[str, Node], functions: tuple[Function, ...], context: Context
) -> str | None:
    """A Keras identifier, or the name of one of `functions`."""
    node = nodes.get("activation")
    if node is None:
        return None
    name = read_text(node, "`activation`", context)
    known = ACTIVATIONS | {function.name for function in functions} | context.ghosts
    if name is not None and name not in known:
        message = f"`{clipped(name)}` is no activation that Keras knows by that name"
        context.add("LG211", node.place, message, nearest(name, known))
    return name or "linear"


def _word(nodes: dict[str, Node], key: str, default: str, context: Context) -> str:
    if key not in nodes:
        return default
    kind = {field.key: field.kind for field in SPEC}[key]
    word: str | None = READERS[kind](nodes[key], f"`{key}`", context)
    return word or default


def _flag(nodes: dict[str, Node], key: str, default: bool, context: Context) -> bool:
    found = read_flag(nodes[key], f"`{key}`", context) if key in nodes else None
    return default if found is None else found


def _mask(nodes: dict[str, Node], context: Context) -> str | Code | None:
    """`pass`, `stop`, or code; a word like one of the two is meant as it."""
    node = nodes.get("mask")
    if node is None:
        return None
    word = node.text.strip() if isinstance(node, Scalar) else ""
    if word in MASKS:
        return word
    if is_identifier(word) and closest(word, MASKS):
        message = f"`mask` must be `pass`, `stop` or code, not `{word}`"
        context.add("LG203", node.place, message, nearest(word, MASKS))
        return None
    return read_code(node, "`mask`", context)
