"""`layergen.lock` as a file: what it says, how it merges, and what is wrong with it."""

import json
import keyword
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project_folder import spec

from layergen import __version__
from layergen.errors import UserError
from layergen.project.lock import Lock, Record, Written, parsed

SHA = "0" * 64
RECORD = Record("A", SHA, {"a.py": Written(SHA, "a b")}, ("A",), ("k: [n]",))


@pytest.fixture
def locked(project):
    for name in ("gate", "door"):
        project.write(f"specs/{name}.yaml", spec(name.title()))
    assert project.run("generate")[0] == 0
    return project


NAMES = st.from_regex(r"[a-z]{1,8}", fullmatch=True).filter(
    lambda name: not keyword.iskeyword(name)
)
RECORDS = st.builds(
    Record,
    NAMES,
    NAMES,
    st.dictionaries(
        NAMES.map("{}.py".format),
        st.none() | st.builds(Written, NAMES, NAMES),
    ),
    st.lists(NAMES).map(tuple),
    st.none() | st.lists(st.text().filter(str.isprintable)).map(tuple),
    st.booleans(),
)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(NAMES.map("{}.yaml".format), RECORDS), NAMES)
def test_what_is_written_is_read(specs, version):
    lock = Lock(specs, version)
    assert parsed(lock.text.encode(), "lock") == lock
    assert parsed(lock.text.replace("\n", "\r\n").encode(), "lock") == lock


@given(st.binary() | st.text().map(str.encode))
def test_anything_else_is_one_sentence(data):
    with pytest.raises(UserError):
        parsed(data, "lock")


@given(st.data())
def test_damage_of_any_kind(data):
    """A value anywhere in it replaced by another, or a stretch of it cut out."""
    text = Lock({"a.yaml": RECORD}).text
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    put = data.draw(
        st.sampled_from(["", "3", "null", "[]", "{}", '"', '"x"', "\x00", "é"])
    )
    try:
        lock = parsed((text[:start] + put + text[end:]).encode(), "lock")
    except UserError as error:
        assert "\n" not in str(error) and "lock" in str(error)
    else:
        assert isinstance(lock.text, str)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.replace('"format": 1', '"format": 2'), "newer layergen"),
        (lambda t: t[: len(t) // 2], "is damaged"),
        (lambda t: "", "is damaged"),
        (lambda t: t.replace('"Gate"', '"Gate; import os"'), "is damaged"),
        (
            lambda t: f"<<<<<<< ours\n{t}=======\n{t}>>>>>>> theirs\n",
            "the markers of a merge conflict: take either side",
        ),
    ],
)
@pytest.mark.parametrize("command", ["generate", "status", "remove gate", "eject gate"])
def test_a_lock_that_cannot_be_read_stops_all(locked, change, told, command):
    text = (locked / "layergen.lock").read_text()
    locked.write("layergen.lock", change(text))
    before = locked.files()
    code, _, err = locked.run(*command.split())
    assert (code, told in err, err.count("\n")) == (2, True, 1)
    assert locked.files() == before


def test_nothing_of_this_machine_or_day(locked):
    text = (locked / "layergen.lock").read_text()
    assert str(locked.root) not in text
    data = json.loads(text)
    assert data["layergen"] == __version__
    assert [*data["specs"]] == sorted(data["specs"])


def git(folder, *args, code=0):
    settings = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.c",
        "-c",
        "commit.gpgsign=false",
    ]
    done = subprocess.run(
        ["git", *settings, *args], cwd=folder.root, capture_output=True, text=True
    )
    assert done.returncode == code, done.stdout + done.stderr


def test_changes_of_two_branches_merge(locked):
    git(locked, "init", "-qb", "main")
    git(locked, "add", "-A")
    git(locked, "commit", "-qm", "first")
    for branch, name in (("one", "gate"), ("two", "door")):
        git(locked, "checkout", "-qb", branch, "main")
        locked.write(f"specs/{name}.yaml", spec(name.title()).replace("x *", "2 * x *"))
        assert locked.run("generate")[0] == 0
        git(locked, "commit", "-qam", branch)
    git(locked, "merge", "-q", "one", "-m", "merge")
    assert locked.run("generate", "--check")[0] == 0


def test_layers_that_two_branches_add_merge(locked):
    """Neighbours in the lock and in the exports would conflict; these are none."""
    git(locked, "init", "-qb", "main")
    git(locked, "add", "-A")
    git(locked, "commit", "-qm", "first")
    for branch, name in (("one", "arch"), ("two", "wall")):
        git(locked, "checkout", "-qb", branch, "main")
        locked.write(f"specs/{name}.yaml", spec(name.title()))
        assert locked.run("generate")[0] == 0
        git(locked, "add", "-A")
        git(locked, "commit", "-qam", branch)
    git(locked, "merge", "-q", "one", "-m", "merge")
    assert locked.run("generate", "--check")[0] == 0
    assert {*locked.states().values()} == {"current"} and len(locked.states()) == 9


def test_a_conflict_is_solved_by_taking_either_side(locked):
    git(locked, "init", "-qb", "main")
    git(locked, "add", "-A")
    git(locked, "commit", "-qm", "first")
    for branch, name in (("one", "hall"), ("two", "hill")):
        git(locked, "checkout", "-qb", branch, "main")
        locked.write(f"specs/{name}.yaml", spec(name.title()))
        assert locked.run("generate")[0] == 0
        git(locked, "add", "-A")
        git(locked, "commit", "-qam", branch)
    git(locked, "merge", "-q", "one", "-m", "merge", code=1)
    code, _, err = locked.run("generate")
    assert (code, "merge conflict" in err) == (2, True)
    git(locked, "checkout", "--theirs", "layergen.lock", "src/ours/__init__.py")
    assert locked.run("generate")[0] == 0
    assert locked.run("generate", "--check")[0] == 0
    assert {*locked.states().values()} == {"current"} and len(locked.states()) == 9
