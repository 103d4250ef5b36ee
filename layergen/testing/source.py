"""A layer's own source, read for what a message can point at."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from layergen.keras_tables.effects import MAKERS
from layergen.keras_tables.layers import layer


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

    def goes_on(self, method: str) -> bool:
        """Whether a method hands on to its like in a base, as far as can be seen."""
        found = [one for one, _ in self._methods() if one.name == method]
        return all(map(_goes_on, found))

    def calls(self, *names: str) -> list[Called]:
        """The calls of functions of these names."""
        return [one for one in self.all_calls if one.name in names]

    def comparisons(self, text: str) -> list[tuple[str, int]]:
        """Where a value, as it is written, is compared with `<` and its like: with lines."""
        return [
            (ast.unparse(node), before + node.lineno)
            for method, before in self._methods()
            if method.name not in ("__init__", "build", "get_config")
            for node in ast.walk(method)
            if isinstance(node, ast.Compare)
            and not any(isinstance(op, ast.Is | ast.IsNot | ast.In) for op in node.ops)
            and any(ast.unparse(one) == text for one in ast.walk(node) if _named(one))
        ]

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
            and not (one.name == "arange" and _counts(one.node))
        ]

    def casts_to_a_float(self) -> list[Called]:
        """Casts, at each call, to a float dtype that is written out."""
        return [
            one
            for one in self.calls("cast")
            if one.method not in ("__init__", "build", "get_config")
            and any("float" in str(value) for value in _written(one.node))
        ]

    def only_casts(self) -> bool:
        """Whether `call` returns what it is given, cast to a float dtype that is written
        out."""
        casts = {
            id(one.node): ast.unparse(one.node.args[0])
            for one in self.casts_to_a_float()
            if one.node.args
        }
        return any(
            casts.get(id(node.value)) == method.args.args[1].arg
            for method, _ in self._methods()
            if method.name == "call" and len(method.args.args) > 1
            for node in ast.walk(method)
            if isinstance(node, ast.Return)
        )

    def made_without_dtype(self) -> list[Called]:
        """Calls that make sublayers of Keras, and give them no policy."""
        return [
            one
            for one in self.all_calls
            if one.method in ("__init__", "build")
            and "layers." in one.text
            and layer(one.name)
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

    def runs_at_calls(self, name: str) -> bool:
        """Whether a method, or the function that makes the layer, runs when it is called."""
        return name in self._at_calls or not self._has("call")

    def _has(self, name: str) -> bool:
        return any(function.name == name for function, _ in self._methods())

    @cached_property
    def _at_calls(self) -> set[str]:
        found, waiting = set[str](), {"call"}
        while waiting:
            found |= waiting
            read = {
                node.attr
                for function, _ in self._methods()
                if function.name in waiting
                for node in ast.walk(function)
                if isinstance(node, ast.Attribute)
            }
            waiting = {f.name for f, _ in self._methods() if f.name in read} - found
        return found

    def _methods(self) -> Iterator[tuple[ast.FunctionDef, int]]:
        """The methods that run, with the lines before them: what is overridden does not,
        but where what overrides it goes on to it."""
        hidden: set[str] = set()
        for tree, before in self._trees:
            found = [tree] if isinstance(tree, ast.FunctionDef) else tree.body
            methods = [one for one in found if isinstance(one, ast.FunctionDef)]
            yield from ((one, before) for one in methods if one.name not in hidden)
            hidden |= {one.name for one in methods if not _goes_on(one)}


def _goes_on(method: ast.FunctionDef) -> bool:
    """Whether a method calls one of its own name, which may be that of a base."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == method.name
        for node in ast.walk(method)
    )


def _named(node: ast.AST) -> bool:
    """Whether a node is a name or an attribute, which text can be compared with."""
    return isinstance(node, ast.Name | ast.Attribute)


def _written(call: ast.Call) -> list[object]:
    """The values that are written out as arguments of a call."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return [one.value for one in given if isinstance(one, ast.Constant)]


def _counts(call: ast.Call) -> bool:
    """Whether a range is one of whole numbers, which meet floats of any dtype."""
    return not any(
        isinstance(value, float) or "float" in str(value) for value in _written(call)
    )


def _has_own_dtype(call: ast.Call) -> bool:
    """Whether a call names no dtype, or one that is written out."""
    for keyword in call.keywords:
        if keyword.arg == "dtype":
            return isinstance(keyword.value, ast.Constant)
    return not any(
        isinstance(one, ast.Attribute) and "dtype" in one.attr for one in call.args
    )


LIBRARIES = ("keras", "tensorflow", "jax", "torch", "builtins")


@lru_cache(maxsize=8)
def source_of(made: Any) -> Source:
    """The source of a class with its bases of the user's, or of a function."""
    kinds = inspect.getmro(made) if inspect.isclass(made) else (made,)
    trees = []
    for kind in kinds:
        if kind.__module__.split(".")[0] in LIBRARIES:
            continue
        try:
            lines, first = inspect.getsourcelines(kind)
            [tree] = ast.parse(textwrap.dedent("".join(lines))).body
        except (OSError, TypeError, SyntaxError, ValueError):
            continue
        if isinstance(tree, ast.ClassDef | ast.FunctionDef):
            trees.append((tree, max(first, 1) - 1))
    return Source(trees)
