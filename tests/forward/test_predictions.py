"""What the analysis says of code, held to what Keras makes of it.

`python benchmarks/predictions.py 1000` does the same on many more programs.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

pytest.importorskip("tensorflow")

from predicted import compare, draw, world
from predicted.draw import ALL, Drawer, first_wrong, prepared
from predicted.oracle import eager, traced

import layergen
from layergen.forward import expressions, loops, methods, result_dtypes, shapes, values
from layergen.forward import interpreter as goes
from layergen.forward.analyse import analyse
from layergen.forward.late import Late
from layergen.forward.values import COMPUTE, Number, Tensor
from layergen.keras_tables import own_rules
from layergen.keras_tables.operations import _operation
from layergen.loading import read_spec

FOLDERS = {
    "gallery": Path(layergen.__file__).parent / "gallery",
    "specs": Path(__file__).parent.parent / "specs",
}


@pytest.fixture(scope="module")
def drawn() -> Drawer:
    """A drawer that has drawn everything once."""
    drawer = Drawer(seed=20, runs=2)
    for _ in range(len(ALL) // draw.LINES + 1):
        drawer.program()
    return drawer


def test_nothing_is_predicted_wrong(drawn: Drawer) -> None:
    assert [str(one) for one in drawn.tally.wrong] == []


def test_everything_is_drawn(drawn: Drawer) -> None:
    assert {what: drawn.tally.refused.get(what) for what in drawn.tally.missing} == {}


def test_little_is_unknown(drawn: Drawer) -> None:
    assert drawn.tally.share <= 0.1, drawn.tally.roots


@pytest.mark.parametrize(("folder", "most"), [("gallery", 0.03), ("specs", 0.05)])
def test_little_is_unknown_of_specs(folder: str, most: float) -> None:
    total, unknown = 0, []
    for path in sorted(FOLDERS[folder].glob("*.yaml")):
        spec = read_spec(path.read_text("utf-8"), path.name).spec
        assert spec is not None
        for node, value in analyse(spec).values.items():
            total += 1
            if compare.unknown(value):
                unknown.append(f"{path.name}: {ast.unparse(node)}")
    assert total > 300
    assert len(unknown) <= most * total, unknown


# That the comparison can fail: each is broken on purpose, and noticed.

CODE = """\
a = ops.matmul(x, kernel) + bias
b = ops.concatenate([a, n[..., None]], axis=-1)
if flag:
    d = ops.sum(b, axis=1)
else:
    d = ops.max(b, axis=0)
e = ops.arange(units) * 0.5
for i in range(depth):
    x = ops.concatenate([x, x], axis=-1)
return x[:, 1:], d, e, ops.shape(x), (s if c is None else c), ops.transpose(z)
"""


def mistakes(code: str = CODE) -> Iterator[str]:
    """What is wrong about what is said of some code."""
    _operation.cache_clear()
    getattr(result_dtypes.result_dtype, "cache_clear", int)()
    forward, program = prepared(world.with_code(code))
    for sizes in world.SIZES:
        for how, policy in ((eager, "mixed_float16"), (traced, "float32")):
            found = first_wrong(forward, how(program, sizes, policy), how is eager)
            if found is not None:
                yield f"{ast.unparse(found[0])} {found[1]}"


def test_the_code_that_is_broken_below_is_right() -> None:
    assert list(mistakes()) == []


def rule_of_an_operation(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(own_rules.RULES, "matmul", lambda x1, x2: x1)


def rule_of_a_shape(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shapes, "_broadcast", lambda given, pairs: given[-1])


def rule_of_a_dtype(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(result_dtypes, "result_dtype", lambda *given: "float32")


def join_of_shapes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shapes, "joined", lambda one, other: one)


def join_of_values(patch: pytest.MonkeyPatch) -> None:
    for module in (values, expressions, goes):
        patch.setattr(module, "joined", lambda one, other: one)


def loop_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(loops, "together", lambda *ways: next(filter(None, ways), None))


def sizes_of_slices(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("layergen.forward.subscripts._sliced", lambda size, bounds: size)


def sizes_that_may_be_tensors(patch: pytest.MonkeyPatch) -> None:
    size = methods._size
    never = Late.NEVER
    patch.setattr(methods, "_size", lambda value, late, _: size(value, late, never))


def names_of_sizes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(methods, "_size", lambda *given: Number("int", 4))


def none_that_is_not(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(values, "maybe", lambda value: value)
    patch.setattr("layergen.forward.environment.maybe", lambda value: value)


def casts(patch: pytest.MonkeyPatch) -> None:
    cast = "layergen.forward.arithmetic.cast"
    patch.setattr(cast, lambda reader, node, dtype: None)


BROKEN = (
    rule_of_an_operation,
    rule_of_a_shape,
    rule_of_a_dtype,
    join_of_shapes,
    join_of_values,
    loop_once,
    sizes_of_slices,
    sizes_that_may_be_tensors,
    names_of_sizes,
    none_that_is_not,
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.__name__)
def test_what_is_broken_is_noticed(
    broken: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    assert list(mistakes())
    monkeypatch.undo()
    assert list(mistakes()) == []


def test_a_cast_that_is_missing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "return x * n[..., None]"
    assert list(mistakes(code)) == []
    casts(monkeypatch)
    assert list(mistakes(code))


def test_what_raises_is_noticed() -> None:
    forward, program = prepared(world.with_code("return ops.matmul(x, bias)"))
    node = next(
        one for one in program.own if ast.unparse(one).startswith("ops.matmul(")
    )
    said: Any = dict(forward.values)
    said[node] = Tensor((2,), COMPUTE)
    ran = eager(program, world.SIZES[0], "float32")
    assert ran.at is node
    patched = replace(forward, values=said)
    assert first_wrong(patched, ran, True)


def test_what_is_never_drawn_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    drawer = Drawer(seed=0)
    drawer.sizes, drawer.lines, drawer.terms = (
        world.SIZES[0],
        [],
        [draw.Term("n", (2, 3), "int32")],
    )
    monkeypatch.setattr(draw.recipes, "templates", lambda *what: ["ops.matmul(n, f)"])
    drawer.line(("ops", "matmul"))
    assert ("ops", "matmul") in drawer.tally.missing
