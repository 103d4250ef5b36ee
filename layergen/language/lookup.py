"""A spec with its names looked up."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from layergen.language import dims, uses
from layergen.language.axes import Member
from layergen.language.model import (
    Arg,
    Derived,
    Function,
    Input,
    Output,
    Spec,
    State,
    Sublayer,
    Weight,
)
from layergen.language.neighbours import neighbours
from layergen.language.types.bounds import Bounds
from layergen.language.variables import declared
from layergen.source.code import Code


class Lookup(Struct, frozen=True, dict=True):
    """What each name of a spec stands for."""

    spec: Spec

    @cached_property
    def args(self) -> dict[str, Arg]:
        return {arg.name: arg for arg in self.spec.args}

    @cached_property
    def inputs(self) -> dict[str, Input]:
        return {tensor.name: tensor for tensor in self.spec.inputs}

    @cached_property
    def weights(self) -> dict[str, Weight]:
        return {weight.name: weight for weight in self.spec.weights}

    @cached_property
    def states(self) -> dict[str, State]:
        return {state.name: state for state in self.spec.states}

    @cached_property
    def sublayers(self) -> dict[str, Sublayer]:
        return {layer.name: layer for layer in self.spec.layers}

    @cached_property
    def functions(self) -> dict[str, Function]:
        return {function.name: function for function in self.spec.functions}

    @cached_property
    def call_args(self) -> dict[str, Arg]:
        return {arg.name: arg for arg in self.spec.call_args}

    @cached_property
    def derived(self) -> dict[str, Derived]:
        return {derived.name: derived for derived in self.spec.derived}

    @cached_property
    def axes(self) -> dict[str, dims.Axis]:
        """The dimensions that an input's axis binds."""
        found = dims.bindings(self.spec)
        return {name: axis for name, axis in found.items() if axis.of_input}

    @cached_property
    def array_axes(self) -> dict[str, dims.Axis]:
        """The dimensions that an Array argument's axis binds."""
        found = dims.bindings(self.spec)
        return {name: axis for name, axis in found.items() if not axis.of_input}

    @cached_property
    def rests(self) -> dict[str, str]:
        return dims.rests(self.spec)

    @cached_property
    def neighbours(self) -> frozenset[str]:
        """The classes that sublayers are made of which come of specs beside this one."""
        return frozenset(neighbours(self.spec))

    def reads(self, code: Code) -> set[str]:
        """The names from outside that a piece of code reads."""
        return {name.id for name in code.names.free}

    def with_parts(self, names: set[str]) -> set[str]:
        """`names` and, for each derived value among them, the names that it is made of."""
        return dims.closure(self.spec, names)

    def is_value(self, name: str) -> bool:
        """Whether a name in a call that makes something is no class of Keras.

        The spec's own names are none, nor is what does not begin as a class does.
        """
        own = (self.args, self.derived, self.axes, self.array_axes, self.counts)
        known = name in self.spec.imported or any(name in names for names in own)
        return known or not name[:1].isupper()

    def is_whole(self, name: str) -> bool:
        """Whether a name stands for an integer that is always there."""
        if name in self.axes or name in self.array_axes:
            return True
        arg = self.args.get(name)
        return arg is not None and arg.type.is_size and not arg.type.optional

    @cached_property
    def outputs(self) -> tuple[Output, ...] | None:
        """The outputs, as far as they are known."""
        return self.spec.outputs

    @cached_property
    def windows(self) -> tuple[Any, ...]:
        """The windows that the code moves over axes, as far as they are known: each says
        whether it `fits` with some values, and the `names` that its axes rest on."""
        return ()

    @cached_property
    def along(self) -> tuple[Any, ...]:
        """The axes that the code goes along, as far as they are known: each says whether it
        `exists` with some values and some number of axes for `...`."""
        return ()

    @property
    def first(self) -> Input:
        return self.spec.inputs[0]

    def shape_name(self, tensor: str) -> str:
        """What methods call the shape of an input; of several tensors, their shapes."""
        return self._shapes[tensor]

    @cached_property
    def _shapes(self) -> dict[str, str]:
        return dict(zip(self.inputs, self.spec.shape_parameters, strict=True))

    def tensor_shape(self, tensor: str) -> str:
        """The shape of an input; of several tensors, that of the first."""
        name = self.shape_name(tensor)
        return f"{name}[0]" if self.inputs[tensor].many else name

    @cached_property
    def counts(self) -> dict[str, str]:
        """The dimensions that are the number of tensors of an input."""
        known = dims.value_names(self.spec)
        return {
            tensor.many: tensor.name
            for tensor in self.spec.inputs
            if isinstance(tensor.many, str) and tensor.many not in known
        }

    @cached_property
    def masked(self) -> dict[str, str]:
        """Each mask's name in code, with the input that it is the mask of."""
        return {mask: name for name, mask in self.spec.masks.items()}

    def bounds(self, arg: Arg) -> Bounds:
        """The bounds of an argument: those written, and what its use asks of integers.

        An axis, and what a sublayer takes for a size, is at least 1; what `range` takes
        is at least 0. A default, or a bound from above, that allows less says otherwise.
        """
        if arg.min is not None or arg.above is not None or not arg.type.counts:
            return arg.bounds
        if arg.name in (self.axis_names if arg.type.is_size else self._spread):
            return replace(arg.bounds, min=1)
        least = (
            1 if arg.name in self._sizes else 0 if arg.name in self._ranges else None
        )
        bounds = replace(arg.bounds, min=least)
        high = min(n for n in (arg.max, arg.below, math.inf) if n is not None)
        refused = high <= (least or 0) or arg.type.outside(arg.default, bounds)
        return arg.bounds if refused else bounds

    @cached_property
    def _sizes(self) -> set[str]:
        return uses.sizes(self.spec)

    @cached_property
    def _ranges(self) -> set[str]:
        return uses.ranges(self.spec)

    @cached_property
    def _spread(self) -> frozenset[str]:
        """The lists whose items stand for axes in some shape of the spec."""
        shapes = [output.shape for output in self.spec.outputs or ()]
        shapes += [variable.shape for variable in declared(self.spec)]
        dims = (dim for shape in shapes for dim in shape.dims or ())
        return frozenset(dim.of for dim in dims if isinstance(dim, Member))

    @cached_property
    def axis_names(self) -> frozenset[str]:
        """The names that stand alone as an axis in some shape of the spec."""
        spec = self.spec
        shapes = [tensor.shape for tensor in spec.inputs]
        shapes += [output.shape for output in spec.outputs or ()]
        shapes += [variable.shape for variable in declared(spec)]
        shapes += [arg.shape for arg in spec.args if arg.shape]
        sizes = (size for shape in shapes for size in dims.sizes(shape))
        return frozenset(size.text for size in sizes if size.is_name)
