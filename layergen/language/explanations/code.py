"""Names and code: what each code means."""

from __future__ import annotations

from layergen.language.explanations.base import GATE, SCALED, explain, spec

LAST = "forward: |\n  scaled = x * scale\n  return scaled"
DOUBLE = "weights:\n  scale: {shape: [features], dtype: float64}"
WHOLE = "inputs: {x: {shape: [batch, features], dtype: int32}}"
HALVED = "forward: half(x) * scale"
NAMES = (
    explain(
        "LG401",
        "a name given twice",
        "All that a spec declares shares one set of names; a function's parameters may "
        "not hide what it sees.",
        spec("args: {scale: float = 2.0}"),
        spec(*SCALED),
    ),
    explain(
        "LG402",
        "a name that Keras reserves",
        "Arguments, weights, states, sublayers and derived values become attributes of "
        "the layer, and Keras has an attribute of this name already.",
        spec("weights:\n  variables: [features]", "forward: x * variables"),
    ),
    explain(
        "LG403",
        "a name that cannot be used",
        "It is no Python name, or means something to Python or to the language, or "
        "begins with `_`.",
        spec("weights:\n  sum: [features]", "forward: x * sum"),
    ),
    explain(
        "LG404",
        "a name that the class makes itself",
        "A weight's initializer is the argument `<weight>_initializer` already, and "
        "`kwargs` and `seed` are arguments of the class too; states bring `reset_state`, "
        "and an input `<input>_mask`.",
        spec(
            "args: {scale_initializer: float = 2.0}",
            "forward: x * scale * scale_initializer",
        ),
        spec(*SCALED),
    ),
    explain(
        "LG405",
        "no valid Python",
        "The code cannot be parsed.",
        spec("forward: x * * scale"),
    ),
    explain(
        "LG406",
        "an unknown name",
        "The name is no input, argument, weight, dimension or derived value, nothing of "
        "the language, and no local variable.",
        spec("forward: x * scale * factr", "args: {factor: float = 2.0}"),
        spec(*SCALED),
    ),
    explain(
        "LG407",
        "an unknown function",
        "`keras.ops` (or `math`) has nothing of this name.",
        spec("forward: ops.sigmod(x) * scale"),
        spec("forward: ops.sigmoid(x) * scale"),
    ),
    explain(
        "LG408",
        "a name of the spec assigned to",
        "Inputs may be assigned anew, and states are updated so (by `=`, not inside an "
        "inner function); weights, arguments, sublayers and all other names of the spec "
        "keep their meaning.",
        spec("forward: |\n  scale = x * scale\n  return scale"),
        spec(LAST),
    ),
    explain(
        "LG409",
        "a statement out of place",
        "Spec code computes a value: it has no imports, classes, exceptions, global "
        "names or attributes to assign to.",
        spec("forward: |\n  assert scale is not None\n  return x * scale"),
        spec(LAST),
    ),
    explain(
        "LG410",
        "something with effects outside",
        "Only builtins that compute can be used, and no private attributes.",
        spec("forward: |\n  print(x)\n  return x * scale"),
        spec(LAST),
    ),
    explain(
        "LG411",
        "no `return` at the end",
        "Code is one expression, or a block that ends in `return` on every path.",
        spec("forward: |\n  scaled = x * scale"),
        spec(LAST),
    ),
    explain(
        "LG412",
        "no expression",
        "This piece of code must be one expression.",
        spec("derived: {half: half = features // 2}", "forward: x * scale / half"),
        spec("derived: {half: features // 2}", "forward: x * scale / half"),
    ),
    explain(
        "LG413",
        "a name that is not known here",
        "`when` sees arguments, dimensions and derived values; derived values and `require` "
        "also inputs' sizes; functions their parameters, arguments and derived values.",
        spec("weights:\n  scale: {shape: [features], when: scale > 1}"),
        spec(
            "weights:\n  scale: {shape: [features], when: features > 1}",
            "forward: x if scale is None else x * scale",
        ),
    ),
    explain(
        "LG414",
        "the activation, and who applies it",
        "`activation(...)` can be called where the spec has the key `activation`; with "
        "several outputs `forward` itself must call it.",
        spec("forward: activation(x * scale)"),
        spec("activation: swish", "forward: activation(x * scale)"),
    ),
    explain(
        "LG415",
        "another number of outputs",
        "`forward` returns as many tensors as `outputs` has.",
        spec("outputs: [batch, features]", "forward: x * scale, x"),
        spec("outputs: [batch, features]"),
    ),
    explain(
        "LG416",
        "code too long, or nested too deeply",
        "Python itself could not read it, or nobody could.",
        spec("forward: x * scale" + " + x" * 150),
    ),
    explain(
        "LG417",
        "a gradient that is not whole",
        "A gradient's code assigns `d_<name>` for every argument (for the whole layer: "
        "every input and weight that holds floats), on every path, and no other `d_`. "
        "One expression does where there is one argument.",
        GATE.replace("      d_b", "      d_c"),
        GATE,
    ),
    explain(
        "LG418",
        "nothing to give a gradient to",
        "What has a gradient returns one tensor and is pure: no states, no randomness, "
        "no layers, no losses. `auto` follows plain assignments; a surrogate is written.",
        GATE.replace("sigmoid(b)\n", "sigmoid(b), a\n", 1),
        GATE,
    ),
    explain(
        "LG420",
        "a function that is no activation",
        "An activation takes one tensor, and has a name that Keras has not taken.",
        GATE.replace("forward: gate(x, x)", "activation: gate\nforward: x"),
        spec(
            "functions: {cube: {args: [x], forward: x * x * x}}",
            "activation: cube",
        ),
    ),
    explain(
        "LG421",
        "randomness with another seed",
        "`random` is `keras.random` with the layer's own seed, which is saved and makes "
        "runs repeatable: no `seed=`, no `keras.random`.",
        spec("forward: x * scale + keras.random.normal(ops.shape(x))"),
        spec("forward: x * scale + random.normal(ops.shape(x))"),
    ),
    explain(
        "LG422",
        "functions in a circle",
        "A function cannot call itself, by whatever way.",
        spec(
            "functions: {half: {args: [y], forward: half(y) / 2}}",
            "forward: half(x) * scale",
        ),
        spec(
            "functions: {half: {args: [y], forward: y / 2}}", "forward: half(x) * scale"
        ),
    ),
    explain(
        "LG423",
        "a call that does not fit",
        "Functions take as many arguments as they say, and tensors by position where they "
        "have a gradient; one that reads arguments of the layer is called, not passed; a "
        "list of layers is no layer; `add_loss` takes one value. Functions and classes of "
        "Keras are given what they have parameters for, by Keras' names.",
        GATE.replace("gate(x, x)", "gate(x)"),
        GATE,
    ),
    explain(
        "LG424",
        "a variable that may have no value",
        "A local variable has a value wherever it is read: not in one branch alone, unless "
        "it is read under the same condition, and not in a loop alone that may not run.",
        spec("forward: |\n  if training:\n    y = x * scale\n  return y"),
        spec(
            "forward: |\n  y = x\n  if training:\n    y = x * scale\n  return y",
        ),
    ),
    explain(
        "LG425",
        "an operation that a state's dtype does not know",
        "`&=`, `|=`, `^=`, `<<=` and `>>=` work on the bits of integers, and the first three "
        "on bools too; all other operations are those of numbers.",
        spec("states: {seen: []}", "forward: |\n  seen |= 1\n  return x * scale"),
        spec(
            "states: {seen: {shape: [], dtype: int32}}",
            "forward: |\n  seen |= 1\n  return x * scale",
        ),
    ),
    explain(
        "LG430",
        "a value that takes too much work",
        "Derived values and conditions are worked out for the example and the tests, and "
        "code is followed to see what it makes. Each step and each item of a list counts, "
        "and there is a limit to them.",
        spec(
            "derived: {count: 'len([[0] * 4096] * 4096)'}", "forward: x * scale * count"
        ),
        spec("derived: {count: 'len([0] * 4096)'}", "forward: x * scale * count"),
    ),
    explain(
        "LG440",
        "a method that tensors have not",
        "Tensors of Keras have no methods of NumPy's or PyTorch's that work on every "
        "backend: `keras.ops` has functions instead.",
        spec("forward: x.mean(axis=1, keepdims=True) * scale"),
        spec("forward: ops.mean(x, axis=1, keepdims=True) * scale"),
    ),
    explain(
        "LG441",
        "two dtypes of floats",
        "An operator brings integers and sizes to the dtype of floats, but which of two "
        "dtypes of floats is meant is not known: under mixed precision they differ.",
        spec(DOUBLE, "forward: x * scale"),
        spec(DOUBLE, "forward: x * ops.cast(scale, x.dtype)"),
    ),
    explain(
        "LG442",
        "sizes that cannot meet",
        "The shapes of two tensors do not fit what is done with them, whatever their sizes "
        "are, or at those of the example. There dimensions differ unless they have one "
        "name, or `require` or `example` makes them equal.",
        spec("weights:\n  kernel: [4, features]", "forward: ops.tanh(x @ kernel)"),
        spec("weights:\n  kernel: [features, 4]", "forward: ops.tanh(x @ kernel)"),
    ),
    explain(
        "LG443",
        "a cast that has no place",
        "A function of the spec stands outside of the layer, and takes the compute dtype "
        "from a parameter that is a tensor of it; and what it casts it casts in every call.",
        spec(WHOLE, "functions: {half: {args: [n], forward: n / 2}}", HALVED),
        spec(
            WHOLE,
            "functions: {half: {args: [n, s], forward: 'ops.cast(n, s.dtype) / 2'}}",
            HALVED.replace("half(x)", "half(x, scale)"),
        ),
    ),
    explain(
        "LG446",
        "a tensor taken for several",
        "An input is one tensor. Several that `call` takes in one list or dict are declared "
        "each by name, with `inputs_as`: `forward` then reads them by their names.",
        spec("inputs: [batch, features]", "forward: x['a'] * scale + x['b']"),
        spec(
            "inputs: {a: [batch, features], b: [batch, features]}\ninputs_as: dict",
            "forward: a * scale + b",
        ),
    ),
)
