"""What is said to have a value has one: random programs, analysed and then run.

Python itself is the judge. A program of which no read is unsure must raise no NameError,
whatever it is called with; and most of those that are complained of do raise one.
"""

from __future__ import annotations

import ast
import itertools
import random

from layergen.forward.bound import bound

NAMES = list("abcd")
CONDITIONS = [
    *("p", "q", "not p", "p and q", "p or q", "p is None", "p is not None", "n > 1"),
    *("not (p and not q)", "q and (a := 1)", "p and not q", "a", "q and n > 1"),
]
LOCAL = "a = b = c = d = f = g = 0"
"""Stands behind the last `return`, so that every name is a local one."""


def expression(draw: random.Random, depth: int = 0) -> str:
    kind = draw.randrange(10)
    if kind < 4 or depth > 2:
        return draw.choice([*NAMES, "0", "1"])
    one = expression(draw, depth + 1)
    match kind:
        case 4:
            return f"({draw.choice(NAMES)} := {one})"
        case 5:
            other = expression(draw, depth + 1)
            return f"({one} if {draw.choice(CONDITIONS)} else {other})"
        case 6:
            return f"({draw.choice(CONDITIONS)} and {one})"
        case 7:
            return f"sum([{one} for {draw.choice('za')} in range(n)])"
        case 8:
            return f"(lambda z: {one})"
    return f"(0 < {one} < {expression(draw, depth + 1)})"


def block(draw: random.Random, depth: int = 0, loop: bool = False) -> list[str]:
    found: list[str] = []
    for _ in range(draw.randrange(1, 4)):
        found += statement(draw, depth, loop)
    return found


def statement(draw: random.Random, depth: int, loop: bool) -> list[str]:
    kind = draw.randrange(16)
    if kind < 7 or depth > 3:
        return [f"{draw.choice(NAMES)} = {draw.choice(['1', expression(draw)])}"]
    inner, other = indented(block(draw, depth + 1, loop)), []
    if draw.random() < 0.5:
        other = ["else:", *indented(block(draw, depth + 1, loop))]
    if kind < 10:
        return [f"if {draw.choice(CONDITIONS)}:", *inner, *other]
    if kind == 10:
        over = draw.choice(["range(n)", "range(0)", "range(2)", "(1, 2)"])
        body = indented(block(draw, depth + 1, True))
        return [f"for {draw.choice(NAMES)} in {over}:", *body, *other]
    if kind == 11:
        count, test = f"w{depth}", draw.choice(["True", "n", *CONDITIONS])
        body = [
            f"{count} += 1",
            f"if {count} > 3: break",
            *block(draw, depth + 1, True),
        ]
        return [f"{count} = 0", f"while {test}:", *indented(body), *other]
    if kind == 12:
        return [draw.choice(["break", "continue"])] if loop else []
    if kind == 13:
        return [f"return {expression(draw)}"]
    if kind == 14:
        body = [*block(draw, depth + 1), f"return {expression(draw)}"]
        called = f"{draw.choice(NAMES)} = {draw.choice('fg')}(1)"
        return [f"def {draw.choice('fg')}(z):", *indented(body), called]
    return [f"{draw.choice(NAMES)} += {expression(draw)}"]


def indented(body: list[str]) -> list[str]:
    return [f"    {line}" for line in body or ["pass"]]


def program(seed: int) -> str:
    draw = random.Random(seed)
    begin = [f"{name} = 1" for name in draw.sample(NAMES, draw.randrange(4))]
    lines = [*begin, *block(draw), f"return {expression(draw)}", LOCAL]
    return "\n".join(lines)


def raises(text: str) -> bool:
    """Whether a program finds a name without a value, with any of some arguments."""
    space: dict[str, object] = {}
    exec("def run(p, q, n):\n" + "\n".join(indented(text.splitlines())), space)
    run = space["run"]
    assert callable(run)
    for values in itertools.product([None, 0, 1], [0, 1], [0, 1, 2]):
        try:
            run(*values)
        except NameError:
            return True
        except (TypeError, RecursionError):
            continue
    return False


def is_python(text: str) -> bool:
    try:
        compile("def run():\n" + "\n".join(indented(text.splitlines())), "run", "exec")
    except SyntaxError:  # A comprehension's variable that is assigned to in it.
        return False
    return True


# spec: code-local
def test_what_is_sure_has_a_value() -> None:
    counts = {(sure, bad): 0 for sure in (True, False) for bad in (True, False)}
    for text in filter(is_python, map(program, range(800))):
        found = bound(ast.parse(text).body, {"p", "q", "n", "sum", "range"})
        counts[not found.unsure, raises(text)] += 1
        assert found.unsure or not raises(text), text
    # The programs are of every kind, and few complaints are about nothing.
    assert counts[True, False] > 130
    assert counts[False, True] > 6 * counts[False, False]


def test_deep_and_long_code_takes_few_steps() -> None:
    """The states that are kept do not grow with the conditions before."""
    lines = [f"if p{i}:\n  a{i} = {i}\nif p{i}:\n  x = a{i}" for i in range(400)]
    text = "\n".join(["x = 0", *lines, "return x"])
    found = bound(ast.parse(text).body, {f"p{i}" for i in range(400)})
    assert not found.unsure
    assert {name for name in found.ends if name[0] in "ax"} == {"x"}
