"""`generate`, `status`, `eject` and `remove` in a project: what is written, what is kept."""

import io
import json
import os

import project_folder
import pytest
from project_folder import TABLE, spec

from layergen.commands import common
from layergen.project import build as building
from layergen.project.exports import END
from layergen.resources import templates_folder

CODE, TEST, INIT = "src/ours/gate.py", "tests/test_gate.py", "src/ours/__init__.py"
GATE = "specs/gate.yaml"
REAL = building.build


@pytest.fixture
def gate(project):
    """A project with one layer, generated."""
    project.write(GATE, spec("Gate"))
    assert project.run("generate") == (
        0,
        f"created {CODE}\ncreated {TEST}\ncreated {INIT}\n",
        "",
    )
    return project


def text(project, path):
    return (project / path).read_text()


def append(project, path, line="# Mine.\n"):
    with open(project / path, "a") as file:
        file.write(line)


def test_everything_has_its_place(gate):
    assert [*gate.files()] == [
        "layergen.lock",
        "pyproject.toml",
        GATE,
        INIT,
        CODE,
        TEST,
    ]
    assert "\nfrom ours.gate import Gate\n" in text(gate, TEST)
    assert "\nfrom ours.gate import Gate\n" in text(gate, INIT)
    assert '(package="ours")' in text(gate, CODE)


def test_nothing_to_do(gate):
    before = gate.files()
    assert gate.run("generate") == (0, "all files are up to date.\n", "")
    assert gate.run("generate", "--check")[0] == 0
    assert gate.files() == before
    assert set(gate.states().values()) == {"current"}


def test_from_a_folder_below(gate, monkeypatch):
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    below = type(gate)(gate / "src/ours")
    code, out, _ = below.run("generate")
    assert (code, out) == (0, "updated gate.py\n")
    assert (
        below.run("status")[1].splitlines()[0]
        == "current            ../../tests/test_gate.py"
    )
    assert below.run("generate", "../../specs/gate.yaml")[0] == 0


def test_spec_changed(gate):
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    assert gate.states()[CODE] == gate.states()[TEST] == "spec changed"
    assert gate.run("generate", "--check") == (1, f"differs {CODE}\n", "")
    assert gate.run("generate", "--dry-run")[:2] == (0, f"would update {CODE}\n")
    assert "+    " in gate.run("generate", "--diff")[1]
    assert gate.run("generate") == (0, f"updated {CODE}\n", "")
    assert gate.run("generate", "--check")[0] == 0


def test_a_comment_in_the_spec_changes_the_lock_alone(gate):
    append(gate, GATE)
    before = gate.files()
    assert gate.run("generate", "--check") == (1, "differs layergen.lock\n", "")
    assert gate.run("generate") == (0, "updated layergen.lock\n", "")
    after = gate.files()
    assert {path for path in after if after[path] != before[path]} == {"layergen.lock"}


def test_a_setting_is_an_input(gate):
    gate.write("pyproject.toml", f'{TABLE}register_as = "us"\n')
    assert gate.states()[CODE] == "generator changed"
    assert gate.run("generate", "--check")[0] == 1
    gate.run("generate")
    assert gate.run("generate", "--check")[0] == 0


def test_another_version_is_another_generator(gate, monkeypatch):
    monkeypatch.setattr("layergen.project.digests.__version__", "9.9.9")
    assert gate.states()[CODE] == "generator changed"
    assert gate.run("generate", "--check")[0] == 1


def test_a_lock_of_a_newer_version_is_remarked_on(gate, monkeypatch):
    newer = "layergen.lock was written by layergen 999.1, this is the older "
    lock = json.loads(text(gate, "layergen.lock"))
    gate.write("layergen.lock", json.dumps({**lock, "layergen": "999.1"}))
    for options in (["--check"], ["--json"]):
        err = gate.run("generate", *options)[2]
        assert err.startswith(newer) and err.count("\n") == 1
    assert gate.run("generate")[2] == ""
    gate.write("layergen.lock", json.dumps({**lock, "layergen": "0.0.9"}))
    assert gate.run("generate")[2] == ""


def test_a_mask_that_is_made_is_remarked_on_once(project):
    masked = "layer: Gate\ninputs: [batch, time, d]\nmask: {}\nforward: x * 2.0\n"
    project.write(GATE, masked.format("mask & (ops.arange(time) > 0)"))
    assert "mask" not in project.run("generate")[2]
    project.write(GATE, masked.format("mask & ops.any(x > 0, axis=-1)"))
    said = (
        "src/ours/gate.py: `mask` looks into the input, and so makes a mask where none"
    )
    assert said in project.run("generate")[2]
    assert "mask" not in project.run("generate")[2]
    project.write(GATE, masked.format("mask & ops.any(x > 1, axis=-1)"))
    assert "mask" not in project.run("generate")[2]


def test_nothing_is_left_to_generate(gate):
    os.unlink(gate / GATE)
    assert gate.run("remove", "gate")[0] == 0
    assert gate.run("generate")[0] == gate.run("generate", "--check")[0] == 0
    os.unlink(gate / "layergen.lock")
    assert gate.run("generate")[0] == 2


def test_a_template_is_an_input(gate):
    gate.write(
        "mine/layer/class.py.j2", (templates_folder() / "layer/class.py.j2").read_text()
    )
    gate.write("pyproject.toml", f'{TABLE}templates = "mine"\n')
    assert gate.run("generate") == (0, "updated layergen.lock\n", "")
    append(gate, "mine/layer/class.py.j2", "# Ours.\n")
    assert gate.states()[CODE] == "generator changed"
    assert gate.run("generate", "--check") == (1, f"differs {CODE}\n", "")
    assert gate.run("generate")[0] == 0
    assert text(gate, CODE).endswith("# Ours.\n")


def test_style_is_for_specs_that_state_none(project):
    project.write("pyproject.toml", f'{TABLE}style = "both"\n')
    project.write(
        "specs/one.yaml", spec("One", k="[features, 3]").replace("x * k", "x @ k")
    )
    project.write(
        "specs/two.yaml",
        spec("Two", k="[features, 3]").replace("x * k", "x @ k") + "style: class\n",
    )
    assert project.run("generate")[0] == 0
    assert "def one(" in text(project, "src/ours/one.py")
    assert "def two(" not in text(project, "src/ours/two.py")
    assert "from ours.one import One, one\nfrom ours.two import Two\n" in text(
        project, INIT
    )


@pytest.mark.parametrize("path", [CODE, TEST])
def test_hand_edits_are_kept_and_shown(gate, path):
    append(gate, path)
    edited = text(gate, path)
    assert gate.states()[path] == "edited by hand"
    for change in ("", "2 * "):
        gate.write(GATE, spec("Gate").replace("x *", f"{change}x *"))
        code, _, err = gate.run("generate")
        assert code == 1
        assert f"{path} was edited by hand" in err and "\n-# Mine.\n" in err
        assert text(gate, path) == edited
        assert gate.run("generate", "--check")[:2] == (1, f"differs {path}\n")
        assert gate.states()[path] == "edited by hand"
    assert gate.run("generate", "--overwrite")[0] == 0
    assert "# Mine." not in text(gate, path)
    assert set(gate.states().values()) == {"current"}


def test_an_edit_undone_is_generated_again(gate):
    before = text(gate, CODE)
    append(gate, CODE)
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    assert gate.run("generate")[0] == 1
    gate.write(CODE, before)
    assert gate.states()[CODE] == "spec changed"
    assert gate.run("generate") == (0, f"updated {CODE}\n", "")


def test_missing_files_come_back(gate):
    before = gate.files()
    os.unlink(gate / CODE)
    os.unlink(gate / INIT)
    assert gate.states()[CODE] == gate.states()[INIT] == "missing"
    assert gate.run("generate", "--check")[:2] == (
        1,
        f"missing {CODE}\nmissing {INIT}\n",
    )
    assert gate.run("generate")[0] == 0
    assert gate.files() == before


def test_what_is_as_it_would_be_is_adopted(gate):
    before = gate.files()
    os.unlink(gate / "layergen.lock")
    assert set(gate.states().values()) == {"current"}
    assert gate.run("generate", "--check")[:2] == (1, "missing layergen.lock\n")
    assert gate.run("generate") == (0, "created layergen.lock\n", "")
    assert gate.files() == before


def test_what_is_otherwise_without_a_record_is_left(gate):
    os.unlink(gate / "layergen.lock")
    append(gate, CODE)
    code, _, err = gate.run("generate")
    assert (code, "layergen did not write it" in err) == (1, True)
    assert gate.run("generate")[0] == 1
    assert gate.run("generate", "--overwrite")[0] == 0
    assert gate.run("generate", "--check")[0] == 0


def test_turned_line_endings_are_no_edit(gate):
    for path, data in gate.files().items():
        (gate / path).write_bytes(data.replace(b"\n", b"\r\n"))
    before = gate.files()
    assert set(gate.states().values()) == {"current"}
    assert gate.run("generate", "--check")[0] == 0
    assert gate.run("generate")[0] == 0
    assert gate.files() == before
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *").replace("\n", "\r\n"))
    assert gate.run("generate") == (0, f"updated {CODE}\n", "")
    assert b"\r" not in (gate / CODE).read_bytes()


def test_another_layer_in_the_spec(gate):
    gate.write(GATE, spec("Door"))
    assert gate.run("generate")[0] == 0
    assert "from ours.gate import Door\n" in text(gate, INIT)
    assert "Gate" not in text(gate, INIT)


def test_a_renamed_spec_moves_its_files(gate):
    os.rename(gate / GATE, gate / "specs/door.yaml")
    code, out, _ = gate.run("generate")
    assert code == 0
    assert out.splitlines() == [
        "created src/ours/door.py",
        "created tests/test_door.py",
        f"deleted {CODE}",
        f"deleted {TEST}",
        f"updated {INIT}",
    ]
    assert gate.run("generate", "--check")[0] == 0
    assert "Gate" in text(gate, INIT) and "gate" not in text(gate, INIT)


def test_what_was_edited_does_not_move(gate):
    append(gate, CODE)
    os.rename(gate / GATE, gate / "specs/door.yaml")
    code, out, err = gate.run("generate")
    assert (code, f"{CODE} was edited by hand" in err) == (1, True)
    assert f"deleted {TEST}" in out and "# Mine." in text(gate, CODE)
    assert gate.run("generate")[0] == 1
    assert gate.states()[CODE] == "orphaned"
    assert "or `layergen remove gate` leaves it to you" in err
    code, _, err = gate.run("remove", "gate")
    assert (code, f"{CODE} is left as it is: it was edited by hand" in err) == (0, True)
    assert "# Mine." in text(gate, CODE)
    assert gate.run("generate")[0] == 0


def test_another_package_moves_all(gate):
    gate.write("pyproject.toml", '[tool.layergen]\npackage = "lib/theirs"\n')
    assert gate.run("generate")[0] == 0
    assert not (gate / CODE).exists() and (gate / "lib/theirs/gate.py").exists()
    assert gate.run("generate", "--check")[0] == 0


def test_a_spec_that_is_gone(gate):
    os.unlink(gate / GATE)
    before = gate.files()
    for arguments in ((), ("--check",), ("--overwrite",)):
        code, _, err = gate.run("generate", *arguments)
        assert code == 1
        assert f"{GATE} is gone" in err and "`layergen remove gate`" in err
    report = json.loads(gate.run("generate", "--json")[1])
    assert {file["status"] for file in report["files"]} >= {"orphaned"}
    assert gate.files() == before
    assert gate.states()[CODE] == "orphaned"
    assert gate.run("remove", "gate")[0] == 0
    assert [*gate.files()] == ["layergen.lock", "pyproject.toml", INIT]
    assert gate.run("status")[1] == f"current            {INIT}\n"


def test_what_the_user_took_away_with_its_spec_is_forgotten(gate):
    for path in (GATE, CODE, TEST):
        os.unlink(gate / path)
    assert gate.run("generate")[0] == 0
    assert gate.run("generate", "--check")[0] == 0
    assert "Gate" not in text(gate, INIT)


def test_eject(gate):
    append(gate, CODE)
    before = text(gate, CODE)
    assert gate.run("eject", "Gate")[:2] == (0, f"yours {CODE}\nyours {TEST}\n")
    assert text(gate, CODE) == before.partition("\n")[2]
    assert gate.states()[CODE] == gate.states()[TEST] == "yours"
    after = gate.files()
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    assert gate.run("generate", "--overwrite")[0] == 0
    code, out, _ = gate.run("generate", GATE)
    assert (code, "is yours" in out) == (0, True)
    assert gate.run("generate", "--check")[0] == 0
    assert {**gate.files(), GATE: after[GATE]} == after
    os.unlink(gate / GATE)
    assert gate.run("generate")[0] == 0
    assert "from ours.gate import Gate" in text(gate, INIT)
    assert gate.run("eject", "gate")[0] == 0
    assert gate.run("remove", "gate")[0] == 0
    assert (gate / CODE).exists() and "Gate" not in text(gate, INIT)


def test_an_ejected_layer_that_is_deleted_is_not_exported(gate):
    gate.run("eject", "gate")
    os.unlink(gate / CODE)
    assert gate.run("generate")[0] == 0
    assert "Gate" not in text(gate, INIT) and not (gate / CODE).exists()


def test_eject_tells_of_what_is_there(gate):
    os.unlink(gate / CODE)
    told = [("yours", TEST), ("updated", INIT)]
    before = gate.files()
    code, out, _ = gate.run("eject", "gate")
    assert (code, out.splitlines()) == (0, [f"{what} {path}" for what, path in told])
    assert gate.states() == {INIT: "current", TEST: "yours"}
    for path, data in before.items():
        (gate / path).write_bytes(data)
    report = json.loads(gate.run("eject", "gate", "--json")[1])
    assert [(file["status"], file["path"]) for file in report["files"]] == told
    os.unlink(gate / TEST)
    assert gate.states() == {INIT: "current"}


def test_eject_leaves_an_edited_block_of_exports(gate):
    os.unlink(gate / CODE)
    gate.write(INIT, text(gate, INIT).replace("__all__", "import os\n\n__all__"))
    before = text(gate, INIT)
    code, out, err = gate.run("eject", "gate")
    assert (code, out) == (1, f"yours {TEST}\n")
    assert f"{INIT} was edited by hand inside the block of exports" in err
    assert text(gate, INIT) == before


def test_remove(gate):
    assert gate.run("remove", "gate")[:2] == (
        0,
        f"deleted {CODE}\ndeleted {TEST}\nupdated {INIT}\n",
    )
    assert (gate / GATE).exists()
    assert gate.run("generate")[0] == 0
    assert gate.run("remove", "specs/gate.yaml", "--spec")[0] == 0
    assert not (gate / GATE).exists()
    assert gate.run("remove", "gate")[0] == 2


def test_remove_leaves_what_was_edited(gate):
    append(gate, CODE)
    code, out, err = gate.run("remove", "gate")
    assert (code, f"{CODE} is left as it is: it was edited by hand" in err) == (1, True)
    assert f"deleted {TEST}" in out
    assert "# Mine." in text(gate, CODE) and "Gate" not in text(gate, INIT)


def linked(project):
    """The module, moved elsewhere in the project and linked to."""
    os.rename(project / CODE, project / "src/real.py")
    (project / CODE).symlink_to("../real.py")


def test_remove_leaves_a_link(gate):
    linked(gate)
    code, _, err = gate.run("remove", "gate")
    assert (code, err) == (1, f"{CODE} is left as it is: it is a symbolic link.\n")


def test_a_link_does_not_move(gate):
    linked(gate)
    os.rename(gate / GATE, gate / "specs/door.yaml")
    code, _, err = gate.run("generate")
    assert (code, f"{CODE} is a symbolic link, and no spec makes it any" in err) == (
        1,
        True,
    )
    assert gate.run("remove", "gate")[0] == 0


@pytest.mark.parametrize("command", ["eject", "remove"])
def test_typos(gate, command):
    before = gate.files()
    code, _, err = gate.run(command, "gat")
    assert (code, "did you mean `gate`?" in err) == (2, True)
    assert gate.files() == before


def test_new(gate):
    code, out, _ = gate.run("new", "swish_dense")
    assert code == 0
    assert "pytest tests/test_swish_dense.py" in out
    assert "layergen generate specs/swish_dense.yaml" in out
    assert (gate / "specs/swish_dense.yaml").exists()
    assert "import SwishDense, swish_dense\n" in text(gate, INIT)
    assert gate.run("generate", "--check")[0] == 0
    append(gate, "src/ours/swish_dense.py")
    before = gate.files()
    assert gate.run("new", "swish_dense")[0] == 1
    assert gate.files() == before
    assert gate.run("new", "swish_dense", "--overwrite")[0] == 0
    assert gate.run("generate", "--check")[0] == 0


def test_out_has_no_record(gate):
    before = gate.files()
    assert gate.run("new", "swish_dense", "--out", "aside")[0] == 0
    assert gate.run("generate", GATE, "--out", "aside")[0] == 0
    assert gate.run("generate", "--out", "all")[0] == 0
    assert "\nfrom gate import Gate\n" in text(gate, "aside/test_gate.py")
    after = gate.files()
    assert {path: after[path] for path in before} == before
    assert not any(path.endswith("lock") for path in {*after} - {*before})


def test_named_specs_alone(gate):
    gate.write("specs/door.yaml", spec("Door"))
    gate.write("specs/wall.yaml", spec("Wall"))
    assert gate.run("generate", "specs/door.yaml")[0] == 0
    assert not (gate / "src/ours/wall.py").exists()
    assert "Wall" not in text(gate, INIT) and "Gate" in text(gate, INIT)
    assert gate.states()["src/ours/wall.py"] == "missing"


def test_specs_from_elsewhere(gate):
    gate.write("drafts/door.yaml", spec("Door"))
    code, _, err = gate.run("generate", "drafts/door.yaml")
    assert (code, "is not in specs" in err and "--out" in err) == (2, True)


def test_a_spec_by_another_name(gate):
    gate.write("specs/door.yml", spec("Door"))
    code, _, err = gate.run("generate")
    assert (code, "specs/door.yml" in err and "`.yaml`" in err) == (2, True)


def test_a_bad_spec_stops_all(gate):
    gate.write("specs/bad.yaml", "layr: Bad\n")
    gate.write("specs/door.yaml", spec("Door"))
    before = gate.files()
    code, _, err = gate.run("generate")
    assert (code, err.startswith("specs/bad.yaml:1:1: LG")) == (2, True)
    assert gate.files() == before


def test_two_specs_of_one_layer(gate):
    gate.write("specs/door.yaml", spec("Gate"))
    before = gate.files()
    code, _, err = gate.run("generate")
    assert code == 2
    assert "specs/door.yaml and specs/gate.yaml both make `Gate`" in err
    assert gate.files() == before


def test_a_layer_that_is_yours_already(gate):
    gate.run("eject", "gate")
    os.rename(gate / GATE, gate / "specs/door.yaml")
    code, _, err = gate.run("generate")
    assert (code, err) == (
        2,
        f"Error: `Gate` of {CODE} is yours, and specs/door.yaml makes it as well: "
        "`layergen remove gate` takes yours out of the package's exports.\n",
    )
    assert gate.run("remove", "gate")[0] == 0
    assert gate.run("generate")[0] == 0
    assert "from ours.door import Gate" in text(gate, INIT)


def test_names_that_differ_in_case_alone(gate):
    gate.write("specs/Gate.yaml", spec("Door"))
    before = gate.files()
    code, _, err = gate.run("generate")
    assert code == 2
    assert "specs/Gate.yaml and specs/gate.yaml differ in nothing but the case" in err
    assert gate.files() == before


@pytest.mark.parametrize("stem", ["test_gate", "__init__"])
def test_two_owners_of_one_file(bare, project, stem):
    folder = project if stem == "__init__" else bare
    where = "specs/" if stem == "__init__" else ""
    folder.write(f"{where}gate.yaml", spec("Gate"))
    folder.write(f"{where}{stem}.yaml", spec("Door"))
    code, _, err = folder.run("generate")
    assert (code, "would both write" in err) == (2, True)


def test_bare_folder(bare):
    bare.write("gate.yaml", spec("Gate"))
    assert bare.run("generate")[0] == 0
    assert [*bare.files()] == ["gate.py", "gate.yaml", "layergen.lock", "test_gate.py"]
    assert '(package="layergen")' in text(bare, "gate.py")
    assert "\nfrom gate import Gate\n" in text(bare, "test_gate.py")
    assert bare.states() == {"gate.py": "current", "test_gate.py": "current"}
    assert bare.run("remove", "gate", "--spec")[0] == 0
    assert [*bare.files()] == ["layergen.lock"]


def test_status_of_nothing(bare):
    assert bare.run("status") == (0, "no layer is generated here.\n", "")


def test_status_in_json(gate):
    report = json.loads(gate.run("status", "--json")[1])
    assert report["files"] == [
        {"path": INIT, "status": "current", "spec": ""},
        {"path": CODE, "status": "current", "spec": GATE},
        {"path": TEST, "status": "current", "spec": GATE},
    ]


def test_jobs_make_no_difference(project, monkeypatch):
    monkeypatch.setattr(building, "build", REAL)
    for index in range(6):
        project.write(f"specs/a{index}.yaml", spec(f"A{index}"))
    code = project.run("generate", "--jobs", "2")[0]
    alone = type(project)(project.root.parent / "alone")
    for path, data in project.files().items():
        if path.startswith(("specs", "pyproject")):
            alone.write(path, data.decode())
    assert (code, alone.run("generate", "--jobs", "1")[0]) == (0, 0)
    assert alone.files() == project.files()
    project.write("specs/a2.yaml", "layer: Bad\n")
    assert project.run("generate", "--jobs", "2")[0] == 2


def test_a_layer_that_is_nowhere(gate):
    """A spec may hold another spec's layer, or one that somebody wrote by hand."""
    holder = spec("Holder").replace(
        "weights:\n  scale: [features]", "layers: {inner: TimeDistributed(Door())}"
    )
    holder = holder.replace("x * scale", "inner(x)").replace("scale * x", "x")
    gate.write("specs/holder.yaml", holder)
    before = gate.files()
    code, _, err = gate.run("generate")
    assert code == 2
    assert "specs/holder.yaml:3:33: LG217 `Door` is no layer of Keras" in err
    assert "neither specs/door.yaml nor src/ours/door.py is there" in err
    assert gate.files() == before
    gate.write("src/ours/door.py", "class Door: ...\n")
    assert gate.run("generate")[0] == 0


def test_a_layer_that_is_nowhere_hides_no_other_problem(gate):
    """Those of its own spec and of others are told in the same run, each with its place."""
    text = "layer: {}\ninputs: [batch, d]\nlayers:\n  a: {}\nforward: {}\n"
    gate.write("specs/one.yaml", text.format("One", "Gatee()", "a(x) + y"))
    gate.write("specs/two.yaml", text.format("Two", "Densee(4)", "a(x)"))
    gate.write("specs/three.yaml", text.format("Three", "LSTMN(4)", "a(x)"))
    before = gate.files()
    code, out, err = gate.run("generate", "--json")
    assert code == 2 and gate.files() == before
    found = {
        (p["file"], p["line"], p["code"], p["hint"])
        for p in json.loads(out)["problems"]
    }
    assert found == {
        ("specs/one.yaml", 4, "LG217", "did you mean `Gate`?"),
        ("specs/one.yaml", 5, "LG406", ""),
        ("specs/two.yaml", 4, "LG217", "did you mean `Dense`?"),
        ("specs/three.yaml", 4, "LG217", "did you mean `LSTM`?"),
    }


@pytest.mark.parametrize("name", ["gate.yaml", "gate", "src/gate.yaml"])
def test_a_spec_without_its_folder(gate, name):
    code, _, err = gate.run("generate", name)
    wanted = "did you mean `specs/gate.yaml`?"
    assert (code, wanted in err) == (2, True), err


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_a_bar_on_a_terminal_alone(gate, monkeypatch, stream):
    monkeypatch.setattr(common, "LONG", 2)
    for index in range(3):
        gate.write(f"specs/a{index}.yaml", spec(f"A{index}"))
    err = stream()
    monkeypatch.setattr(project_folder, "ERRORS", lambda: err)
    assert gate.run("generate")[0] == 0
    assert ("Rendering" in err.getvalue()) == (stream is Terminal)
    assert gate.run("generate", "--overwrite")[0] == 0


def test_another_case_of_the_same_name(project):
    """Where case is nothing to the file system, the old name is the new file."""
    project.write("specs/Gate.yaml", spec("Gate"))
    project.run("generate")
    os.rename(project / "specs/Gate.yaml", project / GATE)
    os.link(project / "src/ours/Gate.py", project / CODE)
    os.link(project / "tests/test_Gate.py", project / TEST)
    code, out, _ = project.run("generate")
    assert (code, out) == (0, f"updated {CODE}\nupdated {TEST}\nupdated {INIT}\n")
    assert project.states()[CODE] == project.states()[TEST] == "current"


def test_another_case_of_the_name_moves_the_files(gate):
    """Where case tells files apart, the old ones go as with any other name."""
    if (gate / "SPECS").exists():
        pytest.skip("needs a file system on which case tells files apart")
    (gate / GATE).rename(gate / "specs/Gate.yaml")
    code, out, _ = gate.run("generate")
    assert (code, out.splitlines()) == (
        0,
        [
            "created src/ours/Gate.py",
            "created tests/test_Gate.py",
            f"deleted {CODE}",
            f"deleted {TEST}",
            f"updated {INIT}",
        ],
    )
    assert gate.run("generate", "--check")[0] == 0


def test_another_case_of_the_name_elsewhere(project):
    project.write("specs/Gate.yaml", spec("Gate"))
    project.run("generate")
    os.rename(project / "specs/Gate.yaml", project / GATE)
    assert project.run("generate")[0] == 0
    assert (project / CODE).exists() and not (project / "src/ours/Gate.py").exists()
    assert project.run("generate", "--check")[0] == 0


def test_templates_that_fail_in_another_process(gate, monkeypatch):
    monkeypatch.setattr(building, "build", REAL)
    gate.write("specs/door.yaml", spec("Door"))
    gate.write("mine/layer/class.py.j2", "{{ nobody }}")
    gate.write("pyproject.toml", f'{TABLE}templates = "mine"\n')
    before = gate.files()
    code, _, err = gate.run("generate", "--jobs", "2")
    assert (code, err.startswith("Error: mine/layer/class.py.j2:1: ")) == (2, True)
    assert gate.files() == before


def test_json_of_eject_and_remove(gate):
    gate.write("specs/door.yaml", spec("Door"))
    gate.run("generate")
    report = json.loads(gate.run("eject", "gate", "--json")[1])
    assert report["files"] == [
        {"path": CODE, "status": "yours"},
        {"path": TEST, "status": "yours"},
    ]
    append(gate, "tests/test_door.py")
    code, out, _ = gate.run("remove", "door", "--json")
    assert code == 1
    assert {file["path"]: file["status"] for file in json.loads(out)["files"]} == {
        "src/ours/door.py": "deleted",
        INIT: "updated",
        "tests/test_door.py": "kept",
    }


def test_a_layer_stays_while_its_new_place_is_taken(gate):
    gate.write("src/ours/helpers.py", "x = 1\n")
    os.rename(gate / GATE, gate / "specs/helpers.yaml")
    before = gate.files()
    for _ in range(2):
        code, out, err = gate.run("generate")
        assert (code, out) == (1, ""), out
        assert "src/ours/helpers.py is left as it is" in err and "is gone" not in err
        assert gate.files() == before
    os.unlink(gate / "src/ours/helpers.py")
    gate.write("specs/helpers.yaml", spec("Gate", offset="[features]"))
    code, _, err = gate.run("generate")
    assert (code, "LG801 `scale` is renamed to `offset`" in err) == (1, True)
    gate.write("specs/helpers.yaml", spec("Gate"))
    assert gate.run("generate")[0] == 0
    assert not (gate / CODE).exists() and not (gate / TEST).exists()
    assert "from ours.helpers import Gate\n" in text(gate, INIT)


@pytest.mark.parametrize("stripped", [False, True])
def test_an_eject_that_was_cut_off_holds_where_files_say_so(gate, stripped):
    """After it was undone on the disk, its notes are but notes."""
    before = gate.files()
    assert gate.run("eject", "gate")[0] == 0
    after = gate.files()
    for path, data in before.items():
        (gate / path).write_bytes(after[path] if stripped and path == CODE else data)
    gate.write(
        ".layergen.lock.pending", json.dumps([json.loads(after["layergen.lock"])])
    )
    wanted = "yours" if stripped else "current"
    assert {gate.states()[CODE], gate.states()[TEST]} == {wanted}
    assert gate.run("generate")[0] == 0
    assert gate.files()[CODE] == (after if stripped else before)[CODE]
    assert ("ejected" in text(gate, "layergen.lock")) == stripped


def test_a_file_is_listed_once_after_the_specs_move(gate):
    os.rename(gate / "specs", gate / "layers")
    gate.write("pyproject.toml", f'{TABLE}specs = "layers"\n')
    report = json.loads(gate.run("status", "--json")[1])
    paths = [file["path"] for file in report["files"]]
    assert paths == [INIT, CODE, TEST]
    assert {file["status"] for file in report["files"]} == {"current"}
    assert gate.run("generate")[0] == 0
    assert {*gate.states().values()} == {"current"}


def moved_package(gate):
    """The package's folder under another name, as `git mv` and an editor leave it."""
    os.rename(gate / "src/ours", gate / "src/theirs")
    gate.write("pyproject.toml", TABLE.replace("ours", "theirs"))


def test_a_package_that_was_moved_is_known(gate):
    moved_package(gate)
    moved = "src/theirs/gate.py"
    assert gate.states()[moved] == "generator changed"
    code, out, err = gate.run("generate")
    assert (code, err) == (0, "")
    init = "src/theirs/__init__.py"
    assert out == f"updated {moved}\nupdated {TEST}\nupdated {init}\n"
    assert "from theirs.gate import Gate" in text(gate, init)
    assert "from theirs.gate import Gate" in text(gate, TEST)
    assert gate.run("generate", "--check")[0] == 0


def test_what_was_edited_in_a_package_that_was_moved_is_kept(gate):
    append(gate, CODE)
    moved_package(gate)
    code, _, err = gate.run("generate")
    assert (code, "src/theirs/gate.py is left as it is" in err) == (1, True)
    assert "# Mine." in text(gate, "src/theirs/gate.py")


def test_a_copy_is_not_taken_for_what_was_moved(gate):
    gate.write("specs/door.yaml", spec("Door"))
    gate.write("src/ours/door.py", text(gate, CODE))
    code, _, err = gate.run("generate")
    assert (code, "src/ours/door.py is left as it is" in err) == (1, True)


def test_spec_and_files_renamed_together(gate):
    os.rename(gate / GATE, gate / "specs/door.yaml")
    os.rename(gate / CODE, gate / "src/ours/door.py")
    os.rename(gate / TEST, gate / "tests/test_door.py")
    code, _, err = gate.run("generate")
    assert (code, err) == (0, "")
    assert gate.run("generate", "--check")[0] == 0


@pytest.mark.parametrize("edit", ["", "# Mine.\n"])
def test_the_package_left_behind_exports_nothing(gate, edit):
    gate.write(INIT, "VERSION = 1\n" + text(gate, INIT))
    gate.write(INIT, text(gate, INIT).replace(END, edit + END))
    gate.write("pyproject.toml", TABLE.replace("ours", "theirs"))
    code, out, err = gate.run("generate")
    assert code == (1 if edit else 0)
    assert (f"updated {INIT}\n" in out) != (f"{INIT} was edited by hand" in err)
    assert ("Gate" in text(gate, INIT)) == bool(edit)
    assert text(gate, INIT).startswith("VERSION = 1\n")
    assert gate.run("generate", "--check")[0] == 0


@pytest.mark.parametrize("theirs", [True, False])
@pytest.mark.parametrize("side", ["lock", "exports"])
def test_either_side_of_a_merge_will_do(gate, side, theirs):
    """One branch removed a layer, the other made one: either lock, either exports."""
    gate.write("specs/beta.yaml", spec("Beta"))
    assert gate.run("generate")[0] == 0
    base = gate.files()
    assert gate.run("remove", "beta", "--spec")[0] == 0
    one = gate.files()
    for path, data in base.items():
        gate.write(path, data.decode())
    gate.write("specs/alpha.yaml", spec("Alpha"))
    assert gate.run("generate")[0] == 0
    two = gate.files()
    for path in set(base) - set(one):
        os.unlink(gate / path)
    first, second = (one, two) if theirs else (two, one)
    gate.write("layergen.lock", first["layergen.lock"].decode())
    gate.write(INIT, (second if side == "exports" else first)[INIT].decode())
    code, _, err = gate.run("generate")
    assert (code, err) == (0, "")
    names = [line for line in text(gate, INIT).splitlines() if line.startswith("from")]
    assert names == ["from ours.alpha import Alpha", "from ours.gate import Gate"]
    assert gate.run("generate", "--check")[0] == 0


def test_a_name_that_somebody_put_into_the_block_is_kept(gate):
    gate.write("src/ours/helpers.py", "x = 1\n")
    block = text(gate, INIT).replace("__all__ = [\n", '__all__ = [\n    "x",\n')
    line = "from ours.gate import Gate\n"
    gate.write(INIT, block.replace(line, f"{line}from ours.helpers import x\n"))
    before = gate.files()
    code, _, err = gate.run("generate")
    assert (code, "inside the block of exports" in err) == (1, True)
    assert gate.files() == before


def test_a_merge_conflict_in_a_generated_file_is_told_as_one(gate):
    one, two = text(gate, CODE).split("import keras", 1)
    sides = "<<<<<<< HEAD\nimport keras\n=======\nimport  keras\n>>>>>>> other\n"
    gate.write(CODE, f"{one}{sides}{two}")
    code, _, err = gate.run("generate")
    assert (code, "edited by hand" in err, "eject" in err) == (1, False, False)
    assert f"{CODE} holds the markers of a merge conflict" in err
    assert gate.run("generate", "--overwrite", GATE)[0] == 0
    assert {*gate.states().values()} == {"current"}


def test_a_layer_that_has_moved_is_not_held_by_what_was_left_behind(gate):
    append(gate, CODE)
    os.rename(gate / GATE, gate / "specs/door.yaml")
    assert gate.run("generate")[0] == 1
    append(gate, "src/ours/door.py")
    before = text(gate, "tests/test_door.py")
    gate.write("specs/door.yaml", spec("Gate").replace("[...,", "[batch,"))
    assert gate.run("generate")[0] == 1
    assert text(gate, "tests/test_door.py") != before
    assert gate.states()["tests/test_door.py"] == "current"
