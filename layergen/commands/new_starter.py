"""A first spec, written from what a user says in one line each.

Whatever goes in comes out through YAML as it was given: `scalar` and `_flow` see to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import yaml
from msgspec import Struct

from layergen.errors import UserError

_NAMED = re.compile(r"\s*(\w+)\s*:\s*(.*)", re.DOTALL)


class Wish(Struct, frozen=True):
    """What the starter is to say; each text as the flag of that name takes it."""

    doc: str | None = None
    args: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    call_args: tuple[str, ...] = ()
    output: str | None = None
    weights: tuple[str, ...] = ()
    activation: str | None = None
    forward: str | None = None


def starter(layer: str, wish: Wish) -> str:
    """The text of a spec for a layer of that class name.

    What the wish leaves out and a spec needs is filled in: one input, and a computation
    where there are no weights to use in one.
    """
    inputs = wish.inputs or ("..., features",)
    weights, forward, output = wish.weights, wish.forward, wish.output
    if forward is None:
        if weights:
            raise UserError("--weight needs --forward, which says how it is used.")
        weights, forward, output = _computation(wish.args, inputs, output)
    lines = [
        *_entry("layer", layer),
        *_entry("doc", wish.doc),
        *_section("args", wish.args, _annotation),
        *_inputs(inputs),
        *_section("call_args", wish.call_args, _annotation),
        *([] if output is None else [f"outputs: {_shape(output, '--output')}"]),
        *_section("weights", weights, lambda text: _shape(text, "--weight")),
        *_entry("activation", wish.activation),
        *_entry("forward", forward),
    ]
    return "\n".join(lines) + "\n"


def scalar(text: str, indent: int = 0) -> str:
    """The text as a YAML string after `key: `: plain, as a block, or else quoted."""
    pad = " " * (indent + 2)
    block = "|\n" + "\n".join(
        pad + line if line else "" for line in text.rstrip("\n").split("\n")
    )
    if not text.endswith("\n"):
        block = block.replace("|", "|-", 1)
    for candidate in (text, block):
        if _reads_as(candidate, text):
            return candidate
    quoted: str = yaml.safe_dump(
        text, default_style='"', width=float("inf"), allow_unicode=True
    )
    return quoted.rstrip("\n")


def _reads_as(candidate: str, text: str) -> bool:
    node = _only_value(candidate)
    return (
        isinstance(node, yaml.ScalarNode)
        and node.value == text
        and node.tag == "tag:yaml.org,2002:str"
    )


def _only_value(written: str) -> yaml.Node | None:
    """The node that YAML sees after `key: `, if that is all it sees."""
    try:
        root = yaml.compose(f"key: {written}\n", yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    if not isinstance(root, yaml.MappingNode) or len(root.value) != 1:
        return None
    node: yaml.Node = root.value[0][1]
    return node


def _entry(key: str, text: str | None, indent: int = 0) -> Iterator[str]:
    if text is not None:
        yield f"{' ' * indent}{key}: {scalar(text, indent)}"


def _section(
    key: str, texts: tuple[str, ...], value: Callable[[str], str]
) -> Iterator[str]:
    if not texts:
        return
    yield f"{key}:"
    for text in texts:
        name, rest = _named(text, key)
        yield f"  {name}: {value(rest)}"


def _inputs(texts: tuple[str, ...]) -> Iterator[str]:
    if len(texts) == 1 and not _NAMED.fullmatch(texts[0]):
        yield f"inputs: {_shape(texts[0], '--input')}"
    else:
        yield from _section("inputs", texts, lambda text: _shape(text, "--input"))


def _named(text: str, key: str) -> tuple[str, str]:
    match = _NAMED.fullmatch(text)
    if match is None:
        flag = "--" + key.removesuffix("s").replace("_", "-")
        raise UserError(f"{flag} {text!r} has no name; write it as `name: ...`.")
    return match[1], match[2].strip()


def _annotation(text: str) -> str:
    return _flow(text, "--arg") if text.startswith("{") else scalar(text, 2)


def _shape(text: str, flag: str) -> str:
    text = text.strip()
    if text == "any":
        return text
    return _flow(text if text.startswith(("[", "{")) else f"[{text}]", flag)


def _flow(text: str, flag: str) -> str:
    """A list or mapping in YAML's own notation, which must be whole."""
    node = _only_value(text)
    whole = isinstance(node, yaml.CollectionNode) and "\n" not in text
    if not whole or node is None or node.end_mark.index != len(f"key: {text}"):
        raise UserError(f"{flag} {text!r} is not a list or mapping that YAML can read.")
    return text


def _computation(
    args: tuple[str, ...], inputs: tuple[str, ...], output: str | None
) -> tuple[tuple[str, ...], str, str | None]:
    """Weights, forward and output where the user names none of the first two.

    With an argument `units`, the last axis of a single input goes through a kernel;
    otherwise the first input is returned.
    """
    match = _NAMED.fullmatch(inputs[0])
    name, shape = (match[1], match[2].strip()) if match else ("x", inputs[0].strip())
    alone = len(inputs) == 1
    before, _, last = shape.strip("[] ").rpartition(",")
    has_units = any(re.match(r"\s*units\s*:\s*int\b", arg) for arg in args)
    if alone and has_units and last.strip().isidentifier():
        weights = (
            f"kernel: [{last.strip()}, units]",
            "bias: {shape: [units], initializer: zeros}",
        )
        sizes = f"{before.strip()}, units" if before.strip() else "units"
        return weights, f"{name} @ kernel + bias", output or sizes
    return (), name, output or shape
