"""What surrounds the computation: shapes, input specs, validation, functional models."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..source import Edit, Source, bodies, called, is_self, is_validation, walk
from .registry import kind


@kind
def output_shape(source: Source) -> Iterator[Edit]:
    """A `compute_output_shape` that says something else."""
    for function in source.functions("compute_output_shape"):
        value = function.body[-1].value
        if isinstance(value, ast.Tuple):
            last = value.elts[-1]
            yield source.put(last, f"{source.of(last)} + 1")
            yield source.put(value, source.of(value)[:-1] + ", 1)")
            first = value.elts[0]
            new = "" if isinstance(first, ast.Starred) else "None"
            if not new:
                yield source.put(first, "*input_shape[:1], *input_shape[:-1]")
        else:
            yield source.put(value, f"(*{source.of(value)}, 1)")
            yield source.put(value, f"{source.of(value)}[:-1]")


@kind
def known_axis(source: Source) -> Iterator[Edit]:
    """A size that is read from another axis, or a state's batch from elsewhere."""
    for node in bodies(list(source.functions("build"))):
        if isinstance(node, ast.Subscript) and "shape" in source.of(node.value):
            new = "0" if source.of(node.slice) == "-1" else "-1"
            yield source.put(node.slice, new)


@kind
def input_spec(source: Source) -> Iterator[Edit]:
    """Inputs of the wrong shape that are not refused."""
    for node in bodies(list(source.functions("__init__", "build"))):
        if isinstance(node, ast.Assign) and is_self(node.targets[0], "input_spec"):
            yield source.put(node, "pass")
            specs = (n for n in ast.walk(node.value) if isinstance(n, ast.Call))
            for one in (keyword for spec in specs for keyword in spec.keywords):
                if one.arg == "axes":
                    yield source.put(one, "**{}")
                elif one.arg == "ndim":
                    yield source.put(one, f"min_ndim={source.of(one.value)}")


@kind
def validation(source: Source) -> Iterator[Edit]:
    """Bad values or shapes that are not refused."""
    for node in ast.walk(source.tree):
        if is_validation(node):
            yield source.put(node.test, "False")


@kind
def validation_part(source: Source) -> Iterator[Edit]:
    """One of several conditions of a refusal that is left out, or a boundary moved."""
    for statement in ast.walk(source.tree):
        if not is_validation(statement):
            continue
        if isinstance(statement.test, ast.BoolOp):
            neutral = "False" if isinstance(statement.test.op, ast.Or) else "True"
            for part in statement.test.values:
                yield source.put(part, neutral)
        for node in walk(statement.test):
            if isinstance(node, ast.Constant) and type(node.value) is int:
                yield source.put(node, repr(node.value + 1))
                yield source.put(node, repr(node.value - 1))


@kind
def message(source: Source) -> Iterator[Edit]:
    """A refusal of another type of error, or one that does not name the argument."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise):
            yield source.put(node.exc.func, "TypeError")
            yield source.put(node.exc.args[0], '"bad value"')


@kind
def functional_option(source: Source) -> Iterator[Edit]:
    """A functional model whose layers do not get an argument."""
    for function in source.builders:
        for node in bodies([function]):
            if called(node, "Input", "Model", "Dense"):
                for one in node.keywords:
                    yield source.put(one, "**{}")
