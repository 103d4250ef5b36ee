"""How weights are made."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.facts import LayerClass, Module, Weight
from layergen.lint.registry import Finding, rule


@rule("LG711")
def name_by_position(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """The first argument of `add_weight` is the shape in Keras 3; a name there raises."""
    for weight in layer.weights:
        if _named_first(weight):
            shown = module.source.written(weight.call.args[0])
            yield Finding(
                weight.call.args[0],
                f"the first argument of `add_weight` is the shape, not a name: {shown}",
                f"`name={shown}`",
            )


def _named_first(weight: Weight) -> bool:
    """Whether a weight is given its name in the place of the shape."""
    if weight.maker != "add_weight" or not weight.call.args:
        return False
    return _is_text(weight.call.args[0])


def _is_text(node: ast.expr) -> bool:
    match node:
        case ast.JoinedStr() | ast.Constant(value=str()):
            return True
        case ast.Call(func=ast.Attribute(value=owner, attr="format")):
            return _is_text(owner)
        case ast.BinOp(left=left, right=right):
            return _is_text(left) or _is_text(right)
    return False


@rule("LGW72")
def by_position(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """The order of `add_weight`'s arguments differs between versions of Keras, and no
    reader knows it."""
    for weight in layer.weights:
        given = weight.call.args
        if weight.maker == "add_weight" and given and not _named_first(weight):
            if not isinstance(given[0], ast.Starred):
                yield Finding(
                    given[0],
                    "`add_weight` is given arguments by position",
                    "`shape=...`, `initializer=...`",
                )


@rule("LG712")
def weight_in_call(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A layer that is built takes no new weights: `add_weight` raises in `call`."""
    for weight in layer.weights:
        if (
            weight.method in layer.only_in_call
            and weight.maker != "tensorflow.Variable"
        ):
            yield Finding(
                weight.call,
                f"a weight is made in `{weight.method}`, which runs at every call",
                "make it in `build`",
            )


@rule("LG714")
def raw_variable(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras does not know a `tf.Variable`: it is no weight of the layer, is not trained
    by its optimizers and not saved."""
    for weight in layer.weights:
        if weight.maker == "tensorflow.Variable":
            in_call = weight.method in layer.only_in_call
            yield Finding(
                weight.call,
                "a `tf.Variable` is no weight of the layer: not trained, not saved",
                (
                    "compute with tensors, as `ops.zeros` and `ops.where` make them"
                    if in_call and not weight.attribute
                    else "use `self.add_weight(...)`, with `trainable=False` for a state"
                ),
            )


@rule("LG716")
def repeated_name(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Two weights of one name have one path: what goes by paths (optimizers' exclusions,
    sharding, error messages) takes one for the other."""
    seen: dict[str, list[Weight]] = {}
    for weight in layer.weights:
        match weight.argument("name"):
            case ast.Constant(value=str() as name):
                before = seen.setdefault(name, [])
                again = any(
                    one.method == weight.method and not one.site.excludes(weight.site)
                    for one in before
                )
                if again or weight.site.looped:
                    yield Finding(
                        weight.argument("name") or weight.call,
                        f'several weights have the name "{name}"',
                        'number them: `name=f"kernel_{i}"`',
                    )
                before.append(weight)
