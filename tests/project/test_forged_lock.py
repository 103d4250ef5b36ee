"""A lock, or the notes of a run that was cut off, as anybody may have written it.

Whatever it says, no file is replaced or deleted but those that layergen wrote.
"""

import json
import os

import pytest
from project_folder import spec

from layergen.project import interrupted, refresh, release, states
from layergen.project.digests import of_bytes
from layergen.project.lock import NAME, PENDING
from layergen.project.states import HEADER

MINE = b"# My own work.\n"
GATE, CODE, TEST = "specs/gate.yaml", "src/ours/gate.py", "tests/test_gate.py"
TOLD = (
    "mine.py is left as it is: layergen.lock names it, but it does not begin with the "
    "line that layergen writes.\n"
)
COMMANDS = [
    ("generate",),
    ("generate", "--overwrite"),
    ("generate", "--accept-weights-change"),
    ("generate", "--check"),
    ("generate", "specs/gate.yaml"),
    ("remove", "gate"),
    ("remove", "gate", "--spec"),
    ("remove", "other"),
    ("eject", "gate"),
    ("eject", "other"),
    ("new", "swish_dense"),
    ("status",),
]


@pytest.fixture
def gate(project):
    project.write(GATE, spec("Gate"))
    assert project.run("generate")[0] == 0
    project.write("mine.py", MINE.decode())
    return project


def entry(data):
    return {"from": "a b", "sha256": of_bytes(data)}


def forged(folder, place, change):
    """Change the records of the lock; put them into the lock, or into such notes."""
    data = json.loads((folder / NAME).read_text())
    change(data["specs"])
    text = json.dumps(data if place == NAME else [data])
    folder.write(place, text)


def of_gate(specs):
    specs[GATE]["files"]["mine.py"] = entry(MINE)


def of_gate_alone(specs):
    specs[GATE]["files"] = {"mine.py": entry(MINE)}


def of_none(specs):
    record = {**specs[GATE], "files": {"mine.py": entry(MINE)}, "layer": "Other"}
    specs["specs/other.yaml"] = {**record, "exports": []}


def of_one_taken_over(specs):
    specs["specs/other.yaml"] = {**specs[GATE], "files": {"mine.py": entry(MINE)}}
    del specs[GATE]


def ejected(specs):
    specs[GATE] |= {"files": {"mine.py": {}}, "ejected": True}


FORGERIES = [of_gate, of_gate_alone, of_none, of_one_taken_over, ejected]


@pytest.mark.parametrize("place", [NAME, PENDING])
@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_a_lock_names_stays(gate, place, forgery, command):
    forged(gate, place, forgery)
    gate.run(*command)
    assert (gate / "mine.py").read_bytes() == MINE


@pytest.mark.parametrize("command", [("generate",), ("remove", "gate")], ids=" ".join)
def test_by_the_digest_alone_it_would_go(gate, command, monkeypatch):
    """The check above can fail."""

    def recorded(data, known):
        return of_bytes(data) in known

    for module in (states, release, interrupted):
        monkeypatch.setattr(module, "is_generated", recorded)
    monkeypatch.setattr(refresh, "says_generated", lambda data: True)
    forged(gate, NAME, of_gate)
    gate.run(*command)
    assert not (gate / "mine.py").exists()


def test_a_run_says_so_and_strikes_it(bare):
    """In a folder without a project, as one may be sent."""
    bare.write(
        "gate.yaml",
        "layer: Gate\ninputs: [batch, f]\nforward: ops.sin(x)\nreference: np.sin(x)\n",
    )
    assert bare.run("generate")[0] == 0
    bare.write("mine.py", MINE.decode())
    forged(
        bare, NAME, lambda s: s["gate.yaml"]["files"].update({"mine.py": entry(MINE)})
    )
    before = bare.files()
    assert bare.run("generate", "--check") == (1, "differs mine.py\n", "")
    assert bare.run("generate", "--dry-run") == (1, "", TOLD)
    assert bare.files() == before
    assert bare.run("generate") == (1, "", TOLD)
    assert bare.files() == before | {NAME: (bare / NAME).read_bytes()}
    assert "mine.py" not in (bare / NAME).read_text()
    assert bare.run("generate") == (0, "all files are up to date.\n", "")
    forged(
        bare, NAME, lambda s: s["gate.yaml"]["files"].update({"mine.py": entry(MINE)})
    )
    told = "mine.py is left as it is: it does not begin with the line that layergen writes."
    code, out, err = bare.run("remove", "gate")
    assert (code, out) == (1, "deleted gate.py\ndeleted test_gate.py\n")
    assert err == f"{told}\n" and (bare / "mine.py").read_bytes() == MINE


def test_a_file_in_the_place_of_a_generated_one(gate):
    """A module that somebody wrote, of which the lock says that it is generated."""
    gate.write(CODE, MINE.decode())
    forged(gate, NAME, lambda s: s[GATE]["files"].update({CODE: entry(MINE)}))
    assert gate.states()[CODE] == "edited by hand"
    code, _, err = gate.run("generate")
    assert (code, f"{CODE} was edited by hand and is left as it is" in err) == (1, True)
    gate.run("remove", "gate")
    assert (gate / CODE).read_bytes() == MINE


def test_a_digest_is_needed_as_well(gate):
    """A file that calls itself generated, and was edited."""
    edited = (gate / CODE).read_bytes() + MINE
    (gate / CODE).write_bytes(edited)
    (gate / GATE).unlink()
    assert gate.run("remove", "gate")[0] == 0
    assert (gate / CODE).read_bytes() == edited


def test_eject_leaves_the_files_of_other_layers(gate):
    gate.write("specs/other.yaml", spec("Other"))
    assert gate.run("generate")[0] == 0
    other = "src/ours/other.py"
    forged(gate, NAME, lambda s: s[GATE]["files"].update({other: entry(b"")}))
    before = (gate / other).read_bytes()
    gate.run("eject", "gate")
    assert (gate / other).read_bytes() == before
    assert not (gate / CODE).read_bytes().startswith(HEADER)


def test_a_file_that_is_no_spec_is_not_deleted_as_one(bare):
    bare.write("gate.yaml", spec("Gate"))
    assert bare.run("generate")[0] == 0
    bare.write("compose.yaml", "services: {}\n")
    forged(
        bare,
        NAME,
        lambda s: s.update({"compose.yaml": s["gate.yaml"] | {"files": {}}}),
    )
    for name in ("compose.yaml", "compose", "Gate"):
        bare.run("remove", name, "--spec")
        assert (bare / "compose.yaml").exists()


def test_exports_of_another_package(gate):
    """A block of exports that somebody wrote into is left, whatever is asked for."""
    block = (gate / "src/ours/__init__.py").read_text()
    mine = block.replace("from ours.gate", "import os\nfrom ours.gate")
    gate.write("src/theirs/__init__.py", mine)
    forged(
        gate,
        NAME,
        lambda s: s[GATE]["files"].update({"src/theirs/gate.py": entry(MINE)}),
    )
    gate.run("generate", "--overwrite")
    assert (gate / "src/theirs/__init__.py").read_text() == mine


CALL = "gate import Gate; print(1) #"


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record | {"exports": [CALL]},
        lambda record: record | {"exports": ["import"]},
        lambda record: record | {"files": {f"src/ours/{CALL}.py": entry(b"")}},
    ],
    ids=["a name", "a keyword", "a module"],
)
@pytest.mark.parametrize("stem", ["other", CALL, "import"])
def test_nothing_of_a_lock_is_code(gate, change, stem):
    """What is exported is written as Python."""

    def another(specs):
        specs[f"specs/{stem}.yaml"] = change({**specs[GATE], "layer": "Other"})

    gate.write(f"src/ours/{CALL}.py", "")
    forged(gate, NAME, another)
    before = gate.files()
    for command in ("generate", "status"):
        code, _, err = gate.run(command)
        assert (code, err[:32]) == (2, "Error: layergen.lock is damaged:")
    assert gate.files() == before


DAMAGE = [
    ("a half of a character in a place", '"src/ours/gate.py"', '"src/ours/\\ud800.py"'),
    ("one in a class", '"layer": "Gate"', '"layer": "\\udfff"'),
    ("one in a digest", '"sha256": "', '"sha256": "\\ud800'),
    ("one in a variable", '"saved": [', '"saved": ["\\ud800", '),
    ("a line break in a place", '"src/ours/gate.py"', '"src/ours/a\\nb.py"'),
    ("a control sequence", '"layer": "Gate"', '"layer": "\\u001b[2J"'),
    (
        "lists in lists",
        '"exports": [',
        '"exports": [' + "[" * 10**5 + "]" * 10**5 + ", ",
    ),
    ("a long number", '"format": 1', '"format": ' + "9" * 5000),
    (
        "a newer one's name",
        '"format": 1, "layergen": "',
        '"format": 2, "layergen": "\\ud800',
    ),
]


@pytest.mark.parametrize(("kind", "old", "new"), DAMAGE, ids=[d[0] for d in DAMAGE])
@pytest.mark.parametrize("command", ["generate", "status", "remove gate", "eject gate"])
def test_damage_is_told_in_a_sentence(gate, kind, old, new, command):
    lock = json.loads((gate / NAME).read_text())
    formatting = lock.pop("formatting")
    data = json.dumps({**lock, "formatting": formatting})
    assert old in data
    gate.write(NAME, data.replace(old, new, 1))
    before = gate.files()
    code, out, err = gate.run(*command.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("Error: layergen.lock is damaged: restore it"), err
    assert gate.files() == before


@pytest.mark.parametrize(("kind", "old", "new"), DAMAGE, ids=[d[0] for d in DAMAGE])
def test_damaged_notes_say_nothing(gate, kind, old, new):
    data = json.dumps([json.loads((gate / NAME).read_text())])
    gate.write(PENDING, data.replace(old, new, 1))
    assert gate.run("generate") == (0, "all files are up to date.\n", "")
    assert not os.path.lexists(gate / PENDING)
