"""A layer's own source, read for what a message can point at."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from layergen.keras_tables.effects import MAKERS


@dataclass(frozen=True)
class Called:
    """A call in a method: the function as it is written, and where."""

    text: str
    method: str
    line: int
    node: ast.Call

    @property
    def name(self) -> str:
        """The function's name, without the module it is in."""
        return self.text.rpartition(".")[2]


class Source:
    """The methods of a class that the user wrote, bases of Keras left out."""

    def __init__(self, trees: list[tuple[ast.ClassDef | ast.FunctionDef, int]]) -> None:
        self._trees = trees

    @cached_property
    def all_calls(self) -> list[Called]:
        """Every call in every method, in order."""
        return [
            Called(ast.unparse(node.func), method.name, before + node.lineno, node)
            for method, before in self._methods()
            for node in ast.walk(method)
            if isinstance(node, ast.Call)
        ]

    def calls(self, *names: str) -> list[Called]:
        """The calls of functions of these names."""
        return [one for one in self.all_calls if one.name in names]

    def keys_of_inputs(self) -> list[str]:
        """The names by which `call` reads items of the first thing that it is given, in
        order: what it cannot do without, and not `inputs.get("context")`."""
        found: dict[str, None] = {}
        for method, _ in self._methods():
            given = method.args.args[1:2] if method.name == "call" else []
            for node in ast.walk(method) if given else ():
                match node:
                    case ast.Subscript(
                        value=ast.Name(id=name), slice=ast.Constant(value=str(key))
                    ) if (name == given[0].arg):
                        found[key] = None
        return [*found]

    def untyped(self) -> list[Called]:
        """Calls that make float tensors at each call, in a dtype that is not the policy's."""
        return [
            one
            for one in self.calls(*MAKERS)
            if one.method not in ("__init__", "build", "get_config")
            and _has_own_dtype(one.node)
        ]

    def made_without_dtype(self) -> list[Called]:
        """Calls that make sublayers of Keras, and give them no policy."""
        return [
            one
            for one in self.all_calls
            if one.method in ("__init__", "build")
            and ("layers." in one.text)
            and one.name[:1].isupper()
            and not any(k.arg in ("dtype", None) for k in one.node.keywords)
        ]

    def assigned_in(self, method: str | None) -> set[str]:
        """The attributes of `self` that a method assigns to; None for any method."""
        return {
            node.attr
            for function, _ in self._methods()
            if method in (function.name, None)
            for node in ast.walk(function)
            if isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
        }

    def _methods(self) -> Iterator[tuple[ast.FunctionDef, int]]:
        for tree, before in self._trees:
            found = [tree] if isinstance(tree, ast.FunctionDef) else tree.body
            for node in found:
                if isinstance(node, ast.FunctionDef):
                    yield node, before


def _has_own_dtype(call: ast.Call) -> bool:
    """Whether a call names no dtype, or one that is written out."""
    for keyword in call.keywords:
        if keyword.arg == "dtype":
            return isinstance(keyword.value, ast.Constant)
    return not any(
        isinstance(one, ast.Attribute) and "dtype" in one.attr for one in call.args
    )


@lru_cache(maxsize=8)
def source_of(made: Any) -> Source:
    """The source of a class with its bases of the user's, or of a function."""
    kinds = inspect.getmro(made) if inspect.isclass(made) else (made,)
    trees = []
    for kind in kinds:
        if kind.__module__.split(".")[0] in ("keras", "tensorflow", "jax", "builtins"):
            continue
        try:
            lines, first = inspect.getsourcelines(kind)
            [tree] = ast.parse(textwrap.dedent("".join(lines))).body
        except (OSError, TypeError, SyntaxError, ValueError):
            continue
        if isinstance(tree, ast.ClassDef | ast.FunctionDef):
            trees.append((tree, max(first, 1) - 1))
    return Source(trees)
