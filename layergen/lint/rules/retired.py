"""What Keras 1 and 2 had and Keras 3 has not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.names import BACKEND, MODULES
from layergen.keras_tables.retired import GONE_METHODS, RENAMED_METHODS
from layergen.lint.facts import LayerClass, Method, Module
from layergen.lint.registry import Finding, module_rule, rule
from layergen.lint.walk import attribute_of

_SHAPE_METHODS = ("as_list", "dims", "rank", "ndims", "with_rank", "value", "shape")


@rule("LG760")
def gone(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """The name is not there any more: reaching for it raises, and what bears it is not
    called."""
    for method in layer.own.values():
        if method.name in RENAMED_METHODS:
            message = f"Keras 3 does not call `{method.name}`"
            yield Finding(method.node, message, f"`{RENAMED_METHODS[method.name]}`")
        for site in method.sites:
            node = site.node
            if isinstance(node, ast.Call):
                name = attribute_of(node.func, method.this)
                if name in GONE_METHODS and not layer.method(name):
                    if layer.is_closed:
                        message = f"a layer has no `{name}` in Keras 3"
                        yield Finding(node, message, GONE_METHODS[name])
                if name := _of_sublayer(node, layer, method):
                    message = f"a layer has no `{name}` in Keras 3"
                    yield Finding(node, message, GONE_METHODS[name])
                if function := _of_backend(node, module):
                    message = f"`keras.backend.{function}` is not in Keras 3"
                    yield Finding(node, message, "use `keras.ops`")


def _of_sublayer(node: ast.Call, layer: LayerClass, method: Method) -> str:
    """A method that an inner layer has lost."""
    match node.func:
        case ast.Attribute(value=owner, attr=name) if name in GONE_METHODS:
            kept = attribute_of(owner, method.this) in layer.sublayer_attributes
            return name if kept else ""
    return ""


@module_rule("LG762")
def absent(module: Module) -> Iterator[Finding]:
    """Keras 3 has no such name: the module cannot be imported, or raises where it is
    reached."""
    tried = {
        inner
        for node in module.source.nodes
        if isinstance(node, ast.Try | ast.If | ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    bound = {
        node.arg if isinstance(node, ast.arg) else node.id
        for node in module.source.nodes
        if isinstance(node, ast.arg)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    }
    for node in module.source.nodes:
        if node not in tried:
            for at, path in _paths(node, module, bound):
                if gone := _absent(path):
                    message = f"`{gone}` is not in Keras 3"
                    yield Finding(at, message, _instead(path))


def _paths(
    node: ast.AST, module: Module, bound: set[str]
) -> Iterator[tuple[ast.AST, str]]:
    """The full names of what is imported, and of what classes come from and calls reach
    in it, unless their names are `bound` to something else as well."""
    match node:
        case ast.Import(names=names):
            yield from ((node, one.name) for one in names)
        case ast.ImportFrom(module=str() as path, names=names, level=0):
            for one in names:
                yield node, path if one.name == "*" else f"{path}.{one.name}"
        case ast.ClassDef(bases=bases):
            yield from ((one, module.names.written(one)) for one in bases)
        case ast.Call(func=ast.Attribute() as func):
            inner = {n.id for n in ast.walk(func) if isinstance(n, ast.Name)}
            if not inner & bound:
                yield func, module.names.written(func)


def _absent(path: str) -> str:
    """The part of a full name that Keras has not, "" where it may have all of it."""
    head, *parts = path.split(".")
    for part in parts:
        if head not in MODULES:
            return ""
        if part not in MODULES[head] and not part.startswith("_"):
            return f"{head}.{part}"
        head = f"{head}.{part}"
    return ""


def _instead(path: str) -> str:
    """Where Keras has what a full name ends in."""
    name = path.rpartition(".")[2]
    found = [one for one in ("keras.layers", *MODULES) if name in MODULES[one]]
    return f"`{found[0]}.{name}`" if found else ""


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
