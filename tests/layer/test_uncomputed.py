"""An expression that cannot be computed is told as itself, with its place."""

import pytest

import layergen
from layergen.example import uncomputed

BASE = "layer: Lay\nargs: {units: int}\ninputs: [batch, features]\nforward: x * 1\n"


def problem(more):
    """The one problem that keeps a spec from being rendered: code, place and message."""
    with pytest.raises(layergen.SpecError) as caught:
        layergen.render(layergen.load(BASE + more))
    [found] = [one for one in caught.value.problems if not one.is_warning]
    return found.code, (found.place.line, found.place.column), found.message


@pytest.mark.parametrize(
    ("more", "place", "text", "why"),
    [
        (
            "require: {1 / (units - units) > 0: bad}",
            (5, 11),
            "1 / (units - units) > 0",
            0,
        ),
        ("require:\n  units % 0 == 0: bad", (6, 3), "units % 0 == 0", 0),
        (
            "require: {math.log(0) < units: bad}",
            (5, 11),
            "math.log(0) < units",
            "domain",
        ),
        ("require: {math.sqrt(-1) > 0: bad}", (5, 11), "math.sqrt(-1) > 0", "domain"),
        ("derived: {a: units // 0}", (5, 14), "units // 0", 0),
        ("derived: {a: 'max([])'}", (5, 15), "max([])", "empty"),
        ("weights: {w: [units // 0]}", (5, 15), "units // 0", 0),
        ("states: {s: [3, 1 // (units - units)]}", (5, 17), "1 // (units - units)", 0),
        ("outputs: [batch, units // 0]", (5, 18), "units // 0", 0),
        ("derived: {a: units // 0}\nweights: {w: [a]}", (5, 14), "units // 0", 0),
        ("example: {units: 0}\nweights: {w: [12 // units]}", (6, 15), "12 // units", 0),
        (
            "example: {units: 7}\nrequire: {1 / (units - 7) > 0: bad}",
            *((6, 11), "1 / (units - 7) > 0", 0),
        ),
    ],
)
def test_what_fails(more, place, text, why):
    code, where, message = problem(more + "\n")
    assert (code, where) == ("LG309", place)
    assert message.startswith(f"`{text}` cannot be computed: ")
    assert (why or "by zero") in message


@pytest.mark.parametrize(
    ("more", "place", "said"),
    [
        (
            "derived: {a: 'pow(units, 2)'}\nweights: {w: [a]}",
            (5, 15),
            "`pow(units, 2)` is",
        ),
        # What the size depends on, not the size.
        (
            "derived: {a: 'pow(units, 2)', b: a + 1}\nweights: {w: [b]}",
            *((5, 15), "`pow(units, 2)` is"),
        ),
        (
            "derived: {a: 'max({units})'}\nweights: {w: [a]}",
            (5, 15),
            "for `{units}` in",
        ),
    ],
)
def test_what_cannot_be_worked_out(more, place, said):
    code, where, message = problem(more + "\n")
    assert (code, where) == ("LG309", place)
    assert said in message


@pytest.mark.parametrize(
    "more",
    [
        # Python can compute it, with all sizes or with others.
        "require: {units.bit_length() > 1: bad}",
        "require: {math.gamma(units) > 2: bad}",
        "require: {1 / (units - 7) > 0: bad}",
        "require: {units > 0 and 12 % units == 0: bad}",
        "derived: {a: 12 // (units - 7)}",
        # Nothing that is tried depends on it.
        "derived: {a: 'pow(units, 2)'}",
    ],
)
def test_what_is_no_hindrance(more):
    assert layergen.render(layergen.load(f"{BASE}{more}\n"))


@pytest.mark.parametrize(
    "more",
    [
        "require: {units > 1000: bad}",
        # Fails with one of the sizes that are tried, which is not why none is found.
        "require: {units > 1000: bad}\nderived: {a: 12 // (units - 7)}",
        "require: {units > 1000: bad}\nderived: {a: 'pow(units, 2)'}",
    ],
)
def test_requirements_that_no_size_meets(more):
    code, _, message = problem(more + "\n")
    assert code == "LG308"
    assert "meet every requirement" in message


def test_what_to_name_where_no_size_fits():
    more = "require: {features > 1000: bad}\n"
    with pytest.raises(layergen.SpecError) as caught:
        layergen.render(layergen.load(BASE + more))
    [found] = caught.value.problems
    assert found.hint.endswith("such as `example: {features: 8, units: 8}`")


def test_sizes_fit_a_default_that_is_none_of_the_small_ones():
    spec = BASE.replace("units: int}", "units: int, groups: int = 52}")
    more = "require: {features % groups == 0: bad}\n"
    [test] = [
        text
        for name, text in layergen.render(layergen.load(spec + more)).items()
        if name.startswith("test_")
    ]
    assert 'inputs={"x": (2, 52)}' in test


@pytest.mark.parametrize(
    ("args", "shape"), [("inner: Layer", "(2, 4, 5)"), ("k: int", "(2, 4)")]
)
def test_a_given_layer_has_an_axis_to_work_on(args, shape):
    spec = f"layer: A\nargs: {{{args}}}\ninputs: [batch, time, ...]\n"
    spec += f"forward: {'inner(x)' if 'inner' in args else 'x * k'}\n"
    files = layergen.render(layergen.load(spec))
    assert f'inputs={{"x": {shape}}}' in files["test_a.py"]


def test_sizes_without_a_value_to_try():
    more = "args: {units: {type: int, min: 5, max: 4}}\n"
    spec = BASE.replace("args: {units: int}\n", more)
    with pytest.raises(layergen.SpecError):
        layergen.render(layergen.load(spec))


def test_the_hindrance_is_looked_for_only_where_there_is_one(monkeypatch):
    monkeypatch.setattr(uncomputed, "candidates", None)
    assert layergen.render(layergen.load(BASE))
