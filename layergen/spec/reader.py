"""A spec's text to the model, with every problem there is."""

from __future__ import annotations

from dataclasses import dataclass

from layergen.problems import Place, Problem
from layergen.spec import check
from layergen.spec.code_text import read_code, read_expression
from layergen.spec.collector import Collector, clipped, nearest
from layergen.spec.context import NO_CODE, Context
from layergen.spec.fields import SPEC
from layergen.spec.keras_names import ACTIVATIONS
from layergen.spec.mappings import read_fields
from layergen.spec.model import Code, Input, Shape, Spec
from layergen.spec.naming import check_class_name, check_stem, to_snake_case
from layergen.spec.nodes import Mapping, Node, Scalar, kind_of
from layergen.spec.read_args import read_args
from layergen.spec.read_parts import (
    read_derived,
    read_example,
    read_inputs,
    read_outputs,
    read_require,
    read_weights,
)
from layergen.spec.values import read_text
from layergen.spec.yaml_nodes import parse


@dataclass(frozen=True)
class Reading:
    """What came of a text: a spec unless there are errors, and all problems."""

    spec: Spec | None
    problems: tuple[Problem, ...]


def read_bytes(data: bytes, file: str, stem: str | None = None) -> Reading:
    """As `read_spec`, for the bytes of a file, which should be UTF-8."""
    return read_spec(data.decode("utf-8", "surrogateescape"), file, stem)


def read_spec(text: str, file: str, stem: str | None = None) -> Reading:
    """Read a spec.

    Args:
        text: The YAML text.
        file: What problems call the file.
        stem: What module and test are named after; by default the class name in
            snake case.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    problems = Collector(file, text)
    context = Context(problems)
    root = parse(text, problems)
    if isinstance(root, Mapping):
        spec = _spec(root, file, text, stem, context)
        check.check(spec, context)
        if not problems.failed:
            return Reading(spec, problems.problems)
    elif root is not None:
        message = f"a spec is a mapping with keys such as `layer`, not {kind_of(root)}"
        context.add("LG203", root.place, message)
    return Reading(None, problems.problems)


def _spec(
    root: Mapping, file: str, text: str, stem: str | None, context: Context
) -> Spec:
    nodes = read_fields(root, "", SPEC, (), context)
    layer = _layer(nodes, context)
    stem = _stem(layer, stem, context)
    args = read_args(nodes["args"], context) if "args" in nodes else ()
    inputs = read_inputs(nodes["inputs"], context) if "inputs" in nodes else ()
    if not inputs:
        inputs = (Input("x", Shape(None, Place(1, 1)), Place(1, 1)),)
        context.loose = True
    outputs = read_outputs(nodes["outputs"], context) if "outputs" in nodes else None
    weights = nodes.get("weights")
    _style(nodes, context)
    return Spec(
        layer=layer,
        stem=stem,
        file=file,
        text=text,
        inputs=inputs,
        forward=_code(nodes, "forward", context) or NO_CODE,
        doc=read_text(nodes["doc"], "`doc`", context) if "doc" in nodes else None,
        args=args,
        outputs=outputs,
        weights=read_weights(weights, args, context) if weights else (),
        derived=read_derived(nodes["derived"], context) if "derived" in nodes else (),
        activation=_activation(nodes, context),
        mask=_mask(nodes, context),
        require=read_require(nodes["require"], context) if "require" in nodes else (),
        equivalent=_code(nodes, "equivalent", context),
        reference=_code(nodes, "reference", context),
        example=(
            read_example(nodes["example"], args, context) if "example" in nodes else ()
        ),
        imports=_code(nodes, "imports", context),
    )


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


def _activation(nodes: dict[str, Node], context: Context) -> str | None:
    node = nodes.get("activation")
    if node is None:
        return None
    name = read_text(node, "`activation`", context)
    if name is not None and name not in ACTIVATIONS:
        message = f"`{clipped(name)}` is no activation that Keras knows by that name"
        context.add("LG211", node.place, message, nearest(name, ACTIVATIONS))
    return name or "linear"


def _word(nodes: dict[str, Node], key: str, context: Context) -> tuple[Node, str]:
    node = nodes[key]
    return node, node.text if isinstance(node, Scalar) else ""


def _style(nodes: dict[str, Node], context: Context) -> None:
    """Only the default of `style` and of `kind` is generated."""
    for key, default, others in (
        ("style", "class", ("functional", "both")),
        ("kind", "layer", ("cell",)),
    ):
        if key in nodes:
            node, word = _word(nodes, key, context)
            _only(node, key, word, (default,), others, context)


def _mask(nodes: dict[str, Node], context: Context) -> str | None:
    if "mask" not in nodes:
        return None
    node, word = _word(nodes, "mask", context)
    if word not in ("pass", "stop") and isinstance(node, Scalar) and " " in word:
        message = "an expression for `mask` is part of the language, but this version"
        context.add("LG204", node.place, message + " does not generate it")
        return None
    _only(node, "mask", word, ("pass",), ("stop",), context)
    return word if word == "pass" else None


def _only(
    node: Node,
    key: str,
    word: str,
    known: tuple[str, ...],
    later: tuple[str, ...],
    context: Context,
) -> None:
    if word in known:
        return
    if word in later:
        message = f"`{key}: {word}` is part of the language, but this version does not"
        context.add("LG204", node.place, message + " generate it")
        return
    shown = f"`{clipped(word)}`" if word else kind_of(node)
    words = " or ".join(f"`{one}`" for one in known + later)
    hint = nearest(word, known + later)
    context.add("LG203", node.place, f"`{key}` must be {words}, not {shown}", hint)
