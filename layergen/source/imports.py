"""Import statements in isort's order, in Black's style."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable

from msgspec import Struct

from layergen.source.code import Code


class Import(Struct, frozen=True):
    """`import module [as alias]`, or `from module import name [as alias]`."""

    module: str
    name: str | None = None
    alias: str | None = None

    @property
    def bound(self) -> str:
        """The name that the statement binds."""
        return self.alias or self.name or self.module.split(".")[0]


def parsed(code: Code | None) -> tuple[Import, ...]:
    """The imports of a spec's `imports`."""
    found: list[Import] = []
    for statement in code.body if code else []:
        if isinstance(statement, ast.Import):
            found += [
                Import(alias.name, None, alias.asname) for alias in statement.names
            ]
        elif isinstance(statement, ast.ImportFrom):
            module = statement.module or ""
            found += [
                Import(module, alias.name, alias.asname) for alias in statement.names
            ]
    return tuple(found)


def import_blocks(
    imports: Iterable[Import], own: Collection[str] = ()
) -> tuple[tuple[str, ...], ...]:
    """The statements by section: standard library, other packages, the modules `own`."""
    sections: tuple[list[Import], list[Import], list[Import]] = ([], [], [])
    for found in sorted(set(imports), key=_order):
        top = found.module.split(".")[0]
        index = 0 if top in sys.stdlib_module_names else 2 if found.module in own else 1
        sections[index].append(found)
    return tuple(tuple(_statements(section)) for section in sections if section)


def _order(found: Import) -> tuple[object, ...]:
    name = found.name or ""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return (
        found.name is not None,
        found.module.lower(),
        found.module,
        kind,
        name.lower(),
        name,
        found.alias or "",
    )


def _statements(section: list[Import]) -> list[str]:
    lines: list[str] = []
    plain: dict[str, list[str]] = {}
    for found in section:
        alias = (
            f" as {found.alias}" if found.alias and found.alias != found.name else ""
        )
        if found.name is None:
            lines.append(f"import {found.module}{alias}")
        elif alias:
            lines.append(f"from {found.module} import {found.name}{alias}")
        elif found.module in plain:
            plain[found.module].append(found.name)
        else:
            plain[found.module] = [found.name]
            lines.append(f"from {found.module}")
    return [
        (
            f"{line} import {', '.join(plain[line.split()[1]])}"
            if " import " not in line and line.startswith("from")
            else line
        )
        for line in lines
    ]
