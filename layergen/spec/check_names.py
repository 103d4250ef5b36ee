"""The names that a spec declares: usable, free, and each given once."""

from __future__ import annotations

import builtins

from layergen.problems import Place
from layergen.spec.collector import clipped
from layergen.spec.context import Context
from layergen.spec.dims import sizes
from layergen.spec.keras_names import AMBIGUOUS, LANGUAGE_WORDS, LAYER_ATTRIBUTES
from layergen.spec.mappings import is_identifier
from layergen.spec.model import Rest, Shape, Spec
from layergen.spec.vocabulary import imported

GENERATED = {
    "activations": "the constructor looks activations up there",
    "constraints": "the constructor looks constraints up there",
    "initializers": "the constructor looks initializers up there",
    "regularizers": "the constructor looks regularizers up there",
    "numpy": "generated code may import NumPy",
    "request": "pytest keeps that name for itself",
    "kwargs": "the constructor has `**kwargs`",
    "seed": "the language keeps `seed` for layers with randomness",
}
MAKERS = ("initializer", "regularizer", "constraint")
Declared = list[tuple[str, str, Place]]


def check_names(spec: Spec, context: Context) -> None:
    declared = _declared(spec, context)
    for name, kind, place in declared:
        _check_usable(name, kind, place, context)
    _check_unique(declared, context)
    _check_generated(spec, declared, context)
    _check_dimensions(spec, context)


def _declared(spec: Spec, context: Context) -> Declared:
    found: Declared = [(a.name, "argument", a.place) for a in spec.args]
    found += [(i.name, "input", i.place) for i in spec.inputs]
    found += [(w.name, "weight", w.place) for w in spec.weights]
    found += [(d.name, "derived value", d.place) for d in spec.derived]
    where = context.place("imports")
    return found + [(name, "import", where) for name in imported(spec.imports)]


def _check_usable(name: str, kind: str, place: Place, context: Context) -> None:
    """Refuse what means something else to Python, to the language or to Keras."""
    article = "an" if kind[0] in "aeiou" else "a"
    if name.startswith("_"):
        message = f"`{clipped(name)}` begins with `_`, which the class keeps to itself"
        context.add(
            "LG403", place, message, f"`{name.strip('_') or 'value'}`, perhaps?"
        )
    elif name in AMBIGUOUS:
        message = f"`{name}` is hard to tell from a digit"
        context.add("LG403", place, message, "choose a longer name")
    elif kind == "import":
        if name in LANGUAGE_WORDS - {"np", "keras", "tf", "math"}:
            message = f"an import cannot be called `{name}`, a name of the language"
            context.add("LG403", place, message)
    elif name in LANGUAGE_WORDS:
        message = f"{article} {kind} cannot be called `{name}`, a name of the language"
        hint = "use the key `activation` instead" if name == "activation" else ""
        context.add("LG403", place, message, hint)
    elif hasattr(builtins, name):
        message = f"{article} {kind} cannot be called `{name}`, a builtin of Python"
        context.add("LG403", place, message)
    elif name in GENERATED:
        message = f"{article} {kind} cannot be called `{name}`: {GENERATED[name]}"
        context.add("LG404", place, message)
    elif kind != "input" and name in LAYER_ATTRIBUTES:
        message = f"{article} {kind} cannot be called `{name}`: Keras uses that name"
        context.add("LG402", place, message, "choose another name")


def _check_unique(declared: Declared, context: Context) -> None:
    first: dict[str, str] = {}
    for name, kind, place in declared:
        if name in first:
            message = f"`{name}` is the name of both {_a(first[name])} and {_a(kind)}"
            context.add("LG401", place, message, "rename one of them")
        else:
            first[name] = kind


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _check_generated(spec: Spec, declared: Declared, context: Context) -> None:
    """Refuse names that the constructor gives to a weight's initializer and the like."""
    made: dict[str, str] = {}
    for weight in spec.weights:
        if weight.expose:
            made[f"{weight.name}_initializer"] = weight.name
            for maker in MAKERS[1:]:
                if getattr(weight, maker) is not None:
                    made[f"{weight.name}_{maker}"] = weight.name
    for name, kind, place in declared:
        if kind == "input" or name not in made:
            continue
        message = f"`{name}` is an argument already: it comes with `{made[name]}`"
        hint = f"rename it, or write `expose: false` under `{made[name]}`"
        context.add("LG404", place, message, hint)


def _check_dimensions(spec: Spec, context: Context) -> None:
    """A dimension's name must mean nothing else, but for arguments and derived values."""
    others = {i.name: "an input" for i in spec.inputs}
    others |= {w.name: "a weight" for w in spec.weights}
    others |= {name: "an import" for name in imported(spec.imports)}
    for shape in _shapes(spec):
        names = {name: size.place for size in sizes(shape) for name in size.names}
        for dim in shape.dims or ():
            if isinstance(dim, Rest) and dim.name:
                names[dim.name] = shape.place
        for name, place in names.items():
            if name in others:
                message = f"the dimension `{name}` has the name of {others[name]}"
                context.add("LG305", place, message, "rename one of them")
            elif not is_identifier(name) or name.startswith("_"):
                message = f"`{name}` is no name for a dimension"
                context.add("LG403", place, message)
            elif name in AMBIGUOUS:
                message = f"`{name}` is hard to tell from a digit"
                context.add("LG403", place, message, "choose a longer name")
            elif name in LANGUAGE_WORDS or hasattr(builtins, name):
                whose = "the language" if name in LANGUAGE_WORDS else "Python"
                message = f"`{name}` is no name for a dimension: it means something"
                context.add("LG403", place, f"{message} to {whose}")


def _shapes(spec: Spec) -> list[Shape]:
    found = [arg.shape for arg in spec.args if arg.shape]
    found += [tensor.shape for tensor in spec.inputs]
    found += [weight.shape for weight in spec.weights]
    return found + [output.shape for output in spec.outputs or ()]
