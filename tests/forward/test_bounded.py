"""The analysis grows as the code does, however its loops and functions are nested."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest

from layergen.forward.analyse import Forward, analyse
from layergen.forward.interpreter import Interpreter
from layergen.forward.sizes import BULK, Poly
from layergen.forward.values import ITEMS, Items, Many, Number, Tensor
from layergen.language.model import Spec
from layergen.limits import FLOW_STEPS
from layergen.loading import read_spec

HEAD = """\
layer: Deep
doc: Goes deep.
args: {depth: {type: int, default: 2, min: 1}}
inputs: [batch, features]
outputs: any
"""


def loops(deep: int, over: str, *body: str, before: str = "") -> str:
    """Loops inside one another."""
    lines = [f"{'  ' * i}for i{i} in {over}:" for i in range(deep)]
    lines += ["  " * deep + line for line in body]
    return forward(before, *lines, "return x")


def forward(*lines: str) -> str:
    inner = "\n".join(lines).strip("\n").replace("\n", "\n  ")
    return f"{HEAD}forward: |\n  {inner}\n"


def functions(count: int, body: str) -> str:
    """Functions of which each calls the next, `{}`, and the last gives its argument."""
    texts = [body.format(f"f{i + 1}", f"f{i + 1}") for i in range(count - 1)] + ["a"]
    lines = [
        f"  f{i}: {{args: [a], forward: '{text}'}}" for i, text in enumerate(texts)
    ]
    return HEAD + "functions:\n" + "\n".join(lines) + "\nforward: f0(x)\n"


def chain(count: int) -> tuple[str, ...]:
    """Each name gets what another had: a change takes as many rounds as there are names."""
    others = (f"a{i} = a{i - 1}" for i in range(count - 1, 0, -1))
    return (*others, "a0 = ops.concatenate([a0, x], axis=-1)")


STARTED = "\n".join(f"a{i} = x" for i in range(50))
GROWS = "x = ops.concatenate([x, x], axis=-1)"
CASES = {
    "loops": (loops(16, "range(depth)", "x = x * 2"), 1_000),
    "loops that change sizes": (loops(16, "range(depth)", GROWS), 1_000),
    "loops over many names": (
        loops(15, "range(depth)", *chain(50), before=STARTED),
        10_000,
    ),
    "functions": (functions(256, "{}(a) + {}(a)"), 10_000),
    "functions of two shapes": (functions(256, "{}(a) + {}(a[None])"), 20_000),
    "branches": (
        forward(
            *(f"if depth > {i}:\n  x = x * 2\nelse:\n  x = x + 1" for i in range(100)),
            "return x",
        ),
        2_000,
    ),
}


def spec_of(text: str) -> Spec:
    found = read_spec(text, "deep.yaml")
    assert found.spec is not None, found.problems
    return found.spec


def steps_of(spec: Spec, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Forward]:
    """How many steps the analysis of a spec takes, and what it says."""
    count, step = 0, Interpreter.step

    def counted(reader: Interpreter) -> None:
        nonlocal count
        count += 1
        step(reader)

    with monkeypatch.context() as patch:
        patch.setattr(Interpreter, "step", counted)
        found = analyse(spec)
    return count, found


@pytest.mark.parametrize("name", CASES)
def test_steps_are_few(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, most = CASES[name]
    count, found = steps_of(spec_of(text), monkeypatch)
    assert 0 < count <= most
    assert found.returns


def test_steps_grow_as_the_code_does(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = [
        steps_of(spec_of(functions(count, "{}(a) + {}(a)")), monkeypatch)[0]
        for count in (32, 64, 128)
    ]
    assert counts[2] - counts[1] <= 2.2 * (counts[1] - counts[0])


GROWING = {
    "lists in lists": ("y = [x, x]", "y = [y, y]"),
    "lists behind lists": ("y = [x, x]", "y = y + y"),
    "lists of both": ("y = [x, x]", "y = [y] + [y, y]"),
    "lists of pairs": ("y = [x, x]", "y = list(zip(y, y))"),
    "lists of lists of the same": ("y = [x, x]", "y = [[a, a] for a in y]"),
    "products": ("y = x.shape[1] + 1", "y = y * y"),
    "quotients": ("y = x.shape[1] + 1", "y = y * y // (y + depth)"),
    "shapes": ("y = x", "y = ops.outer(y, y)"),
}


def bulk(value: object) -> int:
    """How much a value holds, counted each time that it stands there."""
    match value:
        case Items(items=items):
            return 1 + sum(map(bulk, items))
        case Many(element=element):
            return 1 + bulk(element)
        case Tensor(shape=tuple() as axes):
            return 1 + max(map(bulk, axes), default=0)
        case Number(value=Poly() as size):
            return bulk(size)
        case Poly():
            return sum(1 for _ in size_names(value))
    return 1


def size_names(size: Poly) -> Iterator[object]:
    return islice(size.atoms, 10 * ITEMS)


@pytest.mark.parametrize("name", GROWING)
def test_values_do_not_grow_without_end(name: str) -> None:
    begin, again = GROWING[name]
    # Of twice as much each time these would hold 4096 times as much.
    lines = [begin, *[again] * 12, "if x is y:", "  return x", "return x * depth"]
    found = analyse(spec_of(forward(*lines)))
    largest = max(map(bulk, found.values.values()))
    most = 2 * ITEMS if "lists" in name else BULK + 1
    assert found.whole and 2 < largest <= most


def test_past_the_limit_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_of(CASES["branches"][0])
    monkeypatch.setattr("layergen.forward.interpreter.FLOW_STEPS", 50)
    count, found = steps_of(spec, monkeypatch)
    assert 50 < count < 100
    assert not found.values and not found.returns
    assert FLOW_STEPS > max(most for _, most in CASES.values())
