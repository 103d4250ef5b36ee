"""Runs a command that is interrupted at a chosen moment, as by Ctrl-C on a terminal.

Called as `interrupted.py MOMENT ARGUMENT...`. Moments are Python's audit events: imports,
opened files, calls of the system. Moment 0 never comes, and their number is told instead.
"""

import os
import signal
import sys

from layergen import __main__ as program

MOMENT = int(sys.argv.pop(1))
passed = 0


def step(event, _):
    global passed
    if os.getpid() != OURS:
        return
    passed += 1
    if passed == MOMENT:
        # A terminal tells all processes that work there.
        os.killpg(os.getpgrp(), signal.SIGINT)


def end(code):
    if not MOMENT:
        os.write(1, f"\n{passed}".encode())
    real_end(code)


OURS = os.getpid()
real_end, os._exit = os._exit, end
# A shell's background job ignores the signal, and so would what it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.addaudithook(step)
if __name__ == "__main__":
    program.main()
