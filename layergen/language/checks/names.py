"""The names that a spec declares: usable, free, and each given once."""

from __future__ import annotations

import builtins

from layergen.keras_tables.names import HELD, PRIVATE
from layergen.language.checks.dimensions import check_dimension_names
from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.dims import dimensions
from layergen.language.exposed import ROLES, argument_name, exposes
from layergen.language.model import Spec
from layergen.language.variables import created
from layergen.language.words import AMBIGUOUS, IMPORTED, LANGUAGE_WORDS, OF_TESTS
from layergen.problems import Place
from layergen.source.scopes import names_of

GENERATED = {
    "activations": "the constructor looks activations up there",
    "constraints": "the constructor looks constraints up there",
    "initializers": "the constructor looks initializers up there",
    "regularizers": "the constructor looks regularizers up there",
    "numpy": "generated code may import NumPy",
    "request": "pytest keeps that name for itself",
    "kwargs": "the constructor has `**kwargs`",
    "seed": "the language keeps `seed` for layers with randomness",
    "seed_generator": "a layer with randomness keeps its generator there",
}
WITH_STATES = {"reset_state": "a layer with states has a method of that name"}
IN_CELLS = dict.fromkeys(
    ("state_size", "output_size", "get_initial_state", "states"),
    "an RNN and its cell speak to each other by that name",
)
# What the class keeps or has for itself.
OWN_PRIVATE = frozenset({"_check_shapes", "_output_mask", "_with_mask"})
OWN_ENDS = ("_size", "_shape", "_positions")
# Names of the call's parameters, which the class does not store, or of its module.
NOT_STORED = ("input", "call argument", "function", "parameter", "loop's variable")
# What the names of modules stand for in generated code.
MEANINGS = {name: f"keras.{name}" for name in IMPORTED} | {
    "keras": "keras",
    "math": "math",
    "np": "numpy",
    "numpy": "numpy",
    "tf": "tensorflow",
}
Declared = list[tuple[str, str, Place]]


def check_names(spec: Spec, context: Context) -> None:
    declared = _declared(spec, context)
    reserved = GENERATED | (IN_CELLS if spec.kind == "cell" else {})
    reserved |= WITH_STATES if spec.states and spec.kind != "cell" else {}
    for name, kind, place in (*declared, *_inner(spec, context)):
        _check_usable(name, kind, place, reserved, context)
    _check_imports(spec, reserved, context)
    _check_unique(declared, context)
    _check_inner(spec, declared, context)
    _check_generated(spec, declared, context)
    _check_module(spec, declared, context)
    check_dimension_names(spec, context)


def _declared(spec: Spec, context: Context) -> Declared:
    found: Declared = [(a.name, "argument", a.place) for a in spec.args]
    found += [(i.name, "input", i.place) for i in spec.inputs]
    found += [(a.name, "call argument", a.place) for a in spec.call_args]
    found += [(w.name, "weight", w.place) for w in spec.weights]
    found += [(s.name, "state", s.place) for s in spec.states]
    found += [(s.name, "sublayer", s.place) for s in spec.layers]
    found += [(f.name, "function", f.place) for f in spec.functions]
    found += [(d.name, "derived value", d.place) for d in spec.derived]
    found += [(m.name, "method", m.place) for m in spec.methods]
    found += [(p.name, "property", p.place) for p in spec.properties]
    places = _import_places(spec)
    return found + [(name, "import", place) for name, place in places.items()]


def _import_places(spec: Spec) -> dict[str, Place]:
    """Where each name that is imported stands."""
    code = spec.imports
    if code is None:
        return {}
    return {
        name: code.place(statement)
        for statement in code.body
        for name in names_of([statement]).local
    }


def _inner(spec: Spec, context: Context) -> Declared:
    """Names that hold in one piece of the spec alone."""
    found: Declared = []
    for function in spec.functions:
        place = context.place("functions", function.name, "args")
        found += [(name, "parameter", place) for name in function.args]
    for layer in spec.layers:
        place = context.place("layers", layer.name, "for")
        names = layer.loop.target.split(", ") if layer.loop else []
        found += [(n, "loop's variable", place) for n in names if n != "_"]
    return found


def _check_inner(spec: Spec, declared: Declared, context: Context) -> None:
    """A parameter must not hide what its function sees, nor a loop's variable."""
    kinds = {name: kind for name, kind, _ in declared}
    sights = {
        "parameter": {"argument", "derived value", "function", "import"},
        "loop's variable": {*kinds.values()},
    }
    for name, kind, place in _inner(spec, context):
        other = kinds.get(name, "")
        if other in sights[kind]:
            message = f"the {kind} `{name}` has the name of {_a(other)}"
            context.add("LG401", place, message, "rename one of them")
        elif kind != "parameter" and name in dimensions(spec):
            message = f"the {kind} `{name}` has the name of a dimension"
            context.add("LG401", place, message, "rename one of them")


def _check_usable(
    name: str, kind: str, place: Place, reserved: dict[str, str], context: Context
) -> None:
    """Refuse what means something else to Python, to the language or to Keras."""
    article = "an" if kind[0] in "aeiou" else "a"
    if name.startswith("_") and not _may_be_private(name, kind):
        message = f"`{clipped(name)}` begins with `_`, which the class keeps to itself"
        context.add(
            "LG403", place, message, f"`{name.strip('_') or 'value'}`, perhaps?"
        )
    elif name in AMBIGUOUS:
        message = f"`{name}` is hard to tell from a digit"
        context.add("LG403", place, message, "choose a longer name")
    elif hasattr(builtins, name):
        message = f"{article} {kind} cannot be called `{name}`, a builtin of Python"
        context.add("LG403", place, message)
    elif kind in ("import", "function") and _is_of_tests(name):
        message = f"{article} {kind} cannot be called `{name}`: tests use that name"
        context.add("LG404", place, message, "choose another name")
    elif kind == "import":
        return
    elif name in LANGUAGE_WORDS:
        message = f"{article} {kind} cannot be called `{name}`, a name of the language"
        hint = "use the key `activation` instead" if name == "activation" else ""
        context.add("LG403", place, message, hint)
    elif name in reserved:
        message = f"{article} {kind} cannot be called `{name}`: {reserved[name]}"
        context.add("LG404", place, message)
    elif kind not in NOT_STORED and name in HELD:
        message = f"{article} {kind} cannot be called `{name}`: Keras uses that name"
        context.add("LG402", place, message, "choose another name")


def _may_be_private(name: str, kind: str) -> bool:
    """Whether it is what the class holds, by a name that neither Keras nor the class uses."""
    held = kind in ("weight", "state", "sublayer")
    own = name in OWN_PRIVATE or name.endswith(OWN_ENDS)
    bare = name[1:2].isalpha()
    return held and bare and not own and name not in PRIVATE


def _is_of_tests(name: str) -> bool:
    return name in OF_TESTS or name.startswith("test_")


def _check_imports(spec: Spec, reserved: dict[str, str], context: Context) -> None:
    """An import may have a name of generated code where it means the same."""
    places = _import_places(spec)
    for name, target in spec.imported.items():
        place = places.get(name, context.place("imports"))
        if MEANINGS.get(name) == target:
            continue
        if name in LANGUAGE_WORDS:
            message = f"an import cannot be called `{name}`, a name of the language"
            context.add("LG403", place, message)
        elif name in reserved:
            message = f"an import cannot be called `{name}`: {reserved[name]}"
            context.add("LG404", place, message)


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
    for weight in created(spec):
        for role in ROLES:
            if exposes(spec, weight, role):
                made[argument_name(weight.name, role)] = weight.name
    masks = set(spec.masks.values()) - {"mask"}
    shapes = spec.of_shapes
    for name, kind, place in declared:
        if kind not in NOT_STORED and name in shapes:
            message = f"{_a(kind)} cannot be called `{name}`: methods of the class "
            context.add("LG404", place, f"{message}take the shape of an input by it")
        if name in masks:
            message = f"`{name}` is the mask of an input, and cannot be {_a(kind)}"
            context.add("LG404", place, message, "rename one of them")
        if kind in NOT_STORED or name not in made:
            continue
        message = f"`{name}` is an argument already: it comes with `{made[name]}`"
        hint = f"rename it, or write `expose: false` under `{made[name]}`"
        context.add("LG404", place, message, hint)


def _check_module(spec: Spec, declared: Declared, context: Context) -> None:
    """What stands in the module has its name alone: the layer, and the classes it makes.

    A function of the module is called by its name in none of its own code.
    """
    made = spec.made_classes
    for name, kind, place in declared:
        function = spec.style != "class" and name == spec.stem
        beside = function and kind in ("function", "import")
        if beside or name in made and (kind != "import" or name == spec.layer):
            message = f"{_a(kind)} cannot be called `{name}`: the module has that name"
            context.add("LG404", place, f"{message} already", "choose another name")
    words = LANGUAGE_WORDS | IMPORTED
    hides = (
        spec.stem in words or hasattr(builtins, spec.stem) or _is_of_tests(spec.stem)
    )
    if spec.style != "class" and hides:
        message = f"a function `{spec.stem}` would hide what generated code calls so"
        hint = "rename the file (without one, the class)"
        context.add("LG206", Place(1, 1), message, hint)
