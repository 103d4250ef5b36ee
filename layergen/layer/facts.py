"""What a spec's names stand for, and how each reads in the methods of the class."""

from __future__ import annotations

import ast
from functools import cached_property

from msgspec import Struct

from layergen.example.reached import conditional
from layergen.forward.along import Along, along
from layergen.forward.scanned import first_axis, scanned_together
from layergen.forward.vocabulary import own_words
from layergen.forward.windows import Window, windows
from layergen.language import dims
from layergen.language.along import axis_arguments
from layergen.language.chosen import ChosenAxis, chosen_axes
from layergen.language.model import Input, Output
from layergen.language.variables import declared
from layergen.layer.buildings import Buildings, buildings, widths
from layergen.layer.inferred import outputs
from layergen.layer.named import Named
from layergen.layer.shape_text import axis_index, rest_axes, shape_in_call, shape_reads
from layergen.source.rewrite import Bind


class FixedAxis(Struct, frozen=True):
    """An axis of an input whose size `build` needs; `dimension` is its name, if any."""

    tensor: str
    index: int
    dimension: str | None

    @property
    def attribute(self) -> str:
        """The attribute that keeps the size where no `input_spec` can."""
        place = "last" if self.index == -1 else str(abs(self.index))
        return f"self._{self.dimension or f'{self.tensor}_axis_{place}'}_size"


class Facts(Named, frozen=True, dict=True):
    """A spec with its names looked up, and what of it `build` must know."""

    @cached_property
    def outputs(self) -> tuple[Output, ...] | None:
        """The outputs, with what the spec states of them and what its code tells."""
        return outputs(self)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """The windows that the code moves over axes."""
        return tuple(windows(self.spec, self.analysis))

    @cached_property
    def along(self) -> tuple[Along, ...]:
        """The axes that the code goes along."""
        return tuple(along(self.analysis))

    @cached_property
    def told_axes(self) -> tuple[str, ...]:
        """The arguments that say an axis which every input must have, where its rank is
        open: each call goes along it, on a tensor of as many axes. Those that choose axes
        `build` holds to the rank."""
        shape = self.first.shape
        if self.first.many or shape.rest is None:
            return ()
        always = {
            node
            for node, conditions in conditional(self.spec.forward.body, ())
            if not conditions
        }
        told = {
            one.axis.id
            for one in self.along
            if isinstance(one.axis, ast.Name)
            and one.axis in always
            and (one.there, one.open, one.count)
            == (True, True, len(shape.dims or ()) - 1)
        }
        told -= axis_arguments(self.spec).keys()
        return tuple(
            arg.name
            for arg in self.spec.args
            if arg.name in told and str(arg.type) == "int"
        )

    @cached_property
    def scanned(self) -> tuple[str, ...]:
        """The dimensions that `build` leaves open and that TensorFlow must know to scan
        several tensors together."""
        found = (
            scanned_together(self.analysis, node)
            for code in (self.spec.forward, *(f.forward for f in self.spec.functions))
            for node in code.nodes
        )
        sizes = {str(first_axis(one[1].items[0])) for one in found if one}
        return tuple(name for name in self.axes if name in sizes - self.at_build)

    @cached_property
    def buildings(self) -> Buildings:
        """How the sublayers are built whose shapes are to be seen."""
        return buildings(self)

    @cached_property
    def pinned(self) -> tuple[str, ...]:
        """The input dimensions that are fixed by `build`, in the order they are bound."""
        fixed = dims.pinned(self.spec) | widths(self, self.buildings)
        return tuple(name for name in self.axes if name in fixed)

    @cached_property
    def fixed_axes(self) -> tuple[FixedAxis, ...]:
        """The axes of inputs that `build` needs to know."""
        named = [
            FixedAxis(axis.owner, self._index(axis.owner, axis.position), name)
            for name, axis in self.axes.items()
            if name in self.pinned
        ]
        taken = {(axis.tensor, axis.index) for axis in named}
        read = {
            (tensor, self._index(tensor, position)): None
            for derived in self.spec.derived
            if derived.name not in {chosen.name for chosen in self.chosen_axes}
            for tensor, position in shape_reads(derived.code)
            if tensor in self.inputs
        }
        return (
            *named,
            *(FixedAxis(t, i, None) for t, i in read if (t, i) not in taken),
        )

    @cached_property
    def chosen_axes(self) -> tuple[ChosenAxis, ...]:
        """The axes of inputs that arguments choose, which `build` needs to know as well."""
        return chosen_axes(self.spec)

    @property
    def held(self) -> Input | None:
        """The input that Keras holds to sizes by `input_spec`: the first, where it is
        a tensor that comes by itself."""
        alone = not (self.first.many or self.spec.joins_inputs)
        return self.first if alone else None

    @property
    def kept_axes(self) -> tuple[FixedAxis, ...]:
        """The fixed axes of other inputs than the one that `input_spec` holds."""
        alone = self.held.name if self.held else ""
        return tuple(axis for axis in self.fixed_axes if axis.tensor != alone)

    @cached_property
    def at_build(self) -> frozenset[str]:
        """The names whose value `build` knows."""
        late = {*self.derived, *self.counts, *axis_arguments(self.spec)}
        return self.static | {*self.pinned, *late}

    @cached_property
    def static(self) -> frozenset[str]:
        """The names whose value the constructor knows."""
        computed = {d.name for d in self.spec.derived if dims.is_static(self.spec, d)}
        known = self.args.keys() - axis_arguments(self.spec).keys()
        return frozenset({*known, *self.array_axes, *computed})

    @cached_property
    def shape_parameters(self) -> tuple[str, ...]:
        """The parameters of methods that take the inputs' shapes."""
        return tuple(
            (
                f"{self.shape_name(tensor.name)}=None"
                if tensor.optional
                else self.shape_name(tensor.name)
            )
            for tensor in self.spec.inputs
        )

    @cached_property
    def shapes_in_call(self) -> tuple[str, ...]:
        """The arguments by which `call` hands on the shapes of its inputs."""
        one = self.scope.fresh("tensor")
        return tuple(shape_in_call(tensor, one) for tensor in self.spec.inputs)

    @property
    def rest_sizes(self) -> str:
        """The sizes of the axes that `...` stands for, read off the first input's shape."""
        return rest_axes(self.tensor_shape(self.first.name), self.first.shape)

    @property
    def fixes_rest(self) -> bool:
        """Whether a variable rests on the axes that `...` stands for."""
        return any(one.shape.rest is not None for one in declared(self.spec))

    def size(self, dimension: str) -> str:
        """The axis that binds an input dimension, read off the input's shape."""
        if dimension in self.counts:
            return f"len({self.shape_name(self.counts[dimension])})"
        axis = self.axes[dimension]
        index = self._index(axis.owner, axis.position)
        return f"{self.tensor_shape(axis.owner)}[{index}]"

    def _index(self, tensor: str, position: int) -> int:
        return axis_index(self.inputs[tensor].shape, position)

    def in_constructor(self, name: str) -> str:
        """How the constructor reads a name: arguments are its parameters."""
        if name in self.array_axes:
            axis = self.array_axes[name]
            return f"{axis.owner}.shape[{axis.position}]"
        return f"self.{name}" if name in self.derived else name

    def in_method(self, name: str) -> str:
        """How other methods read a name: dimensions are local variables."""
        if name in self.array_axes:
            axis = self.array_axes[name]
            return f"self.{axis.owner}.shape[{axis.position}]"
        if name.endswith(".shape"):
            return self.in_method(name.removesuffix(".shape")) + ".shape"
        if name in axis_arguments(self.spec):
            return self.positions(name)
        stored = (self.args, self.weights, self.derived, self.states, self.sublayers)
        known = any(name in names for names in stored)
        if self.spec.kind == "cell" and name in self.states:
            return name
        own = name in self._own or name in ("activation", "add_loss", "seed")
        return f"self.{name}" if known or own else name

    @cached_property
    def _own(self) -> frozenset[str]:
        """What of the layer itself code reads."""
        return frozenset(own_words(self.spec))

    def positions(self, argument: str) -> str:
        """The attribute that keeps the axes which an argument chooses."""
        return f"self._{argument}_positions"

    def shape_along(self, argument: str) -> str:
        """The attribute that keeps the shape of what lies along them, to broadcast."""
        return f"self._{argument}_shape"

    def sizes_along(self, argument: str) -> str:
        """The variable of `build` that holds their sizes."""
        return self.scope.fresh(f"{argument}_sizes")

    def with_locals(self, names: set[str]) -> Bind:
        """`in_method`, but for names that a method holds in local variables."""
        return lambda name: name if name in names else self.in_method(name)

    def with_static_sizes(self, name: str) -> str:
        """`in_method` for `call`, dimensions read off the static shapes of the inputs."""
        if name not in self.axes:
            return self.in_method(name)
        axis = self.axes[name]
        one = f"{axis.owner}[0]" if self.inputs[axis.owner].many else axis.owner
        return f"{one}.shape[{self._index(axis.owner, axis.position)}]"

    def from_shapes(self, names: set[str]) -> Bind:
        """`with_locals`, where a method takes the shapes of the inputs instead of them."""
        shapes = {f"{name}.shape": self.tensor_shape(name) for name in self.inputs}
        local = self.with_locals(names)
        return lambda name: shapes[name] if name in shapes else local(name)
