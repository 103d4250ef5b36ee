"""`init` is killed at every step: what it has left, the next one takes away, and no more."""

import builtins
import json
import os
import shutil

import pytest
from project_folder import Folder

from layergen.project import bootstrap, scratch
from layergen.project.running import NAME
from layergen.project.scratch import MARK

STEPS = "open write replace rename unlink mkdir rmdir chmod utime".split()
KILLED = 77
COMMAND = ("init", "ours", "--no-input")


def killed(folder, command, at):
    """Run a command in a process that dies in its step `at`; the steps of one that ends.

    A step is not taken; what is written to a file stays cut off in the middle.
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
        builtins.open = _fatal("opened", open, steps, at)
        code = folder.run(*command)[0]
        with os.fdopen(writing, "w") as pipe:
            pipe.write(str(steps[0]))
        os._exit(code)
    except BaseException:
        os._exit(1)


def _fatal(name, real, steps, at):
    def step(*args, **kwargs):
        mode = kwargs.get("mode", args[1] if len(args) > 1 else "r")
        if name == "open" and not args[1] & os.O_CREAT:
            return real(*args, **kwargs)
        if name == "opened" and not {*str(mode)} & {*"wax+"}:
            return real(*args, **kwargs)
        steps[0] += 1
        if steps[0] == at:
            if name == "write":
                real(args[0], args[1][: len(args[1]) // 2])
            if name == "opened":
                real(*args, **kwargs)
            os._exit(KILLED)
        return real(*args, **kwargs)

    return step


def nothing(folder):
    pass


def empty(folder):
    (folder / "ours").mkdir()


def repository(folder):
    folder.write("ours/.git/HEAD", "ref: refs/heads/main\n")


def neighbours(folder):
    """What looks like something that a run left, and is not."""
    folder.write(".layergen-notes/mine.txt", "mine")
    folder.write(".layergen-init-0123456789abcdef/mine.txt", "mine")
    folder.write(f".layergen-init-0123456789/{MARK}", "{}")
    folder.write(f"layergen-init-0123456789abcdef/{MARK}", "{}")
    folder.write("outside/mine.txt", "mine")
    link = folder / ".layergen-init-ffffffffffffffff"
    link.symlink_to("layergen-init-0123456789abcdef")


SCENES = [
    (nothing, COMMAND),
    (empty, COMMAND),
    (repository, COMMAND),
    (neighbours, COMMAND),
    (nothing, ("init", "deep/down/ours", "--no-input")),
]


def everything(folder):
    """Every file and folder there is."""
    return {
        path.relative_to(folder.root).as_posix(): path.is_file() and path.read_bytes()
        for path in folder.root.rglob("*")
    }


def copied(before, name):
    target = before.root.parent / name
    shutil.copytree(before.root, target, symlinks=True)
    return Folder(target)


@pytest.fixture
def scene(tmp_path, request, monkeypatch):
    # What a layer is made into is told elsewhere, and takes a while.
    monkeypatch.setattr(bootstrap, "_generate", lambda project: None)
    prepare, command = request.param
    before = Folder(tmp_path / "before")
    before.root.mkdir()
    prepare(before)
    done = copied(before, "done")
    assert done.run(*command)[0] == 0
    steps = killed(copied(before, "counted"), command, at=-1)
    return before, command, everything(done), steps


def check_every_kill(scene):
    before, command, done, steps = scene
    old = everything(before)
    assert steps >= 30
    for at in range(1, steps + 1):
        folder = copied(before, f"at{at}")
        killed(folder, command, at)
        assert old.items() <= everything(folder).items()
        code, _, err = folder.run(*command)
        assert everything(folder) == done, at
        # Where all was in place before the end, there is nothing left to make.
        assert code == 0 or "is not empty" in err, (at, err)
        shutil.rmtree(folder.root)


@pytest.mark.parametrize(
    "scene", SCENES, indirect=True, ids=lambda s: f"{s[0].__name__}-{s[1][1]}"
)
def test_killed_at_every_step(scene):
    check_every_kill(scene)


@pytest.mark.parametrize("scene", SCENES[:1], indirect=True)
def test_what_stays_is_seen(scene, monkeypatch):
    monkeypatch.setattr(scratch, "_left", lambda folder: iter(()))
    with pytest.raises(AssertionError):
        check_every_kill(scene)


@pytest.mark.parametrize("scene", SCENES[1:2], indirect=True)
def test_without_a_note_of_what_is_moved_half_a_project_stays(scene, monkeypatch):
    monkeypatch.setattr(bootstrap, "record", lambda path, project: None)
    with pytest.raises(AssertionError):
        check_every_kill(scene)


def half_made(tmp_path):
    """A project half in its place."""
    folder = Folder(tmp_path)
    (tmp_path / "ours").mkdir()
    rename, moved = bootstrap.Path.rename, []

    def stopped(self, target):
        moved.append(target)
        if len(moved) > 4:
            os._exit(KILLED)
        return rename(self, target)

    child = os.fork()
    if not child:
        bootstrap.Path.rename = stopped
        bootstrap._generate = lambda project: None
        folder.run(*COMMAND)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    there = sorted(
        name for name in os.listdir(tmp_path / "ours") if "layergen" not in name
    )
    assert there == [".github", ".gitignore", ".pre-commit-config.yaml", "LICENSE"]
    return folder


def without_scratch(files):
    return {path: data for path, data in files.items() if "/.layergen" not in path}


@pytest.mark.parametrize("path", ["ours/LICENSE", "ours/.github/mine.txt", "ours/a"])
def test_what_somebody_has_begun_to_work_in_stays(tmp_path, path):
    folder = half_made(tmp_path)
    folder.write(path, "Mine.\n")
    there = without_scratch(folder.files())
    assert len(there) >= 4 and MARK in str([*folder.files()])
    code, _, err = folder.run(*COMMAND)
    assert (code, "is not empty (it holds .github)" in err) == (2, True)
    assert folder.files() == there


def test_what_lies_around_a_new_project_stays(tmp_path, monkeypatch):
    """Another project is made within the half one: that is somebody's by now."""
    monkeypatch.setattr(bootstrap, "_generate", lambda project: None)
    folder = half_made(tmp_path)
    there = without_scratch(folder.files())
    assert folder.run("init", "ours/inner", "--no-input")[0] == 0
    files = folder.files()
    assert there.items() <= files.items() and MARK not in str([*files])


@pytest.mark.parametrize("name", ["../mine.txt", "{root}/mine.txt", "link/mine.txt"])
def test_a_note_that_names_files_elsewhere(tmp_path, name):
    (tmp_path / "mine.txt").write_text("mine")
    folder = Folder(tmp_path / "here")
    left = f"ours/.layergen-init-0123456789abcdef/{MARK}"
    digest = scratch.of_bytes(b"mine")
    folder.write(left, json.dumps({name.format(root=tmp_path): digest}))
    (folder / "ours/link").symlink_to(tmp_path)
    assert folder.run(*COMMAND)[0] == 2
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert os.listdir(folder / "ours") == ["link"]


def test_one_at_work_is_waited_for(tmp_path, monkeypatch):
    """Its folder is not taken for one that was left."""
    seen = []
    folder = Folder(tmp_path)

    def looked_at(project):
        [there] = [p for p in tmp_path.iterdir() if p.name.startswith(".layergen-init")]
        child = os.fork()
        if not child:
            # Whoever would wait stops.
            scratch.settle(tmp_path / "other", lambda: os._exit(0))
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        seen.append(there.exists())

    monkeypatch.setattr(bootstrap, "_generate", looked_at)
    assert folder.run(*COMMAND)[0] == 0
    assert seen == [True] and os.listdir(tmp_path) == ["ours"]
    assert not (tmp_path / NAME).exists()
