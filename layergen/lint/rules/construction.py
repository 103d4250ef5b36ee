"""Registration and constructors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.names import LAYER_ATTRIBUTES, READ_ONLY
from layergen.keras_tables.retired import GONE_METHODS
from layergen.language.collector import listing
from layergen.lint.config import config_of, super_calls
from layergen.lint.facts import LayerClass, Method, Module
from layergen.lint.registry import Finding, rule
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
    for outer in module.layers:
        made = [one for one in outer.sublayers if one.maker == layer.name]
        config = outer.method("get_config")
        said = config.uses if config is not None else frozenset()
        if outer is not layer and made:
            return all(one.attribute not in said for one in made)
    return False


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
    if init is None or super_calls(init) or not layer.is_closed:
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


@rule("LG785")
def never_set(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """An attribute that neither the class sets nor `Layer` has raises where it is read."""
    if not layer.is_plain or layer.is_abstract or _is_extended(layer, module):
        return
    if any(one.node.keywords for one in layer.lineage):
        return  # A metaclass may set more.
    nodes = module.source.nodes
    stored = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
    }
    # What is named in a string may be asked for or set by `hasattr` and its kin.
    stored |= {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    # So may what a class holds under a condition, or as another class.
    stored |= {
        node.name
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    texts = {node.id for node in nodes if isinstance(node, ast.Name)}
    texts |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    if texts & {"setattr", "__dict__", "vars"} or layer.method("__getattr__"):
        return
    # On PyTorch a layer is a module too, and has what that has.
    if any(path.partition(".")[0] == "torch" for path in module.names.known.values()):
        return
    seen: set[str] = set()
    for method in layer.own.values():
        for site in method.sites:
            name = attribute_of(site.node, method.this)
            known = (
                name in LAYER_ATTRIBUTES | stored | GONE_METHODS.keys()
                or name.startswith("_")
            )
            if name and not known and not layer.sets(name) and name not in seen:
                seen.add(name)
                yield Finding(
                    site.node,
                    f"nothing sets `{name}` of `{layer.name}`",
                    "set it in the constructor or in `build`, or read what holds it",
                )


def _is_extended(layer: LayerClass, module: Module) -> bool:
    """Whether another class of the module comes from this one, and may set more."""
    return any(layer in one.parents for one in module.layers)


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
