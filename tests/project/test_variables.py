"""Changes of weights that files saved from trained models do not survive."""

import json

import pytest
from project_folder import spec

from layergen.codes import CODES
from layergen.loading import read_spec
from layergen.project.variables import breaks, variables

HEAD = "layer: A\nargs: {units: int, use_bias: bool = True}\ninputs: [..., features]\n"
TWO = "weights:\n  k: [features, units]\n  b: {shape: [units], when: use_bias}\n"
ONE = "weights:\n  k: [features, units]\n"
USE = "forward: x * ops.sum(ops.cast(k, x.dtype))\n"


def recorded(text):
    """The variables of a spec as the lock has them; only its shape is read."""
    reading = read_spec(text, "a.yaml", "a")
    assert reading.spec, reading.problems
    return variables(reading.spec)


def found(before, after, head=HEAD, use=USE, head_after=None):
    old = tuple(one.text for one in recorded(f"{head}{before}{use}"))
    text = f"{head_after or head}{after}{use}"
    problems = [*breaks(old, recorded(text), "a.yaml", text)]
    return [(p.place.line, p.message) for p in problems]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (TWO, TWO, []),
        (TWO, ONE, [(4, "`b` is removed")]),
        (ONE, TWO, [(6, "`b` is new")]),
        (
            "weights: {k: [features, units], c: [units]}\n",
            "weights:\n  k: [features, units]\n  d: [units]\n",
            [(6, "`c` is renamed to `d`")],
        ),
        (
            ONE,
            "weights: {k: [features, 2 * units]}\n",
            [
                (
                    4,
                    "`k` is reshaped from `[input[-1], units]` to "
                    "`[input[-1], 2 * units]`",
                )
            ],
        ),
        (
            ONE,
            "weights: {k: {shape: [features, units], dtype: float16}}\n",
            [(4, "`k` changes its dtype from `the layer's` to `float16`")],
        ),
        (
            TWO,
            TWO.replace("use_bias}", "not use_bias}"),
            [(6, "`b` changes its condition from `use_bias` to `not use_bias`")],
        ),
        (
            "weights: {k: [units, units], m: [units, units]}\n",
            "weights: {m: [units, units], k: [units, units]}\n",
            [(4, "the order changes from `k`, `m` to `m`, `k`")],
        ),
        (
            "weights: {k: [units], m: [units]}\n",
            "weights: {k: {shape: [units], trainable: false}, m: [units]}\n",
            [(4, "the order changes from `k`, `m` to `m`, `k`")],
        ),
        (
            "weights: {k: [units], m: [units]}\n",
            "weights: {k: [units], m: {shape: [units], trainable: false}}\n",
            [],
        ),
        (
            ONE,
            "weights: {k: {shape: [features, units], initializer: zeros, doc: A.}}\n",
            [],
        ),
        (
            "weights: {k: [features]}\nstates: {n: []}\n",
            "weights: {k: [features]}\nstates: {n: {shape: [], dtype: int32}}\n",
            [(5, "`n` changes its dtype from `the layer's` to `int32`")],
        ),
        (
            "weights: {k: [features]}\nlayers: {d: Dense(units)}\n",
            "weights: {k: [features]}\n",
            [(4, "`d` is removed")],
        ),
        (
            "weights: {k: [features]}\nlayers: {d: Dense(units)}\n",
            "weights: {k: [features]}\nlayers: {d: \"Dense(units, activation='relu')\"}\n",
            [],
        ),
        (
            "weights: {k: [features]}\nlayers: {d: Dense(units)}\n",
            'weights: {k: [features]}\nlayers: {d: "Dense(units, use_bias=False)"}\n',
            [(5, "`d` changes from `Dense(units)` to `Dense(units, use_bias=False)`")],
        ),
        (
            "weights: {k: [features]}\n",
            "weights: {k: [features]}\nlayers: {d: Dropout(0.5)}\n",
            [],
        ),
        (
            "weights: {k: [features]}\nlayers: {d: {make: Dense(n), for: 'n in [units]'}}\n",
            "weights: {k: [features]}\nlayers: {d: {make: Dense(n), for: 'n in [1]'}}\n",
            [
                (
                    5,
                    "`d` changes from `Dense(n) for n in [units]` to "
                    "`Dense(n) for n in [1]`",
                )
            ],
        ),
        (
            "derived: {size: units * 4}\nweights: {k: [features, size]}\n",
            "derived: {size: units * 2}\nweights: {k: [features, size]}\n",
            [
                (
                    5,
                    "`k` is reshaped from `[input[-1], units * 4]` to "
                    "`[input[-1], units * 2]`",
                )
            ],
        ),
    ],
)
def test_changes(before, after, wanted):
    assert found(before, after) == wanted


def test_names_of_dimensions_are_nothing_to_a_file():
    other = HEAD.replace("features", "channels")
    assert found(ONE, ONE.replace("features", "channels"), head_after=other) == []
    fixed = HEAD.replace("...", "batch")
    assert found(ONE, ONE, head_after=fixed) == []


def test_another_axis_of_the_input_is():
    flat = "layer: A\nargs: {units: int, use_bias: bool = True}\n"
    use = "forward: x * ops.sum(k)\n"
    one, other = ("inputs: [batch, a, b]\n", "inputs: [batch, b, a]\n")
    changes = found(
        "weights: {k: [a]}\n", "weights: {k: [a]}\n", flat + one, use, flat + other
    )
    assert changes == [(4, "`k` is reshaped from `[input[-2]]` to `[input[-1]]`")]


def test_a_cell_holds_no_states():
    cell = CODES["LG602"].good if "kind: cell" in CODES["LG602"].good else None
    text = cell or (
        "layer: S\nkind: cell\nargs: {units: int}\ninputs: [batch, features]\n"
        "states: {h: [units]}\nweights: {k: [features, units]}\n"
        "forward: |\n  h = h + x @ k\n  return h\n"
    )
    assert [one.name for one in recorded(text)] == ["k"]


def test_the_example_that_is_explained(project):
    good, bad = CODES["LG801"].good, CODES["LG801"].bad
    project.write("specs/scale.yaml", good)
    assert project.run("generate")[0] == 0
    project.write("specs/scale.yaml", bad)
    code, _, err = project.run("generate")
    assert code == 1
    assert err.startswith("specs/scale.yaml:4:3: LG801 `scale` is reshaped from ")


def test_named_before_anything_is_written(project):
    project.write("specs/gate.yaml", spec("Gate", k="[features]", b="[features]"))
    project.write("specs/door.yaml", spec("Door"))
    project.run("generate")
    project.write("specs/gate.yaml", spec("Gate", k="[features]"))
    project.write("specs/door.yaml", spec("Door").replace("x *", "2 * x *"))
    before = project.files()
    written = ("generate", "generate --overwrite")
    for command in (*written, "generate --check", "generate --diff"):
        code, out, err = project.run(*command.split())
        assert (code, "specs/gate.yaml:3:1: LG801 `b` is removed" in err) == (1, True)
        assert "--accept-weights-change" in err
        assert ("Nothing is written" in err) == (command in written)
        assert bool(out) == (command not in written)
        assert project.files() == before
    code, out, err = project.run("generate", "--dry-run")
    assert (code, out) == (1, "") and "Nothing would be written." in err
    accepted = project.run("generate", "--dry-run", "--accept-weights-change")
    assert (accepted[0], "would update src/ours/gate.py" in accepted[1]) == (0, True)
    code, _, err = project.run("generate", "--accept-weights-change")
    assert (code, "LG801" in err) == (0, True)
    assert project.run("generate") == (0, "all files are up to date.\n", "")


def test_a_renamed_spec_is_still_held_to_its_record(project):
    project.write("specs/gate.yaml", spec("Gate", k="[features]"))
    project.run("generate")
    (project / "specs/gate.yaml").unlink()
    project.write("specs/door.yaml", spec("Gate", m="[features]"))
    code, _, err = project.run("generate")
    assert (code, "`k` is renamed to `m`" in err) == (1, True)


def test_who_keeps_the_old_module_keeps_its_record(project):
    """A hand-edited module holds the old weights, until it is overwritten."""
    project.write("specs/gate.yaml", spec("Gate", k="[features]"))
    project.run("generate")
    with open(project / "src/ours/gate.py", "a") as file:
        file.write("# Mine.\n")
    project.write("specs/gate.yaml", spec("Gate", m="[features]"))
    code, _, err = project.run("generate")
    assert (code, "LG801" in err) == (1, False)
    code, _, err = project.run("generate", "--overwrite")
    assert (code, "LG801" in err) == (1, True)
    assert project.run("generate", "--overwrite", "--accept-weights-change")[0] == 0


def test_blocked_and_accepted_in_json(project):
    project.write("specs/gate.yaml", spec("Gate", k="[features]"))
    project.run("generate")
    project.write("specs/gate.yaml", spec("Gate", m="[features]"))

    def told(*options):
        code, out, err = project.run("generate", "--json", *options)
        report = json.loads(out)
        [problem] = report["problems"]
        assert (problem["code"], err) == ("LG801", "")
        return code, report["blocked"], problem["severity"], bool(report["files"])

    assert told() == (1, True, "error", False)
    assert told("--dry-run") == (1, True, "error", False)
    assert told("--check") == (1, True, "error", True)
    accept = "--accept-weights-change"
    assert told("--dry-run", accept) == (0, False, "warning", True)
    assert told(accept) == (0, False, "warning", True)


def test_new_does_not_change_weights_either(project):
    weights = "--weight=k: [n]", "--input=..., n", "--forward=x * k"
    assert project.run("new", "gate", *weights)[0] == 0
    before = project.files()
    changed = "--weight=m: [n]", "--input=..., n", "--forward=x * m"
    code, _, err = project.run("new", "gate", *changed, "--overwrite")
    assert code == 1
    assert err.startswith("specs/gate.yaml:4:3: LG801 `k` is renamed to `m`")
    # The option is another command's, as the text then says.
    assert "hint:" not in err and "`layergen generate --accept-weights-change`" in err
    assert project.files() == before
    code, out, _ = project.run("new", "gate", *changed, "--overwrite", "--json")
    report = json.loads(out)
    assert (code, report["blocked"], report["files"]) == (1, True, [])
    assert report["problems"][0]["file"] == "specs/gate.yaml"
    assert report["problems"][0]["hint"] == ""
    assert project.files() == before


def two(project, aa="aa", bb="bb", **weights):
    """Layers `Aa` and `Bb` in the specs of these names."""
    for layer, stem in (("Aa", aa), ("Bb", bb)):
        weight = weights.get(layer, "k")
        project.write(f"specs/{stem}.yaml", spec(layer, **{weight: "[features]"}))


def test_specs_that_swap_names_keep_their_weights(project):
    two(project, Aa="m")
    assert project.run("generate")[0] == 0
    two(project, aa="bb", bb="aa", Aa="m")
    code, _, err = project.run("generate")
    assert (code, err) == (0, "")


def test_weights_are_those_of_a_class_whatever_its_spec(project):
    two(project, Aa="m")
    assert project.run("generate")[0] == 0
    two(project, aa="bb", bb="aa", Bb="m")
    before = project.files()
    code, _, err = project.run("generate")
    assert code == 1
    assert "specs/bb.yaml:4:3: LG801 `m` is renamed to `k`" in err
    assert "specs/aa.yaml:4:3: LG801 `k` is renamed to `m`" in err
    assert project.files() == before


def test_a_class_that_moved_away_leaves_its_weights_to_no_other(project):
    """The spec that it leaves behind makes a new layer, of which nothing is saved."""
    project.write("specs/aa.yaml", spec("Aa", k="[features]"))
    assert project.run("generate")[0] == 0
    two(project, aa="cc", bb="aa", Bb="m")
    code, _, err = project.run("generate")
    assert (code, err) == (0, "")


def test_a_class_renamed_in_its_spec_is_held_to_its_weights(project):
    project.write("specs/aa.yaml", spec("Aa", k="[features]"))
    assert project.run("generate")[0] == 0
    project.write("specs/aa.yaml", spec("Bb", m="[features]"))
    code, _, err = project.run("generate")
    assert (code, "`k` is renamed to `m`" in err) == (1, True)


@pytest.mark.parametrize("written", ["src/ours/gate.py", "tests/test_gate.py"])
def test_a_change_accepted_by_a_run_that_was_cut_off(project, written):
    """The next run finishes it, whichever of the files were already written."""
    project.write("specs/gate.yaml", spec("Gate", k="[features]"))
    assert project.run("generate")[0] == 0
    old = project.files()
    project.write(
        "specs/gate.yaml", spec("Gate", m="[features]").replace("[...", "[batch")
    )
    assert project.run("generate", "--accept-weights-change")[0] == 0
    new = project.files()
    assert new[written] != old[written]
    for path in {*old} - {written, "specs/gate.yaml"}:
        (project / path).write_bytes(old[path])
    notes = json.dumps([json.loads(new["layergen.lock"])])
    project.write(".layergen.lock.pending", notes)
    code, _, err = project.run("generate")
    assert (code, err) == (0, "")
    assert project.files() == new


def test_another_change_than_the_accepted_is_named(project):
    project.write("specs/gate.yaml", spec("Gate", k="[features]"))
    assert project.run("generate")[0] == 0
    old = project.files()
    project.write("specs/gate.yaml", spec("Gate", m="[features]"))
    assert project.run("generate", "--accept-weights-change")[0] == 0
    notes = json.dumps([json.loads(project.files()["layergen.lock"])])
    for path, data in old.items():
        (project / path).write_bytes(data)
    project.write(".layergen.lock.pending", notes)
    project.write("specs/gate.yaml", spec("Gate", n="[features]"))
    code, _, err = project.run("generate")
    assert (code, "`k` is renamed to `n`" in err) == (1, True)


def test_what_is_already_written_is_not_named(project):
    """New files beside an older lock, as from a merge."""
    project.write("specs/gate.yaml", spec("Gate", k="[features]"))
    assert project.run("generate")[0] == 0
    lock = (project / "layergen.lock").read_text()
    project.write("specs/gate.yaml", spec("Gate", m="[features]"))
    assert project.run("generate", "--accept-weights-change")[0] == 0
    new = project.files()
    project.write("layergen.lock", lock)
    assert {*project.states().values()} == {"current"}
    assert project.run("generate") == (0, "updated layergen.lock\n", "")
    assert project.files() == new
