"""Runs a command that may execute nothing of what lies in the current folder.

Whatever there is text of somebody else holds MARK. Python tells of every piece of code that
it executes, every import, process, library, connection and opened file; the first of them
that the command has no business with ends it with exit code 99. Five commands more are
there that break the rule.
"""

import os
import sys
from types import CodeType

import click

from layergen import __main__ as program
from layergen.cli import cli

MARK = "somebody_elses"
HERE = os.getcwd()
# A pool of processes forks; nothing else may start one.
PROCESSES = {"os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.Popen"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def marks(code):
    """Whether MARK is in a code object, or in one inside it."""
    if not isinstance(code, CodeType):
        return MARK in str(code)
    here = (*code.co_names, *code.co_varnames, code.co_filename, code.co_name)
    return any(MARK in one for one in here) or any(map(marks, code.co_consts))


def is_wrong(event, args):
    if event in PROCESSES or event.startswith("socket.") or event == "ctypes.dlopen":
        return True
    if event == "exec":
        return marks(args[0])
    if event == "import":
        return MARK in args[0] or str(args[1] or "").startswith(HERE)
    if event == "open":
        path, _, flags = args
        outside = not os.path.abspath(os.fsdecode(path)).startswith(HERE)
        return isinstance(path, (str, bytes)) and flags & WRITES and outside
    return False


def watch(event, args):
    if event == "open" and isinstance(args[0], int):
        return
    if is_wrong(event, args):
        os.write(2, f"executed: {event} {args!r:.300}\n".encode())
        os._exit(99)


def breaks(name, body):
    cli.add_command(click.Command(name, callback=body))


breaks("break-exec", lambda: exec(f"{MARK} = 1"))
breaks("break-eval", lambda: eval(f"[1 for {MARK} in ()]"))
breaks("break-import", lambda: __import__(f"{MARK}_module"))
breaks("break-process", lambda: os.system("true"))
breaks("break-write", lambda: open(os.path.join(HERE, "..", "ran"), "w"))

if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.addaudithook(watch)
    program.main()
