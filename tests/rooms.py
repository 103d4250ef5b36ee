"""The rooms of the package, read off its files: who imports whom, and how large each is.

`python tests/rooms.py` prints modules, lines and imports of every room.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "layergen"

# From the bottom: each room knows those before it. What is no folder is a module.
ROOMS = (
    "limits",
    *(
        "invisible",
        "problems",
        "nearest",
        "errors",
        "interrupts",
        "reading",
        "resources",
        "explanation",
    ),
    *("source", "keras_tables", "language", "forward", "gradient", "example"),
    *("loading", "layer", "functional", "proof", "layout", "rendering"),
    *("gallery", "project", "lint", "testing", "codes", "api"),
    *("commands", "cli", "__main__", "pytest_plugin"),
)


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """Every module of a package, by its dotted name below the package."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if parts:
            found[".".join(parts)] = path
    return found


def imports(package: Path = PACKAGE) -> dict[str, set[str]]:
    """Each module with the modules that it imports, wherever the statement stands."""
    known = modules(package)
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        folder = path.relative_to(package.parent).parent.parts
        tree = ast.parse(path.read_text("utf-8"))
        found[name] = {
            whole if whole in known else module
            for node in ast.walk(tree)
            for module, whole in _named(node, folder)
        } & known.keys() - {name}
    return found


def _named(node: ast.AST, folder: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What an import in a file of a folder names: a module, and what of it, in full.

    Both are below the package.
    """
    if isinstance(node, ast.Import):
        pairs = [(alias.name, alias.name) for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        around = folder[: len(folder) - node.level + 1] if node.level else ()
        module = ".".join([*around, *([node.module] if node.module else [])])
        pairs = [(module, f"{module}.{alias.name}") for alias in node.names]
    else:
        return
    top = f"{folder[0]}."
    yield from ((a.removeprefix(top), b.removeprefix(top)) for a, b in pairs)


def room(module: str) -> str:
    """The room of a module: its folder, or itself."""
    return module.split(".")[0]


def between(package: Path = PACKAGE) -> Counter[tuple[str, str]]:
    """How many imports lead from one room to another."""
    return Counter(
        (room(name), room(target))
        for name, targets in imports(package).items()
        for target in targets
        if room(name) != room(target)
    )


def upward(package: Path = PACKAGE) -> list[str]:
    """The imports of what stands above the importing module."""
    rank = {name: index for index, name in enumerate(ROOMS)}
    return [
        f"{name} imports {target}"
        for name, targets in imports(package).items()
        for target in sorted(targets)
        if rank[room(name)] < rank[room(target)]
    ]


def main() -> None:
    arrows = between()
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for name, path in modules().items():
        sizes[room(name)] += len(path.read_text("utf-8").splitlines())
        counts[room(name)] += 1
    print(f"{'room':14} {'modules':>7} {'lines':>6}  knows")
    for one in ROOMS:
        if one in counts:
            knows = [target for target in ROOMS if (one, target) in arrows]
            print(f"{one:14} {counts[one]:7} {sizes[one]:6}  {' '.join(knows)}")
    print(f"{'all':14} {counts.total():7} {sizes.total():6}")


if __name__ == "__main__":
    main()
