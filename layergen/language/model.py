"""What the user wrote, parsed once into frozen data.

Everything here is a fact of the spec; nothing is decided about the layer that comes of
it. `str` of a `Type` gives back its text in the spec's grammar.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from layergen.language.axes import Shape
from layergen.language.types.base import Type
from layergen.language.types.bounds import Bounds
from layergen.problems import Place
from layergen.source.code import Code


@dataclass(frozen=True)
class Arg:
    """An argument of the constructor, or of `call`.

    `default` is a Python literal and means nothing where `required`. The bounds hold for
    the number, or for each number of a list. `shape` and `dtype` belong to an `Array`.
    `axis_of` names the input whose axes it chooses. One of `call` that is `positional`
    stands beside the inputs, the others are keywords.
    """

    name: str
    type: Type
    place: Place = field(compare=False)
    required: bool = True
    default: object = None
    doc: str | None = None
    min: int | float | None = None
    max: int | float | None = None
    above: int | float | None = None
    below: int | float | None = None
    shape: Shape | None = None
    dtype: str | None = None
    axis_of: str | None = None
    positional: bool = False

    @property
    def bounds(self) -> Bounds:
        """The bounds that the spec writes."""
        return Bounds(self.min, self.max, self.above, self.below)


@dataclass(frozen=True)
class Input:
    """A tensor that `call` takes.

    Valid values lie in `min <= value < below`; a bound is a number or the name of an
    argument, dimension or derived value. An `optional` input may be None. `many` makes it
    a list of tensors of this shape; where it is a name, that dimension is their number.
    `known` axes must be known at build and then stay, `unknown` ones may be open.
    """

    name: str
    shape: Shape
    place: Place = field(compare=False)
    dtype: str | None = None
    min: int | float | str | None = None
    below: int | float | str | None = None
    optional: bool = False
    many: bool | str = False
    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Output:
    """A tensor that `call` returns; `name` is None for a single unnamed output.

    Where `when` does not hold, it is left out.
    """

    name: str | None
    shape: Shape
    dtype: str | None = None
    when: Code | None = None


@dataclass(frozen=True)
class Maker:
    """How a weight's initializer, regularizer or constraint is made.

    `kind` is `identifier` (a Keras identifier in `text`), `argument` (the name of an
    argument in `text`), `call` (a constructor call in `code`, `text` as written) or
    `none` (written as `null`).
    """

    kind: str
    text: str = ""
    code: Code | None = None


@dataclass(frozen=True)
class Alias:
    """A name that files saved before have for the class."""

    name: str
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Weight:
    """A variable. `trainable` may name a bool argument; a maker is None if not written."""

    name: str
    shape: Shape
    place: Place = field(compare=False)
    initializer: Maker | None = None
    regularizer: Maker | None = None
    constraint: Maker | None = None
    trainable: bool | str = True
    dtype: str | None = None
    when: Code | None = None
    doc: str | None = None
    expose: bool = True


@dataclass(frozen=True)
class State:
    """A non-trainable variable that `forward` assigns to.

    In a cell it is no variable: the RNN holds it, and its shape leaves the batch out.
    """

    name: str
    shape: Shape
    place: Place = field(compare=False)
    initializer: Maker | None = None
    dtype: str | None = None
    aggregation: str | None = None
    doc: str | None = None
    expose: bool = False


@dataclass(frozen=True)
class Loop:
    """`for: target in iterable`; `target` is a name, or names with commas."""

    target: str
    iterable: Code


@dataclass(frozen=True)
class Sublayer:
    """A layer that this one holds, or with `loop` a list of them.

    `make` is a call, or a conditional expression of calls, which ends in None where
    `when` says so already.
    """

    name: str
    make: Code
    place: Place = field(compare=False)
    when: Code | None = None
    loop: Loop | None = None

    @property
    def is_chosen(self) -> bool:
        """Whether a condition decides which layer it is."""
        return isinstance(self.make.expression, ast.IfExp)

    @cached_property
    def makes(self) -> tuple[ast.expr, ...]:
        """The expressions that may make it, each a call unless something is wrong."""
        found: list[ast.expr] = []
        todo = [self.make.expression]
        while todo:
            one = todo.pop()
            if isinstance(one, ast.IfExp):
                todo += [one.orelse, one.body]
            elif not (isinstance(one, ast.Constant) and one.value is None):
                found.append(one)
        return tuple(found)


@dataclass(frozen=True)
class Gradient:
    """A custom gradient: derived symbolically, or the user's code.

    `code` is None for `auto`, else one expression (where there is a single argument) or
    statements that assign `d_<name>`. A `surrogate` is meant to differ from the
    mathematical gradient.
    """

    place: Place = field(compare=False)
    code: Code | None = None
    surrogate: bool = False


@dataclass(frozen=True)
class Function:
    """A pure helper function of tensors; `args` are its parameters."""

    name: str
    args: tuple[str, ...]
    forward: Code
    place: Place = field(compare=False)
    gradient: Gradient | None = None
    doc: str | None = None


@dataclass(frozen=True)
class Derived:
    """A value computed once, from arguments and dimensions."""

    name: str
    code: Code
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Requirement:
    """A condition that arguments and dimensions must meet, and what to say if not."""

    condition: Code
    message: str


@dataclass(frozen=True)
class Method:
    """What a built layer computes beside `call`; a property takes nothing.

    `inputs` are tensors, `args` keyword arguments.
    """

    name: str
    forward: Code
    place: Place = field(compare=False)
    inputs: tuple[Input, ...] = ()
    args: tuple[Arg, ...] = ()
    outputs: tuple[Output, ...] | None = None
    reference: Code | None = None
    doc: str | None = None

    @property
    def is_property(self) -> bool:
        """Whether it is read as an attribute."""
        return not self.inputs


PROOFS = frozenset({"equivalent", "reference"})
"""The keys of a spec that say what computes the same as the layer."""


@dataclass(frozen=True)
class Spec:
    """A whole layer spec.

    `stem` names module and test, `package` is the one that the modules of this spec and
    of those beside it belong to, if any; `file` is the spec as the user named it;
    `text` is the file's content. `activation` is the default of the activation argument
    (None: there is no such argument), a Keras identifier or one of `functions`; `mask` is
    `pass`, `stop`, code that computes the new mask, or None. `inputs_as` is `separate`,
    `list` or `dict`: how `call` takes them. `outputs` is None where Keras is to infer
    them; `outputs_as` is `tuple`, `list` or `dict`: how `call` returns several. `kind` is `layer` or `cell`, `style` is `class`, `functional` or `both`.
    `example` holds sizes and argument values as literals, and `Code` for the value of a
    `Layer` argument.
    """

    layer: str
    stem: str
    file: str
    text: str = field(repr=False)
    inputs: tuple[Input, ...]
    forward: Code
    doc: str | None = None
    style: str = "class"
    kind: str = "layer"
    args: tuple[Arg, ...] = ()
    call_args: tuple[Arg, ...] = ()
    inputs_as: str = "separate"
    outputs: tuple[Output, ...] | None = None
    outputs_as: str = "tuple"
    weights: tuple[Weight, ...] = ()
    states: tuple[State, ...] = ()
    layers: tuple[Sublayer, ...] = ()
    functions: tuple[Function, ...] = ()
    gradient: Gradient | None = None
    derived: tuple[Derived, ...] = ()
    activation: str | None = None
    autocast: bool = True
    mask: str | Code | None = None
    require: tuple[Requirement, ...] = ()
    equivalent: Code | None = None
    reference: Code | None = None
    example: tuple[tuple[str, object], ...] = ()
    imports: Code | None = None
    aliases: tuple[Alias, ...] = ()
    methods: tuple[Method, ...] = ()
    properties: tuple[Method, ...] = ()
    package: str = ""

    @property
    def is_proven(self) -> bool:
        """Whether it states what computes the same, which the layer's values are held to."""
        return any(getattr(self, key) is not None for key in PROOFS)

    @cached_property
    def scalars(self) -> tuple[Arg, ...]:
        """The arguments of `call` that may be scalar tensors."""
        return tuple(arg for arg in self.call_args if arg.type.is_tensor)

    @property
    def joins_inputs(self) -> bool:
        """Whether `call` takes its inputs as one list or dict."""
        return self.inputs_as != "separate"

    def joined(self, values: Iterable[object]) -> object:
        """A value for each input as one dict, where `call` takes such, or one list."""
        if self.inputs_as != "dict":
            return [*values]
        names = (tensor.name for tensor in self.inputs)
        return dict(zip(names, values, strict=True))

    @cached_property
    def leaves_out(self) -> Code | None:
        """The condition without which some outputs are left out; all have the same."""
        return next((one.when for one in self.outputs or () if one.when), None)

    @cached_property
    def masks(self) -> dict[str, str]:
        """What each input's mask is called in code."""
        if len(self.inputs) == 1:
            return {self.inputs[0].name: "mask"}
        return {tensor.name: f"{tensor.name}_mask" for tensor in self.inputs}

    @cached_property
    def shape_parameters(self) -> tuple[str, ...]:
        """What methods of the class call the shapes of the inputs."""
        if len(self.inputs) == 1:
            return ("input_shape",)
        return tuple(f"{tensor.name}_shape" for tensor in self.inputs)

    @property
    def of_shapes(self) -> frozenset[str]:
        """The names by which methods of the class take shapes."""
        whole = {"input_shape"} if self.joins_inputs else set()
        return frozenset({*self.shape_parameters, *whole})

    @cached_property
    def made_classes(self) -> frozenset[str]:
        """The layer itself, and the classes that its sublayers are made by."""
        calls = [
            node
            for layer in self.layers
            for node in ast.walk(layer.make.expression)
            if isinstance(node, ast.Call)
        ]
        called = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
        return frozenset({self.layer, *(name for name in called if name[:1].isupper())})

    @cached_property
    def imported(self) -> dict[str, str]:
        """The names that `imports` binds, each with what it stands for in full."""
        found: dict[str, str] = {}
        for statement in self.imports.body if self.imports else ():
            if isinstance(statement, ast.Import):
                for alias in statement.names:
                    first = alias.name.split(".")[0]
                    whole = alias.name if alias.asname else first
                    found[alias.asname or first] = whole
            elif isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    full = f"{statement.module}.{alias.name}"
                    found[alias.asname or alias.name] = full
        return found

    def in_full(self, name: str) -> str:
        """What a dotted name stands for in full, "" where `imports` does not bind it."""
        root, dot, rest = name.partition(".")
        return self.imported[root] + dot + rest if root in self.imported else ""

    @property
    def module(self) -> str:
        """The name by which the layer's module is imported."""
        return self.module_of(self.stem)

    def module_of(self, stem: str) -> str:
        """The name by which the module of this spec, or of one beside it, is imported."""
        return f"{self.package}.{stem}" if self.package else stem
