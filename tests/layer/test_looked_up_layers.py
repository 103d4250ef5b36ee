"""Sublayers of which arguments decide what they are."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import render

TEXT = (Path(__file__).parents[1] / "specs" / "looked_up_layer.yaml").read_text()
X = np.linspace(-1, 2, 12, dtype="float32").reshape(4, 3)


def made(text: str, **arguments: object):
    reading = read_spec(text, "made.yaml", "made")
    assert reading.spec, reading.problems
    found: dict = {"__name__": "made"}
    exec(compile(render(reading.spec)["made.py"], "made.py", "exec"), found)
    return found[reading.spec.layer](**arguments)


def problems(text: str) -> list[str]:
    found = read_spec(text, "made.yaml").problems
    return [f"{p.place.line}:{p.place.column} {p.code} {p.message}" for p in found]


# spec: layers-by
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("norm", ["layer", "unit", "none"])
def test_each_value_makes_its_layer(norm: str, wide: bool, tmp_path: Path) -> None:
    layer = made(TEXT, units=5, norm=norm, wide=wide)
    model = keras.Sequential([keras.Input((3,)), layer])
    layers = [layer.first, layer.normalize, layer.last]
    kinds = {"layer": keras.layers.LayerNormalization, "none": type(None)}
    assert type(layer.normalize) is kinds.get(norm, keras.layers.UnitNormalization)
    assert layer.first.units == (20 if wide else 5)
    y = X
    for one in (one for one in layers if one is not None):
        assert one.built and one.dtype_policy == layer.dtype_policy
        y = one(y)
    np.testing.assert_allclose(layer(X), y, rtol=1e-6)
    path = tmp_path / "model.keras"
    model.save(path)
    again = keras.models.load_model(
        path, custom_objects={type(layer).__name__: type(layer)}
    )
    np.testing.assert_array_equal(again(X), model(X))


def test_the_emitted_test_tries_each_value() -> None:
    text = render(read_spec(TEXT, "made.yaml", "made").spec)["test_made.py"]
    for given in ('"norm": "unit"', '"norm": "none"', '"wide": True'):
        assert given in text


@pytest.mark.parametrize(
    ("make", "there"),
    [
        ("Dense(3) if wide else None", True),
        ("None if wide else Dense(3)", False),
        ("Dense(3) if wide and d > 2 else None", True),
    ],
)
def test_none_stands_for_no_layer(make: str, there: bool) -> None:
    text = (
        f"layer: A\nargs: {{wide: bool}}\ninputs: [batch, d]\nlayers: {{a: {make}}}\n"
        "forward: x if a is None else a(x)\n"
    )
    for wide in (True, False):
        layer = made(text, wide=wide)
        layer(X)
        assert (layer.a is not None) == (there is wide)


def test_a_list_of_layers_that_are_chosen() -> None:
    text = (
        "layer: A\nargs: {widths: 'list[int]', wide: bool}\ninputs: [batch, d]\nlayers:\n"
        "  a: {make: 'Dense(w) if wide else Dense(w, use_bias=False)', for: w in widths}\n"
        "forward: |\n  for one in a:\n    x = one(x)\n  return x\n"
    )
    for wide in (True, False):
        layer = made(text, widths=[4, 2], wide=wide)
        layer(X)
        assert [one.units for one in layer.a] == [4, 2]
        assert [one.use_bias for one in layer.a] == [wide, wide]


HEAD = 'layer: A\nargs:\n  norm: Literal["a", "b"]\n  n: int\n  free: str\ninputs: [batch, d]\n'


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (
            "{make: {a: Dense(n)}, by: norm}",
            "8:13 LG226 the layer `q` is not said for `b`",
        ),
        (
            "{make: {a: Dense(n), c: null}, by: norm}",
            "8:27 LG226 `c` is no value that decides the layer `q`",
        ),
        ("{make: {a: Dense(n), b: null}}", "8:13 LG226 what makes the layer `q`"),
        ("{make: {a: Dense(n)}, by: free}", "8:32 LG226 the layer `q` is looked up"),
        ("{make: {a: null, b: null}, by: norm}", "8:13 LG226 no value of `norm` makes"),
        ("{make: Dense(n), by: norm}", "8:27 LG226 the layer `q` has `by`"),
        (
            "{make: {a: Dense(n), b: null}, by: norm, when: n > 1}",
            "8:53 LG226 the layer `q` has both `by` and `when`",
        ),
        (
            "{make: {a: Dense(n), b: Dens(n)}, by: norm}",
            "8:30 LG217 the layer `q` makes `Dens`",
        ),
        (
            "{make: {a: Dens(n), b: Dense(n)}, by: norm}",
            "8:17 LG217 the layer `q` makes `Dens`",
        ),
        ("{make: {a: Dense(m), b: Dense(n)}, by: norm}", "8:23 LG406 unknown name `m`"),
        (
            "{make: {a: Dense(n), b: n}, by: norm}",
            "8:30 LG217 the layer `q` must be a call",
        ),
        ("Dense(n) if norm == 'a' else n", "8:35 LG217 the layer `q` must be a call"),
    ],
)
def test_what_is_wrong_has_its_place(layer: str, said: str) -> None:
    found = problems(f"{HEAD}layers:\n  q: {layer}\nforward: q(x) * n\n")
    assert any(one.startswith(said) for one in found), found


def test_functional_style_refuses_it() -> None:
    reading = read_spec(TEXT + "style: functional\n", "made.yaml")
    with pytest.raises(SpecError, match="arguments decide which layer `first` is"):
        render(reading.spec)
