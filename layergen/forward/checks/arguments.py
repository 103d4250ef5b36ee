"""What calls give to functions and classes of Keras, held to the parameters these have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from layergen.forward.vocabulary import Vocabulary
from layergen.keras_tables.names import (
    ACTIVATIONS,
    CONSTRAINT_IDENTIFIERS,
    INITIALIZER_IDENTIFIERS,
    REGULARIZER_IDENTIFIERS,
)
from layergen.keras_tables.parameters import Parameter
from layergen.keras_tables.signatures import signature
from layergen.keras_tables.spellings import meant
from layergen.language.collector import Hint, listing
from layergen.language.context import Context
from layergen.language.model import Spec
from layergen.nearest import nearest, question
from layergen.source.code import Code
from layergen.source.dotted import dotted

MOST_LISTED = 8
IDENTIFIERS = {
    "activation": ACTIVATIONS,
    "initializer": INITIALIZER_IDENTIFIERS,
    "regularizer": REGULARIZER_IDENTIFIERS,
    "constraint": CONSTRAINT_IDENTIFIERS,
}
"""What a layer looks up, by the last word of the parameter's name."""
Found = tuple[ast.AST, str, Hint]


def check_arguments(
    code: Code, vocabulary: Vocabulary, spec: Spec, context: Context
) -> None:
    """Every call of what Keras has must fit, at any depth."""
    for node in code.nodes:
        shown = dotted(node.func) if isinstance(node, ast.Call) else ""
        full = in_full(shown, vocabulary, spec) if shown else ""
        parameters = signature(full)
        if parameters is None or not isinstance(node, ast.Call):
            continue
        for at, message, hint in misfits(node, shown, parameters):
            context.add("LG423", code.place(at), message, hint)
        if full.startswith("keras.layers."):
            for at, message, hint in unknown_identifiers(node, parameters):
                context.add("LG211", code.place(at), message, hint)


def unknown_identifiers(
    call: ast.Call, parameters: Sequence[Parameter]
) -> Iterator[Found]:
    """The texts that a layer looks up and that Keras knows nothing by."""
    order = [one.name for one in parameters if one.how == "any"]
    given = [*zip(order, call.args, strict=False)]
    given += [(one.arg or "", one.value) for one in call.keywords]
    for name, value in given:
        kind = name.rpartition("_")[2]
        match value:
            case ast.Constant(value=str(text)) if kind in IDENTIFIERS:
                # What is registered is called `package>name`.
                if text not in IDENTIFIERS[kind] and ">" not in text:
                    message = f"`{text}` is no {kind} that Keras knows by that name"
                    yield value, message, nearest(text, IDENTIFIERS[kind])
            case ast.Starred():
                return


def in_full(name: str, vocabulary: Vocabulary, spec: Spec) -> str:
    """What a name of a piece of code stands for in full, or "" where nobody knows."""
    root = name.partition(".")[0]
    if root in spec.imported:
        return spec.in_full(name)
    if root in vocabulary.declared or root not in vocabulary.words:
        return ""
    if root in ("ops", "random"):
        return f"keras.{name}"
    return name if root == "keras" else f"{vocabulary.home}.{name}"


def misfits(
    call: ast.Call, shown: str, parameters: Sequence[Parameter]
) -> Iterator[Found]:
    """Where a call does not fit parameters, each with what is wrong and a hint."""
    named = [one.name for one in parameters if one.how in ("any", "name")]
    order = [one.name for one in parameters if one.how == "any"]
    hows = {one.how for one in parameters}
    spread = any(isinstance(one, ast.Starred) for one in call.args)
    if "*" not in hows and not spread and len(call.args) > len(order):
        count = f"{len(order)} argument{'' if len(order) == 1 else 's'}"
        message = f"`{shown}` takes {count} by position, and is given {len(call.args)}"
        yield call.args[len(order)], message, _taken(order)
    given = set() if spread else set(order[: len(call.args)])
    for keyword in call.keywords:
        name = keyword.arg
        if name is None:
            continue
        if name in given:
            yield keyword, f"`{shown}` is given `{name}` twice", ""
        elif name not in named and "**" not in hows:
            yield keyword, f"`{shown}` has no parameter `{name}`", _meant(name, named)
        given.add(name)
    if spread or any(keyword.arg is None for keyword in call.keywords):
        return
    wrong = given - {*named}
    missing = [one.name for one in parameters if one.required and one.name not in given]
    if missing and not wrong:
        yield call, f"this call of `{shown}` lacks {listing(missing)}", ""


def _meant(name: str, known: Sequence[str]) -> Hint:
    if other := meant(name, known):
        return question(other)
    return nearest(name, known, _taken(known))


def _taken(names: Sequence[str]) -> str:
    if not names:
        return "it takes none"
    more = ", ..." if len(names) > MOST_LISTED else ""
    return f"it takes {listing(names[:MOST_LISTED])}{more}"
