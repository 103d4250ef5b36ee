"""The command as a process: pipes, terminals, locales, and what it imports."""

import os
import signal
import subprocess
import sys
import time

import pytest

from layergen import gallery


def test_never_imports_keras(here):
    program = (
        "import sys\n"
        "from layergen.cli import cli\n"
        "for args in (['new', 'swish_dense'], ['generate'], ['lint', *sys.argv[1:]],\n"
        "             ['list'], ['show', 'swish_dense', '--test'], ['schema']):\n"
        "    cli.main(args, standalone_mode=False)\n"
        "heavy = {'keras', 'tensorflow', 'numpy', 'cookiecutter', 'sympy'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    files = ["swish_dense.yaml", "swish_dense.py"]
    done = subprocess.run([sys.executable, "-c", program, *files], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_help_imports_nothing_heavy(here):
    program = (
        "import sys\n"
        "from layergen.cli import cli\n"
        "cli.main(['--help'], standalone_mode=False)\n"
        "heavy = {'yaml', 'jinja2', 'black', 'json', 'tomllib', 'difflib', 'cookiecutter'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_importing_the_package_costs_nothing(here):
    program = (
        "import sys, layergen; print(*[m for m in sys.modules if 'layergen' in m])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert done.stdout == b"layergen\n"


def test_same_bytes_everywhere(process, here):
    seen = set()
    for seed, locale in (("0", "C"), ("1", "C.UTF-8"), ("77", "tr_TR.ISO8859-9")):
        env = {"PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "0"}
        folder = here / seed
        folder.mkdir()
        assert process("new", "swish_dense", env=env, cwd=folder).returncode == 0
        seen.add(tuple(path.read_bytes() for path in sorted(folder.iterdir())))
    assert len(seen) == 1


def test_nothing_of_this_machine_in_the_files(process, here):
    process("new", "swish_dense", "--out", str(here / "deep"))
    for path in (here / "deep").iterdir():
        assert str(here) not in path.read_text()


def test_reader_goes_away(here):
    layergen = f"{sys.executable} -m layergen"
    for command in ("list", "schema", "--help"):
        done = subprocess.run(
            f"{layergen} {command} | true", shell=True, capture_output=True
        )
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("command", "code"),
    [("list >&-", 0), ("new nobody <&-", 2), ("new nobody --spec - <&-", 2)],
)
def test_closed_streams(here, command, code):
    done = subprocess.run(
        f"{sys.executable} -m layergen {command}",
        shell=True,
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False)


def test_what_is_still_buffered_is_not_lost(here):
    program = (
        "import click, sys\n"
        "from layergen.cli import cli, main\n"
        "cli.add_command(click.Command('shout', callback=lambda: print('ho')))\n"
        "sys.argv = ['layergen', 'shout']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    )
    assert (done.returncode, done.stdout) == (0, b"ho\n")


def test_output_that_cannot_be_written(here):
    command = f"{sys.executable} -m layergen show swish_dense > /dev/full"
    done = subprocess.run(command, shell=True, capture_output=True)
    assert done.returncode == 2
    assert done.stderr.startswith(b"Error: cannot write to standard output")


def test_current_folder_that_is_gone(process, here):
    gone = here / "gone"
    script = f"cd {gone} && rmdir {gone} && {sys.executable} -m layergen generate"
    gone.mkdir()
    done = subprocess.run(script, shell=True, capture_output=True)
    assert done.returncode == 2
    assert done.stderr.startswith(b"Error: ")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_names_that_the_terminal_cannot_show(process, here, encoding):
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    (here / "\N{SPARKLES}").mkdir()
    spec = "\N{SPARKLES}/swish_dense.yaml"
    (here / spec).write_text(gallery.text("swish_dense"))
    assert process("lint", spec, env=env).returncode == 0
    assert process("new", "\N{SPARKLES}", env=env).returncode == 2
    assert process("lint", os.fsdecode(b"\xff.yaml"), env=env).returncode == 2


def test_shown_bytes_are_the_files_whatever_the_locale(process, here):
    done = process("show", "swish_dense", env={"PYTHONIOENCODING": "utf-16"})
    assert done.stdout == gallery.text("swish_dense").encode()


def test_no_colour_in_a_pipe(process, here):
    for args in (["new", "nobody"], ["--help"], ["list"], ["generate"]):
        done = process(*args, env={"TERM": "xterm-256color"})
        assert b"\x1b" not in done.stdout + done.stderr


def test_questions_on_a_terminal(terminal, here):
    process, ours = terminal("new", "gate")
    os.write(ours, b"A gate.\n\n\n\n\n\nrelu\n")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert b"What it does" in err and b"created gate.yaml" in out
    assert "activation: relu" in (here / "gate.yaml").read_text()


def test_interrupt_at_a_question(terminal, here):
    process, _ = terminal("new", "gate")
    assert process.stderr is not None
    seen = b""
    while b"What it does" not in seen:
        seen += process.stderr.read1()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (seen + err).splitlines()[1:] == [b"What it does, in a line [-]: Aborted!"]
    assert list(here.iterdir()) == []


def test_help_and_specs_do_without_the_linter(process, here):
    code = (
        "import sys; sys.argv = ['layergen', *sys.argv[1:]]; import layergen.cli as c\n"
        "try: c.cli.main(prog_name='layergen')\n"
        "except SystemExit: pass\n"
        "sys.exit(' '.join(m for m in sys.modules if m.startswith('layergen.lint')) or 0)\n"
    )
    for args in (["--help"], ["lint", "--help"], ["list"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *args], capture_output=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, b"")
