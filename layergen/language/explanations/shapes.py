"""Shapes and dimensions: what each code means."""

from __future__ import annotations

from layergen.language.explanations.base import explain, spec

POOLED = (
    "inputs: [batch, time, features]",
    "weights:",
    "forward: ops.mean(x, axis=1)",
)
BEST = "forward: ops.argmax(x, axis=-1)"
OUTER = "forward: x[:, :, None] * scale"
SHAPES = (
    explain(
        "LG301",
        "no shape",
        "A shape is the word `any`, or a list of dimensions: an int, a name, arithmetic "
        "on them (`+ - * // ( )`), `...`, `...name` or `_`.",
        spec("inputs: [batch, features / 2]", "weights:", "forward: x"),
        spec("inputs: [batch, features]"),
    ),
    explain(
        "LG302",
        "an unknown dimension",
        "A dimension is bound where it stands alone in the shape of an input (or of an "
        "`Array` argument), or is an argument or a derived value.",
        spec("weights:\n  scale: [feature]"),
    ),
    explain(
        "LG303",
        "`...` out of place",
        "A shape holds `...` at most once, and elsewhere than in the first input it "
        "stands for the axes of the first input's `...`.",
        spec("outputs: [..., features]"),
        spec("inputs: [..., features]", "outputs: [..., features]"),
    ),
    explain(
        "LG304",
        "an unknown group of axes",
        "`...name` must be the name of a group of axes of an input.",
        spec("inputs: [batch, ...space, features]", "outputs: [batch, ...spce]"),
        spec(
            "inputs: [batch, ...space, features]",
            "outputs: [batch, ...space, features]",
        ),
    ),
    explain(
        "LG305",
        "a dimension with another's name",
        "In code the name could mean either.",
        spec("inputs: [batch, scale]", "weights:\n  scale: [4]"),
    ),
    explain(
        "LG306",
        "a weight of unknown shape",
        "A weight's axes are named or counted: not `any`, not `_`.",
        spec("weights:\n  scale: [_]"),
    ),
    explain(
        "LG307",
        "an argument that is no size",
        "An argument in a shape must be of type `int`, and one whose items stand for axes, "
        "as in `...kernel_size`, a list of ints of a fixed `length`.",
        spec("args: {units: float}", "weights:\n  scale: [units]", OUTER),
        spec("args: {units: int}", "weights:\n  scale: [units]", OUTER),
    ),
    explain(
        "LG308",
        "no sizes to try the layer with",
        "The tests choose small sizes that meet `require`; where none do, `example` must "
        "name some.",
        spec("require: {features >= 1000: too few features}"),
        spec(
            "require: {features >= 1000: too few features}", "example: {features: 1000}"
        ),
    ),
    explain(
        "LG309",
        "an expression that cannot be computed",
        "The tests need the value of every condition, derived value and size. This one "
        "fails with any sizes, by a division by zero for instance, or a size depends on "
        "it and it takes more of Python than layergen can work out.",
        spec("require: {features % 0 == 0: an even number of features}"),
        spec("require: {features % 1 == 0: a whole number of features}"),
    ),
    explain(
        "LG310",
        "axes that cannot be chosen",
        "`axis_of` belongs to an argument that is an `int`, a list of ints or either, and "
        "names the first input. A weight has a `shape`, or lies `along` such an argument.",
        spec("args: {axis: int}", "weights:\n  scale: {along: axis}"),
        spec(
            "args: {axis: {type: int, axis_of: x}}", "weights:\n  scale: {along: axis}"
        ),
    ),
    explain(
        "LG444",
        "an output of another shape",
        "What `forward` returns has not the shape that `outputs` states, whatever the sizes "
        "are, or at those of the example. There dimensions differ unless they have one "
        "name, or `require` or `example` makes them equal.",
        spec(*POOLED, "outputs: [batch, time]"),
        spec(*POOLED, "outputs: [batch, features]"),
    ),
    explain(
        "LG445",
        "an output of another dtype",
        "What `forward` returns has not the `dtype` that `outputs` states.",
        spec("weights:", "outputs: {shape: [batch], dtype: int64}", BEST),
        spec("weights:", "outputs: {shape: [batch], dtype: int32}", BEST),
    ),
    explain(
        "LG316",
        "an axis that cannot be known, or open, as the spec says",
        "`known` and `unknown` of an input name axes whose size this input is the first to "
        "have; what a weight, a sublayer or a derived value rests on is always known.",
        spec("inputs: {x: {shape: [batch, features], unknown: [features]}}"),
        spec("inputs: {x: {shape: [batch, features], known: [features]}}"),
    ),
)
