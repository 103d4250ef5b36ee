"""Embedded Python: every name known, nothing assigned that is not the code's own."""

from __future__ import annotations

import ast
import builtins
import math

from layergen.forward.checks import constructs
from layergen.forward.checks.arguments import check_arguments
from layergen.forward.checks.bound import check_bound
from layergen.forward.vocabulary import LOCAL, Vocabulary
from layergen.keras_tables.names import LAYERS, OPS, OPS_MODULES, RANDOM
from layergen.language.collector import Hint, listing
from layergen.language.context import NO_CODE, Context
from layergen.language.model import Spec
from layergen.language.words import IMPORTED, LANGUAGE_WORDS
from layergen.nearest import nearest
from layergen.source.code import Code
from layergen.source.dotted import dotted
from layergen.source.scopes import Names

GROUPS = {
    "group of axes": "groups of axes",
    LOCAL.partition(" ")[2]: LOCAL.partition(" ")[2].replace("e of", "es of"),
}
NO_VALUES = ("a sublayer", "a function", "a state", "a method", "a property")
CREATORS = ("add_weight", "Variable")


def check_code(
    code: Code, vocabulary: Vocabulary, spec: Spec, context: Context
) -> Names | None:
    """Check statements, names and attributes; the names, or None if there is no code."""
    if code is NO_CODE:
        return None
    constructs.check_statements(code, vocabulary.what, context)
    names = code.names
    for name in names.free:
        if name.id not in vocabulary.known:
            _unknown(name, code, vocabulary, spec, context)
    for bound, node in names.bound:
        _check_binding(bound, node, code, vocabulary, context)
    for node in code.nodes:
        if isinstance(node, ast.Attribute):
            _check_attribute(node, code, vocabulary, context)
    check_arguments(code, vocabulary, spec, context)
    check_bound(code, vocabulary, spec, context)
    return names


def _unknown(
    node: ast.Name, code: Code, vocabulary: Vocabulary, spec: Spec, context: Context
) -> None:
    name, place, what = node.id, code.place(node), vocabulary.what
    if name in context.ghosts:
        return
    if name in vocabulary.hidden:
        message = f"{what} cannot use `{name}`, {vocabulary.hidden[name]}"
        hint = "" if vocabulary.hidden[name] in NO_VALUES else vocabulary.hint
        context.add("LG413", place, message, hint or _visible(vocabulary))
    elif name == "activation":
        message = f"{what} uses `activation`, and the spec has no such key"
        hint = "add `activation: linear`, or the activation that is the default"
        if spec.activation is not None:
            message = f"{what} cannot use `activation`"
            hint = "declare an argument of type `Activation`"
        context.add("LG414", place, message, hint)
    elif vocabulary.is_computation and _is_special(
        node, code, vocabulary, spec, context
    ):
        pass
    elif name in LANGUAGE_WORDS and name != "self":
        in_numpy = name == "ops" and "np" in vocabulary.words
        hint = "use `np`" if in_numpy else _visible(vocabulary)
        masks = [word for word in vocabulary.words if word.endswith("_mask")]
        if name == "mask" and masks:
            hint = f"each input has its own: {listing(sorted(masks))}"
        context.add("LG413", place, f"{what} cannot use `{name}`", hint)
    elif hasattr(builtins, name):
        message = f"`{name}` is no builtin that {what} can use"
        context.add(
            "LG410", place, message, "only pure ones: `len`, `range`, `sum` ..."
        )
    elif not context.loose:
        near: Hint = nearest(name, vocabulary.known)
        if name == "self":
            near = "use arguments and weights by their own names"
        context.add("LG406", place, f"unknown name `{name}` in {what}", near)


def _is_special(
    node: ast.Name, code: Code, vocabulary: Vocabulary, spec: Spec, context: Context
) -> bool:
    """Names that mean something to whoever writes a layer, but are not for code."""
    name = node.id
    place = code.place(node)
    first = spec.inputs[0].name
    if name == f"{first}_mask" and "mask" in vocabulary.words:
        context.add("LG406", place, f"unknown name `{name}`", "it is called `mask`")
    elif name in ("np", "numpy"):
        message = f"NumPy in {vocabulary.what}"
        context.add("LG504", place, message, "use `ops`, as in `ops.mean`")
    elif name in LAYERS:
        message = f"`{name}` makes a layer in {vocabulary.what}"
        context.add("LG505", place, message, "declare it under `layers`")
    elif name in CREATORS:
        message = f"`{name}` makes a variable in {vocabulary.what}"
        context.add("LG505", place, message, "declare it under `weights`")
    elif name == "self" and _makes_weight(node, code):
        message = f"`self.add_weight` makes a variable in {vocabulary.what}"
        context.add("LG505", place, message, "declare it under `weights`")
    else:
        return False
    return True


def _makes_weight(name: ast.Name, code: Code) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.value is name
        and node.attr == "add_weight"
        for node in code.nodes
    )


def _visible(vocabulary: Vocabulary) -> str:
    kinds = {kind.partition(" ")[2] for kind in vocabulary.declared.values()}
    shown = [GROUPS.get(kind, f"{kind}s") for kind in sorted(kinds)]
    return f"it sees {', '.join(shown)}" if shown else ""


def _check_binding(
    name: str, node: ast.AST, code: Code, vocabulary: Vocabulary, context: Context
) -> None:
    """Some names may be assigned anew; every other of the spec keeps its meaning."""
    kind = vocabulary.declared.get(name) or vocabulary.hidden.get(name, "")
    if kind in vocabulary.assignable:
        return
    if name in LANGUAGE_WORDS:
        kind = "a name of the language"
    elif name in IMPORTED:
        kind = "a module that generated code uses"
    elif name in vocabulary.beside & code.names.local:
        kind = "a builtin that generated code uses"
    if kind:
        message = f"{vocabulary.what} assigns to `{name}`, {kind}"
        hint = "choose another name for the local variable"
        context.add("LG408", code.place(node), message, hint)


def _check_attribute(
    node: ast.Attribute, code: Code, vocabulary: Vocabulary, context: Context
) -> None:
    place = code.place(node)
    if node.attr.startswith("_"):
        message = f"`.{node.attr}` is private to Python or Keras"
        context.add("LG410", place, message)
        return
    owner = dotted(node.value)
    if owner in ("ops", "keras.ops") and owner.split(".")[0] in vocabulary.words:
        if node.attr not in OPS | OPS_MODULES:
            message = f"`keras.ops` has no `{node.attr}`"
            context.add("LG407", place, message, nearest(node.attr, OPS))
    elif owner == "math" and not hasattr(math, node.attr):
        message = f"`math` has no `{node.attr}`"
        context.add("LG407", place, message, nearest(node.attr, dir(math)))
    elif owner == "random" and "random" in vocabulary.words:
        if node.attr == "SeedGenerator":
            message = "`random.SeedGenerator`, and the layer supplies its own seed"
            context.add("LG421", place, message, "draw without one")
        elif node.attr not in RANDOM:
            message = f"`keras.random` has no `{node.attr}`"
            context.add("LG407", place, message, nearest(node.attr, RANDOM))
    elif owner == "keras" and node.attr == "random" and vocabulary.is_computation:
        message = f"`keras.random` in {vocabulary.what} draws without the layer's seed"
        hint = "use `random`, which has it" if "random" in vocabulary.words else ""
        context.add("LG421", place, message, hint)
