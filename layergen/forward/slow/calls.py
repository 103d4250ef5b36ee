"""Slow and fragile patterns in code on tensors: the calls."""

from __future__ import annotations

import ast
from typing import Protocol

from layergen.forward.kinds import UNCERTAIN, Kind, returned
from layergen.language.collector import clipped
from layergen.language.model import Spec
from layergen.source.dotted import dotted

LOOP = "work on the whole axis at once with `ops`, or use `keras.layers.RNN`"
CASTS = ("float", "int", "bool", "complex", "str", "repr", "len")
ITERATING = ("sum", "any", "all", "sorted", "list", "tuple", "set", "iter", "map")
PASSING = ("enumerate", "reversed", "list", "tuple", "zip", "sorted", "iter", "filter")
TO_NUMPY = ("numpy", "tolist", "item")
MAKERS = ("keras.layers.", "keras.Variable", "keras.Sequential", "keras.Model")
BETTER = {"len": "use `x.shape[0]`", "float": "use `ops.cast`", "int": "use `ops.cast`"}


class Reader(Protocol):
    """Whoever reads the code around a call, and knows what its names stand for."""

    spec: Spec
    kinds: dict[str, Kind]

    def kind(self, node: ast.expr) -> Kind: ...

    def complain(
        self, code: str, node: ast.AST, message: str, hint: str = ""
    ) -> None: ...


def kind_of_call(self: Reader, node: ast.Call) -> Kind:
    """The kind of what a call returns; what is wrong with it is reported."""
    name = _in_full(self, dotted(node.func))
    given = [self.kind(_plain(a)) for a in node.args]
    given += [self.kind(keyword.value) for keyword in node.keywords]
    owner, _, last = name.rpartition(".")
    if owner in ("ops", "keras.ops", "ops.nn", "ops.numpy", "ops.linalg", "ops.image"):
        return _of_ops(self, node, last)
    if (owner.split(".")[0] == "numpy") and Kind.TENSOR in given:
        message = f"`{name}` takes a tensor out of the graph"
        self.complain("LG504", node, message, "use `ops`")
        return Kind.OTHER
    if name.startswith(MAKERS) or name in ("tf.Variable", "tf.keras.Variable"):
        message = f"`{name}` is made anew at every call of the layer"
        hint = "declare a variable under `weights`; use `ops` instead of a layer"
        self.complain("LG505", node, message, hint)
        return Kind.OTHER
    if owner in ("random", "keras.random"):
        return _of_random(self, node, last)
    if isinstance(node.func, ast.Name):
        return _of_name(self, node, name, given)
    if owner == "math":
        _of_math(self, node, last, given)
        return Kind.OTHER
    return _of_method(self, node, name, given)


def _in_full(self: Reader, name: str) -> str:
    """A dotted name, with what `imports` lets its first part stand for."""
    root, dot, rest = name.partition(".")
    return self.spec.imported.get(root, root) + dot + rest


def _plain(argument: ast.expr) -> ast.expr:
    return argument.value if isinstance(argument, ast.Starred) else argument


def _of_ops(self: Reader, node: ast.Call, name: str) -> Kind:
    if name == "convert_to_numpy":
        message = "`ops.convert_to_numpy` breaks graphs and gradients"
        self.complain("LG504", node, message, "stay with `ops`")
    elif name in ("scan", "associative_scan"):
        message = f"TensorFlow cannot train `ops.{name}` under XLA"
        self.complain("LGW03", node, message, "use `ops.cumsum`, or an RNN cell")
    return returned(name)


def _of_random(self: Reader, node: ast.Call, name: str) -> Kind:
    """Draws are tensors; the layer supplies the seed."""
    for keyword in node.keywords:
        if keyword.arg == "seed":
            message = f"`random.{name}` is given a seed, and the layer supplies its own"
            self.complain("LG421", keyword.value, message, "leave `seed` out")
    return Kind.TENSOR


def _of_name(self: Reader, node: ast.Call, name: str, given: list[Kind]) -> Kind:
    """Builtins, the activation, arguments, imports and local functions."""
    shown = clipped(ast.unparse(node))
    uncertain = any(kind in UNCERTAIN for kind in given)
    if name == "activation":
        return Kind.TENSOR if Kind.TENSOR in given else Kind.OTHER
    if self.kinds.get(name) is Kind.LAYER:
        asked = any(
            (one.arg or "return_").startswith("return_") for one in node.keywords
        )
        return Kind.OTHER if asked else Kind.TENSOR
    if name in CASTS and uncertain:
        message = f"`{shown}` needs the value of a tensor, which a graph has not"
        self.complain("LG506", node, message, BETTER.get(name, "use `ops`"))
    elif name == "range":
        sizes = (Kind.SIZE, Kind.DYNAMIC, Kind.TENSOR)
        return Kind.RANGE if any(kind in sizes for kind in given) else Kind.OTHER
    elif name in ("min", "max") and len(node.args) > 1:
        if uncertain:
            message = f"`{shown}` takes the truth of a comparison of tensors"
            self.complain("LG503", node, message, f"use `ops.{name}imum`")
    elif name in (*ITERATING, "min", "max") and Kind.TENSOR in given:
        message = f"`{shown}` is a Python loop over an axis of a tensor"
        hint = (
            f"use `ops.{name}`" if name in ("sum", "any", "all", "min", "max") else LOOP
        )
        self.complain("LG501", node, message, hint)
    elif name in PASSING:
        return _passed_on(name, given)
    elif name in ("abs", "round", "pow", "sum") and given:
        in_list = name == "sum" and given[0] is Kind.TENSORS
        return Kind.TENSOR if in_list or Kind.TENSOR in given else Kind.OTHER
    return Kind.OTHER


def _passed_on(name: str, given: list[Kind]) -> Kind:
    """What a loop over this goes over."""
    for kind in (Kind.TENSOR, Kind.RANGE):
        if kind in given:
            return kind
    return given[0] if given and name not in ("zip", "enumerate") else Kind.OTHER


def _of_math(self: Reader, node: ast.Call, name: str, given: list[Kind]) -> None:
    if any(kind in UNCERTAIN for kind in given):
        message = f"`math.{name}` needs the value of a tensor, which a graph has not"
        self.complain("LG506", node, message, f"use `ops.{name}`")


def _of_method(self: Reader, node: ast.Call, name: str, given: list[Kind]) -> Kind:
    """Methods of tensors and of lists, and functions of modules."""
    if not isinstance(node.func, ast.Attribute):
        called = self.kind(node.func)
        return Kind.TENSOR if called is Kind.LAYER else Kind.OTHER
    kind = self.kind(node.func.value)
    method = node.func.attr
    if method in TO_NUMPY and (kind is Kind.TENSOR or method == "numpy"):
        message = f"`.{method}()` takes a tensor out of the graph"
        self.complain("LG504", node, message, "stay with `ops`")
        return Kind.OTHER
    if method in ("append", "insert") and given and given[-1] is Kind.TENSOR:
        if isinstance(node.func.value, ast.Name):
            self.kinds[node.func.value.id] = Kind.TENSORS
    if name == "tf.shape":
        return Kind.DYNAMIC_SHAPE
    if name.startswith(("tf.nn.", "tf.math.", "keras.activations.")):
        return Kind.TENSOR if Kind.TENSOR in given else Kind.OTHER
    return Kind.TENSOR if kind is Kind.TENSOR else Kind.OTHER
