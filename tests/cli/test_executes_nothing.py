"""What commands read of a spec, a lock, a module is never executed, but by `verify`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from layergen.cli import cli

PROGRAM = Path(__file__).with_name("audited.py")
PROMISES = Path(__file__).parents[2] / "SECURITY.md"
RAN = "open('ran', 'w').close()"
CANARY = f"__import__('builtins').{RAN}"
# A spec that is accepted, with text and code in every key that takes it.
SPEC = f'''\
layer: SomebodyElses
doc: |
  {{{{ {CANARY} }}}} \\""" {CANARY}

  {{% for somebody_elses in range(3) %}}{CANARY}{{% endfor %}}
style: both
args: {{units: int, mode: "Literal['a', 'somebody_elses'] = 'a'"}}
inputs: [..., features]
outputs: [..., units]
weights:
  kernel: {{shape: [features, units], doc: somebody_elses}}
imports: import somebody_elses_module
functions:
  somebody_elses_function:
    args: [a]
    forward: a + somebody_elses_module.zero
derived: {{somebody_elses_size: units * 2}}
require: {{units < somebody_elses_size: "somebody_elses {{units}} {CANARY}"}}
forward: somebody_elses_function(x @ kernel) * somebody_elses_size
reference: |
  somebody_elses_local = x @ kernel
  return somebody_elses_local * somebody_elses_size
example: {{units: 4}}
'''
# Code that would run at once, if anything were to run it.
MODULE = f"""\
import somebody_elses_module
import keras
{RAN}

@somebody_elses_module.decorator
class SomebodyElses(keras.layers.Layer):
    somebody_elses = {CANARY}

    def __init__(self, units={CANARY}, **kwargs: {CANARY}):
        super().__init__(**kwargs)
        self.units = units

    def call(self, x):
        return x @ self.kernel
"""
APPLY = "!!python/object/apply:os.system ['touch ran']"
FILES = {
    "somebody_elses.yaml": SPEC,
    "refused.yaml": SPEC.replace("units * 2", CANARY),
    "tagged.yaml": f"layer: {APPLY}\nforward: x\n",
    "somebody_elses_module.py": f"{RAN}\nzero = 0\n",
    "mine.py": MODULE,
    "conftest.py": RAN,
}
COMMANDS = {
    "init": [("init", "somebody_elses_project", f"description={{{{ {CANARY} }}}}")],
    "new": [
        ("new", "another", "--spec", "somebody_elses.yaml"),
        ("new", "another", "--spec", "tagged.yaml"),
        ("new", "another", "--input", "..., n", "--forward", f"x * {CANARY}"),
        ("new", "another", "--input", "..., n", "--arg", f"somebody_elses: {CANARY}"),
    ],
    "generate": [
        ("generate", "somebody_elses.yaml"),
        ("generate", "somebody_elses.yaml", "--diff"),
        ("generate", "somebody_elses.yaml", "--check", "--out", "."),
        ("generate", "--jobs", "2"),
        ("generate", "refused.yaml"),
    ],
    "status": [("status",), ("status", "--json")],
    "eject": [("eject", "somebody_elses")],
    "remove": [("remove", "somebody_elses", "--spec")],
    "lint": [
        ("lint", "mine.py", "somebody_elses_module.py"),
        ("lint", "somebody_elses.yaml", "refused.yaml", "tagged.yaml"),
    ],
    "explain": [("explain", "LG101"), ("explain", CANARY)],
    "list": [("list",)],
    "show": [("show", "swish_dense", "--test"), ("show", CANARY)],
    "schema": [("schema",)],
}
EXECUTES = {"verify"}
LOCKS = ("generated", f"{APPLY}\n", f"{{'a': {CANARY}}}", MODULE)


def run(*args):
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stderr


@pytest.fixture
def folder(here):
    """The current folder, with somebody else's files."""
    for name, text in FILES.items():
        (here / name).write_text(text)
    return here


def test_every_command_is_one_or_the_other():
    """A command that is added needs a promise, and a test of it."""
    assert COMMANDS.keys() | EXECUTES == {*cli.commands}
    assert not COMMANDS.keys() & EXECUTES


def test_the_promises_name_every_command():
    text = PROMISES.read_text()
    nothing, running = re.findall(r"^\| `.*$", text, re.MULTILINE)
    assert {*re.findall(r"`(\w+)`", nothing.split("|")[1])} == COMMANDS.keys()
    assert {*re.findall(r"`(\w+)`", running.split("|")[1])} == EXECUTES


@pytest.mark.parametrize("lock", LOCKS, ids=["lock", "tagged", "data", "code"])
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_executed(folder, command, lock):
    if lock != "generated":
        (folder / "layergen.lock").write_text(lock)
    elif command in ("status", "eject", "remove"):
        assert run("generate", "somebody_elses.yaml")[0] == 0
    asked = COMMANDS[command] if lock == "generated" else COMMANDS[command][:1]
    for args in asked:
        code, err = run(*args)
        assert code in (0, 1, 2), err
        assert "Traceback" not in err
        assert not list(folder.rglob("ran")), args


def test_the_accepted_spec_is_accepted(folder):
    assert run("generate", "somebody_elses.yaml")[0] == 0
    assert "somebody_elses_module" in (folder / "somebody_elses.py").read_text()


@pytest.mark.parametrize("how", ["exec", "eval", "import", "process", "write"])
def test_what_is_executed_is_seen(folder, how):
    code, err = run(f"break-{how}")
    assert (code, err[:9]) == (99, "executed:")
