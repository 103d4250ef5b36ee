"""Ctrl-C at any moment: one line, exit code 130, each file old or new."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from layergen import gallery
from layergen.cli import cli

PROGRAM = Path(__file__).with_name("interrupted.py")
SEED = 7
MOMENTS = 3
COMMANDS = [
    ("init", "proj"),
    ("new", "twice", "--like", "swish_dense"),
    ("generate",),
    ("generate", "--jobs", "2"),
    ("status",),
    ("eject", "double"),
    ("remove", "double", "--spec"),
    ("lint", "mish.py", "mish.yaml"),
    ("explain", "LG101"),
    ("list",),
    ("show", "mish", "--test"),
    ("schema",),
]
# Those that begin with layers that are generated; the others make them.
LATER = ("status", "eject", "remove", "lint")
# What the next run takes away.
LEFT = re.compile(
    r"(.*/)?\.(.*\.layergen-tmp|layergen\.running|layergen\.lock\.pending)"
)
ABORTED = (130, "Aborted!\n")


def run(moment, command, folder):
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(moment), *command],
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        timeout=300,
    )
    return done.returncode, done.stdout, done.stderr


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_command_is_tried():
    # `verify` has a test of its own.
    assert {command[0] for command in COMMANDS} == {*cli.commands} - {"verify"}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_interrupt_at_any_moment(tmp_path, command):
    before, done = tmp_path / "before", tmp_path / "done"
    before.mkdir()
    for name in ("double", "mish", "swish"):
        (before / f"{name}.yaml").write_text(gallery.text(name))
    if command[0] in LATER:
        assert run(0, ("generate",), before)[0] == 0
    shutil.copytree(before, done)
    code, out, err = run(0, command, done)
    assert (code, err) == (0, "")
    last = int(out.rpartition("\n")[2])
    chosen = random.Random(f"{SEED} {command}").sample(range(1, last), MOMENTS)
    # The first import, and what is closest to the end, are always among them.
    for moment in {1, *chosen, last - 1}:
        there = tmp_path / str(moment)
        shutil.copytree(before, there)
        code, _, err = run(moment, command, there)
        assert (code, err) == ABORTED, moment
        old, new = files(before), files(done)
        for path, data in files(there).items():
            known = data in (old.get(path), new.get(path))
            assert known or LEFT.fullmatch(path), path
        run(0, command, there)
        assert files(there) == new


@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_interrupt_of_verify_ends_the_process_that_runs_the_layer(tmp_path, send):
    """Before Keras is imported, which waits here; alone, or with its whole group."""
    (tmp_path / "keras.py").write_text(
        "import os, time\n"
        "with open('pid.part', 'w') as file: file.write(str(os.getpid()))\n"
        "os.rename('pid.part', 'pid')\n"
        "time.sleep(300)\n"
    )
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), "-1", "verify", "keras.layers:Dense", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    pid = tmp_path / "pid"
    while not pid.exists():
        assert process.poll() is None
        time.sleep(0.01)
    send(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err, out) == (*ABORTED, "")
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert list(scratch.iterdir()) == []


def said(program):
    """Exit code and standard error of a program that answers interrupts."""
    text = (
        "import os, signal, sys, time\n"
        "from layergen import interrupts, __main__\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def interrupt(): os.kill(os.getpid(), signal.SIGINT)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", text + program], capture_output=True, text=True
    )
    return done.returncode, done.stderr


def test_interrupt_where_python_ignores_exceptions():
    assert said(
        "class Closes:\n"
        "    def __del__(self): interrupt()\n"
        "interrupts.watch()\n"
        "Closes()\n"
        "print('went on', file=sys.stderr)\n"
    ) == (ABORTED)


def test_interrupt_that_something_swallows():
    assert (
        said(
            "import layergen.cli, click\n"
            "def swallow():\n"
            "    try: interrupt()\n"
            "    except BaseException: pass\n"
            "layergen.cli.cli.add_command(click.Command('swallow', callback=swallow))\n"
            "sys.argv[1:] = ['swallow']\n"
            "__main__.main()\n"
        )
        == ABORTED
    )


def test_a_second_interrupt_ends_what_tidies_up():
    assert (
        said(
            "interrupts.watch()\n"
            "try: interrupt()\n"
            "finally:\n"
            "    interrupt()\n"
            "    print('went on', file=sys.stderr)\n"
        )
        == ABORTED
    )


def test_held_interrupts_wait_and_are_kept_from_children():
    assert said(
        "import subprocess\n"
        "interrupts.watch()\n"
        "child = 'import os, signal; os.kill(os.getpid(), signal.SIGINT); print(7)'\n"
        "try:\n"
        "    with interrupts.held():\n"
        "        interrupt()\n"
        "        subprocess.run([sys.executable, '-c', child], stdout=sys.stderr)\n"
        "except interrupts.Interrupted: print('came', file=sys.stderr)\n"
    ) == (0, "7\ncame\n")


def test_a_job_in_the_background_goes_on():
    assert said(
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "interrupts.watch()\n"
        "interrupt()\n"
        "print('went on', file=sys.stderr)\n"
    ) == (0, "went on\n")
