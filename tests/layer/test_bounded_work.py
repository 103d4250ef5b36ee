"""What is derived and followed is shared: the work grows as the text does."""

from __future__ import annotations

import math
import re

import pytest

from layergen import limits
from layergen.example.search import Search
from layergen.example.sizes import find_sizes
from layergen.forward.interpreter import Interpreter
from layergen.gradient.derive import derive
from layergen.gradient.formula import Reader, Underivable
from layergen.gradient.primitives import parts
from layergen.language.model import Spec
from layergen.layer.facts import Facts
from layergen.layer.gradient_flow import unreached_inputs
from layergen.loading import read_spec
from layergen.rendering import render


def chain(count: int, body: str, first: str = "z * z") -> Spec:
    """Functions of which each calls the one before, and one with a derived gradient."""
    lines = [f"  f0: {{args: [z], forward: {first}}}"]
    lines += [
        f"  f{i}: {{args: [z], forward: '{body.replace('f(', f'f{i - 1}(')}'}}"
        for i in range(1, count)
    ]
    lines.append(f"  g: {{args: [z], forward: f{count - 1}(z), gradient: auto}}")
    text = "layer: Chain\ninputs: [batch, d]\nfunctions:\n" + "\n".join(lines)
    reading = read_spec(text + "\nforward: g(x)\n", "chain.yaml")
    assert reading.spec, reading.problems
    return reading.spec


def reader(spec: Spec) -> Reader:
    import sympy

    functions = {one.name: one for one in spec.functions}
    return Reader(functions["g"].forward, {"z": sympy.Symbol("z")}, functions)


@pytest.mark.parametrize("body", ["f(z) + f(z)", "ops.sin(f(z)) * ops.exp(f(z))"])
def test_what_calls_give_is_read_once(body: str) -> None:
    sizes = []
    for count in (10, 20, 40):
        reading = reader(chain(count, body))
        sizes.append(len(parts(reading.result())))
        assert len(reading.known.calls) == count
    assert sizes[2] - sizes[1] == 2 * (sizes[1] - sizes[0])


def test_forty_functions_that_call_each_other_twice() -> None:
    module = render(chain(40, "f(z) + f(z)"))["chain.py"]
    # The sum of 2**39 squares has the slope 2**40 * z.
    assert f"return {2**40} * upstream * z" in module


@pytest.mark.parametrize(
    ("body", "first"),
    [
        ("ops.sin(f(z)) + 0.5 * ops.tanh(f(z))", "0.3 * z"),
        ("f(z) / (1 + f(z) * f(z))", "z"),
        ("ops.exp(-f(z) * f(z)) + z", "ops.sigmoid(z)"),
    ],
)
def test_the_slope_is_that_of_the_values(body: str, first: str) -> None:
    """Against central differences of the functions, worked out by plain `math`."""
    count = 12
    spec = chain(count, body, first)
    functions = {one.name: one for one in spec.functions}
    names = {*functions, "z"}
    found = derive(functions["g"].forward, ("z",), functions, names)
    ops = type(
        "ops",
        (),
        {
            **{
                n: staticmethod(getattr(math, n)) for n in ("sin", "cos", "tanh", "exp")
            },
            "square": staticmethod(lambda x: x * x),
            "sigmoid": staticmethod(lambda x: 1 / (1 + math.exp(-x))),
        },
    )

    def value(z: float) -> float:
        def apply(text: str, inner: float) -> float:
            text = re.sub(r"\bf\(z\)", repr(inner), text)
            return float(eval(text, {"ops": ops, "z": z}))

        result = apply(first, z)
        for _ in range(1, count):
            result = apply(body.replace("f(z)", "(f(z))"), result)
        return result

    for z in (-1.3, -0.2, 0.4, 1.7):
        scope: dict[str, object] = {"ops": ops, "z": z, "upstream": 1.0}
        for name, text in found.assignments:
            scope[name] = eval(text, scope)
        slope = eval(str(found.results[0]), scope)
        step = 1e-5
        difference = (value(z + step) - value(z - step)) / (2 * step)
        assert slope == pytest.approx(difference, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize(
    ("count", "body", "reason"),
    [
        (100, "f(z) + f(z)", "nested"),
        (40, "f(f(z))", "a power past every limit"),
        (40, "ops.sin(f(f(z)))", "nested"),
    ],
)
def test_what_grows_without_end_is_refused(count: int, body: str, reason: str) -> None:
    with pytest.raises(Underivable, match=reason):
        reader(chain(count, body)).result()


def flow_steps(spec: Spec) -> int:
    steps = 0
    step = Interpreter.step

    def counted(self: Interpreter) -> None:
        nonlocal steps
        steps += 1
        step(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Interpreter, "step", counted)
        unreached_inputs(Facts(spec))
    return steps


def test_functions_are_followed_once_each() -> None:
    steps = [flow_steps(chain(count, "f(z) + f(z)")) for count in (50, 100, 200)]
    assert steps[2] - steps[1] == 2 * (steps[1] - steps[0])


def test_loops_in_loops_are_followed_in_proportion() -> None:
    def spec(depth: int) -> Spec:
        code = "".join(f"  {'  ' * i}for i{i} in range(2):\n" for i in range(depth))
        text = "layer: A\ninputs: [batch, d]\nforward: |\n  y = ops.zeros_like(x)\n"
        text += f"{code}  {'  ' * depth}y = x\n  return y\n"
        found = read_spec(text, "a.yaml").spec
        assert found
        return found

    few, many = (
        flow_steps(spec(depth)) for depth in (limits.BLOCKS // 2, limits.BLOCKS)
    )
    assert many <= 3 * few


def test_a_loop_is_followed_to_its_end() -> None:
    """What reaches the result in the third round only reaches it."""
    text = (
        "layer: A\ninputs: {x: [batch, d], y: [batch, d]}\nforward: |\n"
        "  a = ops.zeros_like(x)\n  b = ops.zeros_like(x)\n  c = ops.zeros_like(x)\n"
        "  for i in range(4):\n    c = b\n    b = a\n    a = x\n  return c + y * 0\n"
    )
    spec = read_spec(text, "a.yaml").spec
    assert spec
    assert unreached_inputs(Facts(spec)) == ()


def test_the_search_for_sizes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[Search] = []
    init = Search.__init__

    def kept(self: Search, *args: object) -> None:
        init(self, *args)  # type: ignore[arg-type]
        searches.append(self)

    monkeypatch.setattr(Search, "__init__", kept)
    text = (
        "layer: A\ninputs: [a, b, c, e, f, g]\n"
        "require: {a + b + c + e + f + g == 1000: no}\nforward: x\n"
    )
    spec = read_spec(text, "a.yaml").spec
    assert spec
    assert find_sizes(Facts(spec), {}, None) is None
    assert [search.budget.left for search in searches] == [0]


def test_many_sizes_differ_as_far_as_they_can() -> None:
    dims = ", ".join(f"d{i}" for i in range(10))
    spec = read_spec(
        f"layer: A\ninputs: {{x: [batch, {dims}], y: [batch, {dims.replace('d', 'e')}]}}\n"
        "forward: x\n",
        "a.yaml",
    ).spec
    assert spec
    found = find_sizes(Facts(spec), {}, None)
    assert found
    values = [v for v in found.values.values() if isinstance(v, int)]
    assert len(values) == 21
    assert len(set(values)) == 16
