"""The keys of a spec as a table, which the reader and the JSON Schema both follow.

`kind` names what a value may be: `values.READERS` reads each kind of a nested table, and
`schema.KINDS` describes every kind.
"""

from __future__ import annotations

from msgspec import Struct


class Field(Struct, frozen=True):
    """A key of a mapping."""

    key: str
    kind: str
    doc: str
    required: bool = False


Table = tuple[Field, ...]

SPEC: Table = (
    Field("layer", "class name", "The class name, in PascalCase.", required=True),
    Field("aliases", "class names", "Old names that saved files may have for it."),
    Field("doc", "text", "The docstring: a summary line, then prose."),
    Field("style", "style", "`class`, `functional` or `both`."),
    Field("args", "args", "Constructor arguments, in order."),
    Field("inputs", "inputs", "The tensors that `call` takes.", required=True),
    Field("inputs_as", "inputs as", "`separate`, or together as `list` or `dict`."),
    Field("call_args", "call args", "Further arguments of `call`."),
    Field("outputs", "outputs", "What `call` returns, with shapes."),
    Field("outputs_as", "outputs as", "Several as a `tuple`, a `list` or a `dict`."),
    Field("weights", "weights", "Trainable (or frozen) variables."),
    Field("states", "states", "Non-trainable variables that `forward` updates."),
    Field("layers", "layers", "Sublayers."),
    Field("derived", "derived", "Values computed once, at build."),
    Field("functions", "functions", "Pure helper functions."),
    Field("activation", "activation", "The activation argument's default."),
    Field("forward", "block", "The computation.", required=True),
    Field("gradient", "gradient", "A custom gradient of `forward`."),
    Field("autocast", "flag", "Whether Keras casts inputs to the compute dtype."),
    Field("methods", "methods", "What a built layer computes beside `call`."),
    Field("properties", "properties", "What is read of a built layer."),
    Field("mask", "mask", "What becomes of a Keras mask."),
    Field("require", "require", "Conditions, each with its message."),
    Field("equivalent", "expression", "A built-in layer that computes the same."),
    Field("reference", "block", "NumPy code that computes the same."),
    Field("example", "example", "Sizes and values for the example and the tests."),
    Field("kind", "layer kind", "`layer` or `cell`."),
    Field("imports", "block", "Import statements that the code needs."),
)

OUTSIDE = {
    "classmethods": "write a function beside the layer that makes one",
    "staticmethods": "write it under `functions`, or beside the layer",
    "adapt": "compute what it learns before, and give it as an argument of type `Array`",
}
"""What stays out of the language, by the keys that one might write for it, with what to do."""

ARG: Table = (
    Field("type", "type", "The type, as in `list[int]`.", required=True),
    Field("default", "literal", "The default; without it the argument is required."),
    Field("doc", "text", "What the argument means."),
    Field("min", "number", "The smallest value allowed."),
    Field("max", "number", "The largest value allowed."),
    Field("above", "number", "Values must be larger than this."),
    Field("below", "number", "Values must be smaller than this."),
    Field("length", "length", "How many items a list has, or `{min: 1}`."),
    Field("axis_of", "name", "The input of which it chooses an axis, or axes."),
    Field("shape", "shape", "The shape of an `Array`."),
    Field("dtype", "dtype", "The data type of an `Array`."),
)

CALL_ARG: Table = (
    *ARG,
    Field("positional", "flag", "Whether `call` takes it by position too."),
)

LENGTH: Table = (
    Field("min", "count", "A list has at least so many items."),
    Field("max", "count", "A list has at most so many items."),
)

INPUT: Table = (
    Field("shape", "shape", "The shape.", required=True),
    Field("dtype", "dtype", "The data type."),
    Field("min", "bound", "The smallest valid value."),
    Field("below", "bound", "Valid values are smaller than this."),
    Field("optional", "flag", "Whether it may be None."),
    Field("known", "names", "The axes that must be known, as the code does not show."),
    Field("unknown", "names", "The axes that may be open, as the code does not show."),
    Field("many", "flag or name", "A flag: a list of tensors; or their number's name."),
)

OUTPUT: Table = (
    Field("shape", "shape", "The shape.", required=True),
    Field("dtype", "dtype", "The data type."),
    Field("when", "expression", "A condition: else the output is left out."),
)

WEIGHT: Table = (
    Field("shape", "shape", "The shape, needed unless it is `along` axes."),
    Field("along", "name", "The argument whose axes the weight lies along."),
    Field("initializer", "maker", "An identifier, an argument or a call."),
    Field("regularizer", "maker", "An identifier, an argument, a call or null."),
    Field("constraint", "maker", "An identifier, an argument, a call or null."),
    Field("trainable", "flag or name", "A flag, or the name of a bool argument."),
    Field("dtype", "dtype", "The data type."),
    Field("when", "expression", "A condition: else there is no weight."),
    Field("doc", "text", "What the weight is."),
    Field("expose", "flag", "Whether its makers are constructor arguments."),
)

STATE: Table = (
    Field("shape", "shape", "The shape, needed unless it is `along` axes."),
    Field("along", "name", "The argument whose axes the state lies along."),
    Field("initializer", "maker", "An identifier or a call."),
    Field("dtype", "dtype", "The data type."),
    Field("aggregation", "aggregation", "`mean` or `only_first_replica`."),
    Field("doc", "text", "What the state is."),
    Field("expose", "flag", "Whether its initializer is a constructor argument."),
)

LAYER: Table = (
    Field("make", "make", "A constructor call, or one for each value of `by`.", True),
    Field("by", "name", "The argument by which `make` is looked up."),
    Field("when", "expression", "A condition: else there is no layer."),
    Field("for", "loop", "For a list of layers, as in `width in hidden_units`."),
)

FUNCTION: Table = (
    Field("args", "parameters", "The names of its parameters.", required=True),
    Field("forward", "block", "What it computes.", required=True),
    Field("gradient", "gradient", "`auto`, or code that assigns `d_<argument>`."),
    Field("doc", "text", "What it computes, in words."),
)

METHOD: Table = (
    Field("inputs", "inputs", "The tensors that it takes.", required=True),
    Field("args", "call args", "Keyword arguments that are no inputs."),
    Field("outputs", "outputs", "What it returns, with shapes."),
    Field("forward", "block", "What it computes.", required=True),
    Field("reference", "block", "NumPy code that computes the same."),
    Field("doc", "text", "What it computes, in words."),
)

PROPERTY: Table = (
    Field("forward", "block", "What it is.", required=True),
    Field("reference", "block", "NumPy code that computes the same."),
    Field("doc", "text", "What it is, in words."),
)

GRADIENT: Table = (
    Field("code", "gradient code", "`auto`, or code.", required=True),
    Field("surrogate", "flag", "Whether it differs from the mathematical gradient."),
)
