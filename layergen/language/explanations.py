"""What each code of a spec's problems means, with a spec that has it and one that has not."""

from __future__ import annotations

import re

from layergen.explanation import Explanation

BASE = """\
layer: Scale
inputs: [batch, features]
weights:
  scale: [features]
forward: x * scale
"""
KEY = re.compile(r"^(?=\w)", re.MULTILINE)


def _spec(*changes: str) -> str:
    """The base spec with keys replaced or added; a key alone is left out."""
    parts = {part.split(":")[0]: part for part in KEY.split(BASE) if part}
    for change in changes:
        parts[change.split(":")[0]] = change + "\n"
    return "".join(text for key, text in parts.items() if text != f"{key}:\n")


def _explain(
    code: str, title: str, meaning: str, bad: str, good: str = BASE
) -> Explanation:
    return Explanation(code, title, meaning, bad, good)


CELL = """\
layer: Sum
kind: cell
args: {units: int}
inputs: [batch, features]
states: {h: [units]}
weights: {kernel: [features, units]}
forward: |
  h = h + x @ kernel
  return h
"""
GATE = """\
layer: Gate
inputs: [batch, features]
functions:
  gate:
    args: [a, b]
    forward: a * ops.sigmoid(b)
    gradient: |
      d_a = upstream * ops.sigmoid(b)
      d_b = upstream * a * ops.sigmoid(b) * ops.sigmoid(-b)
forward: gate(x, x)
"""
SCALED = "args: {factor: float = 2.0}", "forward: x * scale * factor"

YAML = (
    _explain(
        "LG101",
        "no valid YAML",
        "The file breaks the rules of YAML at this place: a bracket or a quote that is "
        "never closed, a line without `key:`, or indentation that fits nothing. Or it is "
        "a line by which Git marks two versions that it could not merge.",
        _spec("inputs: [batch, features"),
    ),
    _explain(
        "LG102",
        "a key is there twice",
        "Every key of a mapping can be given once; YAML would keep the last one and "
        "drop the others silently.",
        BASE + "forward: x\n",
    ),
    _explain(
        "LG103",
        "an anchor, alias, tag or merge key",
        "A spec is plain data: `&name`, `*name`, `!tag` and `<<` are refused. Text that "
        "begins with one of these characters needs quotes.",
        _spec("doc: !important Scales its input."),
        _spec('doc: "!important: it scales its input."'),
    ),
    _explain(
        "LG104",
        "several documents",
        "One file holds one spec; `---` may only stand before it.",
        BASE + "---\n" + BASE,
    ),
    _explain(
        "LG105",
        "a tab in the indentation",
        "YAML indents with spaces alone.",
        _spec("weights:\n\tscale: [features]"),
    ),
    _explain(
        "LG106",
        "a character that is none",
        "The file holds a control character, bytes that are not UTF-8, or a character "
        "that nobody sees: one that turns the direction of text, a space of no width and "
        "the like, also written as an escape (`\\u202e`). Joiners (U+200C, U+200D) and "
        "variation selectors, which scripts and emoji need, may stand in `doc` and in "
        "messages of `require`.",
        _spec("doc: Scales its\x07 input."),
        _spec("doc: Scales its input."),
    ),
    _explain(
        "LG107",
        "too large or too deep",
        "A spec is at most one MiB, and at most 50 lists and mappings stand inside one "
        "another.",
        _spec("example: {features: " + "[" * 60 + "]" * 60 + "}"),
        _spec("example: {features: 3}"),
    ),
    _explain(
        "LG108",
        "text that YAML cuts or misreads",
        "Text that holds `, [ ] { }` inside braces, that holds `: `, or that begins with "
        "a quote or one of `[ { * & ! @ % `` ` `` means something else to YAML. Put it in "
        "quotes, or write it as a block (`|`).",
        _spec(
            "weights:\n  scale: {shape: [features], initializer: RandomUniform(-1, 1)}"
        ),
        _spec(
            "weights:\n"
            '  scale: {shape: [features], initializer: "RandomUniform(-1, 1)"}'
        ),
    ),
    _explain(
        "LG109", "an empty file", "There is nothing in it to read.", "# Nothing.\n"
    ),
    _explain(
        "LG110",
        "a number past every limit",
        "The number is too large for any layer, or for a float.",
        _spec("args: {factor: {type: float, default: 1e999}}", SCALED[1]),
        _spec(*SCALED),
    ),
    _explain(
        "LG111",
        "more than there may be",
        "A spec declares at most 256 arguments, and as many inputs, weights, functions "
        "and the like; no list or mapping in it has more than 1,000 entries.",
        _spec(
            "derived: {" + ", ".join(f"d{i}: {i}" for i in range(257)) + "}",
            "forward: x * scale * (" + "+".join(f"d{i}" for i in range(64)) + ")",
        ),
        _spec("derived: {d0: 2}", "forward: x * scale * d0"),
    ),
)

KEYS = (
    _explain(
        "LG201",
        "an unknown key",
        "The language has no such key here. The hint names the nearest one.",
        _spec("wieghts: {}"),
    ),
    _explain(
        "LG202",
        "a key is missing",
        "`layer`, `inputs` and `forward` are required, and so are `type` of an argument, "
        "`shape` of a weight and `make` of a layer in their long forms.",
        _spec("layer:").replace("layer:\n", ""),
    ),
    _explain(
        "LG203",
        "the wrong kind of value",
        "The key takes another kind of value: a text, a flag, a number or a mapping.",
        _spec("weights: [features]", "forward: x"),
        BASE,
    ),
    _explain(
        "LG205",
        "no class name",
        "`layer` is the name of a class, in PascalCase, and not one of Python's own.",
        _spec("layer: scale_layer"),
        _spec("layer: ScaleLayer"),
    ),
    _explain(
        "LG206",
        "no module name",
        "The module is named after the spec's file (without one, after the class). The "
        "name must be one that Python can import, and must not hide another module.",
        _spec("layer: Random"),
        _spec("layer: RandomScale"),
    ),
    _explain(
        "LG207",
        "no type",
        "An argument's type is one of `int`, `float`, `bool`, `str`, `Literal[...]`, "
        "`list[T]`, `T | None`, `dict`, `Shape`, `DType`, `Array`, `Initializer`, "
        "`Regularizer`, `Constraint`, `Activation` and `Layer`.",
        _spec("args: {factor: number = 2.0}", SCALED[1]),
        _spec(*SCALED),
    ),
    _explain(
        "LG208",
        "a default that does not fit",
        "The default is not of the argument's type, or outside its bounds.",
        _spec('args: {factor: float = "a"}', SCALED[1]),
        _spec(*SCALED),
    ),
    _explain(
        "LG209",
        "bounds that make no sense",
        "Bounds belong to numbers, `min` and `above` (`max` and `below`) exclude each "
        "other, and some value must meet them. `shape` and `dtype` belong to an `Array`.",
        _spec("args: {factor: {type: float, min: 3, max: 2}}", SCALED[1]),
        _spec("args: {factor: {type: float, min: 2, max: 3}}", SCALED[1]),
    ),
    _explain(
        "LG210",
        "no data type",
        "Keras has no data type of this name.",
        _spec("inputs: {x: {shape: [batch, features], dtype: float31}}"),
        _spec("inputs: {x: {shape: [batch, features], dtype: float32}}"),
    ),
    _explain(
        "LG211",
        "an unknown identifier",
        "Keras knows no activation, initializer, regularizer or constraint of this name.",
        _spec("activation: swich"),
        _spec("activation: swish"),
    ),
    _explain(
        "LG212",
        "no initializer, regularizer or constraint",
        "It must be an identifier, the name of an argument of that type, or a call of a "
        "class of Keras or of `imports`.",
        _spec("weights:\n  scale: {shape: [features], initializer: Uniform(2)}"),
        _spec("weights:\n  scale: {shape: [features], initializer: Constant(2)}"),
    ),
    _explain(
        "LG213",
        "known too late to be an argument",
        "A call that uses dimensions or derived values can be made only at build, so "
        "that it cannot be the default of a constructor argument: fix it.",
        _spec(
            "weights:\n  scale: {shape: [features], initializer: Constant(features)}"
        ),
        _spec(
            "weights:\n  scale:\n    shape: [features]\n"
            "    initializer: Constant(features)\n    expose: false"
        ),
    ),
    _explain(
        "LG214",
        "an example that does not fit",
        "`example` gives sizes to dimensions and values to arguments: of their types, "
        "within their bounds, and so that `require` holds.",
        _spec("example: {featurs: 3}"),
        _spec("example: {features: 3}"),
    ),
    _explain(
        "LG215",
        "`trainable` names no flag",
        "It is `true`, `false` or the name of an argument of type `bool`.",
        _spec("weights:\n  scale: {shape: [features], trainable: train_scale}"),
        _spec(
            "args: {train_scale: bool = True}",
            "weights:\n  scale: {shape: [features], trainable: train_scale}",
        ),
    ),
    _explain(
        "LG216",
        "no import statement",
        "`imports` holds absolute import statements that name what they import.",
        _spec("imports: from scipy.special import *"),
        _spec("imports: from scipy import special"),
    ),
    _explain(
        "LG217",
        "no call that makes a layer",
        "`equivalent` and the layers under `layers` are calls of a class of "
        "`keras.layers` or of one from `imports`; one under `layers` may also be the "
        "class of another spec beside this one.",
        _spec("equivalent: Scaling()"),
        _spec("equivalent: Rescaling(1.0)"),
    ),
    _explain(
        "LG218",
        "an optional input out of place",
        "The first input is always there, and those that may be None come last.",
        _spec(
            "inputs:\n  x: {shape: [batch, features], optional: true}\n"
            "  y: [batch, features]",
            "forward: x * scale + y",
        ),
        _spec(
            "inputs:\n  y: [batch, features]\n"
            "  x: {shape: [batch, features], optional: true}",
            "forward: y * scale if x is None else x * scale + y",
        ),
    ),
    _explain(
        "LG219",
        "no loop",
        "`for` of a list of layers says what to go over, as Python does after `for`.",
        _spec(
            "layers:\n  hidden: {make: Dense(4), for: range(3)}",
            "forward: hidden[0](x) * scale",
        ),
        _spec(
            "layers:\n  hidden: {make: Dense(4), for: _ in range(3)}",
            "forward: hidden[0](x) * scale",
        ),
    ),
    _explain(
        "LG220",
        "an aggregation that does not fit",
        "The mean over replicas is for floats; of other states one replica's is kept.",
        _spec(
            "states:\n  calls: {shape: [], dtype: int32, aggregation: mean}",
            "forward: |\n  calls += 1\n  return x * scale",
        ),
        _spec(
            "states:\n  calls: {shape: [], dtype: int32}",
            "forward: |\n  calls += 1\n  return x * scale",
        ),
    ),
    _explain(
        "LG221",
        "not for a cell",
        "`keras.layers.RNN` calls a cell with one tensor and the states, which it holds "
        "itself, batch axis and all, and takes care of masks.",
        CELL.replace("[units]", "[batch, units]", 1),
        CELL,
    ),
)

SHAPES = (
    _explain(
        "LG301",
        "no shape",
        "A shape is the word `any`, or a list of dimensions: an int, a name, arithmetic "
        "on them (`+ - * // ( )`), `...`, `...name` or `_`.",
        _spec("inputs: [batch, features / 2]", "weights:", "forward: x"),
        _spec("inputs: [batch, features]"),
    ),
    _explain(
        "LG302",
        "an unknown dimension",
        "A dimension is bound where it stands alone in the shape of an input (or of an "
        "`Array` argument), or is an argument or a derived value.",
        _spec("weights:\n  scale: [feature]"),
    ),
    _explain(
        "LG303",
        "`...` out of place",
        "A shape holds `...` at most once, and elsewhere than in the first input it "
        "stands for the axes of the first input's `...`.",
        _spec("outputs: [..., features]"),
        _spec("inputs: [..., features]", "outputs: [..., features]"),
    ),
    _explain(
        "LG304",
        "an unknown group of axes",
        "`...name` must be the name of a group of axes of an input.",
        _spec("inputs: [batch, ...space, features]", "outputs: [batch, ...spce]"),
        _spec("inputs: [batch, ...space, features]", "outputs: [batch, ...space, 1]"),
    ),
    _explain(
        "LG305",
        "a dimension with another's name",
        "In code the name could mean either.",
        _spec("inputs: [batch, scale]", "weights:\n  scale: [4]"),
    ),
    _explain(
        "LG306",
        "a weight of unknown shape",
        "A weight's axes are named or counted: not `any`, not `_`.",
        _spec("weights:\n  scale: [_]"),
    ),
    _explain(
        "LG307",
        "an argument that is no size",
        "An argument in a shape must be of type `int`.",
        _spec("args: {units: float}", "weights:\n  scale: [units]"),
        _spec("args: {units: int}", "weights:\n  scale: [units]"),
    ),
    _explain(
        "LG308",
        "no sizes to try the layer with",
        "The tests choose small sizes that meet `require`; where none do, `example` must "
        "name some.",
        _spec("require: {features >= 1000: too few features}"),
        _spec(
            "require: {features >= 1000: too few features}", "example: {features: 1000}"
        ),
    ),
    _explain(
        "LG309",
        "an expression that cannot be computed",
        "The tests need the value of every condition, derived value and size. This one "
        "fails with any sizes, by a division by zero for instance, or a size depends on "
        "it and it takes more of Python than layergen can work out.",
        _spec("require: {features % 0 == 0: an even number of features}"),
        _spec("require: {features % 1 == 0: a whole number of features}"),
    ),
)

LAST = "forward: |\n  scaled = x * scale\n  return scaled"
NAMES = (
    _explain(
        "LG401",
        "a name given twice",
        "All that a spec declares shares one set of names; a function's parameters may "
        "not hide what it sees.",
        _spec("args: {scale: float = 2.0}"),
        _spec(*SCALED),
    ),
    _explain(
        "LG402",
        "a name that Keras reserves",
        "Arguments, weights, states, sublayers and derived values become attributes of "
        "the layer, and Keras has an attribute of this name already.",
        _spec("weights:\n  variables: [features]", "forward: x * variables"),
    ),
    _explain(
        "LG403",
        "a name that cannot be used",
        "It is no Python name, or means something to Python or to the language, or "
        "begins with `_`.",
        _spec("weights:\n  sum: [features]", "forward: x * sum"),
    ),
    _explain(
        "LG404",
        "a name that the class makes itself",
        "A weight's initializer is the argument `<weight>_initializer` already, and "
        "`kwargs` and `seed` are arguments of the class too; states bring `reset_state`, "
        "and an input `<input>_mask`.",
        _spec(
            "args: {scale_initializer: float = 2.0}",
            "forward: x * scale * scale_initializer",
        ),
        _spec(*SCALED),
    ),
    _explain(
        "LG405",
        "no valid Python",
        "The code cannot be parsed.",
        _spec("forward: x * * scale"),
    ),
    _explain(
        "LG406",
        "an unknown name",
        "The name is no input, argument, weight, dimension or derived value, nothing of "
        "the language, and no local variable.",
        _spec("forward: x * scale * factr", "args: {factor: float = 2.0}"),
        _spec(*SCALED),
    ),
    _explain(
        "LG407",
        "an unknown function",
        "`keras.ops` (or `math`) has nothing of this name.",
        _spec("forward: ops.sigmod(x) * scale"),
        _spec("forward: ops.sigmoid(x) * scale"),
    ),
    _explain(
        "LG408",
        "a name of the spec assigned to",
        "Inputs may be assigned anew, and states are updated so (by `=`, not inside an "
        "inner function); weights, arguments, sublayers and all other names of the spec "
        "keep their meaning.",
        _spec("forward: |\n  scale = x * scale\n  return scale"),
        _spec(LAST),
    ),
    _explain(
        "LG409",
        "a statement out of place",
        "Spec code computes a value: it has no imports, classes, exceptions, global "
        "names or attributes to assign to.",
        _spec("forward: |\n  assert scale is not None\n  return x * scale"),
        _spec(LAST),
    ),
    _explain(
        "LG410",
        "something with effects outside",
        "Only builtins that compute can be used, and no private attributes.",
        _spec("forward: |\n  print(x)\n  return x * scale"),
        _spec(LAST),
    ),
    _explain(
        "LG411",
        "no `return` at the end",
        "Code is one expression, or a block that ends in `return` on every path.",
        _spec("forward: |\n  scaled = x * scale"),
        _spec(LAST),
    ),
    _explain(
        "LG412",
        "no expression",
        "This piece of code must be one expression.",
        _spec("derived: {half: half = features // 2}", "forward: x * scale / half"),
        _spec("derived: {half: features // 2}", "forward: x * scale / half"),
    ),
    _explain(
        "LG413",
        "a name that is not known here",
        "`when` sees arguments; derived values and `require` also dimensions, inputs' "
        "sizes and what was derived before; functions their parameters, arguments and "
        "derived values.",
        _spec("weights:\n  scale: {shape: [features], when: features > 1}"),
        _spec(
            "args: {scaled: bool = True}",
            "weights:\n  scale: {shape: [features], when: scaled}",
            "forward: x * scale if scaled else x",
        ),
    ),
    _explain(
        "LG414",
        "the activation, and who applies it",
        "`activation(...)` can be called where the spec has the key `activation`; with "
        "several outputs `forward` itself must call it.",
        _spec("forward: activation(x * scale)"),
        _spec("activation: swish", "forward: activation(x * scale)"),
    ),
    _explain(
        "LG415",
        "another number of outputs",
        "`forward` returns as many tensors as `outputs` has.",
        _spec("outputs: [batch, features]", "forward: x * scale, x"),
        _spec("outputs: [batch, features]"),
    ),
    _explain(
        "LG416",
        "code too long, or nested too deeply",
        "Python itself could not read it, or nobody could.",
        _spec("forward: x * scale" + " + x" * 150),
    ),
    _explain(
        "LG417",
        "a gradient that is not whole",
        "A gradient's code assigns `d_<name>` for every argument (for the whole layer: "
        "every input and weight that holds floats), on every path, and no other `d_`. "
        "One expression does where there is one argument.",
        GATE.replace("      d_b", "      d_c"),
        GATE,
    ),
    _explain(
        "LG418",
        "nothing to give a gradient to",
        "What has a gradient returns one tensor and is pure: no states, no randomness, "
        "no layers, no losses. `auto` follows plain assignments; a surrogate is written.",
        GATE.replace("sigmoid(b)\n", "sigmoid(b), a\n", 1),
        GATE,
    ),
    _explain(
        "LG420",
        "a function that is no activation",
        "An activation takes one tensor, and has a name that Keras has not taken.",
        GATE.replace("forward: gate(x, x)", "activation: gate\nforward: x"),
        _spec(
            "functions: {cube: {args: [x], forward: x * x * x}}",
            "activation: cube",
        ),
    ),
    _explain(
        "LG421",
        "randomness with another seed",
        "`random` is `keras.random` with the layer's own seed, which is saved and makes "
        "runs repeatable: no `seed=`, no `keras.random`.",
        _spec("forward: x * scale + keras.random.normal(ops.shape(x))"),
        _spec("forward: x * scale + random.normal(ops.shape(x))"),
    ),
    _explain(
        "LG422",
        "functions in a circle",
        "A function cannot call itself, by whatever way.",
        _spec(
            "functions: {half: {args: [y], forward: half(y) / 2}}",
            "forward: half(x) * scale",
        ),
        _spec(
            "functions: {half: {args: [y], forward: y / 2}}", "forward: half(x) * scale"
        ),
    ),
    _explain(
        "LG423",
        "a call that does not fit",
        "Functions take as many arguments as they say, and tensors by position where they "
        "have a gradient; one that reads arguments of the layer is called, not passed; a "
        "list of layers is no layer; `add_loss` takes one value.",
        GATE.replace("gate(x, x)", "gate(x)"),
        GATE,
    ),
    _explain(
        "LG424",
        "a variable that may have no value",
        "A local variable has a value wherever it is read: not in one branch alone, unless "
        "it is read under the same condition, and not in a loop alone that may not run.",
        _spec("forward: |\n  if training:\n    y = x * scale\n  return y"),
        _spec(
            "forward: |\n  y = x\n  if training:\n    y = x * scale\n  return y",
        ),
    ),
    _explain(
        "LG425",
        "an operation that a state's dtype does not know",
        "`&=`, `|=`, `^=`, `<<=` and `>>=` work on the bits of integers, and the first three "
        "on bools too; all other operations are those of numbers.",
        _spec("states: {seen: []}", "forward: |\n  seen |= 1\n  return x * scale"),
        _spec(
            "states: {seen: {shape: [], dtype: int32}}",
            "forward: |\n  seen |= 1\n  return x * scale",
        ),
    ),
    _explain(
        "LG430",
        "a value that takes too much work",
        "Derived values and conditions are worked out for the example and the tests. Each "
        "step and each item of a list counts, and there is a limit to them.",
        _spec(
            "derived: {count: 'len([[0] * 4096] * 4096)'}", "forward: x * scale * count"
        ),
        _spec("derived: {count: 'len([0] * 4096)'}", "forward: x * scale * count"),
    ),
)

LOOPED = """\
forward: |
  total = 0
  for i in range(features):
    total = total + x[:, i] * scale[i]
  return total"""
SLOW = (
    _explain(
        "LG501",
        "a Python loop over an axis",
        "The loop is unrolled into as many operations as the axis is long, and breaks "
        "where the size is unknown. Work on the whole axis at once.",
        _spec(LOOPED),
        _spec("forward: ops.sum(x * scale, axis=-1)"),
    ),
    _explain(
        "LG502",
        "assigning to a tensor's items",
        "Tensors cannot be changed in place.",
        _spec(
            "forward: |\n  y = ops.zeros_like(x)\n  y[:, 0] = x[:, 0] * scale[0]\n"
            "  return y"
        ),
        _spec("forward: |\n  y = x * scale\n  return ops.where(x > 0, y, 0)"),
    ),
    _explain(
        "LG503",
        "Python's `if` on a tensor",
        "A tensor's value is not known while the graph is made, so that Python cannot "
        "decide by it; a size may be unknown then as well.",
        _spec("forward: x * scale if ops.sum(x) > 0 else x"),
        _spec("forward: ops.where(x > 0, x * scale, x)"),
    ),
    _explain(
        "LG504",
        "NumPy on tensors",
        "It takes the tensor out of the graph: no gradient, no compiling.",
        _spec("forward: np.exp(x) * scale"),
        _spec("forward: ops.exp(x) * scale"),
    ),
    _explain(
        "LG505",
        "a variable or layer made in `forward`",
        "It would be made anew at every call and never be trained or saved.",
        _spec("forward: keras.layers.ReLU()(x) * scale"),
        _spec("forward: ops.relu(x) * scale"),
    ),
    _explain(
        "LG506",
        "a tensor turned into a number",
        "A tensor's value is not known while the graph is made.",
        _spec("forward: x * scale * float(ops.sum(x))"),
        _spec("forward: x * scale * ops.sum(x)"),
    ),
)

WARNINGS = (
    _explain(
        "LGW01",
        "a number that overflows float16",
        "Under mixed precision it becomes infinite, and infinity minus infinity is not "
        "a number.",
        _spec("forward: x * scale - 1e9"),
        _spec("forward: x * scale - 1e4"),
    ),
    _explain(
        "LGW02",
        "a copy that broadcasting makes needless",
        "Arithmetic stretches axes of size 1 by itself, without the memory.",
        _spec("forward: x * ops.broadcast_to(scale, ops.shape(x))"),
    ),
    _explain(
        "LGW03",
        "a scan",
        "TensorFlow cannot train `ops.scan` and `ops.associative_scan` under XLA.",
        _spec("forward: ops.associative_scan(ops.add, x * scale, axis=1)"),
        _spec("forward: ops.cumsum(x * scale, axis=1)"),
    ),
    _explain(
        "LGW04",
        "a built-in layer in disguise",
        "Say `equivalent`, and the tests compare with it; or use the built-in layer.",
        _spec("weights:\n  kernel: [features, 4]", "forward: x @ kernel"),
        _spec(
            "weights:\n  kernel: [features, 4]",
            "forward: x @ kernel",
            "equivalent: Dense(4, use_bias=False)",
        ),
    ),
    _explain(
        "LGW05",
        "nothing uses it",
        "An argument, derived value or function without effect.",
        _spec("args: {factor: float = 2.0}"),
        _spec(*SCALED),
    ),
    _explain(
        "LGW06",
        "a weight or layer without use",
        "`forward` never uses it: it gets no gradient.",
        _spec("forward: x * 2"),
    ),
    _explain(
        "LGW07",
        "a state that never changes",
        "`forward` never assigns to it.",
        _spec("states: {offset: [features]}", "forward: x * scale + offset"),
        _spec(
            "states: {offset: [features]}",
            "forward: |\n  offset = ops.mean(x, axis=0)\n  return x * scale + offset",
        ),
    ),
    _explain(
        "LGW08",
        "a gradient that ignores what comes in",
        "By the chain rule a gradient is `upstream` times something; where it is meant "
        "not to be, `surrogate: true` says so.",
        _spec(
            "functions: {double: {args: [y], forward: y * 2, gradient: 2 * y}}",
            "forward: double(x) * scale",
        ),
        _spec(
            "functions: {double: {args: [y], forward: y * 2, gradient: 2 * upstream}}",
            "forward: double(x) * scale",
        ),
    ),
)


def _functional(*changes: str) -> str:
    """A spec in functional style with keys replaced or added."""
    weights = "weights: {kernel: [features, 4]}", "equivalent: Dense(4, use_bias=False)"
    return _spec("style: functional", *weights, "forward: x @ kernel", *changes)


FUNCTIONAL = (
    _explain(
        "LG601",
        "no built-in layer holds this weight",
        "A model in functional style has no weights but those of Dense (`x @ w + b`), EinsumDense (`ops.einsum(equation, x, w) + b`) and Embedding (`ops.take(w, x, axis=0)`). A weight that is used otherwise, or is made otherwise than theirs, needs a class.",
        _functional("forward: ops.relu(x) * kernel"),
        _functional(),
    ),
    _explain(
        "LG602",
        "a state or a cell in functional style",
        "What a model of built-in layers computes depends on its inputs and weights alone.",
        _functional(
            "states: {count: []}", "forward: |\n  count += 1\n  return x @ kernel"
        ),
        _functional(),
    ),
    _explain(
        "LG603",
        "something that only a call can be given",
        "`training`, masks, random numbers, added losses and arguments of `call` belong to a layer of its own; a model takes tensors.",
        _functional("forward: ops.relu(x @ kernel) if training else x @ kernel"),
        _functional(),
    ),
    _explain(
        "LG604",
        "an input that a model cannot take",
        "A model takes every input, each a single tensor that begins with the batch axis.",
        _functional("inputs: [8, features]"),
        _functional(),
    ),
    _explain(
        "LG605",
        "a gradient in functional style",
        "A custom gradient does not work on the symbolic tensors that a model is built of.",
        _functional(
            "functions: {gate: {args: [y], forward: ops.tanh(y), gradient: auto}}",
            "forward: gate(x @ kernel)",
        ),
        _functional(),
    ),
    _explain(
        "LG606",
        "a size that is not known when the model is built",
        "The batch has no size then. Other axes have one, by the name that `inputs` gives them, and the function asks for it.",
        _functional("forward: x @ kernel * batch"),
        _functional(),
    ),
    _explain(
        "LG607",
        "an operation that holds a Python function",
        "A saved model cannot hold the function.",
        _functional('forward: "ops.map(lambda row: row, x @ kernel)"'),
        _functional(),
    ),
    _explain(
        "LG608",
        "a sublayer that is not built in",
        "The model is to load without the code of the project, so it holds Keras' own layers only, and no Lambda.",
        _functional("layers: {last: Lambda(len)}", "forward: last(x @ kernel)"),
        _functional(),
    ),
    _explain(
        "LG609",
        "a name of the function's own",
        "The function that builds the model has parameters besides the spec's names: `name`, `dtype`, `input_shape` (or `<input>_shape`) and the arguments. An input alone may be called so, if `forward` does not assign to it.",
        _functional(
            "forward: |\n  dtype = x.dtype\n  return ops.cast(x @ kernel, dtype)"
        ),
        _functional(),
    ),
    _explain(
        "LG610",
        "a mask that would be lost",
        "Dense, Dropout, normalizations and activations hand a mask on; operations drop it. Other ways with masks need a class.",
        _functional("mask: pass", "forward: ops.relu(x @ kernel)"),
        _functional(),
    ),
)

HISTORY = (
    _explain(
        "LG801",
        "a change that breaks files saved from trained models",
        "A saved file holds the layer's variables in the order of their creation, and "
        "those of sublayers by the sublayers' names. Against `layergen.lock` a weight, a "
        "state or a sublayer is new, gone, renamed, reshaped, retyped or reordered, so "
        "that what was trained would not load, or into the wrong places. Where that is "
        "meant, `layergen generate --accept-weights-change`. The bad example is the good "
        "one, changed after it was generated.",
        _spec("weights:\n  scale: [features, features]", "forward: x @ scale"),
    ),
)

SPEC_CODES: dict[str, Explanation] = {
    explanation.code: explanation
    for explanation in (
        *YAML,
        *KEYS,
        *SHAPES,
        *NAMES,
        *SLOW,
        *WARNINGS,
        *FUNCTIONAL,
        *HISTORY,
    )
}
