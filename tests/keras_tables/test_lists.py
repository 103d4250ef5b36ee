"""Lists of Keras' functions stand with the tables, and nowhere else."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Iterator
from pathlib import Path

import layergen
from layergen.keras_tables.names import OPS

PACKAGE = Path(layergen.__file__).parent
# What tensors have as attributes, and functions of Python's own that go by these names.
OTHERS = {"shape", "dtype", "ndim", *vars(builtins), *vars(math)}
# A formula for each, in the terms of the derivation; what operations of
# JAX and of PyTorch are called.
OTHERWISE = {"gradient/operations.py"} | {
    f"testing/backend/{name}.py" for name in ("on_jax", "torch_nodes")
}


def words(node: ast.AST) -> list[object]:
    """The strings that a literal lists; of a mapping those that no function goes with."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [getattr(one, "value", None) for one in items]
        case ast.MatchOr(patterns=patterns):
            values = [getattr(one, "value", None) for one in patterns]
            return [getattr(one, "value", None) for one in values]
        case ast.Dict(keys=keys, values=values):
            if not any(isinstance(one, (ast.Name, ast.Attribute)) for one in values):
                return [getattr(one, "value", None) for one in keys]
        case ast.Constant(value=str() as text):
            return [*text.split()]
    return []


def lists(path: Path) -> Iterator[tuple[int, list[object]]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        found = words(node)
        if len(found) > 2 and OPS.issuperset(found) and not OTHERS.issuperset(found):
            yield getattr(node, "lineno", 0), found


def test_no_list_of_keras_functions_stands_outside_the_tables() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): sorted(lists(path))
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] != "keras_tables"
    }
    assert len(found) > 300
    assert {name for name, several in found.items() if several} == OTHERWISE


def test_lists_are_found(tmp_path: Path) -> None:
    path = tmp_path / "lists.py"
    path.write_text(
        'A = ("stack", "where", "exp")\nB = {"stack", "where", "tile"}\n'
        'C = "stack where exp".split()\nD = {"exp": "e", "where": "w", "tile": "t"}\n'
        'E = ("stack", "where", "me")\nF = {"exp": exp, "where": where, "tile": tile}\n'
        'G = ("sum", "min", "max")\n'
        'match a:\n    case "stack" | "where" | "exp":\n        pass\n'
    )
    assert sorted(line for line, _ in lists(path)) == [1, 2, 3, 4, 9]
