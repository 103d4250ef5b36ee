"""What is kept where it goes stale or is lost, and weights that `call` overwrites."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.forward.values import Tensor, there, through
from layergen.keras_tables.names import TRACKED
from layergen.lint.facts import LayerClass, Method, Module, Weight
from layergen.lint.registry import Finding, module_rule, rule, shown
from layergen.lint.walk import attribute_of


@rule("LG709")
def books(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras keeps in these attributes what it tracks of a layer: another list in their
    place is neither trained nor saved."""
    for made in layer.assignments:
        if made.attribute in TRACKED and not made.augmented:
            yield Finding(
                made.site.node,
                f"`{made.attribute}` of a layer is where Keras keeps what it tracks",
                "give the attribute another name",
            )


@module_rule("LG718")
def stale(module: Module) -> Iterator[Finding]:
    """What `build` computes of a weight keeps the value that the weight began with: it is
    neither trained nor loaded, and in a graph belongs to another graph."""
    for layer, analysis in zip(module.layers, module.analyses, strict=True):
        weights = {f"self.{name}" for name in layer.weight_attributes}
        for made in layer.assignments:
            if made.method not in _once(layer) or made.value is None:
                continue
            value = there(analysis.before.get(made.value, Tensor(None, "")))
            of = through(value) & weights
            if isinstance(value, Tensor) and of and not _is_alias(made.value, layer):
                yield Finding(
                    made.site.node,
                    f"`{made.attribute}` is computed once of the weight "
                    f"`{sorted(of)[0]}`, and kept",
                    "compute it in `call`",
                )


def _once(layer: LayerClass) -> frozenset[str]:
    """The methods that run before calls, and at no other time."""
    methods = {name for one in layer.lineage for name in one.own}
    return layer.before_calls - layer.reachable(*(methods - layer.before_calls))


def _is_alias(node: ast.expr, layer: LayerClass) -> bool:
    """Whether an expression is a weight itself under another name."""
    match node:
        case ast.Attribute():
            return True
        case ast.Name(id=name):
            values = [
                site.node.value
                for method in layer.own.values()
                for site in method.sites
                if isinstance(site.node, ast.Assign)
                and any(
                    isinstance(t, ast.Name) and t.id == name for t in site.node.targets
                )
            ]
            return any(isinstance(one, ast.Attribute | ast.Name) for one in values)
        case ast.IfExp(body=one, orelse=other):
            return _is_alias(one, layer) or _is_alias(other, layer)
    return False


@rule("LG719")
def overwritten(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A trained weight belongs to the optimizer: what `call` assigns to it undoes its
    steps, changes the weight in `predict` too, and lets no gradient through."""
    trained = {one.attribute for one in layer.all_weights() if is_trained(one)}
    for name in sorted(_at_every_call(layer) & layer.own.keys()):
        method = layer.own[name]
        for node in _always(method):
            match node:
                case ast.Call(
                    func=ast.Attribute(
                        value=owner, attr="assign" | "assign_add" | "assign_sub"
                    )
                ) if _is_weight(owner, trained, layer, method):
                    yield Finding(
                        node,
                        f"`{name}` assigns to the weight `{shown(owner)}`, "
                        "which is trained",
                        "compute with the value itself: a local variable",
                    )


def _at_every_call(layer: LayerClass) -> set[str]:
    """The methods that every call surely comes to."""
    found, waiting = set[str](), {"call"}
    while waiting:
        name = waiting.pop()
        method = layer.method(name)
        if method is not None and name in layer.only_in_call:
            found.add(name)
            calls = (one for one in _always(method) if isinstance(one, ast.Call))
            waiting |= {attribute_of(one.func, method.this) for one in calls} - found
    return found


def _always(method: Method) -> Iterator[ast.AST]:
    """The nodes to which every run of a method comes that ends."""
    inner = {
        node
        for site in method.sites
        if isinstance(site.node, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(site.node)
    }
    for site in method.sites:
        if not site.arms and site.node not in inner:
            yield site.node


def is_trained(weight: Weight) -> bool:
    """Whether a weight surely is trained."""
    given = weight.argument("trainable")
    plain = given is None or (isinstance(given, ast.Constant) and given.value is True)
    return weight.maker == "add_weight" and plain and not weight.is_open


def _is_weight(
    owner: ast.expr, trained: set[str], layer: LayerClass, method: Method
) -> bool:
    """Whether an expression is a trained weight, of the layer or of one in it."""
    if attribute := attribute_of(owner, method.this):
        return attribute in trained
    match owner:
        case ast.Attribute(value=inner, attr="kernel" | "bias" | "embeddings"):
            return attribute_of(inner, method.this) in layer.sublayer_attributes
    return False
