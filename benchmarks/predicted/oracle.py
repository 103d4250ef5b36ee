"""Runs a spec's code with Keras, and keeps what each of its expressions gives.

The code is Python's to run: each expression is put into a call that keeps its value, and
casts it where the analysis says so.
"""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import CodeType
from typing import Any

import keras
import numpy
from keras import ops
from keras.src.backend import compute_output_spec

from layergen.forward.values import COMPUTE, DEFAULT
from predicted import world
from predicted.world import POLICIES, Sizes

FLOATS = ("normal", "uniform", "truncated_normal", "beta", "gamma", "binomial")
"""What is drawn in the compute dtype unless it says another."""


@dataclass
class Ran:
    """What a run gave: the values of each expression, and what it ended with, with the
    expression that it was in; `is_open` where some axes were."""

    compute: str
    sizes: Sizes
    is_open: bool = False
    values: dict[ast.expr, list[Any]] = field(default_factory=dict)
    error: Exception | None = None
    at: ast.expr | None = None


class _Kept(ast.NodeTransformer):
    """Puts each expression of some code into a call of `_kept`, with its number."""

    def __init__(
        self, casts: Mapping[ast.expr, str], supplied: Iterable[ast.Call]
    ) -> None:
        self.nodes: list[ast.expr] = []
        self.casts = casts
        self.supplied = set(supplied)

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            return self._augmented(node, node.target)
        if not isinstance(node, ast.expr) or isinstance(node, (ast.Slice, ast.Starred)):
            return self._with_parts(node)
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return self._with_parts(node)
        number = len(self.nodes)
        self.nodes.append(node)
        return _called("_kept", ast.Constant(number), self._inner(node))

    def _with_parts(self, node: ast.AST) -> ast.AST:
        """The node with its parts replaced; the given tree stays as it is."""
        found = copy.copy(node)
        for name, old in ast.iter_fields(node):
            if isinstance(old, list):
                new = [self.visit(o) if isinstance(o, ast.AST) else o for o in old]
                setattr(found, name, new)
            elif isinstance(old, ast.AST):
                setattr(found, name, self.visit(old))
        return found

    def _augmented(self, node: ast.AugAssign, target: ast.Name) -> ast.AST:
        """`a += b`, in which `a` may be cast; a list is kept as the object that it is."""
        before = ast.Name(target.id, ast.Load())
        if target not in self.casts:
            return self._with_parts(node)
        self.nodes.append(target)
        number = ast.Constant(len(self.nodes) - 1)
        cast = _called("_kept", number, before)
        return ast.Assign([target], ast.BinOp(cast, node.op, self.visit(node.value)))

    def _inner(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.NamedExpr):
            found = copy.copy(node)
            found.value = self.visit(node.value)
            return found
        if isinstance(node, ast.JoinedStr):
            return node
        found = self._with_parts(node)
        match found:
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return _called("_matmul", left, right)
            case ast.Call(keywords=keywords):
                stated = any(one.arg == "dtype" for one in keywords)
                if not stated and (node in self.supplied or _draws(node)):
                    name = ast.Name("_compute", ast.Load())
                    keywords.append(ast.keyword("dtype", name))
        assert isinstance(found, ast.expr)
        return found


def _draws(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="random"), attr=name)):
            return name in FLOATS
    return False


def _called(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


ARGUMENTS = ("x", "s", "z", "q", "n", "f", "image", "c", "parts")
"""The spec's inputs, which code may bind anew."""


class Program:
    """A spec's code, ready to run."""

    def __init__(
        self,
        body: list[ast.stmt],
        casts: Mapping[ast.expr, str],
        supplied: Iterable[ast.Call],
        functions: Mapping[str, tuple[tuple[str, ...], list[ast.stmt]]],
    ) -> None:
        self.casts = casts
        kept = _Kept(casts, supplied)
        own = [_definition("_run", ARGUMENTS, [kept.visit(one) for one in body])]
        self.own = list(kept.nodes)
        others = [
            _definition(name, parameters, [kept.visit(one) for one in inner])
            for name, (parameters, inner) in functions.items()
        ]
        self.nodes = kept.nodes
        self.code = [_compiled(others, "<functions>"), _compiled(own, "<drawn>")]
        read = {n.id for n in self.nodes if isinstance(n, ast.Name)}
        self.sublayers = [name for name in SUBLAYERS if name in read]

    def run(self, names: dict[str, Any], ran: Ran, policy: str) -> None:
        """Run the code where these are the names."""
        for name in self.sublayers:
            names[name] = _sublayer(name, ran.sizes, policy)

        def kept(number: int, value: Any) -> Any:
            node = self.nodes[number]
            # A list may change later.
            now = [*value] if isinstance(value, list) else value
            ran.values.setdefault(node, []).append(now)
            dtype = self.casts.get(node)
            if dtype is None or value is None:
                return value
            return ops.cast(
                value, {COMPUTE: ran.compute, DEFAULT: "float32"}.get(dtype, dtype)
            )

        names |= {"_kept": kept, "_compute": ran.compute, "_matmul": ops.matmul}
        scope = dict(names)
        try:
            for code in self.code:
                exec(code, scope)
            scope["_run"](*(scope[name] for name in ARGUMENTS))
        except Exception as error:
            ran.error = error
            ran.at = _innermost(self, error)


def _innermost(program: Program, error: Exception) -> ast.expr | None:
    """The innermost expression that did not come to its end."""
    trace = error.__traceback__
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<drawn>":
            position = list(trace.tb_frame.f_code.co_positions())[trace.tb_lasti // 2]
            found = position
        trace = trace.tb_next
    if found is None:
        return None
    places = {
        (n.lineno, n.end_lineno, n.col_offset, n.end_col_offset): n for n in program.own
    }
    return places.get(found)


def _compiled(body: list[ast.stmt], name: str) -> CodeType:
    return compile(ast.fix_missing_locations(ast.Module(body, [])), name, "exec")


def _definition(name: str, parameters: Iterable[str], body: list[ast.stmt]) -> ast.stmt:
    given = ast.arguments(
        [], [ast.arg(one) for one in parameters], None, [], [], None, []
    )
    return ast.FunctionDef(name, given, body, [])


SUBLAYERS = ("dense", "norm", "hidden", "recurrent", "dropped")


def _sublayer(name: str, sizes: Sizes, policy: str) -> Any:
    layers, units = keras.layers, sizes.units
    match name:
        case "dense":
            return layers.Dense(units, dtype=policy)
        case "norm":
            return layers.LayerNormalization(dtype=policy)
        case "hidden":
            return [layers.Dense(units, dtype=policy) for _ in range(sizes.depth)]
        case "recurrent":
            return layers.GRU(units, return_sequences=True, dtype=policy)
        case "dropped":
            return layers.Dropout(0.5, dtype=policy)
    raise KeyError(name)


def tensor(shape: tuple[int, ...], dtype: str) -> Any:
    """Distinct values between 0 and 1, small integers, or truths."""
    count = int(numpy.prod(shape))
    steps = (numpy.arange(1, count + 1) * 0.6180339887498949) % 1.0
    values: Any = 0.1 + 0.8 * steps
    if dtype == "bool":
        values = steps > 0.5
    elif "int" in dtype:
        values = (steps * 3).astype("int64")
    return ops.cast(ops.convert_to_tensor(values.reshape(shape)), dtype)


def _names(sizes: Sizes, tensors: dict[str, Any]) -> dict[str, Any]:
    found = dict(world.arguments(sizes), ops=ops, random=keras.random, keras=keras)
    found |= {"math": math, "activation": keras.activations.tanh}
    found |= tensors
    found["parts"] = [found.pop("part_0"), found.pop("part_1")]
    found["c"] = tensors["c"] if sizes.optional else None
    for name, (owner, axis) in PLACES.items():
        found[name] = ops.shape(tensors[owner])[axis]
    found["features"] = sizes.features
    return found


PLACES = {
    "batch": ("x", 0),
    "time": ("x", 1),
    "height": ("image", 1),
    "width": ("image", 2),
    "channels": ("image", 3),
}


def _made(sizes: Sizes, compute: str, make: Callable[..., Any]) -> dict[str, Any]:
    return {
        name: make(name, shape, dtype or compute)
        for name, (shape, dtype) in world.shapes(sizes).items()
    }


def eager(program: Program, sizes: Sizes, policy: str) -> Ran:
    """Run with arrays."""
    ran = Ran(POLICIES[policy], sizes)
    tensors = _arrays(sizes, ran.compute)
    program.run(_names(sizes, dict(tensors)), ran, policy)
    return ran


@cache
def _arrays(sizes: Sizes, compute: str) -> dict[str, Any]:
    return _made(sizes, compute, lambda _, shape, dtype: tensor(shape, dtype))


def _symbolic(name: str, shape: tuple[int, ...], dtype: str) -> Any:
    count = world.OPEN.get(name, 1 if name.startswith("part") else 0)
    return keras.KerasTensor((*[None] * count, *shape[count:]), dtype=dtype)


def traced(program: Program, sizes: Sizes, policy: str) -> Ran:
    """Run as Keras runs a layer on symbolic tensors: traced, with open axes."""
    ran = Ran(POLICIES[policy], sizes, is_open=True)
    tensors = _made(sizes, ran.compute, _symbolic)

    def function(given: dict[str, Any]) -> Any:
        program.run(_names(sizes, given), ran, policy)
        return given["x"]

    compute_output_spec(function, tensors)
    return ran


def symbolic(program: Program, sizes: Sizes, policy: str) -> Ran:
    """Run on symbolic tensors themselves, with open axes."""
    ran = Ran(POLICIES[policy], sizes, is_open=True)
    tensors = _made(sizes, ran.compute, _symbolic)
    program.run(_names(sizes, tensors), ran, policy)
    return ran
