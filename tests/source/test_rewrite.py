"""Spec code as generated code: what is rewritten, and what stays as it was written."""

from __future__ import annotations

from itertools import product

import pytest

from layergen.source.bodies import expression, function_body
from layergen.source.code import Code
from layergen.source.conditions import negated
from layergen.source.lexing import indented


@pytest.mark.parametrize(
    ("written", "rewritten"),
    [
        ("(x @ k) * 2", "ops.matmul(x, k) * 2"),
        ("2 * ((x @ k) @ j)", "2 * ops.matmul(ops.matmul(x, k), j)"),
        ("-((x @ k))", "-ops.matmul(x, k)"),
        ("(x @ k).shape", "ops.matmul(x, k).shape"),
        ("(\n  x\n  @ k\n) + 1", "ops.matmul(x, k) + 1"),
        ("y if c else (x @ k)", "y if c else ops.matmul(x, k)"),
        ("y if c else(x @ k)", "y if c else(ops.matmul(x, k))"),
        ("f(x @ k)", "f(ops.matmul(x, k))"),
        ("f (x @ k)", "f (ops.matmul(x, k))"),
        ("f(1)(x @ k)", "f(1)(ops.matmul(x, k))"),
        ("fs[0](x @ k)", "fs[0](ops.matmul(x, k))"),
        ("((x @ k), 2)", "(ops.matmul(x, k), 2)"),
        ("( # why\nx @ k) + 2", "( # why\nops.matmul(x, k)) + 2"),
        ("(x + y) * 2", "(x + y) * 2"),
    ],
)
def test_parentheses_that_a_call_needs_not_go(written: str, rewritten: str) -> None:
    assert expression(Code(written, ()), lambda name: name) == rewritten


def test_parentheses_of_what_is_returned() -> None:
    code = Code("if (x @ k) is None:\n    return (x +\n        k)\nreturn (x @ k)", ())
    assert function_body(code, lambda name: name, "act({})") == (
        "if ops.matmul(x, k) is None:\n    return act(x +\n        k)\n"
        "return act(ops.matmul(x, k))"
    )


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("x = 1\n\ny = 2", "  x = 1\n\n  y = 2"),
        ("f(\n    'a'\n    'b'\n)", "  f(\n      'a'\n      'b'\n  )"),
        ('f(\n"""a\nb"""\n"c"\n)', '  f(\n  """a\nb"""\n  "c"\n  )'),
        ("x = 'a\\\nb'\ny", "  x = 'a\\\nb'\n  y"),
        ('f"""{\nx}\n"""\ny', '  f"""{\nx}\n"""\n  y'),
    ],
)
def test_what_is_inside_literals_is_not_indented(text: str, moved: str) -> None:
    assert indented(text, "  ") == moved


def test_what_is_no_python_is_not_indented() -> None:
    with pytest.raises(SyntaxError):
        indented('"""', "  ")


@pytest.mark.parametrize(
    "text",
    [
        "a == b",
        "(not a) == b",
        "a == (not b)",
        "not (not a)",
        "(\n    a\n    + b  # both\n) > 1",
        "(\n    a\n    or b\n)",
        "(\n    not a\n)",
        "(\n    a\n    .bit_length()\n)",
    ],
)
def test_a_negated_condition_is_the_opposite(text: str) -> None:
    code = Code(text, ())
    written = str(negated(code, str, whole={"a", "b"}))
    for a, b in product((0, 1, 5), repeat=2):
        found = {"a": a, "b": b, "said": False}
        exec(f"if True and {written}:\n    said = True", found)
        assert found["said"] is not bool(eval(text, {"a": a, "b": b}))
