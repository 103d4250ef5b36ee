"""What the names of a module stand for, as dotted names of Keras and TensorFlow."""

from __future__ import annotations

import ast

from msgspec import Struct, field

from layergen.lint.keras_layers import COMPUTING
from layergen.lint.source import Source

_KERAS = ("tensorflow.keras", "tensorflow.python.keras", "keras.api", "keras.src")
CLASSES = COMPUTING | {"Layer", "Wrapper"}
_OPS = ("keras.ops.numpy", "keras.ops.nn", "keras.ops.linalg", "keras.ops.core")


class Names(Struct, frozen=True):
    """The imported names of a module, and those assigned from imported ones.

    `has_all_layers` where it has `from keras.layers import *`.
    """

    known: dict[str, str] = field(default_factory=dict)
    has_all_layers: bool = False

    def written(self, node: ast.expr) -> str:
        """The dotted name that an expression stands for as imported, or ""."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        if node.id not in self.known:
            starred = self.has_all_layers and not parts and node.id in CLASSES
            return f"keras.layers.{node.id}" if starred else ""
        return ".".join([self.known[node.id], *reversed(parts)])

    def resolve(self, node: ast.expr) -> str:
        """The dotted name in Keras' public spelling, or ""."""
        return canonical(self.written(node))


def canonical(name: str) -> str:
    """`tensorflow.keras.layers.Dense`, `keras.src.layers.core.dense.Dense` and the
    like as `keras.layers.Dense`."""
    for prefix in _KERAS:
        if name == prefix or name.startswith(prefix + "."):
            name = "keras" + name[len(prefix) :]
    head, _, last = name.rpartition(".")
    made = last[:1].isupper()
    if made and (head == "keras.layers" or head.startswith("keras.layers.")):
        return f"keras.layers.{last}"
    if name == "keras.Layer" or (made and head.startswith("keras.engine.")):
        return f"keras.layers.{last}"
    if made and head.startswith(("keras.models", "keras.engine")):
        return f"keras.{last}"
    if head.startswith("keras.initializers."):
        return f"keras.initializers.{last}"
    if head in _OPS:
        return f"keras.ops.{last}"
    return {"keras.backend.Variable": "keras.Variable"}.get(name, name)


def read_names(source: Source) -> Names:
    """The names that a module imports anywhere, and its own short forms of them."""
    known: dict[str, str] = {}
    has_all_layers = False
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for one in node.names:
                root = one.name.partition(".")[0]
                known[one.asname or root] = one.name if one.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                known[one.asname or one.name] = f"{node.module}.{one.name}"
                starred = one.name == "*" and canonical(node.module) == "keras.layers"
                has_all_layers = has_all_layers or starred
    names = Names(known, has_all_layers)
    for statement in source.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if written := names.written(value):
                    known[name] = written
    return names
