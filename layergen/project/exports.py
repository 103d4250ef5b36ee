"""The block of a package's `__init__.py` that exports what is generated.

All around the block is the user's and is kept to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

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
    formatted: Callable[[str], str],
) -> str | None:
    """The whole file with the block in it; None for no file where there is nothing to say.

    Args:
        text: The file as it is, or None.
        file: What an error calls it.
        package: The package's name.
        exports: Modules with the names that each is imported for.
        formatted: What lays out a new block; one that says the same is left as it is.

    Raises:
        UserError: If it cannot be seen where the block is, or is to be.
    """
    exports = sorted((module, names) for module, names in exports if names)
    if text is None:
        return formatted(_block("", package, exports, "")) if exports else None
    before, block, after = split(text, file)
    if not block and before.strip() and not before.endswith("\n"):
        before += "\n"
    gap = "\n" if not block and before.strip() else ""
    new = _block(before, package, exports, after)
    if not block or _statements(block) != _statements(new):
        block = formatted(new)
    return before + gap + block + after


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
    statements = _statements(block)
    if statements is None:
        return None
    pairs: set[tuple[str, str]] = set()
    public: list[str] | None = None
    for source, names in statements:
        above, _, module = source.rpartition(".")
        if source in ("[", "("):
            public = names
        elif above == package:
            pairs |= {(module, one) for one in names}
        else:
            return None
    alike = public is None or {*public} == {name for _, name in pairs}
    return pairs if alike else None


def _statements(block: str) -> list[tuple[str, list[str]]] | None:
    """What a block says, however it is laid out; None if anything else is in it.

    The modules that names are imported from, and the bracket of the list of public names.
    """
    import ast

    lines = block.splitlines()
    if len(lines) < 2 or (lines[0], lines[-1]) != (BEGIN, END):
        return None
    inner = "\n".join(lines[1:-1])
    if "#" in inner:
        return None
    try:
        body = ast.parse(inner).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = []
    for statement in body:
        match statement:
            case ast.ImportFrom(module=str(module), names=names, level=0):
                if any(one.asname for one in names):
                    return None
                found.append((module, [one.name for one in names]))
            case ast.Assign(targets=[ast.Name("__all__")], value=value) | ast.AugAssign(
                ast.Name("__all__"), ast.Add(), value
            ):
                if not isinstance(value, ast.List | ast.Tuple):
                    return None
                texts = (getattr(one, "value", None) for one in value.elts)
                listed = [one for one in texts if isinstance(one, str)]
                if len(listed) != len(value.elts):
                    return None
                bracket = "[" if isinstance(value, ast.List) else "("
                found.append((bracket, listed))
            case _:
                return None
    return found


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
    after: str,
) -> str:
    imports = (
        f"from {package}.{module} import {', '.join(names)}"
        for module, names in exports
    )
    lines = [BEGIN, *imports]
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
