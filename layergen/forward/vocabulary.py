"""What a name means in each piece of a spec's code."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from layergen.keras_tables.names import LAYERS
from layergen.keras_tables.signatures import has
from layergen.language.dims import dimensions, rests
from layergen.language.methods import is_made_of, sizes_of_inputs, unseen, within
from layergen.language.model import Function, Method, Spec
from layergen.language.words import BESIDE, BUILTINS


class Vocabulary(Struct, frozen=True):
    """The names that one piece of code can use.

    `declared` maps names of the spec to what they are (`an input`, `an argument`);
    `hidden` those that exist in the spec but not here. `words` come from the language.
    The code may assign to names that are one of `assignable`; `hint` says what to do
    about a hidden name. `beside` are the builtins that generated code uses in the same
    function, so that none of its variables can have their names. `home` is the module of
    Keras whose classes are called by their bare names. Code that `computes` runs on
    tensors, whatever it is called.
    """

    what: str
    declared: dict[str, str]
    hidden: dict[str, str] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    assignable: frozenset[str] = frozenset({"an input"})
    hint: str = ""
    beside: frozenset[str] = frozenset()
    home: str = ""
    computes: bool = False

    @property
    def known(self) -> set[str]:
        return {*self.declared, *self.words, *BUILTINS}

    @property
    def is_computation(self) -> bool:
        """Whether the code runs on tensors when the layer is called."""
        starts = ("`forward`", "`gradient`", "`mask`")
        return self.computes or self.what.startswith(starts)


def kinds(spec: Spec) -> dict[str, str]:
    """Every name that a spec declares, with what it is."""
    found = {name: "an import" for name in spec.imported}
    found |= {name: "a dimension" for name in dimensions(spec)}
    found |= {name: "a group of axes" for name in rests(spec)}
    found |= {one.name: "a property" for one in spec.properties}
    found |= {one.name: "a method" for one in spec.methods}
    found |= {function.name: "a function" for function in spec.functions}
    found |= {derived.name: "a derived value" for derived in spec.derived}
    found |= {layer.name: "a sublayer" for layer in spec.layers}
    found |= {state.name: "a state" for state in spec.states}
    found |= {weight.name: "a weight" for weight in spec.weights}
    found |= {arg.name: "a call argument" for arg in spec.call_args}
    found |= {tensor.name: "an input" for tensor in spec.inputs}
    found |= {arg.name: "an argument" for arg in spec.args}
    return found


def vocabulary(
    spec: Spec, what: str, seen: set[str], words: str, but: set[str] | None = None
) -> Vocabulary:
    """The names of the kinds in `seen`, without the names in `but`."""
    every = kinds(spec)
    declared = {
        name: kind
        for name, kind in every.items()
        if kind in seen and name not in (but or ())
    }
    hidden = {name: kind for name, kind in every.items() if name not in declared}
    return Vocabulary(what, declared, hidden, frozenset(words.split()))


IN_REFERENCE = {
    "an import",
    "a dimension",
    "a group of axes",
    "a derived value",
    "a state",
    "a weight",
    "a call argument",
    "an input",
    "an argument",
}
ALL = IN_REFERENCE | {"a function", "a sublayer"}
VALUES = {"an argument", "a dimension", "a derived value"}
TENSOR_WORDS = "ops math keras tf"


def for_forward(spec: Spec) -> Vocabulary:
    words = [TENSOR_WORDS, "random training add_loss", *spec.masks.values()]
    words += ["activation"] if spec.activation is not None else []
    words += own_words(spec)
    found = vocabulary(spec, "`forward`", ALL, " ".join(words))
    assignable = frozenset({"an input", "a state"})
    return replace(found, assignable=assignable, beside=BESIDE)


def own_words(spec: Spec) -> list[str]:
    """What of the layer itself `forward` knows, where the spec has no such name."""
    if spec.gradient:
        return []
    return [name for name in ("compute_dtype", "trainable") if name not in kinds(spec)]


def for_method(spec: Spec, method: Method) -> Vocabulary:
    """For a method's code: the layer's names, but what a call alone brings."""
    words = f"{TENSOR_WORDS}{' activation' if spec.activation is not None else ''}"
    seen = ALL - ({"a state"} | ({"an input"} if method.is_property else set()))
    what = f"`{method.name}`"
    but = {*unseen(spec, method)}
    found = vocabulary(within(spec, method), what, seen, words, but)
    hidden = {**found.hidden, **_methods(spec), **unseen(spec, method)}
    return replace(found, hidden=hidden, hint=IN_METHODS, beside=BESIDE, computes=True)


IN_METHODS = "give it to the method as an input, or an argument"


def for_method_reference(spec: Spec, method: Method) -> Vocabulary:
    """NumPy code that computes what a method does; sizes are those of what it takes."""
    inner = within(spec, method, kept=False)
    found = for_reference(inner)
    of_inputs = sizes_of_inputs(spec) if method.is_property else set()
    known = dimensions(inner) - of_inputs
    values = {one.name for one in (*spec.args, *method.args)} | known
    late = {one.name for one in spec.derived if not is_made_of(spec, one, values)}
    hidden = {**_methods(spec), **unseen(spec, method)}
    hidden |= dict.fromkeys(late, "a derived value that rests on the layer's inputs")
    hidden |= dict.fromkeys(of_inputs, "a dimension of the layer's inputs")
    declared = {k: v for k, v in found.declared.items() if k not in hidden}
    what = f"`reference` of `{method.name}`"
    return replace(found, what=what, declared=declared, hidden=found.hidden | hidden)


def _methods(spec: Spec) -> dict[str, str]:
    found = {one.name: "a property" for one in spec.properties}
    return found | {one.name: "a method" for one in spec.methods}


def for_function(spec: Spec, function: Function, bare: bool) -> Vocabulary:
    """For a function's `forward`; a `bare` one sees no arguments and derived values."""
    seen = {"a function", "an import"}
    seen |= set() if bare else {"an argument", "a derived value"}
    what = f"`forward` of `{function.name}`"
    found = vocabulary(spec, what, seen, TENSOR_WORDS, set(function.args))
    parameters = dict.fromkeys(function.args, "a parameter")
    return replace(
        found,
        declared=found.declared | parameters,
        hidden={k: v for k, v in found.hidden.items() if k not in parameters},
        assignable=frozenset({"a parameter"}),
        hint="" if bare else "make it a parameter, and pass it",
    )


def for_gradient(
    found: Vocabulary, what: str, local: frozenset[str], but: set[str]
) -> Vocabulary:
    """For a gradient's code: what its `forward` sees but `but`, and forward's locals."""
    words = {*TENSOR_WORDS.split(), "upstream"} | (found.words & {"training"})
    locals_ = {name: LOCAL for name in local if name not in found.declared}
    hidden = {name: kind for name, kind in found.declared.items() if kind in but}
    declared = {k: v for k, v in found.declared.items() if k not in hidden}
    return replace(
        found,
        what=what,
        declared=declared | locals_,
        hidden=found.hidden | hidden,
        words=frozenset(words),
        assignable=frozenset({LOCAL}),
    )


LOCAL = "a local variable of `forward`"


def for_mask(spec: Spec) -> Vocabulary:
    """The inputs with their masks, and what has a static value."""
    seen = VALUES | {"an input", "an import", "a group of axes"}
    words = " ".join([TENSOR_WORDS, *spec.masks.values()])
    return vocabulary(spec, "`mask`", seen, words)


def for_reference(spec: Spec) -> Vocabulary:
    """NumPy code; `weights` maps sublayers' weights by path, such as `hidden_0_kernel`."""
    words = "np math" + (" activation" if spec.activation is not None else "")
    if spec.layers or any(arg.type.is_layer for arg in spec.args):
        words += " weights"
    called = {node.id for node in spec.forward.nodes if isinstance(node, ast.Name)}
    words += "".join(f" {one}" for one in ("training", "add_loss") if one in called)
    found = vocabulary(spec, "`reference`", IN_REFERENCE, words)
    assignable = frozenset({"an input", "a state"})
    return replace(found, assignable=assignable, beside=BESIDE)


def for_equivalent(spec: Spec) -> Vocabulary:
    words = "math keras" + (" activation" if spec.activation is not None else "")
    found = vocabulary(spec, "`equivalent`", {"an argument", "an import"}, words)
    return replace(found, words=found.words | LAYERS, home="keras.layers")


def for_example(spec: Spec, what: str) -> Vocabulary:
    """For a layer that stands as an example: it sees nothing of the spec but imports."""
    found = vocabulary(spec, what, {"an import"}, "math keras")
    return replace(found, words=found.words | LAYERS, home="keras.layers")


def for_values(spec: Spec, what: str, but: set[str] | None = None) -> Vocabulary:
    """For code over arguments, dimensions and derived values (and inputs' shapes)."""
    return vocabulary(spec, what, VALUES | {"an input"}, "math", but)


def for_require(spec: Spec, what: str) -> Vocabulary:
    """As `for_values`, with the arguments of `call`."""
    return vocabulary(spec, what, VALUES | {"an input", "a call argument"}, "math")


def for_parts(spec: Spec, what: str) -> Vocabulary:
    """For what decides which weights and sublayers there are, and how many."""
    return vocabulary(spec, what, VALUES, "math")


def for_choice(spec: Spec, what: str) -> Vocabulary:
    """For what decides which outputs there are."""
    return vocabulary(spec, what, {"an argument", "a call argument"}, "math")


def for_maker(
    spec: Spec, what: str, home: str, classes: Iterable[str] = ()
) -> Vocabulary:
    """For a call that makes something of a class of a module of Keras, or of `classes`."""
    words = " ".join(["math", "keras", *has(home), *classes])
    found = vocabulary(spec, what, VALUES | {"an import"}, words)
    return replace(found, home=home)
