"""Where in a spec the code stands that a line of a generated file came from.

A method that holds the spec's code ends with its statements, in order: what the layer reads
and checks by itself stands before them. So both are gone through side by side, from the end,
and a line has the place of the innermost statement around it. A file that is not what its
spec renders to has no places.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from layergen.errors import UserError
from layergen.language.model import Spec
from layergen.layout.header import HEADER
from layergen.loading import read_spec
from layergen.problems import Place, SpecError
from layergen.project.build import lay_out
from layergen.project.config import Config, load_project
from layergen.project.source import Source, read_source
from layergen.project.wording import of_spec
from layergen.source.code import Code

# How the battery names a line of a file, which `testing/causes.py` writes.
_NAMED = re.compile(r"(\w+\.py):(\d+), in (\w+)")
# How it names a line of the class that has the fault, which `testing/faulty_lines.py` writes.
_LINE = re.compile(r"\(line (\d+)\)")
_Pair = tuple[ast.stmt, list[ast.stmt]]


class Origin(Struct, frozen=True):
    """The spec that the files of a layer came from, and what it renders to, by name."""

    spec: Spec
    made: Mapping[str, str]

    def told(self, message: str, there: Mapping[str, str]) -> str:
        """A message that says of each line of a generated file where in the spec it is.

        `there` are the files as they ran, by name. A message that names no such line is of
        all that the layer computes. What to write is said of the spec, unless somebody has
        edited the class.
        """
        lines, found, made = [], False, self._is_made(there)
        for line in message.splitlines():
            named = _NAMED.match(line)
            said = self._said(line, there) if made and not named else line
            lines += [said] if said else []
            if named:
                file, number, function = named.groups()
                place = self.place(there, file, int(number), function)
                if place:
                    lines.append(f"It came from {self._shown(place)}")
                    found = True
        if not found:
            lines += self._wholes(message)
        return "\n".join(lines)

    def place(
        self, there: Mapping[str, str], file: str, line: int, function: str
    ) -> Place | None:
        """The place of the code that a line in a function of a file came from."""
        code = self._held.get(function)
        here = _function(there.get(file, ""), function)
        made = _function(self.made.get(file, ""), function)
        if not (code and here and made) or _dumped(here) != _dumped(made):
            return None
        found = _innermost(here.body, code.body, line)
        return code.place(found) if found else None

    def _said(self, line: str, there: Mapping[str, str]) -> str:
        """A line of a message in words of the spec, with the spec's lines for the class's."""

        def placed(found: re.Match[str]) -> str:
            modules = [name for name in self.made if not name.startswith("test_")]
            places = (
                self.place(there, file, int(found[1]), function)
                for file in modules
                for function in self._held
            )
            place = next(filter(None, places), None)
            return f"({self.spec.file}:{place.line})" if place else found[0]

        return _LINE.sub(placed, of_spec(line, self.spec))

    def _is_made(self, there: Mapping[str, str]) -> bool:
        """Whether the module that ran is what the spec renders to, but for its layout."""
        return all(
            ast.dump(ast.parse(there.get(name, ""))) == ast.dump(ast.parse(text))
            for name, text in self.made.items()
            if not name.startswith("test_")
        )

    def _wholes(self, message: str) -> Iterator[str]:
        """Where the layer's code stands, and what the message compares it with."""
        spec = self.spec
        wholes: dict[str, Code | None] = {"forward": spec.forward}
        wholes |= {"reference": spec.reference, "equivalent": spec.equivalent}
        for key, code in wholes.items():
            if code and code.lines and (key == "forward" or key in message):
                yield f"`{key}` is at {self._shown(code.lines[0])}"

    @property
    def _held(self) -> dict[str, Code | None]:
        """The spec's code that functions of the generated files hold, by their names."""
        spec = self.spec
        held: dict[str, Code | None] = {
            one.name: None if one.gradient else one.forward for one in spec.functions
        }
        held |= {"call": None if spec.gradient else spec.forward}
        held |= {"reference": spec.reference, "equivalent": spec.equivalent}
        return held

    def _shown(self, place: Place) -> str:
        text = self.spec.text.splitlines()[place.line - 1].strip()
        return f"{self.spec.file}:{place.line}: {text}"


def origin_of(source: Source, config: Config) -> Origin | None:
    """What a spec's files come from; None where it renders to none."""
    spec = read_spec(source.text, source.file, source.stem, config.style).spec
    made = lay_out(source, config).files
    return Origin(spec, made) if spec and made else None


def origin_beside(module: Path) -> Origin | None:
    """What a generated module came from, whose spec lies beside it or in its project.

    None for a module that says of itself that it is none, and where no spec is found.
    """
    try:
        if not module.read_text("utf-8").startswith(HEADER):
            return None
        project = load_project(module.parent)
        in_project = project.root / project.spec(module.stem)
        for path in (module.with_suffix(".yaml"), in_project):
            if path.is_file():
                shown = Path(os.path.relpath(path))
                return origin_of(read_source(path, shown), project.config)
    except (OSError, UnicodeDecodeError, UserError, SpecError):
        pass  # A failure is told without it.
    return None


def _function(text: str, name: str) -> ast.FunctionDef | None:
    """The only function of a name in a module or its classes, whatever it is indented."""
    found = [
        one
        for one in ast.walk(ast.parse(text))
        if isinstance(one, ast.FunctionDef) and one.name == name
    ]
    return found[0] if len(found) == 1 else None


def _dumped(function: ast.FunctionDef) -> list[str]:
    """What a function does; its docstring is the formatter's."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return [ast.dump(one) for one in body]


def _innermost(
    made: list[ast.stmt], wrote: list[ast.stmt], line: int
) -> ast.stmt | None:
    """The innermost statement that a user wrote around a line of those made of them."""
    for statement, of_it in _pairs(made, wrote):
        if of_it[0].lineno <= line <= (of_it[-1].end_lineno or 0):
            for name in ("body", "orelse"):
                inner = getattr(of_it[0], name, []), getattr(statement, name, [])
                if found := _innermost(*inner, line):
                    return found
            return statement
    return None


def _pairs(made: list[ast.stmt], wrote: list[ast.stmt]) -> Iterator[_Pair]:
    """What a user wrote, from the end, each with the statements made of it.

    One that assigns to states may be followed by updates of them.
    """
    rest = [*made]
    for statement in reversed(wrote):
        of_it = [rest.pop()] if rest else []
        while rest and _is_update(of_it[0]):
            of_it.insert(0, rest.pop())
        if of_it:
            yield statement, of_it


def _is_update(statement: ast.stmt) -> bool:
    """Whether it is `self.name.assign(name)`, behind what gives the name its value."""
    match statement:
        case ast.Expr(
            ast.Call(
                ast.Attribute(ast.Attribute(ast.Name("self"), state), "assign"),
                [ast.Name(value)],
            )
        ):
            return state == value
    return False
