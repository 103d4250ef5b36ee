"""What a layer is made of: weights, states, sublayers, losses, random numbers, masks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..source import Edit, Source, bodies, called, is_self, walk
from .registry import kind

NOTHING = "**{}"
OPTIONAL = ("aggregation", "autocast", "constraint", "dtype", "regularizer")


def calls(source: Source, *names: str) -> Iterator[ast.Call]:
    """Every call of a function or method of these names, in the class."""
    for node in walk(source.layer) if source.layer else ():
        if called(node, *names):
            yield node


def keywords(
    source: Source, calls: Iterator[ast.Call], name: str
) -> Iterator[ast.keyword]:
    for call in calls:
        yield from (one for one in call.keywords if one.arg == name)


def sublayer_calls(source: Source) -> Iterator[ast.Call]:
    """Every sublayer made, in the class or in a function that builds a model."""
    for node in walk(source.tree):
        if called(node, "Dense", "Conv1D", "LayerNormalization"):
            yield node


@kind
def initializer(source: Source) -> Iterator[Edit]:
    """A weight that starts elsewhere, whatever the argument says."""
    for one in keywords(source, calls(source, "add_weight"), "initializer"):
        new = '"zeros"' if source.of(one.value) == '"ones"' else '"ones"'
        yield source.put(one.value, new)
        if is_self(one.value):
            yield source.put(one.value, '"glorot_normal"')


@kind
def trainable(source: Source) -> Iterator[Edit]:
    """A state that is trained, or a weight that is not."""
    for call in calls(source, "add_weight"):
        stated = [one for one in call.keywords if one.arg == "trainable"]
        for one in stated:
            yield source.put(one, "trainable=True")
        if not stated:
            first = call.keywords[0]
            yield source.put(first, f"{source.of(first)}, trainable=False")


@kind
def weight_shape(source: Source) -> Iterator[Edit]:
    """A weight of other axes, or of one size where there should be many."""
    for one in keywords(source, calls(source, "add_weight"), "shape"):
        if not isinstance(one.value, ast.Tuple):
            yield source.put(one.value, f"(1, *{source.of(one.value)}[1:])")
            continue
        sizes = [source.of(size) for size in one.value.elts]
        if len(set(sizes)) > 1:
            yield source.put(one.value, f"({', '.join(reversed(sizes))},)")
        yield source.put(one.value, f"({', '.join(['1', *sizes[1:]])},)")


@kind
def weight_name(source: Source) -> Iterator[Edit]:
    """Another name, or a sublayer without one."""
    for one in keywords(source, calls(source, "add_weight"), "name"):
        yield source.put(one.value, '"variable"')
    for call in sublayer_calls(source):
        for one in call.keywords:
            if one.arg == "name":
                yield source.put(one, NOTHING)


@kind
def weight_option(source: Source) -> Iterator[Edit]:
    """A weight without its constraint, regularizer, dtype or aggregation."""
    for name in OPTIONAL:
        for one in keywords(source, calls(source, "add_weight"), name):
            yield source.put(one, NOTHING)


@kind
def weight_cached(source: Source) -> Iterator[Edit]:
    """A weight that is kept as a constant of the moment when it was made."""
    for call in calls(source, "add_weight"):
        yield source.put(call, f"keras.ops.convert_to_numpy({source.of(call)})")


@kind
def assign_missing(source: Source) -> Iterator[Edit]:
    """A state that is not updated, or not put back."""
    for call in calls(source, "assign"):
        yield source.put(call, "pass")


@kind
def assign_wrong(source: Source) -> Iterator[Edit]:
    """A state that is added to, or replaced by a tensor."""
    for call in calls(source, "assign"):
        target = source.of(call.func.value)
        yield source.put(call.func, f"{target}.assign_add")
        yield source.put(call, f"{target} = {source.of(call.args[0])}")


@kind
def loss(source: Source) -> Iterator[Edit]:
    """A loss that is not added, or twice."""
    for call in calls(source, "add_loss"):
        yield source.put(call, "pass")
        yield source.put(call, f"{source.of(call)}; {source.of(call)}")


@kind
def cell_state(source: Source) -> Iterator[Edit]:
    """A cell that hands on its old states."""
    for function in source.functions("call"):
        if any(one.arg == "states" for one in function.args.args):
            result = function.body[-1].value
            yield source.put(result.elts[1], "states")
            yield source.put(result.elts[0], "states[0]")


@kind
def seed(source: Source) -> Iterator[Edit]:
    """Random numbers that repeat, or that do not follow the seed."""
    for call in calls(source, "normal", "uniform", "dropout", "SeedGenerator"):
        for one in [
            one.value for one in call.keywords if one.arg == "seed"
        ] or call.args:
            if "seed" in source.of(one):
                yield source.put(one, "7")
                yield source.put(one, "None")


@kind
def sublayer_policy(source: Source) -> Iterator[Edit]:
    """A sublayer that is not under the dtype policy of the layer."""
    for call in sublayer_calls(source):
        for one in call.keywords:
            if one.arg == "dtype":
                yield source.put(one, NOTHING)


@kind
def sublayer_not_built(source: Source) -> Iterator[Edit]:
    """A sublayer whose weights only come with the first call, if at all."""
    for node in bodies(list(source.functions("build"))):
        if called(node, "build"):
            yield source.put(node, "pass")


@kind
def sublayer_option(source: Source) -> Iterator[Edit]:
    """A sublayer without its activation or initializer, or of another size."""
    for call in sublayer_calls(source):
        for one in call.keywords:
            if one.arg == "activation" or str(one.arg).endswith("_initializer"):
                yield source.put(one, NOTHING)
            if one.arg == "activation" and isinstance(one.value, ast.Constant):
                yield source.put(one.value, '"tanh"')
        yield source.put(call.args[0], f"{source.of(call.args[0])} + 1")


@kind
def sublayers_shared(source: Source) -> Iterator[Edit]:
    """One layer in the place of several."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.ListComp):
            first = node.value.generators[0]
            count = source.of(first.iter)
            element = source.of(node.value.elt)
            yield source.put(
                node.value, f"[({element}) for index in [0]] * len({count})"
            )
            yield source.put(first.iter, f"list({count})[:-1]")


@kind
def mask_handling(source: Source) -> Iterator[Edit]:
    """A mask that is dropped, or handed on where it should stop."""
    for node in bodies(list(source.functions("__init__"))):
        if isinstance(node, ast.Assign) and is_self(
            node.targets[0], "supports_masking"
        ):
            yield source.put(node, "pass")
    for function in source.functions("compute_mask"):
        result = function.body[-1]
        new = "None" if source.of(result.value) == "mask" else "mask"
        yield source.put(result.value, new)
