"""What Keras 2 had and Keras 3 has not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.names import BACKEND
from layergen.lint.facts import LayerClass, Method, Module
from layergen.lint.keras_layers import GONE_METHODS
from layergen.lint.registry import Finding, rule
from layergen.lint.walk import attribute_of

_SHAPE_METHODS = ("as_list", "dims", "rank", "ndims", "with_rank", "value")


@rule("LG760")
def gone(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """The name is not there any more: reaching for it raises."""
    for method in layer.own.values():
        for site in method.sites:
            node = site.node
            if isinstance(node, ast.Call):
                name = attribute_of(node.func, method.this)
                if name in GONE_METHODS and not layer.method(name):
                    if layer.is_closed:
                        message = f"a layer has no `{name}` in Keras 3"
                        yield Finding(node, message, GONE_METHODS[name])
                if function := _of_backend(node, module):
                    message = f"`keras.backend.{function}` is not in Keras 3"
                    yield Finding(node, message, "use `keras.ops`")


def _of_backend(node: ast.Call, module: Module) -> str:
    """A function that the backend module of Keras, not TensorFlow's, has lost."""
    head, _, last = module.names.written(node.func).rpartition(".")
    return last if head == "keras.backend" and last not in BACKEND else ""


def _looked_at(method: Method) -> set[str]:
    """The names that a method asks what they are before it uses them."""
    found = set()
    for site in method.sites:
        match site.node:
            case ast.Call(func=ast.Name(id="isinstance" | "hasattr"), args=[one, _]):
                if isinstance(one, ast.Name):
                    found.add(one.id)
    return found


@rule("LG761")
def shape_object(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras 3 gives `build` and `compute_output_shape` tuples of integers and None."""
    for name in ("build", "compute_output_shape"):
        method = layer.own.get(name)
        if method is None:
            continue
        given = {one.name for one in method.parameters}
        assigned = {
            site.node.id
            for site in method.sites
            if isinstance(site.node, ast.Name) and isinstance(site.node.ctx, ast.Store)
        }
        given -= _looked_at(method)
        for site in method.sites:
            match site.node:
                case ast.Attribute(value=ast.Name(id=shape), attr=attr):
                    if shape in given - assigned and attr in _SHAPE_METHODS:
                        yield Finding(
                            site.node,
                            f"`{shape}` is a tuple, which has no `{attr}`",
                            f"`list({shape})`, `len({shape})`, `{shape}[-1]`",
                        )
                case ast.Attribute(
                    value=ast.Subscript(value=ast.Name(id=shape)), attr="value"
                ):
                    if shape in given - assigned:
                        yield Finding(
                            site.node,
                            f"a size of `{shape}` is an integer, which has no `value`",
                            f"`{ast.unparse(site.node.value)}`",
                        )
                case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=shape))]):
                    if shape in given - assigned:
                        yield Finding(
                            site.node,
                            f"`{shape}` is a tuple, and cannot be assigned to",
                            f"`(*{shape}[:-1], size)`, or begin with `list({shape})`",
                        )
