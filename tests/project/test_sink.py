"""Plans and what is done with them: nothing lost, nothing half written."""

import os
import stat

import pytest

from layergen.errors import UserError
from layergen.project import sink
from layergen.project.plan import Plan
from layergen.project.report import Report
from layergen.project.states import HEADER

OURS = HEADER.decode() + "a.yaml; ...\n"


def plan_of(folder, **files):
    plan = Plan(folder)
    for name, text in files.items():
        plan.add(f"{name}.py", text, "a.yaml")
    return plan


def run(mode, folder, overwrite="generated", **files):
    report = Report(mode, plan_of(folder, **files).changes(overwrite))
    if mode == "write":
        sink.write(report.changes)
    return report


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_write_creates_and_reports(tmp_path):
    report = run("write", tmp_path / "deep" / "er", a=OURS)
    assert (tmp_path / "deep/er/a.py").read_bytes() == OURS.encode()
    assert report.exit_code == 0
    assert report.lines == [f"created {tmp_path / 'deep/er/a.py'}"]


def test_unchanged_is_not_touched(tmp_path):
    run("write", tmp_path, a=OURS)
    before = (tmp_path / "a.py").stat()
    report = run("write", tmp_path, a=OURS)
    after = (tmp_path / "a.py").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (report.lines, report.exit_code) == ([], 0)


def test_update_keeps_the_mode_and_replaces_the_file(tmp_path):
    file = tmp_path / "a.py"
    file.write_text(OURS + "old")
    file.chmod(0o640)
    inode = file.stat().st_ino
    run("write", tmp_path, a=OURS)
    assert file.read_text() == OURS
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert file.stat().st_ino != inode
    assert names(tmp_path) == ["a.py"]


def test_new_file_has_the_usual_mode(tmp_path):
    run("write", tmp_path, a=OURS)
    (tmp_path / "usual").touch()
    assert (tmp_path / "a.py").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_turned_line_endings_are_no_difference(tmp_path):
    (tmp_path / "a.py").write_bytes(OURS.replace("\n", "\r\n").encode())
    assert run("check", tmp_path, a=OURS).exit_code == 0


@pytest.mark.parametrize(
    ("overwrite", "old", "status"),
    [
        ("nothing", OURS + "x", "kept"),
        ("generated", OURS + "x", "updated"),
        ("generated", "mine", "kept"),
        ("generated", "", "kept"),
        ("anything", "mine", "updated"),
    ],
)
def test_what_may_be_overwritten(tmp_path, overwrite, old, status):
    (tmp_path / "a.py").write_text(old)
    report = run("write", tmp_path, overwrite, a=OURS)
    assert report.data == [{"path": str(tmp_path / "a.py"), "status": status}]
    assert report.exit_code == (status == "kept")
    assert (tmp_path / "a.py").read_text() == (old if status == "kept" else OURS)


@pytest.mark.parametrize("mode", ["check", "diff", "dry-run"])
def test_other_modes_write_nothing(tmp_path, mode):
    (tmp_path / "b.py").write_text(OURS + "old\n")
    run(mode, tmp_path / "new", a=OURS)
    report = run(mode, tmp_path, a=OURS, b=OURS)
    assert names(tmp_path) == ["b.py"]
    assert (tmp_path / "b.py").read_text() == OURS + "old\n"
    assert report.exit_code == (mode == "check")
    assert len(report.lines) > 1


def test_diff_can_be_applied(tmp_path):
    (tmp_path / "b.py").write_text(OURS + "old\x0cline\nno end")
    lines = run("diff", tmp_path, b=OURS).lines
    assert lines[2:] == [
        "@@ -1,3 +1 @@",
        f" {OURS[:-1]}",
        "-old\x0cline",
        "-no end\n\\ No newline at end of file",
    ]


def test_one_file_twice(tmp_path):
    plan = plan_of(tmp_path, a=OURS)
    with pytest.raises(UserError, match=r"a\.yaml and b\.yaml would both write"):
        plan.add("x/../a.py", OURS, "b.yaml")


def test_link_out_of_the_folder(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.py").symlink_to(tmp_path / "outside.py")
    with pytest.raises(UserError, match="leads out of its folder"):
        plan_of(inside, a=OURS)


@pytest.mark.parametrize("name", ["../a.py", "/a.py"])
def test_path_out_of_the_folder(tmp_path, name):
    with pytest.raises(UserError, match="leads out of its folder"):
        Plan(tmp_path).add(name, OURS, "a.yaml")


def test_link_within_the_folder_is_kept(tmp_path):
    (tmp_path / "real.py").write_text(OURS + "old")
    (tmp_path / "a.py").symlink_to("real.py")
    run("write", tmp_path, a=OURS)
    assert (tmp_path / "a.py").is_symlink()
    assert (tmp_path / "real.py").read_text() == OURS


def test_link_in_a_circle(tmp_path):
    (tmp_path / "a.py").symlink_to("a.py")
    with pytest.raises(UserError):
        run("write", tmp_path, a=OURS)


def test_folder_in_the_way(tmp_path):
    (tmp_path / "b.py").mkdir()
    with pytest.raises(UserError, match="is a folder"):
        run("write", tmp_path, a=OURS, b=OURS)
    assert names(tmp_path) == ["b.py"]


def test_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(UserError, match="out"):
        run("write", tmp_path / "out", a=OURS)


def test_failing_to_write_one_writes_none(tmp_path, monkeypatch):
    chmod = os.chmod

    def refuse(path, mode):
        if ".b.py." in str(path):
            raise PermissionError(13, "Permission denied")
        chmod(path, mode)

    monkeypatch.setattr(os, "chmod", refuse)
    for name in "ab":
        (tmp_path / f"{name}.py").write_text(OURS + "old")
    with pytest.raises(UserError, match=r"b\.py: permission denied"):
        run("write", tmp_path, a=OURS, b=OURS)
    assert names(tmp_path) == ["a.py", "b.py"]
    assert (tmp_path / "a.py").read_text() == OURS + "old"


def test_killed_between_two_files_leaves_each_old_or_new(tmp_path, monkeypatch):
    replace, moved = os.replace, []

    def die(source, target):
        if moved:
            raise KeyboardInterrupt
        moved.append(target)
        replace(source, target)

    monkeypatch.setattr(os, "replace", die)
    for name in "ab":
        (tmp_path / f"{name}.py").write_text(OURS + "old")
    with pytest.raises(KeyboardInterrupt):
        run("write", tmp_path, a=OURS, b=OURS)
    assert names(tmp_path) == ["a.py", "b.py"]
    assert [(tmp_path / f"{n}.py").read_text() for n in "ab"] == [OURS, OURS + "old"]


def test_folder_that_cannot_be_written(tmp_path, monkeypatch):
    """Permissions do not hold for root: the system's refusal is played."""

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(UserError, match=r"cannot write .*a\.py: permission denied"):
        run("write", tmp_path / "out", a=OURS)
