"""The block of a package's `__init__.py` that exports what is generated.

All around the block is the user's and is kept to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from layergen.errors import UserError
from layergen.project.conflict import refuse_conflict

BEGIN = "# layergen: begin exports (generated; write above or below)"
END = "# layergen: end exports"
_ALL = re.compile(r"^__all__\s*(?::[^=\n]*)?(\+?=)\s*(.?)", re.MULTILINE)


def with_exports(
    text: str | None,
    file: str,
    package: str,
    exports: Iterable[tuple[str, tuple[str, ...]]],
    line_length: int,
) -> str | None:
    """The whole file with the block in it; None for no file where there is nothing to say.

    Args:
        text: The file as it is, or None.
        file: What an error calls it.
        package: The package's name.
        exports: Modules with the names that each is imported for.
        line_length: Longer import statements are broken.

    Raises:
        UserError: If it cannot be seen where the block is, or is to be.
    """
    exports = sorted((module, names) for module, names in exports if names)
    if text is None:
        return _block("", package, exports, line_length, "") if exports else None
    before, block, after = split(text, file)
    if not block and before.strip() and not before.endswith("\n"):
        before += "\n"
    gap = "\n" if not block and before.strip() else ""
    return before + gap + _block(before, package, exports, line_length, after) + after


def split(text: str, file: str) -> tuple[str, str, str]:
    """What stands before the block, the block, and what stands after it.

    A file without a statement of its own has its block at the end.
    """
    lines = text.splitlines(keepends=True)
    refuse_conflict(text, file)
    begins = [i for i, line in enumerate(lines) if line.rstrip() == BEGIN]
    ends = [i for i, line in enumerate(lines) if line.rstrip() == END]
    if not begins and not ends and _is_blank(text):
        return text, "", ""
    if len(begins) != 1 or len(ends) != 1 or ends < begins:
        raise UserError(
            f"{file} must hold these two lines, once each and in this order, where the "
            f"generated layers are to be exported:\n  {BEGIN}\n  {END}"
        )
    begin, end = begins[0], ends[0] + 1
    return "".join(lines[:begin]), "".join(lines[begin:end]), "".join(lines[end:])


def exported(block: str, package: str) -> set[tuple[str, str]] | None:
    """The modules and names that a block exports; None if anything else is in it."""
    name, package = r"\w+", re.escape(package)
    names = rf"(?:{name}(?:, {name})*|\(\n(?:    {name},\n)+\))"
    form = (
        rf"{re.escape(BEGIN)}\n((?:from {package}\.{name} import {names}\n)*)"
        rf'(?:\n__all__ \+?= [\[(]\n((?:    "{name}",\n)*)[\])]\n)?{re.escape(END)}\n?'
    )
    found = re.fullmatch(form, block)
    if found is None:
        return None
    pairs = {
        (module, one)
        for module, listed in re.findall(
            rf"from {package}\.({name}) import ({names})", found[1]
        )
        for one in re.findall(name, listed)
    }
    public = {one for one in re.findall(name, found[2] or "")}
    alike = found[2] is None or public == {one for _, one in pairs}
    return pairs if alike else None


def _is_blank(text: str) -> bool:
    """Whether there is nothing but comments and a docstring."""
    import ast

    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return False
    constants = (
        isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant) for n in body
    )
    return all(constants)


def _block(
    before: str,
    package: str,
    exports: list[tuple[str, tuple[str, ...]]],
    line_length: int,
    after: str,
) -> str:
    lines = [BEGIN]
    for module, names in exports:
        line = f"from {package}.{module} import {', '.join(names)}"
        if len(line) > line_length:
            listed = "".join(f"    {name},\n" for name in names)
            line = f"from {package}.{module} import (\n{listed})"
        lines.append(line)
    public = sorted(name for _, names in exports for name in names)
    if public:
        lines += _all(before, public, after)
    return "\n".join([*lines, END]) + "\n"


def _all(before: str, names: list[str], after: str) -> list[str]:
    """The statement that makes the names public, beside what the user makes public.

    A list begun above goes on; one that is begun anew below would replace any here.
    """
    if any(found[1] == "=" for found in _ALL.finditer(after)):
        return []
    begun = next(_ALL.finditer(before), None)
    opening, closing = ("(", ")") if begun and begun[2] == "(" else ("[", "]")
    sign = "+=" if begun else "="
    listed = [f'    "{name}",' for name in names]
    return ["", f"__all__ {sign} {opening}", *listed, closing]
