"""How weights are made."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.facts import LayerClass, Method, Module, Weight
from layergen.lint.keras_layers import CONSTANT_INITIALIZERS
from layergen.lint.names import Names
from layergen.lint.registry import Finding, rule
from layergen.lint.walk import attribute_of


@rule("LG710")
def unnamed(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A weight without a name is called `variable`, as are all others: paths, plots and
    error messages do not tell them apart."""
    for weight in layer.weights:
        named = weight.argument("name") or _named_first(weight)
        if not named and not weight.is_open and weight.maker != "tensorflow.Variable":
            yield Finding(
                weight.call,
                "a weight without a name",
                f'`name="{weight.attribute or "kernel"}"`',
            )


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
            yield Finding(
                weight.call,
                "a `tf.Variable` is no weight of the layer: not trained, not saved",
                "use `self.add_weight(...)`, with `trainable=False` for a state",
            )


@rule("LG715")
def shared_initializer(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """An initializer object draws from one seed of its own: two weights of one shape that
    it initializes begin equal, and stay alike as far as they are used alike."""
    seen: dict[tuple[str, str, str], list[Weight]] = {}
    for weight in layer.weights:
        initializer = weight.argument("initializer")
        if initializer is not None and _is_random(
            initializer, layer, weight, module.names
        ):
            key = ast.unparse(initializer)
            local = (
                "" if attribute_of(initializer, _this(layer, weight)) else weight.method
            )
            before = seen.setdefault((key, local, _shape_text(weight)), [])
            again = any(
                one.method != weight.method or not one.site.excludes(weight.site)
                for one in before
            )
            if again or (weight.site.looped and not _varies(weight, layer)):
                yield Finding(
                    initializer,
                    f"`{key}` initializes several weights of one shape, "
                    "all from one seed",
                    "give each weight an initializer of its own: "
                    "`initializers.get(...)` of a string, or `.clone()`",
                )
            before.append(weight)


def _shape_text(weight: Weight) -> str:
    shape = weight.argument("shape")
    return "()" if shape is None else ast.unparse(shape)


def _varies(weight: Weight, layer: LayerClass) -> bool:
    """Whether a weight's shape is of names that a loop sets anew."""
    shape = weight.argument("shape")
    nodes = ast.walk(shape) if shape is not None else ()
    read = {one.id for one in nodes if isinstance(one, ast.Name)}
    return bool(read & _set_in_loops(layer.own[weight.method]))


def _set_in_loops(method: Method) -> set[str]:
    found: set[str] = set()
    for site in method.sites:
        match site.node:
            case ast.For(target=target) | ast.comprehension(target=target):
                nodes = ast.walk(target)
                found |= {one.id for one in nodes if isinstance(one, ast.Name)}
            case ast.Name(id=name, ctx=ast.Store()) if site.looped:
                found.add(name)
    return found


def _this(layer: LayerClass, weight: Weight) -> str:
    return layer.own[weight.method].this


def _is_random(node: ast.expr, layer: LayerClass, weight: Weight, names: Names) -> bool:
    """Whether an expression is one object that draws numbers."""
    values: list[ast.expr | None] = []
    if attribute := attribute_of(node, _this(layer, weight)):
        made = [one for one in layer.all_assignments() if one.attribute == attribute]
        values = [one.value for one in made]
    elif isinstance(node, ast.Name):
        for site in layer.own[weight.method].sites:
            match site.node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if name == node.id:
                        if site.looped:
                            return False
                        values.append(value)
    if len(values) != 1 or not isinstance(values[0], ast.Call):
        return False
    return _draws(values[0], layer, names)


def _draws(call: ast.Call, layer: LayerClass, names: Names) -> bool:
    maker = names.resolve(call.func)
    head, _, last = maker.rpartition(".")
    if head != "keras.initializers":
        return False
    if last != "get":
        return last not in CONSTANT_INITIALIZERS
    given: ast.expr | None = call.args[0] if call.args else None
    init = layer.method("__init__")
    if isinstance(given, ast.Name) and init and (one := init.parameter(given.id)):
        given = one.default
        if given is None:
            return True
    if isinstance(given, ast.Constant):
        return isinstance(given.value, str) and given.value not in CONSTANT_INITIALIZERS
    return False


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
