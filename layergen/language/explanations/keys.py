"""Keys and values: what each code means."""

from __future__ import annotations

from layergen.language.explanations.base import BASE, CELL, SCALED, explain, spec

KEYS = (
    explain(
        "LG201",
        "an unknown key",
        "The language has no such key here. The hint names the nearest one.",
        spec("wieghts: {}"),
    ),
    explain(
        "LG202",
        "a key is missing",
        "`layer`, `inputs` and `forward` are required, and so are `type` of an argument, "
        "`shape` of a weight and `make` of a layer in their long forms.",
        spec("layer:").replace("layer:\n", ""),
    ),
    explain(
        "LG203",
        "the wrong kind of value",
        "The key takes another kind of value: a text, a flag, a number or a mapping.",
        spec("weights: [features]", "forward: x"),
        BASE,
    ),
    explain(
        "LG205",
        "no class name",
        "`layer` is the name of a class, in PascalCase, and not one of Python's own.",
        spec("layer: scale_layer"),
        spec("layer: ScaleLayer"),
    ),
    explain(
        "LG206",
        "no module name",
        "The module is named after the spec's file (without one, after the class). The "
        "name must be one that Python can import, and must not hide another module.",
        spec("layer: Random"),
        spec("layer: RandomScale"),
    ),
    explain(
        "LG207",
        "no type",
        "An argument's type is one of `int`, `float`, `bool`, `str`, `Literal[...]`, "
        "`list[T]`, `T | None`, `dict`, `Shape`, `DType`, `Array`, `Initializer`, "
        "`Regularizer`, `Constraint`, `Activation` and `Layer`, or several of them, as in "
        "`int | list[int]`: one list, one that is looked up by name, and no `Array`. "
        "`int | Tensor` and `float | Tensor` are for `call_args`.",
        spec("args: {factor: number = 2.0}", SCALED[1]),
        spec(*SCALED),
    ),
    explain(
        "LG208",
        "a default that does not fit",
        "The default is not of the argument's type, or outside its bounds.",
        spec('args: {factor: float = "a"}', SCALED[1]),
        spec(*SCALED),
    ),
    explain(
        "LG209",
        "bounds that make no sense",
        "Bounds belong to numbers, `min` and `above` (`max` and `below`) exclude each "
        "other, and some value must meet them. `shape` and `dtype` belong to an `Array`, "
        "`length` to a list.",
        spec("args: {factor: {type: float, min: 3, max: 2}}", SCALED[1]),
        spec("args: {factor: {type: float, min: 2, max: 3}}", SCALED[1]),
    ),
    explain(
        "LG210",
        "no data type",
        "Keras has no data type of this name.",
        spec("inputs: {x: {shape: [batch, features], dtype: float31}}"),
        spec("inputs: {x: {shape: [batch, features], dtype: float32}}"),
    ),
    explain(
        "LG211",
        "an unknown identifier",
        "Keras knows no activation, initializer, regularizer or constraint of this name.",
        spec("activation: swich"),
        spec("activation: swish"),
    ),
    explain(
        "LG212",
        "no initializer, regularizer or constraint",
        "It must be an identifier, the name of an argument of that type, or a call of a "
        "class of Keras or of `imports`.",
        spec("weights:\n  scale: {shape: [features], initializer: Uniform(2)}"),
        spec("weights:\n  scale: {shape: [features], initializer: Constant(2)}"),
    ),
    explain(
        "LG214",
        "an example that does not fit",
        "`example` gives sizes to dimensions and values to arguments: of their types, "
        "within their bounds, and so that `require` holds. `activation` takes none: the "
        "tests use its default, and another.",
        spec("example: {featurs: 3}"),
        spec("example: {features: 3}"),
    ),
    explain(
        "LG215",
        "`trainable` names no flag",
        "It is `true`, `false` or the name of an argument of type `bool`.",
        spec("weights:\n  scale: {shape: [features], trainable: train_scale}"),
        spec(
            "args: {train_scale: bool = True}",
            "weights:\n  scale: {shape: [features], trainable: train_scale}",
        ),
    ),
    explain(
        "LG216",
        "no import statement",
        "`imports` holds absolute import statements that name what they import.",
        spec("imports: from scipy.special import *"),
        spec("imports: from scipy import special"),
    ),
    explain(
        "LG217",
        "no call that makes a layer",
        "`equivalent` and the layers under `layers` are calls of a class of "
        "`keras.layers` or of one from `imports`; one under `layers` may also be the "
        "class of another spec beside this one.",
        spec("equivalent: Scaling()"),
        spec("equivalent: Rescaling(1.0)"),
    ),
    explain(
        "LG218",
        "an optional input out of place",
        "The first input is always there, and those that may be None come last; so do "
        "positional arguments of `call` that have a default.",
        spec(
            "inputs:\n  x: {shape: [batch, features], optional: true}\n"
            "  y: [batch, features]",
            "forward: x * scale + y",
        ),
        spec(
            "inputs:\n  y: [batch, features]\n"
            "  x: {shape: [batch, features], optional: true}",
            "forward: y * scale if x is None else x * scale + y",
        ),
    ),
    explain(
        "LG219",
        "no loop",
        "`for` of a list of layers says what to go over, as Python does after `for`.",
        spec(
            "layers:\n  hidden: {make: Dense(4), for: range(3)}",
            "forward: hidden[0](x * scale)",
        ),
        spec(
            "layers:\n  hidden: {make: Dense(4), for: _ in range(3)}",
            "forward: hidden[0](x * scale)",
        ),
    ),
    explain(
        "LG220",
        "an aggregation that does not fit",
        "The mean over replicas is for floats; of other states one replica's is kept.",
        spec(
            "states:\n  calls: {shape: [], dtype: int32, aggregation: mean}",
            "forward: |\n  calls += 1\n  return x * scale",
        ),
        spec(
            "states:\n  calls: {shape: [], dtype: int32}",
            "forward: |\n  calls += 1\n  return x * scale",
        ),
    ),
    explain(
        "LG221",
        "not for a cell",
        "`keras.layers.RNN` calls a cell with one tensor and the states, which it holds "
        "itself, batch axis and all, and takes care of masks.",
        CELL.replace("[units]", "[batch, units]", 1),
        CELL,
    ),
    explain(
        "LG222",
        "inputs that cannot come in one list or dict",
        "`inputs_as: list` and `inputs_as: dict` are for several tensors that are no lists "
        "themselves. In a list each has its place; a member of a dict may be left out.",
        spec(
            "inputs:\n  x: [batch, features]\n"
            "  y: {shape: [batch, features], optional: true}\ninputs_as: list",
            "forward: x * scale if y is None else x * scale + y",
        ),
        spec(
            "inputs:\n  x: [batch, features]\n"
            "  y: {shape: [batch, features], optional: true}\ninputs_as: dict",
            "forward: x * scale if y is None else x * scale + y",
        ),
    ),
    explain(
        "LG223",
        "outputs that cannot come together",
        "`outputs_as` and `when` are for several outputs with names, which `forward` (and "
        "`reference`) returns written out. The first is always there, and all that may be "
        "left out are so under one condition.",
        spec(
            "outputs: {y: [batch, features], z: [batch, features]}\noutputs_as: dict",
            "forward: |\n  both = x * scale, x\n  return both",
        ),
        spec(
            "outputs: {y: [batch, features], z: [batch, features]}\noutputs_as: dict",
            "forward: x * scale, x",
        ),
    ),
    explain(
        "LG226",
        "a sublayer of which it is not clear what it is",
        "Where `make` maps values to layers, `by` names an argument of texts to choose from "
        "(`Literal[...]`, not None), and each of them has a layer, or null for none.",
        spec(
            'args:\n  norm: Literal["layer", "unit"]',
            "layers: {last: {make: {layer: LayerNormalization()}, by: norm}}",
            "forward: last(x * scale)",
        ),
        spec(
            'args:\n  norm: Literal["layer", "unit"]',
            "layers:\n  last:\n    make: {layer: LayerNormalization(), unit: UnitNormalization()}\n    by: norm",
            "forward: last(x * scale)",
        ),
    ),
    explain(
        "LG227",
        "a condition on what may be a tensor",
        "An argument of `call` of the type `int | Tensor` has no value when `call` runs in a "
        "graph, so that no condition of `require` or `when` can look at it.",
        spec(
            "call_args: {start: int | Tensor}",
            "require: {start >= 0: the start must not be negative}",
            "forward: x * scale + start",
        ),
        spec(
            'call_args: {start: {type: "int | Tensor", min: 0}}',
            "forward: x * scale + start",
        ),
    ),
    explain(
        "LG228",
        "not for a method",
        "`methods` and `properties` compute with a built layer, outside of its calls: with "
        "the layers that `forward` calls, and with weights that have a shape of their own. "
        "Keras calls `adapt` with data, which no spec describes.",
        spec(
            "layers: {out: Dense(3)}",
            "methods:\n  score: {inputs: {h: [batch, features]}, forward: out(h)}",
        ),
        spec(
            "layers: {out: Dense(3)}",
            "methods:\n  score: {inputs: {h: [batch, features]}, forward: out(h)}",
            "forward: out(x * scale)",
        ),
    ),
)
