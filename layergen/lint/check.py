"""From the bytes of a Python file to its problems."""

from __future__ import annotations

from pathlib import Path

from layergen.errors import UserError, reason
from layergen.language.collector import Collector
from layergen.lint.facts import Module
from layergen.lint.read import read_module
from layergen.lint.registry import Finding
from layergen.lint.rules import RULES
from layergen.lint.source import (
    LIMIT,
    Source,
    Unreadable,
    decode,
    parse,
    too_deep,
    too_large,
)
from layergen.lint.suppress import suppressed
from layergen.problems import UNREADABLE, Problem
from layergen.reading import TooLarge, read_regular


def check_file(path: Path) -> tuple[Problem, ...]:
    """The problems of a Python file.

    Raises:
        UserError: If the file cannot be read.
    """
    try:
        if path.is_dir():
            raise UserError(f"{path} is a folder, not a file.")
        return check_bytes(read_regular(path, LIMIT), str(path))
    except TooLarge:
        return _unreadable(too_large(), str(path), "")
    except OSError as error:
        raise UserError(f"cannot read {path}: {reason(error)}.") from None


def check_bytes(data: bytes, file: str) -> tuple[Problem, ...]:
    """The problems of the bytes of a Python file."""
    try:
        text = decode(data)
    except Unreadable as error:
        return _unreadable(error, file, data.decode("latin-1"))
    return check_text(text, file)


def check_text(text: str, file: str) -> tuple[Problem, ...]:
    """The problems of a module whose lines end in LF."""
    try:
        source = parse(text, file)
        return _problems(source)
    except Unreadable as error:
        return _unreadable(error, file, text)
    except RecursionError:
        return _unreadable(too_deep(), file, text)


def _problems(source: Source) -> tuple[Problem, ...]:
    problems = Collector(source.file, source.text)
    module = read_module(source)
    silent = suppressed(source.text)
    for code, finding in _findings(module):
        if not silent.hides(code, finding.node):
            place = source.place(finding.node)
            problems.add(code, place, finding.message, finding.hint)
    return problems.problems


def _findings(module: Module) -> list[tuple[str, Finding]]:
    if not module.layers and not module.gradients:
        return []
    return [
        (code, one)
        for code, rule in RULES.items()
        # A function of the module may come up with each layer that calls it.
        for one in dict.fromkeys(rule.check(module))
    ]


def _unreadable(error: Unreadable, file: str, text: str) -> tuple[Problem, ...]:
    problems = Collector(file, text)
    problems.add(UNREADABLE, error.place, error.message, error.hint)
    return problems.problems
