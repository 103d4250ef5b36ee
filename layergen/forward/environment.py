"""What the names of a spec stand for, in each piece of its code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import copy
from functools import cached_property, reduce

from msgspec import Struct, field

from layergen.forward.interpreter import Interpreter
from layergen.forward.late import Late
from layergen.forward.layers import HowMade, how_made
from layergen.forward.modules import of_path
from layergen.forward.result_dtypes import kind_in
from layergen.forward.shapes import REST, Narrow
from layergen.forward.shapes import Shape as Known
from layergen.forward.sizes import Axis, Dim, Item, size_of
from layergen.forward.values import (
    COMPUTE,
    OPEN,
    UNKNOWN,
    DType,
    Either,
    Items,
    Layer,
    Many,
    Module,
    Number,
    RestAxes,
    SpecFunction,
    Tensor,
    Text,
    Unknown,
    Value,
    joined,
    maybe,
)
from layergen.forward.vocabulary import own_words
from layergen.keras_tables import dtypes
from layergen.keras_tables.names import FLOAT_DTYPES, LAYERS
from layergen.language import dims
from layergen.language.along import along
from layergen.language.axes import Member, Rest, Shape
from layergen.language.lookup import Lookup
from layergen.language.model import Arg, Input, Sublayer
from layergen.language.types.base import Type
from layergen.language.types.kinds.containers import List
from layergen.language.types.kinds.containers import Shape as Sizes
from layergen.language.types.kinds.plain import Literal, Str
from layergen.language.types.kinds.scalars import Scalar
from layergen.language.types.kinds.unions import Union
from layergen.language.words import BUILTINS
from layergen.source.code import Size

MODULES = {
    "keras": "keras",
    "math": "math",
    "ops": "keras.ops",
    "random": "keras.random",
    "tf": "tensorflow",
}


class Environment(Struct, frozen=True, dict=True):
    """The values that the names of a spec begin with; `fixed` are those of `training` and
    of arguments of `call`, where they are known."""

    lookup: Lookup
    fixed: dict[str, Value] = field(default_factory=dict)

    @cached_property
    def late(self) -> frozenset[str]:
        """The dimensions that may be unknown until the layer runs."""
        return frozenset({*self.lookup.axes} - dims.pinned(self.lookup.spec))

    @cached_property
    def words(self) -> dict[str, Value]:
        """What is the same in all code: the language's own names, and imports."""
        found: dict[str, Value] = {
            name: Module(f"builtins.{name}") for name in BUILTINS
        }
        found |= {name: Module(path) for name, path in MODULES.items()}
        found["add_loss"] = Module("add_loss")
        found |= {n: of_path(path) for n, path in self.lookup.spec.imported.items()}
        found |= {name: SpecFunction(name) for name in self.lookup.functions}
        return found

    @cached_property
    def values(self) -> dict[str, Value]:
        """Arguments, dimensions and derived values."""
        found: dict[str, Value] = {}
        for name in (*self.lookup.axes, *self.lookup.counts, *self.lookup.array_axes):
            found[name] = Number(
                "int", size_of(name), Late.SURELY if name in self.late else Late.NEVER
            )
        for arg in (*self.lookup.spec.args, *self.lookup.spec.call_args):
            found[arg.name] = self._argument(arg)
        for name, tensor in self.lookup.inputs.items():
            found.setdefault(name, Tensor(self.shape_of(tensor), OPEN))
        for one in self.lookup.spec.derived:
            reader = Interpreter(self.words | found, {}, {})
            value = reader.value_of(one.code.expression)
            found[one.name] = _named(one.name, value)
        for name in self.lookup.inputs:
            del found[name]
        return found

    @cached_property
    def layers(self) -> dict[str, HowMade]:
        """How each sublayer is made."""
        found = {one.name: self._how(one) for one in self.lookup.spec.layers}
        for arg in self.lookup.spec.args:
            if arg.type.is_layer:
                found[arg.name] = HowMade("", {}, policy=False)
        return found

    @cached_property
    def forward(self) -> dict[str, Value]:
        """All that `forward` sees from outside."""
        spec = self.lookup.spec
        found = self.words | self.values
        for weight in spec.weights:
            shape = self.shape(weight.shape, weight.name)
            dtype = weight.dtype or self._cast
            value: Value = Tensor(shape, dtype, frozenset({weight.name}))
            found[weight.name] = maybe(value) if weight.when else value
        for state in spec.states:
            shape = self.shape(state.shape, state.name)
            if spec.kind == "cell":
                batch = self._front(self.lookup.first)
                shape = (batch, *shape) if isinstance(shape, tuple) else None
            through = frozenset({state.name})
            found[state.name] = Tensor(shape, state.dtype or self._cast, through)
        for layer in spec.layers:
            one: Value = Layer(layer.name, listed=layer.loop is not None)
            if layer.loop is not None:
                one = Many(one)
            found[layer.name] = maybe(one) if layer.when and not layer.loop else one
        for name, owner in self.lookup.rests.items():
            found[name] = RestAxes(self.lookup.inputs[owner].shape.rest or 0)
        for tensor in spec.inputs:
            found[spec.masks[tensor.name]] = maybe(self._mask(tensor))
        found["training"] = Number("bool")
        own: dict[str, Value] = {
            "trainable": Number("bool"),
            "compute_dtype": DType(COMPUTE),
        }
        found |= {name: own[name] for name in own_words(spec)}
        gate = spec.activation if spec.activation in self.lookup.functions else None
        found["activation"] = SpecFunction(gate) if gate else Module("activation")
        return found | self.fixed

    @cached_property
    def lists(self) -> dict[str, Value]:
        """The derived lists of floats, as `forward` sees them: other values than those
        that its functions see, which may take them as lists."""
        found = {name: self.values.get(name, UNKNOWN) for name in self.lookup.derived}
        return {
            name: copy(value)
            for name, value in found.items()
            if not isinstance(value, Number) and kind_in(value) == "float"
        }

    @cached_property
    def inputs(self) -> dict[str, Value]:
        """What the inputs are."""
        return {tensor.name: self._input(tensor) for tensor in self.lookup.spec.inputs}

    # Parts

    def _input(self, tensor: Input) -> Value:
        # Keras casts every input of floats to the compute dtype.
        dtype = (
            tensor.dtype if tensor.dtype not in (None, *FLOAT_DTYPES) else self._cast
        )
        one = Tensor(self.shape_of(tensor), dtype, frozenset({tensor.name}))
        value: Value = one
        if tensor.many:
            many = tensor.many
            length = size_of(many) if isinstance(many, str) else None
            value = Many(one, length, some=True)
        return maybe(value) if tensor.optional else value

    @property
    def _cast(self) -> str:
        """The dtype of floats that Keras hands over."""
        return COMPUTE if self.lookup.spec.autocast else OPEN

    def _front(self, tensor: Input) -> Dim:
        """The size of an input's first axis."""
        shape = self.shape_of(tensor)
        known = isinstance(shape, tuple) and shape and shape[0] is not REST
        return shape[0] if known else None  # type: ignore[index]

    def _mask(self, tensor: Input) -> Value:
        """A mask has an axis less than what it is the mask of, where that has three; of
        more, Keras' layers have masks of two axes and others."""
        shape = self.shape_of(tensor)
        known = isinstance(shape, tuple) and REST not in shape and len(shape) == 3
        one = Tensor(shape[:-1] if known else None, "bool")  # type: ignore[index]
        return Many(maybe(one)) if tensor.many else one

    def shape_of(self, tensor: Input) -> Known:
        """The shape of an input; the first may have any axes, as `...` has."""
        if tensor.shape.dims is None and tensor is self.lookup.first:
            return (REST,)
        return self.shape(tensor.shape, tensor.name)

    def shape(self, shape: Shape, owner: str) -> Known:
        """A shape of the spec; axes without a name are those of `owner`."""
        if along(shape):
            first = self.shape_of(self.lookup.first)
            return Narrow(first) if isinstance(first, tuple) else None
        if shape.dims is None:
            return None
        at = {index: position for index, position in self._positions(shape)}
        found: list[object] = []
        for index, dim in enumerate(shape.dims):
            if isinstance(dim, Rest):
                found.append(REST)
            elif isinstance(dim, Size):
                found.append(self.size(dim))
            else:
                found.append(size_of(Axis(owner, at[index])))
        return tuple(found)

    def _positions(self, shape: Shape) -> Iterator[tuple[int, int]]:
        rest, count = shape.rest, len(shape.dims or ())
        for index in range(count):
            before = rest is None or index < rest
            yield index, index if before else index - count

    def size(self, dim: Size) -> Dim:
        """A size of the spec as a polynomial."""
        if isinstance(dim, Member):
            return size_of(Item(dim.of, dim.index))
        names: dict[str, Value] = {n: Number("int", size_of(n)) for n in dim.names}
        value = Interpreter(names, {}, {}).value_of(dim.tree)
        return value.size if isinstance(value, Number) else None

    def _argument(self, arg: Arg) -> Value:
        """What an argument of the constructor is."""
        if isinstance(arg.type, Scalar):
            dtype = arg.type.dtype or COMPUTE
            value: Value = Tensor((), dtype, frozenset({arg.name}))
        elif arg.type.is_tensor:
            shape: Known = None
            if arg.shape is not None and arg.shape.dims is not None:
                shape = tuple(self._array_dim(dim) for dim in arg.shape.dims)
                shape = None if REST in shape else shape
            floating = arg.dtype is None or dtypes.is_float(arg.dtype)
            dtype = COMPUTE if floating else str(arg.dtype)
            value = Tensor(shape, dtype, frozenset({arg.name}))
        elif arg.type.is_layer:
            value = Layer(arg.name)
        else:
            value = _of_type(arg.type, arg.name)
        if arg.axis_of:  # What code reads is no longer what is given.
            one = Number("int")
            value = one if arg.type.is_size else Many(one, None, some=True)
        return maybe(value) if arg.type.optional else value

    def _array_dim(self, dim: object) -> object:
        if isinstance(dim, Rest):
            return REST
        if isinstance(dim, Size) and dim.is_name:
            return size_of(dim.text)
        return int(dim.text) if isinstance(dim, Size) and dim.text.isdigit() else None

    def _how(self, layer: Sublayer) -> HowMade:
        """How a sublayer is made, as far as one call shows it."""
        call = layer.make.expression
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return HowMade("", {}, policy=False)
        name = call.func.id
        if name not in LAYERS or name in self.lookup.spec.imported:
            return HowMade("", {}, policy=False)
        reader = Interpreter(self.words | self.values, {}, {})
        return how_made(name, call, reader.value_of)


def _of_type(kind: Type, name: str) -> Value:
    """What an argument of a type is, in Python."""
    if kind.is_size:
        return Number("int", size_of(name))
    if kind.count is not None and kind.counts:
        sizes = (size_of(Item(name, index)) for index in range(kind.count))
        return Items(tuple(Number("int", size) for size in sizes))
    if kind.module == "activations":
        return Module("activation")
    if isinstance(kind, Sizes):
        return Many(_plain(kind.size))
    return _plain(kind)


def _plain(kind: Type) -> Value:
    """What a value of a type is that may be an item of a list."""
    value: Value = UNKNOWN
    if kind.is_size:
        value = Number("int")
    elif kind.is_number:
        value = Number("bool" if kind.is_flag else "float")
    elif isinstance(kind, Str):
        value = Text()
    elif isinstance(kind, Literal):
        kinds = {type(one) for one in kind.choices}
        value = Text() if kinds == {str} else Number(kinds.pop().__name__)
    elif isinstance(kind, List):
        count, item = kind.count, _plain(kind.item)
        value = Many(item) if count is None else Items((item,) * count)
    elif isinstance(kind, Union):
        value = _of_union(kind)
    return maybe(value) if kind.optional else value


def _of_union(kind: Union) -> Value:
    """What a value of one of several types is, as code reads it."""
    if kind.count is not None and kind.repeated is not None:
        return Items((_plain(kind.repeated),) * kind.count)
    values = tuple(map(_plain, kind.types))
    found, unknown = reduce(joined, values), any(isinstance(v, Unknown) for v in values)
    return Either(values) if isinstance(found, Unknown) and not unknown else found


def _named(name: str, value: Value) -> Value:
    """A derived value: an integer goes by its own name."""
    whole = isinstance(value, Number) and value.type == "int"
    return Number("int", size_of(name)) if whole else value
