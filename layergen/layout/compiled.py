"""Shipped templates kept compiled, where Python keeps this package's modules compiled.

As with those, what is kept goes by what it was compiled from and by what compiled it, and
where nothing can be written each run compiles anew.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pickle import UnpicklingError

import jinja2.compiler
from jinja2.bccache import Bucket, BytecodeCache

NOWHERE = (OSError, NotImplementedError)
"""What says that there is no such file, or no place for one."""


class Compiled(BytecodeCache):
    """One file for each template; `settings` are what its environment is made with."""

    def __init__(self, settings: object) -> None:
        compiler = os.stat(jinja2.compiler.__file__)
        self._by = f"{compiler.st_size} {compiler.st_mtime_ns} {settings}"

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{self._by} {source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(*NOWHERE, EOFError, UnpicklingError):
            with open(_place(bucket), "rb") as file:
                bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        with suppress(*NOWHERE):
            place = _place(bucket)
            beside = f"{place}.{os.getpid()}"
            with open(beside, "wb") as file:
                bucket.write_bytecode(file)
            os.replace(beside, place)


def _place(bucket: Bucket) -> str:
    return cache_from_source(
        os.path.join(os.path.dirname(__file__), f"{bucket.key}.j2")
    )
