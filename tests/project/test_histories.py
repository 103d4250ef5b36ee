"""Random histories of a project: what somebody wrote by hand is never lost, nor passed
over in silence."""

import itertools
import os
import tempfile
import traceback

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace
from project_folder import TABLE, Folder, spec

from layergen.project import build as building
from layergen.project import plan
from layergen.project.exports import END
from layergen.project.survey import Survey

STEMS = ("one", "two", "three")
LAYERS = ("Ant", "Bee", "Cat")
INIT = "src/ours/__init__.py"
BUILT = {}
REAL = building.build


def remembered(source, config):
    key = source.text, source.stem
    if key not in BUILT:
        BUILT[key] = REAL(source, config)
    return replace(BUILT[key], source=source)


@pytest.fixture(autouse=True, scope="module")
def quick():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "build", remembered)
        patch.setattr(os, "fsync", lambda file: None)
        yield


class Histories(RuleBasedStateMachine):
    """A project whose specs come, change and go, with files edited on the way.

    `marks` are the lines that somebody wrote into files, by path.
    """

    def __init__(self):
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        self.folder = Folder(self.home.name)
        self.folder.write("pyproject.toml", TABLE)
        self.marks = {}
        self.numbers = itertools.count()

    def teardown(self):
        self.home.cleanup()

    def there(self, pattern):
        return sorted(
            path.relative_to(self.folder.root).as_posix()
            for path in self.folder.root.glob(pattern)
        )

    def run(self, *args):
        code, out, err = self.folder.run(*args)
        assert code in (0, 1, 2)
        return code, out, err

    @rule(
        stem=st.sampled_from(STEMS), layer=st.sampled_from(LAYERS), k=st.integers(1, 3)
    )
    def write_spec(self, stem, layer, k):
        self.folder.write(
            f"specs/{stem}.yaml", spec(layer).replace("x *", f"{k} * x *")
        )

    @precondition(lambda self: self.there("specs/*"))
    @rule(data=st.data(), stem=st.sampled_from(STEMS))
    def move_spec(self, data, stem):
        path = data.draw(st.sampled_from(self.there("specs/*")))
        os.replace(self.folder / path, self.folder / f"specs/{stem}.yaml")

    @precondition(lambda self: self.there("specs/*"))
    @rule(data=st.data())
    def delete_spec(self, data):
        os.unlink(self.folder / data.draw(st.sampled_from(self.there("specs/*"))))

    @precondition(lambda self: self.there("[st]*/**/*.py"))
    @rule(data=st.data())
    def edit(self, data):
        path = data.draw(st.sampled_from(self.there("[st]*/**/*.py")))
        mark = f"# Mine: {next(self.numbers)}.\n"
        text = (self.folder / path).read_text()
        inside = path == INIT and END in text and data.draw(st.booleans())
        text = text.replace(END, mark + END) if inside else text + mark
        self.folder.write(path, text)
        self.marks.setdefault(path, []).append(mark)

    @precondition(lambda self: self.there("[st]*/**/*.py"))
    @rule(data=st.data())
    def delete(self, data):
        path = data.draw(st.sampled_from(self.there("[st]*/**/*.py")))
        os.unlink(self.folder / path)
        self.marks.pop(path, None)

    @rule()
    def lose_the_lock(self):
        (self.folder / "layergen.lock").unlink(missing_ok=True)

    @rule()
    def generate(self):
        code, _, err = self.run("generate", "--accept-weights-change")
        if code == 0:
            assert self.run("generate", "--check")[0] == 0
            states = self.folder.states()
            assert {*states.values()} <= {"current", "yours"}
            for path in self.marks:
                assert states.get(path) != "current" or path == INIT
        if code == 1:
            assert err and self.run("generate", "--check")[0] == 1

    @rule(stem=st.sampled_from(STEMS))
    def generate_one(self, stem):
        self.run("generate", "--accept-weights-change", f"specs/{stem}.yaml")

    @rule(name=st.sampled_from(STEMS + LAYERS))
    def eject(self, name):
        self.run("eject", name)

    @rule(name=st.sampled_from(STEMS + LAYERS), with_spec=st.booleans())
    def remove(self, name, with_spec):
        self.run("remove", name, *(["--spec"] if with_spec else []))

    @invariant()
    def nothing_is_lost(self):
        for path, marks in self.marks.items():
            text = (self.folder / path).read_text()
            assert all(mark in text for mark in marks), path

    @invariant()
    def nothing_is_left_about(self):
        assert not self.there("**/.*")


Histories.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[*HealthCheck],
)
test_histories = Histories.TestCase


@pytest.mark.parametrize(
    ("room", "name", "broken"),
    [
        # Every file counts as generated.
        (plan, "_change", lambda *args: _freed(*args)),
        # An edited file counts as current.
        (Survey, "is_current", lambda self, spec: spec in self.lock.specs),
    ],
)
def test_a_broken_guard_is_seen(monkeypatch, room, name, broken):
    monkeypatch.setattr(room, name, broken)
    few = settings(
        Histories.TestCase.settings,
        max_examples=200,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
    )
    with pytest.raises(BaseException) as caught:
        run_state_machine_as_test(Histories, settings=few)
    assert "AssertionError" in "".join(traceback.format_exception(caught.value))


REAL_CHANGE = plan._change


def _freed(*args):
    change = REAL_CHANGE(*args)
    kept = change is not None and change.status == "kept"
    return replace(change, status="updated") if kept else change
