"""What the analysis says of a hand-written layer, as the rules ask it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from msgspec import Struct

from layergen.forward.values import UNKNOWN, Module, Tensor, Value, there
from layergen.lint.sizes import Sizes


class Analysis(Struct, frozen=True):
    """What runs at every call of a layer: what each expression may be, and the sizes that
    are read of tensors, by the names that they have there.

    `functions` are those of the module that it comes to; `returned` is all that `call`
    gives: its result, and the losses that it adds. `before` is what the expressions of
    the constructor and of `build` may be.
    """

    values: Mapping[ast.expr, Value]
    sizes: Sizes
    functions: tuple[ast.FunctionDef, ...] = ()
    returned: Value = UNKNOWN
    before: Mapping[ast.expr, Value] = {}

    def at(self, node: ast.expr) -> Value:
        """What an expression may be, where it is not None."""
        return there(self.values.get(node, UNKNOWN))

    def is_tensor(self, node: ast.expr) -> bool:
        """Whether an expression surely is a tensor, where it is not None."""
        return isinstance(self.at(node), Tensor)

    def path(self, node: ast.expr) -> str:
        """The full name of a module or of what it has, "" for anything else."""
        value = self.at(node)
        return value.path if isinstance(value, Module) else ""
