"""What the analysis says of an expression, as far as speed and safety go."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from layergen.forward.analyse import Forward
from layergen.forward.asked import path
from layergen.forward.environment import Environment
from layergen.forward.late import Late
from layergen.forward.methods import shape_value
from layergen.forward.shapes import REST, Made
from layergen.forward.sizes import Axis, Poly, RestAxis
from layergen.forward.values import Items, Many, Number, Tensor, there
from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.source.code import Code


class Asking(Struct, frozen=True):
    """A piece of code that is looked at; what is unknown is never complained of."""

    code: Code
    environment: Environment
    analysis: Forward
    context: Context

    def complain(self, code: str, node: ast.AST, message: str, hint: str = "") -> None:
        self.context.add(code, self.code.place(node), message, hint)

    def is_tensor(self, node: ast.expr) -> bool:
        """Whether an expression surely is a tensor, where it is not None."""
        match there(self.analysis.at(node)):
            case Tensor(shape=Made(layer=name)):
                # Another layer than one of Keras' own may give several tensors.
                return bool(self.environment.layers[name].keras)
            case Tensor():
                return True
        return False

    def is_late(self, node: ast.expr) -> bool:
        """Whether it is a number that may be a tensor, as a size known late is."""
        value = there(self.analysis.at(node))
        return isinstance(value, Number) and value.late is Late.SURELY

    def is_uncertain(self, node: ast.expr) -> bool:
        """Whether Python may not know its value while a graph is made."""
        return self.is_tensor(node) or self.is_late(node)

    def is_size(self, node: ast.expr) -> bool:
        """Whether it rests on the size of an axis of an input."""
        value = there(self.analysis.at(node))
        return self.is_late(node) or (
            isinstance(value, Number) and self._of_axes(value.size)
        )

    def late_axis(self, tensor: ast.expr, axis: ast.expr | None) -> str:
        """The size of a tensor's axis, the first where none is given, if it may be late."""
        place = self.analysis.at(axis) if axis is not None else Number("int", 0)
        match there(self.analysis.at(tensor)), place:
            case Tensor(shape=tuple() as shape), Number(
                value=int() as index
            ) if REST not in shape and -len(shape) <= index < len(shape):
                late = self.environment.late
                match shape_value(shape[index:][:1], late):
                    case Items(items=(Number(late=Late.SURELY, value=size),)):
                        return str(size)
        return ""

    def is_long(self, node: ast.expr) -> bool:
        """Whether it has as many items as an axis of an input is long."""
        value = there(self.analysis.at(node))
        return isinstance(value, Many) and self._of_axes(value.length)

    def _of_axes(self, size: object) -> bool:
        axes = self.environment.lookup.axes
        return isinstance(size, Poly) and any(
            atom in axes or isinstance(atom, (Axis, RestAxis)) for atom in size.atoms
        )

    def called(self, node: ast.Call) -> str:
        """The full name of what is called, "" where it is nothing of a module."""
        return path(self.analysis, node.func)


def given(node: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call."""
    for one in node.args:
        yield one.value if isinstance(one, ast.Starred) else one
    yield from (one.value for one in node.keywords)


def shown(node: ast.AST) -> str:
    return clipped(ast.unparse(node))
