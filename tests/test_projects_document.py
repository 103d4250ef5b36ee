"""`docs/projects.md` tells what happens: its sessions are typed, in order, and compared.

In a block marked `console`, a line that begins with `$` is typed and the lines below it
are all that it prints; `...` stands for any text, as in doctest.
"""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps(document):
    """The commands, each with what it is to print."""
    found = []
    for block in BLOCK.findall(document):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return [(command, "\n".join(lines)) for command, lines in found]


def printed(commands, folder):
    """What each command prints, typed one after the other into one shell."""
    programs = folder / "programs"
    programs.mkdir()
    program = programs / "layergen"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m layergen "$@"\n')
    program.chmod(0o755)
    end = "--- end of a command"
    # `$?` is the command's own again after the line that ends its output.
    script = "\n".join(
        f"{command}\n(code=$?; echo '{end}'; exit $code)" for command in commands
    )
    home = folder / "home"
    home.mkdir()
    done = subprocess.run(
        ["bash"],
        input=script,
        cwd=home,
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    return [text.strip("\n") for text in done.stdout.split(f"{end}\n")[:-1]]


def agree(shown, text):
    return doctest.OutputChecker().check_output(shown, text, doctest.ELLIPSIS)


def test_sessions(tmp_path):
    told = steps((ROOT / "docs/projects.md").read_text("utf-8"))
    assert len(told) > 10
    texts = printed([command for command, _ in told], tmp_path)
    for (command, shown), text in zip(told, texts, strict=True):
        assert agree(shown, text), f"$ {command}\n{text}"
