"""Every test can fail: it asserts something, itself or in what it calls."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FILES = sorted(TESTS.rglob("*.py"))
# What fails by itself: parts of names of functions, and checks of the battery.
FAILS = ("assert", "raises", "fail", "check")


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def can_fail(function: ast.AST, helpers: Iterable[str]) -> bool:
    """Whether a function asserts, raises, or calls what does."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            given = {one.arg: ast.unparse(one.value) for one in node.keywords}
            if name in helpers or given.get("check") == "True":
                return True
            if any(part in name for part in FAILS):
                return True
    return False


def failing_helpers(trees: list[ast.Module]) -> set[str]:
    """The functions beside the tests that can fail, also by calling one another."""
    others = [
        one for t in trees for one in functions(t) if not one.name.startswith("test")
    ]
    found: set[str] = set()
    while more := {o.name for o in others if can_fail(o, found)} - found:
        found |= more
    return found


def toothless(trees: list[ast.Module]) -> list[str]:
    helpers = failing_helpers(trees)
    return [
        one.name
        for tree in trees
        for one in functions(tree)
        if one.name.startswith("test_")
        and not (can_fail(one, helpers) or only_skips(one))
    ]


def only_skips(function: ast.FunctionDef) -> bool:
    """Whether a test is nothing but a skip, and so says that it tests nothing."""
    match function.body:
        case [ast.Expr(ast.Call(func))]:
            return ast.unparse(func) == "pytest.skip"
    return False


def test_every_test_can_fail():
    trees = [ast.parse(path.read_text("utf-8")) for path in FILES]
    assert sum(len(functions(tree)) for tree in trees) > 1000
    assert toothless(trees) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def test_a():\n    run()", ["test_a"]),
        ("def test_a():\n    run()\ndef run():\n    assert 1", []),
        ("def test_a():\n    x()\ndef x():\n    y()\ndef y():\n    assert 1", []),
        ("def test_a():\n    with pytest.raises(E):\n        f()", []),
        ("def test_a():\n    pytest.skip('why')", []),
        ("def test_a():\n    pytest.skip('why')\n    run()", ["test_a"]),
        ("def test_a():\n    run(check=True)\ndef test_b():\n    g()", ["test_b"]),
    ],
)
def test_a_test_that_cannot_fail_is_seen(text, expected):
    assert toothless([ast.parse(text)]) == expected
