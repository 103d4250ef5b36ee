"""Shapes of the analysis as code of `build`, which takes the shapes of the inputs."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from layergen.forward.shapes import REST, Axes, Carried, Made, Several, Shape
from layergen.forward.sizes import Atom, Axis, Poly, bound, text_of
from layergen.layer.facts import Facts
from layergen.layer.shape_text import axis_index


class ShapeCode(Struct, frozen=True):
    """How `build` writes shapes.

    `held` are shapes that variables hold, and `listed` the variables for one sublayer of
    a list, by the list's name.
    """

    facts: Facts
    held: Mapping[Carried | Made, str] = field(default_factory=dict)
    listed: Mapping[str, str] = field(default_factory=dict)

    def holding(self, shape: Carried | Made, name: str) -> ShapeCode:
        """The same where a variable holds a shape."""
        return replace(self, held={**self.held, shape: name})

    def calling(self, listed: Mapping[str, str]) -> ShapeCode:
        """The same in a loop over lists of sublayers."""
        return replace(self, listed=listed)

    def text(self, shape: Shape | Several) -> str:
        """A shape as an expression."""
        if isinstance(shape, (Carried, Made)) and shape in self.held:
            return self.held[shape]
        match shape:
            case Several(shapes=shapes):
                return f"[{', '.join(map(self.text, shapes))}]"
            case Made(layer=name, given=given, listed=listed):
                layer = self.layer(name, listed)
                return (
                    f"{layer}.compute_output_shape({', '.join(map(self.text, given))})"
                )
        assert isinstance(shape, tuple)
        return self._axes(shape)

    def layer(self, name: str, listed: bool) -> str:
        """How code reads a sublayer."""
        return self.listed[name] if listed else f"self.{name}"

    def _axes(self, shape: Axes) -> str:
        for name, tensor in self.facts.inputs.items():
            same = self.facts.environment.shape_of(tensor) == shape
            if same and not tensor.optional and not tensor.many:
                return self.facts.shape_name(name)
        items = self._leading(shape)
        if len(items) == 1:
            return items[0][1:] if items[0].startswith("*") else f"({items[0]},)"
        return f"({', '.join(items)})"

    def _leading(self, shape: Axes) -> list[str]:
        """The items of a shape; axes at the front that an input has too are one slice."""
        items = [self._item(one) for one in shape]
        first = self.facts.first
        ours = self.facts.environment.shape_of(first)
        if not isinstance(ours, tuple) or first.many:
            return items
        count = 0
        while count < min(len(shape), len(ours)) and shape[count] == ours[count]:
            count += 1
        whole = self.facts.shape_name(first.name)
        if REST in ours[:count]:
            after = len(ours) - count
            end = f":{-after}" if after else ":"
            return [f"*{whole}[{end}]" if after else f"*{whole}", *items[count:]]
        if count < 2:
            return items
        end = "-1" if count == len(ours) - 1 else str(count)
        sliced = f"*{whole}[:{end}]" if count < len(ours) else f"*{whole}"
        return [sliced, *items[count:]]

    def _item(self, size: object) -> str:
        if size is REST:
            return f"*{self.facts.rest_sizes}"
        if size is None:
            return "None"
        assert isinstance(size, (int, Poly))
        text = text_of(size, self._atom)
        if isinstance(size, Poly) and not size.name:
            waiting = [self._atom(atom) for atom in size.atoms if self._waits(atom)]
            unknown = [f"{one} is None" for one in dict.fromkeys(waiting)]
            if unknown:
                return f"None if {' or '.join(unknown)} else {text}"
        return text

    def _waits(self, atom: Atom) -> bool:
        """Whether a size may be unknown when the layer is built."""
        if isinstance(atom, str):
            return atom in self.facts.axes and atom not in self.facts.pinned
        return isinstance(atom, Axis)

    def _atom(self, atom: Atom) -> str:
        facts = self.facts
        match atom:
            case Axis(tensor=tensor, position=position):
                index = axis_index(facts.inputs[tensor].shape, position)
                return f"{facts.tensor_shape(tensor)}[{index}]"
            case str() if atom in facts.counts or self._waits(atom):
                return facts.size(atom)
        return bound(atom, facts.from_shapes(set(facts.pinned)))
