"""Random valid specs, as the YAML text that a user could have written."""

import builtins
import keyword

import yaml
from hypothesis import strategies as st

from layergen.invisible import OUTSIDE_PROSE
from layergen.keras_tables.names import LAYER_ATTRIBUTES

LANGUAGE = {
    *("activation", "activations", "add_loss", "any", "constraints", "inputs"),
    *(
        "initializers",
        "keras",
        "kwargs",
        "l",
        "request",
        "total_of_all",
        "value_in",
        "x",
        "mask",
        "math",
        "np",
        "numpy",
        "ops",
    ),
    *("random", "regularizers", "seed", "self", "tf", "training", "upstream"),
}
TAKEN = {*dir(builtins), *keyword.kwlist, *LAYER_ATTRIBUTES, *LANGUAGE}
SHORT = ["a", "b", "d", "n", "q", "units", "features", "time", "width", "scale_by"]
LONG = [
    f"{word}_{'and_another_word_' * 3}{word}" for word in ("left", "right", "inner")
]
INITIALIZERS = ["zeros", "he_normal", "RandomUniform(-0.05, 0.05)", "orthogonal"]
DOC = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]),
    max_size=200,
).filter(lambda text: not OUTSIDE_PROSE.search(text))
PIECES = st.sampled_from(
    ['"""', "'", '"', "\\", "{x}", "{{ y }}", "{% z %}", "`", "é", " "]
)

identifiers = st.one_of(
    st.sampled_from(SHORT),
    st.sampled_from(LONG),
    st.from_regex(r"[a-z][a-z0-9]{0,6}(_[a-z0-9]{1,8}){0,3}", fullmatch=True),
).filter(
    lambda name: name not in TAKEN
    and not name.endswith(("_shape", "izer", "_constraint"))
)
class_names = st.from_regex(r"[A-Z][a-z]{3,9}([A-Z][a-z]{1,9}){1,3}", fullmatch=True)
docs = st.one_of(DOC, st.lists(PIECES, min_size=1, max_size=12).map("".join)).filter(
    str.strip
)


@st.composite
def arguments(draw, name):
    """An argument in its short or its long form."""
    kind = draw(
        st.sampled_from(["int", "float", "bool", "str", "Literal", "list", "others"])
    )
    long = {}
    if kind == "int":
        long = {"type": "int", "default": draw(st.integers(2, 9))}
        if draw(st.booleans()):
            long["min"] = draw(st.integers(0, 2))
        if draw(st.booleans()):
            long["max"] = draw(st.integers(9, 12))
    elif kind == "float":
        long = {"type": "float", "default": draw(st.floats(0.25, 0.75))}
        low = draw(st.sampled_from(["min", "above", None]))
        high = draw(st.sampled_from(["max", "below", None]))
        long |= {bound: value for bound, value in ((low, 0), (high, 1)) if bound}
    elif kind == "bool":
        return draw(st.sampled_from(["bool", "bool = True", "bool = False"]))
    elif kind == "str":
        long = {"type": "str", "default": draw(docs)}
    elif kind == "Literal":
        long = {"type": 'Literal["same", "valid"]', "default": "same"}
    elif kind == "list":
        return draw(
            st.sampled_from(["list[int]", "list[float]", "list[str]", "Shape = (2, 3)"])
        )
    else:
        return draw(
            st.sampled_from(
                [
                    *(
                        "dict | None = None",
                        "int | None = None",
                        'Initializer = "zeros"',
                    ),
                    *(
                        "Regularizer | None = None",
                        'Activation = "tanh"',
                        "Literal[1, 2] = 1",
                    ),
                ]
            )
        )
    if draw(st.booleans()):
        long["doc"] = draw(docs)
    return long


@st.composite
def specs(draw):
    """The YAML text of a valid spec: every name it reads is one that it declares."""
    names = iter(draw(st.lists(identifiers, min_size=24, max_size=24, unique=True)))
    args = {next(names): "int"}
    units = next(iter(args))
    flags = []
    for name in [next(names) for _ in range(draw(st.integers(0, 4)))]:
        args[name] = draw(arguments(name))
        if str(args[name]).startswith("bool"):
            flags.append(name)
    axes = [next(names) for _ in range(draw(st.integers(1, 2)))]
    lead = draw(st.sampled_from([["batch"], ["..."], ["batch", "..."], ["batch", "_"]]))
    several = draw(st.booleans())
    tensors = [next(names) for _ in range(2)] if several else ["x"]
    shape = [*lead, *axes]
    spec = {"layer": draw(class_names)}
    if draw(st.booleans()):
        spec["doc"] = draw(docs)
    spec["args"] = args
    spec["inputs"] = {name: list(shape) for name in tensors} if several else shape
    kind = draw(st.sampled_from(["separate", "list", "dict"]))
    if several and kind != "separate":
        spec["inputs_as"] = kind
    if draw(st.booleans()):
        last = draw(
            st.sampled_from([units, axes[-1], f"{units} + {axes[-1]}", f"2 * {units}"])
        )
        spec["outputs"] = [*shape[:-1], last]
    derived = next(names)
    if draw(st.booleans()):
        spec["derived"] = {
            derived: draw(st.sampled_from([f"{units} * 2", f"{axes[-1]} + 1"]))
        }
    weights = {}
    for name in [next(names) for _ in range(draw(st.integers(0, 3)))]:
        weights[name] = draw(weight(axes, units, flags, "derived" in spec and derived))
    if weights:
        spec["weights"] = weights
    if draw(st.booleans()):
        spec["activation"] = draw(
            st.sampled_from(["relu", "swish", "linear", "log_softmax"])
        )
    if draw(st.booleans()):
        spec["mask"] = draw(st.sampled_from(["pass", masked(tensors)]))
    if draw(st.booleans()):
        condition = draw(
            st.sampled_from([f"{units} > 1", f"{units} + {axes[-1]} >= 3"])
        )
        spec["require"] = {condition: draw(docs)}
    members = draw(further(spec, names, tensors, axes, units))
    spec["forward"] = draw(
        forwards(tensors, weights, [*args, *spec.get("derived", ())], axes, members)
    )
    if draw(st.booleans()):
        spec["reference"] = f"{tensors[0]} * 1.0"
    if "outputs" in spec:
        spec["forward"] = widened(spec["forward"], spec["outputs"][-1])
    return yaml.safe_dump(spec, sort_keys=False, allow_unicode=True, width=10_000)


def either(units):
    """Code that makes one of two layers."""
    return f"Dense({units}) if {units} > 2 else Dense({units}, use_bias=False)"


def masked(tensors):
    """Code that makes a mask of all inputs and their masks."""
    read = [f"{name}_mask" for name in tensors] if len(tensors) > 1 else ["mask"]
    return f"{' | '.join(read)} | ({tensors[-1]}[:, :1] > 0)"


def widened(forward, size):
    """Code whose result has that many entries along its last axis."""
    before, returned, last = forward.rpartition("return ")
    return f"{before}{returned}ops.repeat(({last})[..., :1], {size}, axis=-1)"


@st.composite
def further(draw, spec, names, tensors, axes, units):
    """States, sublayers, functions, arguments of `call`, randomness: statements that use them."""
    first = tensors[0]
    found = []
    if draw(st.booleans()):
        state = next(names)
        shape = draw(st.sampled_from([[], [units], [axes[-1]]]))
        long = {"shape": shape, "expose": True}
        spec["states"] = {state: draw(st.sampled_from([shape, long]))}
        update = draw(
            st.sampled_from(["{0} += 1", "{0} = {0} * 0.5 + 1", "{0} = -{0}"])
        )
        guard = draw(st.sampled_from(["", "if training:\n    "]))
        found.append(guard + update.format(state))
    if draw(st.booleans()):
        layer, function, number = next(names), next(names), next(names)
        spec["layers"] = {
            layer: draw(
                st.sampled_from([f"Dense({units})", "Dropout(0.5)", either(units)])
            )
        }
        spec["functions"] = {
            function: {
                "args": ["value_in"],
                "forward": draw(
                    st.sampled_from(["value_in * 2.0", "ops.tanh(value_in)"])
                ),
                **draw(st.sampled_from([{}, {"gradient": "auto"}])),
            }
        }
        kind = draw(st.sampled_from(["float", "float | Tensor", "int | Tensor"]))
        positional = draw(st.booleans())
        spec["call_args"] = {
            number: {"type": kind, "default": 1, "positional": positional}
        }
        found.append(f"add_loss(ops.mean({layer}({first})) * {number})")
        found.append(f"{first} = {function}({first})")
    if draw(st.booleans()):
        method, prop, taken = next(names), next(names), next(names)
        body = draw(st.sampled_from(["{0}", "ops.tanh({0})", "{0} * 2 + {1}"]))
        spec["methods"] = {
            method: {
                "inputs": {taken: ["batch", units]},
                "forward": body.format(taken, units),
            }
        }
        spec["properties"] = {prop: f"ops.ones({units})"}
    if draw(st.booleans()):
        found.append(f"{first} = {first} + random.normal(ops.shape({first}))")
    return found


@st.composite
def weight(draw, axes, units, flags, derived):
    """A weight in its short or its long form."""
    sizes = [units, axes[-1], "3", f"{units} + 1", *([derived] if derived else [])]
    shape = draw(st.lists(st.sampled_from(sizes), max_size=3))
    if draw(st.booleans()):
        return shape
    long = {"shape": shape}
    if draw(st.booleans()):
        long["initializer"] = draw(st.sampled_from(INITIALIZERS))
    if draw(st.booleans()):
        long["regularizer"] = draw(st.sampled_from(["l2", None, "L1(0.01)"]))
    if draw(st.booleans()):
        long["constraint"] = draw(st.sampled_from(["non_neg", None]))
    if draw(st.booleans()):
        long["trainable"] = False
    if draw(st.booleans()):
        long["expose"] = False
    if flags and draw(st.booleans()):
        long["when"] = draw(st.sampled_from([flags[0], f"not {flags[0]}"]))
    if draw(st.booleans()):
        long["doc"] = draw(docs)
    return long


@st.composite
def forwards(draw, tensors, weights, values, axes, members):
    """Code that reads some of the names, as an expression or as a block."""
    numbers = [f"ops.sum({weight})" for weight in weights]
    names = [*tensors, *numbers, *values, *axes]
    terms = draw(st.lists(st.sampled_from(names), max_size=6))
    outer = f"ops.sum({tensors[0]}[..., None] @ {tensors[0]}[..., None, :])"
    templates = [
        "{0}",
        "ops.tanh({0})",
        outer,
        "2.0 * {0}",
        "{0}**2",
        "-{0}",
        "{0}  +1",
    ]
    written = [draw(st.sampled_from(templates)).format(term) for term in terms]
    total = " + ".join([f"ops.relu({tensors[0]})", *written])
    if not members and draw(st.booleans()):
        return total
    before = "".join(f"{line}\n" for line in members)
    return f"# why\n{before}total_of_all = {total}\nif training:\n    total_of_all = total_of_all*2\nreturn total_of_all"
