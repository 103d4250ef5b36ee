"""Registration and constructors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.names import LAYER_ATTRIBUTES, READ_ONLY
from layergen.keras_tables.retired import GONE_METHODS
from layergen.language.collector import listing
from layergen.lint.config import config_of, super_calls
from layergen.lint.facts import LayerClass, Method, Module
from layergen.lint.registry import Finding, module_rule, rule
from layergen.lint.walk import attribute_of

_BASE = ("name", "dtype", "trainable")
_REGISTRY = {"register_keras_serializable", "get_custom_objects", "custom_object_scope"}


@rule("LG701")
def unregistered(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras finds a class by its registered name when it loads a model; without one,
    loading asks for `custom_objects`."""
    top_level = any(node is layer.node for node in module.source.tree.body)
    if not top_level or layer.node.decorator_list or not layer.method("call"):
        return
    if layer.is_abstract or _registered_later(layer, module):
        return
    if _is_inner(layer, module):
        return
    yield Finding(
        layer.node,
        f"`{layer.name}` is not registered, so a saved model does not find it",
        "decorate it with `@keras.saving.register_keras_serializable(package=...)`",
    )


def _is_inner(layer: LayerClass, module: Module) -> bool:
    """Whether another layer of the module makes it: that one's constructor makes it anew,
    and no config needs to name it."""
    made = [
        (outer, one.attribute)
        for outer in module.layers
        for one in outer.sublayers
        if one.maker == layer.name and outer is not layer
    ]
    return bool(made) and not any(_saves(outer, kept) for outer, kept in made)


def _saves(layer: LayerClass, attribute: str) -> bool:
    """Whether a config speaks of an attribute."""
    config = layer.method("get_config")
    return config is not None and attribute in config.uses


def _registered_later(layer: LayerClass, module: Module) -> bool:
    """Whether a statement of the module may register the class."""
    for statement in module.source.tree.body:
        if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
            continue
        nodes = list(ast.walk(statement))
        named = any(isinstance(n, ast.Name) and n.id == layer.name for n in nodes)
        texts = {n.attr for n in nodes if isinstance(n, ast.Attribute)}
        texts |= {n.id for n in nodes if isinstance(n, ast.Name)}
        in_loop = isinstance(statement, ast.For)
        if named and (texts & _REGISTRY or in_loop):
            return True
        for node in nodes:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                given = (n.id for n in node.value.args if isinstance(n, ast.Name))
                if layer.name in given:
                    return True
    return False


@rule("LG702")
def no_kwargs(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """`Layer.get_config` holds `name`, `trainable` and `dtype`, and `from_config` gives
    them to the constructor."""
    init = layer.own.get("__init__")
    if init is None or layer.is_abstract or layer.method("from_config"):
        return
    missing = [name for name in _BASE if not init.parameter(name)]
    if not missing or _writes_base(layer, init):
        return
    if not init.kwargs:
        yield Finding(
            init.node,
            f"`{layer.name}` takes no `**kwargs`, and so not {listing(missing)}",
            "end the arguments in `**kwargs`, and call `super().__init__(**kwargs)`",
        )
    elif super_calls(init) and init.kwargs not in init.names():
        yield Finding(
            init.node.args.kwarg or init.node,
            f"`{layer.name}` takes `**{init.kwargs}` and drops them",
            f"call `super().__init__(**{init.kwargs})`",
        )


def _writes_base(layer: LayerClass, init: Method) -> bool:
    """Whether a `get_config` itself writes the `name` and `dtype` that `__init__` takes."""
    methods = [
        one.own["get_config"] for one in layer.lineage if "get_config" in one.own
    ]
    written = any(not config_of(method).asks_super for method in methods)
    return written and all(init.parameter(name) for name in ("name", "dtype"))


@rule("LG703")
def no_super_init(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A layer that has not run `Layer.__init__` raises when it is called."""
    init = layer.own.get("__init__")
    if init is None or not layer.is_closed:
        return
    yield from _past_the_parent(layer, init, module)
    if super_calls(init):
        return
    if all(isinstance(one, ast.Raise) for one in init.node.body[-1:]):
        return
    if any("__init__" in ast.unparse(call.func) for call in init.calls()):
        return
    yield Finding(
        init.node,
        f"`{layer.name}.__init__` does not call `super().__init__`",
        "begin it with `super().__init__(**kwargs)`",
    )


def _past_the_parent(
    layer: LayerClass, init: Method, module: Module
) -> Iterator[Finding]:
    """`super(Layer, self)` in a class that comes from `Layer` itself: it asks what `Layer`
    comes from."""
    for call in super_calls(init):
        match call.func:
            case ast.Attribute(value=ast.Call(args=[first, _])):
                named = {ast.unparse(one) for one in layer.node.bases}
                if module.names.resolve(first) and ast.unparse(first) in named:
                    yield Finding(
                        call,
                        f"`{ast.unparse(call.func.value)}` leaves out the constructor "
                        f"of `{ast.unparse(first)}`",
                        "`super().__init__(**kwargs)`",
                    )


@module_rule("LG785")
def never_set(module: Module) -> Iterator[Finding]:
    """An attribute that neither the class sets nor `Layer` has raises where it is read."""
    spoken = _spoken_of(module)
    parents = {id(parent) for one in module.layers for parent in one.parents}
    for layer in module.layers if spoken is not None else ():
        # A class that comes from this one may set more, and so may a metaclass.
        open_ended = id(layer) in parents or any(n.node.keywords for n in layer.lineage)
        if open_ended or not layer.is_plain or layer.is_abstract:
            continue
        read = {
            name: site.node
            for method in layer.own.values()
            for site in reversed(method.sites)
            if (name := attribute_of(site.node, method.this))
        }
        for name, node in read.items():
            known = name in LAYER_ATTRIBUTES | (spoken or set()) | GONE_METHODS.keys()
            if not known and not name.startswith("_") and not layer.sets(name):
                yield Finding(
                    node,
                    f"nothing sets `{name}` of `{layer.name}`",
                    "set it in the constructor or in `build`, or read what holds it",
                )


def _spoken_of(module: Module) -> set[str] | None:
    """The names that a module gives to attributes, functions and classes, and all that
    stand in strings, by which they may be set; None where they may be any."""
    found: set[str] = set()
    for node in module.source.nodes:
        match node:
            case ast.Name(id="setattr" | "vars") | ast.Attribute(attr="__dict__"):
                return None
            case ast.Attribute(attr=name) if not isinstance(node.ctx, ast.Load):
                found.add(name)
            case ast.FunctionDef(name="__getattr__" | "__getattribute__"):
                return None
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.Constant(value=str(name))
            ):
                found.add(name)
    # On PyTorch a layer is a module too, and has what that has.
    imported = {path.partition(".")[0] for path in module.names.known.values()}
    return None if "torch" in imported else found


@rule("LG708")
def read_only(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras computes these attributes of a layer; assigning to one raises."""
    for made in layer.assignments:
        if made.attribute in READ_ONLY and not layer.sets_in_class(made.attribute):
            yield Finding(
                made.site.node,
                f"`{made.attribute}` of a layer is Keras' own and cannot be set",
                "give the attribute another name",
            )
