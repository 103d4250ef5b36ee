"""What stands in the way of writing is told, and nothing is lost for it."""

import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

import pytest
from project_folder import TABLE, Folder, spec

from layergen.project import sink
from layergen.project.running import NAME, alone

CODE, TEST, INIT = "src/ours/gate.py", "tests/test_gate.py", "src/ours/__init__.py"
GATE = "specs/gate.yaml"


@pytest.fixture
def gate(project):
    project.write(GATE, spec("Gate"))
    assert project.run("generate")[0] == 0
    return project


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


def refused(folder, *command, told):
    """A command that ends with 2 and one sentence, and changes nothing."""
    before = folder.files()
    code, _, err = folder.run(*command)
    assert (code, told in err) == (2, True), err
    assert err.startswith("Error: ") and folder.files() == before


@pytest.mark.parametrize("part", ["src", "src/ours", "tests"])
def test_a_folder_that_leads_out(project, outside, part):
    project.write(GATE, spec("Gate"))
    (project / part).parent.mkdir(exist_ok=True)
    (project / part).symlink_to(outside)
    refused(project, "generate", told="leads out of its folder")
    refused(project, "new", "swish_dense", told="leads out of its folder")
    assert not [*outside.iterdir()]


@pytest.mark.parametrize("path", [CODE, TEST, INIT, "layergen.lock"])
@pytest.mark.parametrize("dangling", [True, False])
def test_a_file_that_leads_out(gate, outside, path, dangling):
    target = outside / "target"
    if not dangling:
        target.write_bytes((gate / path).read_bytes())
    (gate / path).unlink()
    (gate / path).symlink_to(target)
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    refused(gate, "generate", "--overwrite", told="leads out of its folder")
    (
        refused(gate, "remove", "gate", told="leads out of its folder")
        if path
        in (
            INIT,
            "layergen.lock",
        )
        else None
    )
    assert target.exists() != dangling


def test_specs_that_lie_outside(gate, outside):
    (outside / "door.yaml").write_text(spec("Door"))
    (gate / "specs/door.yaml").symlink_to(outside / "door.yaml")
    refused(gate, "generate", told="leads out of its folder")
    refused(gate, "generate", "specs/door.yaml", told="leads out of its folder")


def test_a_link_within_the_project_is_kept(gate):
    os.rename(gate / CODE, gate / "src/real.py")
    (gate / CODE).symlink_to("../real.py")
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    assert gate.run("generate")[0] == 0
    assert (gate / CODE).is_symlink() and "* 2" not in (gate / GATE).read_text()
    assert gate.run("remove", "gate")[0] == 1
    assert (gate / CODE).is_symlink() and (gate / "src/real.py").exists()


def test_a_lock_that_names_files_outside(gate, outside):
    precious = outside / "precious.py"
    precious.write_text("mine\n")
    lock = (gate / "layergen.lock").read_text()
    for path in ("../outside/precious.py", str(precious), "a/../../b.py", "README.md"):
        gate.write("layergen.lock", lock.replace(CODE, path))
        refused(gate, "remove", "gate", told="layergen.lock is damaged")
    assert precious.read_text() == "mine\n"


@pytest.mark.parametrize("path", [CODE, INIT, "layergen.lock"])
def test_a_folder_in_the_way(gate, path):
    (gate / path).unlink()
    (gate / path).mkdir()
    refused(gate, "generate", told="is a folder")


@pytest.mark.parametrize(
    ("path", "way"),
    [(path, way) for path in (CODE, TEST, INIT) for way in ("folder", "link")]
    + [(INIT, "text without markers")],
)
def test_status_tells_of_the_others(gate, outside, path, way):
    (gate / path).unlink()
    if way == "folder":
        (gate / path).mkdir()
    elif way == "link":
        (gate / path).symlink_to(outside)
    else:
        (gate / path).write_text("import os\n")
    code, out, err = gate.run("status")
    states = {line[19:]: line[:17].rstrip() for line in out.splitlines()}
    current = {other: "current" for other in (CODE, TEST, INIT) if other != path}
    assert (code, states) == (0, {**current, path: "unusable"})
    assert err.startswith(path) and err.count("\n") == (3 if "text" in way else 1)
    files = json.loads(gate.run("status", "--json")[1])["files"]
    [reason] = [file["reason"] for file in files if file["status"] == "unusable"]
    assert f"{reason}\n" == err


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["open", "write", "replace", "mkdir"])
@pytest.mark.parametrize("after", range(4))
def test_a_full_disk(project, monkeypatch, call, after):
    """Played on each kind of call, at its first, second ... time."""
    project.write(GATE, spec("Gate"))
    real, calls = getattr(os, call), []

    def limited(*args, **kwargs):
        reads = call == "open" and not args[1] & (os.O_WRONLY | os.O_RDWR)
        if reads or str(args[0]).endswith(NAME):
            return real(*args, **kwargs)
        calls.append(args)
        return full() if len(calls) > after else real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, limited)
        code, _, err = project.run("generate")
    if len(calls) <= after:
        assert code == 0
        return
    assert code == 2
    assert err.startswith("Error: cannot write ") and "no space left" in err
    assert not [path for path in project.files() if path.endswith("layergen-tmp")]
    assert project.run("generate")[0] == 0
    assert project.run("generate", "--check")[0] == 0


TINY = """
mount -t tmpfs -o size=24k tmpfs {here} || exit 77
cd {here} && cp {spec} . && {python} -m layergen generate gate.yaml 2>err
code=$?
ls -A; cat err; umount -l {here}
exit $code
"""


def test_a_disk_that_is_full(tmp_path):
    (tmp_path / "gate.yaml").write_text(spec("Gate"))
    here = tmp_path / "tiny"
    here.mkdir()
    script = TINY.format(here=here, spec=tmp_path / "gate.yaml", python=sys.executable)
    script = script.replace("cp ", "head -c 14000 /dev/zero > filler; cp ")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("needs the right to mount a file system of its own")
    assert done.returncode == 2
    listed = done.stdout.splitlines()
    assert listed[-1].startswith("Error: cannot write ") and "no space" in listed[-1]
    assert listed[:-1] == ["err", "filler", "gate.yaml"]


def as_nobody(folder, *command):
    """The command run by a user who owns nothing: exit code and standard error."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        assert os.waitpid(child, 0)[1] == 0
        return json.loads(told)
    try:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        code, _, err = folder.run(*command)
        with os.fdopen(writing, "w") as pipe:
            json.dump([code, err], pipe)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.fixture
def seen():
    """A project that everybody may look at."""
    if os.getuid() != 0:
        pytest.skip("needs to be root, to run as somebody else")
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        folder = Folder(name)
        folder.write("pyproject.toml", TABLE)
        folder.write(GATE, spec("Gate"))
        for command in (
            ["generate"],
            ["status"],
            ["eject", "none"],
            ["remove", "none"],
        ):
            folder.run(*command)
        yield folder


def test_a_folder_that_may_not_be_written(seen):
    before = seen.files()
    assert as_nobody(seen, "generate") == [0, ""]
    assert as_nobody(seen, "generate", "--check") == [0, ""]
    seen.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    said = f"Error: cannot write {CODE}: permission denied.\n"
    assert as_nobody(seen, "generate") == [2, said]
    assert as_nobody(seen, "eject", "gate")[0] == 2
    assert as_nobody(seen, "remove", "gate")[0] == 2
    after = seen.files()
    assert {**after, GATE: before[GATE]} == before


@pytest.mark.parametrize("path", [GATE, CODE, "layergen.lock", "pyproject.toml"])
def test_a_file_that_may_not_be_read(seen, path):
    (seen / path).chmod(0o600)
    code, err = as_nobody(seen, "generate", "--check")
    assert (code, "permission denied" in err, path in err) == (2, True, True)


def test_a_file_changed_meanwhile(gate, monkeypatch):
    """Between looking and writing somebody saves the file in an editor."""
    real = sink.write

    def late(changes, lock=None):
        gate.write(CODE, "# Mine.\n")
        real(changes, lock)

    monkeypatch.setattr(sink, "write", late)
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    code, _, err = gate.run("generate")
    assert (code, f"{CODE} has just been changed" in err) == (2, True)
    assert (gate / CODE).read_text() == "# Mine.\n"


def test_leftovers_that_are_ours_alone_are_cleaned(gate):
    ours = "src/ours/.gate.py.0a1b2c3d.layergen-tmp"
    others = ["src/ours/.gate.py.swp", "src/ours/gate.py.layergen-tmp", "src/ours/.x~"]
    for path in (ours, *others):
        gate.write(path, "x")
    gate.run("generate")
    assert ours not in gate.files() and {*others} < {*gate.files()}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("specs/loop.yaml", "specs/loop.yaml is a symbolic link that leads nowhere"),
        ("specs/away.yaml", "specs/away.yaml leads out of its folder, to "),
        ("specs/folder.yaml", "specs/folder.yaml is a folder, not a spec."),
        ("specs/x.yml", "specs/x.yml is not a spec by its name"),
        ("pyproject.toml", "pyproject.toml: [tool.layergen] has no key `x`"),
    ],
)
@pytest.mark.parametrize("below", ["", "src"])
def test_files_are_called_as_the_user_would(gate, outside, name, told, below):
    os.symlink("loop.yaml", gate / "specs/loop.yaml") if "loop" in name else None
    if "away" in name:
        (outside / "away.yaml").write_text(spec("Away"))
        os.symlink(outside / "away.yaml", gate / name)
    if "folder" in name:
        (gate / name).mkdir()
    if "yml" in name or "toml" in name:
        gate.write(name, f"{TABLE}x = 1\n")
    told = f"Error: {os.path.relpath(told, below)}" if below else f"Error: {told}"
    for command in ("generate", "status"):
        code, _, err = Folder(gate / below).run(command)
        assert (code, err[: len(told)]) == (2, told)


@pytest.mark.parametrize("command", [["remove", "gate"], ["generate"]])
def test_nothing_outside_is_cleaned(gate, outside, command):
    os.rename(gate / "tests", outside / "tests")
    (gate / "tests").symlink_to(outside / "tests")
    theirs = outside / "tests/.a.py.01234567.layergen-tmp"
    theirs.touch()
    refused(gate, *command, told="leads out of its folder")
    assert theirs.exists()


def test_two_runs_do_not_mix(gate):
    """The second waits for the first, says so, and finds what it has done."""
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    waits = threading.Event()
    with alone(gate.root, lambda: None):
        child = subprocess.Popen(
            [sys.executable, "-m", "layergen", "generate"],
            cwd=gate.root,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stderr.readline().startswith("waiting for another layergen")
        waits.set()
        time.sleep(0.1)
        assert child.poll() is None
        assert gate.states()[CODE] == "spec changed"
    out, _ = child.communicate(timeout=60)
    assert (child.returncode, out) == (0, f"updated {CODE}\n")
    assert NAME not in gate.files()


def test_many_runs_at_once(gate):
    for index in range(4):
        gate.write(f"specs/a{index}.yaml", spec(f"A{index}"))
    command = [sys.executable, "-m", "layergen", "generate", "-q"]
    children = [
        subprocess.Popen([*command, f"specs/a{index}.yaml"], cwd=gate.root)
        for index in range(4)
    ]
    assert [child.wait(60) for child in children] == [0] * 4
    assert gate.run("generate", "--check")[0] == 0
    assert {*gate.states().values()} == {"current"} and len(gate.states()) == 11


def test_a_killed_run_holds_nothing(gate):
    gate.write(NAME, "")
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    assert gate.run("generate")[0] == 0
    assert NAME not in gate.files()


def test_a_run_outlives_the_file_that_it_waited_for(tmp_path):
    """Who waits on a file that is taken away meanwhile takes a new one."""
    order = []

    def second():
        with alone(tmp_path, lambda: order.append("waits")):
            order.append((tmp_path / NAME).exists())

    with alone(tmp_path, lambda: None):
        thread = threading.Thread(target=second)
        thread.start()
        while not order:
            time.sleep(0.01)
    thread.join(60)
    assert order == ["waits", True]
    assert not (tmp_path / NAME).exists()


def test_a_lock_file_that_is_a_link_is_not_followed(gate, outside):
    (gate / NAME).symlink_to(outside / "target")
    gate.write(GATE, spec("Gate").replace("x *", "2 * x *"))
    assert gate.run("generate")[0] == 0
    assert not (outside / "target").exists()


def test_what_fails_leaves_no_empty_folders(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.write("gate.yaml", spec("Gate"))
    monkeypatch.setattr(os, "replace", full)
    assert folder.run("generate", "gate.yaml", "--out", "a/b")[0] == 2
    assert not (folder / "a").exists()


def test_a_file_changed_meanwhile_stops_those_before_it(gate, monkeypatch):
    """The last of the files is looked at before the first is moved."""
    real = sink.write
    gate.write(GATE, spec("Gate").replace("[...,", "[batch,"))
    old = gate.files()

    def late(changes, lock=None):
        last = [c for c in changes if c.status == "updated"][-1]
        last.planned.target.write_text("# Mine.\n")
        real(changes, lock)

    monkeypatch.setattr(sink, "write", late)
    code, _, err = gate.run("generate")
    assert (code, "has just been changed" in err) == (2, True)
    new = gate.files()
    assert {*new} == {*old}
    assert [new[path] for path in new if new[path] != old[path]] == [b"# Mine.\n"]
