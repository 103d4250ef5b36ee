"""From a syntax tree to facts about the layers in it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from layergen.lint.analysis import analyse, world_of
from layergen.lint.facts import (
    Assignment,
    Gradient,
    LayerClass,
    Method,
    Module,
    Parameter,
    Sublayer,
    Weight,
)
from layergen.lint.names import Names, read_names
from layergen.lint.source import Source
from layergen.lint.walk import Site, attribute_of, sites

_NO_LAYERS = {"keras.layers.InputSpec", "keras.layers.InputLayer", "keras.layers.Input"}
_GRADIENTS = ("keras.ops.custom_gradient", "tensorflow.custom_gradient")
MAX_LINEAGE = 50
"""Classes of a module that one comes from; what is further up is not looked at."""
_VARIABLES = ("keras.Variable", "tensorflow.Variable")


def read_module(source: Source) -> Module:
    """The facts of a module."""
    names = read_names(source)
    layers: dict[str, LayerClass] = {}
    found: list[LayerClass] = []
    classes = [node for node in source.nodes if isinstance(node, ast.ClassDef)]
    # Only layers of the same module that stand before a use are its makers.
    for node in sorted(classes, key=lambda one: one.lineno):
        if layer := _layer(node, names, layers):
            layers[node.name] = layer
            found.append(layer)
        else:
            layers.pop(node.name, None)
    world = world_of(source, names)
    return Module(
        source=source,
        names=names,
        layers=tuple(found),
        functions=tuple(
            _method(one, static=True)
            for one in source.tree.body
            if isinstance(one, ast.FunctionDef)
        ),
        gradients=tuple(_gradients(source, names, found)),
        analyses=tuple(analyse(layer, world, names) for layer in found),
    )


def _layer(
    node: ast.ClassDef, names: Names, layers: dict[str, LayerClass]
) -> LayerClass | None:
    parents, roots, closed = [], [], True
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in layers:
            parent = layers[base.id]
            if len(parent.lineage) < MAX_LINEAGE:
                parents.append(parent)
            else:
                roots.append(parent.root)
                closed = False
        elif is_layer(resolved := names.resolve(base)):
            roots.append(resolved.rpartition(".")[2])
        else:
            closed = False
    if not parents and not roots:
        return None
    roots += [parent.root for parent in parents]
    own = {method.name: method for method in _methods(node)}
    reading = _Reading(names, {*layers, node.name})
    for method in own.values():
        reading.read(method)
    return LayerClass(
        node=node,
        root=roots[0] if len({*roots}) == 1 else "",
        is_closed=closed and all(parent.is_closed for parent in parents),
        parents=tuple(parents),
        own=own,
        assignments=tuple(reading.assignments),
        weights=tuple(reading.weights),
        sublayers=tuple(reading.sublayers),
        class_names=frozenset(_class_names(node)),
    )


def is_layer(name: str) -> bool:
    """Whether a dotted name in Keras' spelling is a class of layers."""
    head, _, last = name.rpartition(".")
    return head == "keras.layers" and last[:1].isupper() and name not in _NO_LAYERS


def _class_names(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        match statement:
            case ast.Assign(targets=targets):
                yield from (one.id for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.FunctionDef(name=name):
                yield name


def _methods(node: ast.ClassDef) -> Iterator[Method]:
    for one in node.body:
        if isinstance(one, ast.FunctionDef):
            yield _method(one)


def _method(node: ast.FunctionDef, static: bool = False) -> Method:
    given = [*node.args.posonlyargs, *node.args.args]
    static = static or any(
        isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list
    )
    this = given[0].arg if given and not static else ""
    padding: list[ast.expr | None] = [None] * (len(given) - len(node.args.defaults))
    defaults = [*padding, *node.args.defaults]
    pairs = [
        (one, default, False) for one, default in zip(given, defaults, strict=True)
    ]
    pairs = pairs[0 if static else 1 :]
    named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    pairs += [(one, default, True) for one, default in named]
    body = sites(node.body)
    return Method(
        name=node.name,
        node=node,
        this=this,
        parameters=tuple(
            Parameter(one.arg, one, default, only) for one, default, only in pairs
        ),
        varargs=node.args.vararg.arg if node.args.vararg else "",
        kwargs=node.args.kwarg.arg if node.args.kwarg else "",
        sites=body,
        uses=frozenset(filter(None, (_used(one.node, this) for one in body))),
    )


def _used(node: ast.AST, this: str) -> str:
    """The attribute of the object, or of `super()`, that a node is."""
    match node:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=attribute):
            return attribute
    return attribute_of(node, this)


class _Reading:
    """What the methods of a class assign and make."""

    def __init__(self, names: Names, classes: set[str]) -> None:
        self.names, self.classes = names, classes
        self.assignments: list[Assignment] = []
        self.weights: list[Weight] = []
        self.sublayers: list[Sublayer] = []

    def read(self, method: Method) -> None:
        kept: dict[int, str] = {}
        for site in method.sites:
            self.keep(site, method, kept)
        for site in method.sites:
            if isinstance(site.node, ast.Call):
                self.call(site.node, site, method, kept.get(id(site.node), ""))

    def keep(self, site: Site, method: Method, kept: dict[int, str]) -> None:
        """Note an assignment to an attribute, and the calls that it keeps there."""
        for target, value, augmented in _stores(site.node):
            attribute = attribute_of(target, method.this)
            if attribute:
                made = Assignment(attribute, value, augmented, method.name, site)
                self.assignments.append(made)
            elif isinstance(target, ast.Subscript):
                attribute = attribute_of(target.value, method.this)
            if attribute and value is not None:
                kept |= {id(one): attribute for one in _calls(value)}
        match site.node:
            case ast.Call(func=ast.Attribute(attr="append", value=owner), args=[value]):
                if attribute := attribute_of(owner, method.this):
                    kept |= {id(one): attribute for one in _calls(value)}

    def call(self, node: ast.Call, site: Site, method: Method, attribute: str) -> None:
        if _used(node.func, method.this) == "add_weight":
            made = Weight(node, "add_weight", attribute, method.name, site)
            self.weights.append(made)
            return
        maker = self.names.resolve(node.func)
        if maker in _VARIABLES:
            self.weights.append(Weight(node, maker, attribute, method.name, site))
        elif isinstance(node.func, ast.Name) and node.func.id in self.classes:
            maker = node.func.id
            self.sublayers.append(Sublayer(node, maker, attribute, method.name, site))
        elif is_layer(maker):
            self.sublayers.append(Sublayer(node, maker, attribute, method.name, site))


def _stores(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None, bool]]:
    """Targets with their values, and whether the value is added to what is there."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _paired(target, value)
        case ast.AnnAssign(target=target, value=value) if value:
            yield target, value, False
        case ast.AugAssign(target=target, value=value):
            yield target, value, True
        case ast.For(target=target):
            yield target, None, False


def _paired(
    target: ast.expr, value: ast.expr | None
) -> Iterator[tuple[ast.expr, ast.expr | None, bool]]:
    if not isinstance(target, (ast.Tuple, ast.List)):
        yield target, value, False
        return
    paired = isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
    values: Iterable[ast.expr | None] = [None] * len(target.elts)
    if paired and isinstance(value, ast.Tuple):
        values = value.elts
    for one, part in zip(target.elts, values, strict=True):
        yield from _paired(one, part)


def _calls(value: ast.expr) -> Iterator[ast.Call]:
    """The calls whose results a value is, or holds: in containers, and in calls of
    layers that hold layers."""
    match value:
        case ast.Call():
            yield value
            for one in [*value.args, *(keyword.value for keyword in value.keywords)]:
                yield from _calls(one)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            for one in items:
                yield from _calls(one)
        case ast.Dict(values=items):
            for one in items:
                yield from _calls(one)
        case ast.ListComp(elt=one) | ast.DictComp(value=one):
            yield from _calls(one)
        case ast.IfExp(body=one, orelse=two):
            yield from _calls(one)
            yield from _calls(two)
        case ast.BoolOp(values=items):
            for one in items:
                yield from _calls(one)


def _gradients(
    source: Source, names: Names, layers: list[LayerClass]
) -> Iterator[Gradient]:
    owners = {
        id(site.node): (layer, method)
        for layer in layers
        for method in layer.own.values()
        for site in method.sites
        if isinstance(site.node, ast.FunctionDef)
    }
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if (maker := names.resolve(decorator)) in _GRADIENTS:
                    yield Gradient(node, maker, _grad(node), owners.get(id(node)))


def _grad(node: ast.FunctionDef) -> ast.FunctionDef | None:
    """The inner function that a function returns beside its result."""
    inner = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
    for statement in node.body:
        match statement:
            case ast.Return(value=ast.Tuple(elts=[_, ast.Name(id=name)])):
                return inner.get(name)
    return None
