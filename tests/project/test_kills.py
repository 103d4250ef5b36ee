"""A run is killed at every step in which it writes: each file is old or new, and the
next run finishes."""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from project_folder import TABLE, Folder, spec

from layergen.project import sink, survey

STEPS = ("open", "write", "fsync", "replace", "unlink", "mkdir", "chmod", "rmdir")
LEFT = re.compile(
    r"(.*/)?\.(.*\.layergen-tmp|layergen\.running|layergen\.lock\.pending)"
)
KILLED = 77


@dataclass(frozen=True)
class Scenario:
    """What is there, and the command that is killed."""

    name: str
    prepare: Callable[[Folder], None]
    command: tuple[str, ...]


def three(folder):
    folder.write("pyproject.toml", TABLE)
    for name in ("one", "two", "three"):
        folder.write(f"specs/{name}.yaml", spec(name.title()))


def generated(folder):
    three(folder)
    assert folder.run("generate")[0] == 0


def changed(folder):
    generated(folder)
    folder.write("specs/one.yaml", spec("One").replace("x *", "2 * x *"))
    folder.write("specs/two.yaml", spec("Two").replace("x *", "3 * x *"))


def renamed(folder):
    generated(folder)
    folder.write("specs/one.yaml", spec("Another"))
    os.rename(folder / "specs/two.yaml", folder / "specs/second.yaml")


def other_weights(folder):
    generated(folder)
    folder.write("specs/one.yaml", spec("One", gain="[features]"))


def edited(folder):
    changed(folder)
    with open(folder / "src/ours/one.py", "a") as file:
        file.write("# Mine.\n")


def bare(folder):
    folder.write("gate.yaml", spec("Gate"))


SCENARIOS = [
    Scenario("first", three, ("generate",)),
    Scenario("changed", changed, ("generate",)),
    Scenario("renamed", renamed, ("generate",)),
    Scenario("accepted", other_weights, ("generate", "--accept-weights-change")),
    Scenario("overwritten", edited, ("generate", "--overwrite")),
    Scenario("new", generated, ("new", "four", "--input=..., n", "--forward=x * 2")),
    Scenario("removed", generated, ("remove", "two", "--spec")),
    Scenario("ejected", generated, ("eject", "two")),
    Scenario("bare", bare, ("generate",)),
    Scenario("elsewhere", bare, ("generate", "gate.yaml", "--out", "deep/out")),
]


def killed(folder, command, at):
    """Run a command in a process that dies in its step `at`; the steps of one that ends.

    The step is not taken; a write is cut in two.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, KILLED), code
        return int(told) if told else None
    try:
        steps = [0]
        for name in STEPS:
            setattr(os, name, _fatal(name, getattr(os, name), steps, at))
        folder.run(*command)
        with os.fdopen(writing, "w") as pipe:
            pipe.write(str(steps[0]))
        os._exit(0)
    except BaseException:
        os._exit(1)


def _fatal(name, real, steps, at):
    def step(*args, **kwargs):
        if name == "open" and not args[1] & os.O_CREAT:
            return real(*args, **kwargs)
        steps[0] += 1
        if steps[0] == at:
            if name == "write":
                real(args[0], args[1][: len(args[1]) // 2])
            os._exit(KILLED)
        return real(*args, **kwargs)

    return step


def copied(folder, name):
    target = folder.root.parent / name
    shutil.copytree(folder.root, target)
    return Folder(target)


@pytest.fixture
def scene(tmp_path, request):
    """A scenario's folder as it is before, its files before and after, and its steps."""
    scenario = request.param
    before = Folder(tmp_path / "before")
    before.root.mkdir()
    scenario.prepare(before)
    done = copied(before, "done")
    assert done.run(*scenario.command)[0] == 0
    steps = killed(copied(before, "counted"), scenario.command, at=-1)
    return scenario, before, done.files(), steps


def check_each_is_old_or_new(there, old, new):
    for path, data in there.items():
        assert data in (old.get(path), new.get(path)) or LEFT.fullmatch(path), path
    for path in {*old, *new} - {*there}:
        assert path not in old or path not in new, path


@pytest.mark.parametrize("scene", SCENARIOS, indirect=True, ids=lambda s: s.name)
def test_killed_at_every_step(scene):
    scenario, before, new, steps = scene
    old = before.files()
    assert steps >= 10
    for at in range(1, steps + 1):
        folder = copied(before, f"at{at}")
        killed(folder, scenario.command, at)
        check_each_is_old_or_new(folder.files(), old, new)
        folder.run(*scenario.command)
        assert folder.files() == new, at
        shutil.rmtree(folder.root)


def test_there_are_enough_kills(tmp_path):
    total = 0
    for scenario in SCENARIOS:
        folder = Folder(tmp_path / scenario.name)
        folder.root.mkdir()
        scenario.prepare(folder)
        total += killed(folder, scenario.command, at=-1)
    assert total >= 200


@pytest.mark.parametrize(
    "scene", SCENARIOS[1:3], indirect=True, ids=lambda scenario: scenario.name
)
def test_specs_changed_once_more_after_the_kill(scene):
    """What killed runs have written is known for generated all the same."""
    scenario, before, _, steps = scene
    for at in range(1, steps + 1):
        folder = copied(before, f"at{at}")
        killed(folder, scenario.command, at)
        multiply(folder, 5)
        killed(folder, ("generate", "--accept-weights-change"), at)
        multiply(folder, 7)
        code, _, err = folder.run("generate", "--accept-weights-change")
        assert (code, "edited" in err) == (0, False), (at, err)
        assert {*folder.states().values()} == {"current"}
        assert folder.run("generate", "--check")[0] == 0
        shutil.rmtree(folder.root)


def multiply(folder, factor):
    """Change every spec there is."""
    for path in folder.root.glob("specs/*.yaml"):
        text = path.read_text()
        path.write_text(text.replace("forward: ", f"forward: {factor} * "))


def naively(changes, lock=None):
    """Writes over what is there."""
    texts = [(c.planned.target, c.planned.text) for c in changes]
    for path, text in [*texts, *([(lock.path, lock.text)] if lock else [])]:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(file, text.encode())
        os.close(file)


@pytest.mark.parametrize("scene", [SCENARIOS[1]], indirect=True)
def test_what_is_half_written_is_seen(scene, monkeypatch):
    monkeypatch.setattr(sink, "write", naively)
    with pytest.raises(AssertionError):
        test_killed_at_every_step(scene)


@pytest.mark.parametrize("scene", [SCENARIOS[1]], indirect=True)
def test_without_a_record_of_the_killed_run_its_files_seem_edited(scene, monkeypatch):
    monkeypatch.setattr(survey, "interrupted", lambda project: ())
    with pytest.raises(AssertionError):
        test_specs_changed_once_more_after_the_kill(scene)
