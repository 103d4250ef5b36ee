"""What the text of a class says of its names: which surely are single tensors, by how they
are used, and which attributes hold one thing only.

Nobody declares what a hand-written `call` is given; that is read off here, before the code
is gone through.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from layergen.keras_tables import tensorflow
from layergen.keras_tables.operations import op, random
from layergen.lint.facts import LayerClass, Method
from layergen.lint.names import Names
from layergen.lint.walk import attribute_of

_OF_TENSORS = {"shape", "dtype", "ndim", "get_shape"}


def single_tensors(method: Method, names: Names) -> set[str]:
    """The parameters that are used as one tensor, and never as several."""
    # What comes after the first input may be a number.
    first = {one.name for one in method.parameters[:1]}
    added = set().union(*(_as_number(site.node) for site in method.sites), set())
    return inputs(method) & (_tensors(method, names) | (first & added))


def parts_of_inputs(method: Method, names: Names) -> dict[ast.stmt, set[str]]:
    """The assignments that take single ones of several inputs, with those names that are
    used as one tensor."""
    given, tensors = inputs(method), _tensors(method, names)
    found: dict[ast.stmt, set[str]] = {}
    for site in method.sites:
        match site.node:
            case ast.Assign(
                targets=[ast.Tuple(elts=items)], value=ast.Name(id=name)
            ) as node if (name in given):
                parts = {one.id for one in items if isinstance(one, ast.Name)}
                found[node] = parts & tensors
            case ast.Assign(
                targets=[ast.Name(id=part)],
                value=ast.Subscript(value=ast.Name(id=name), slice=ast.Constant()),
            ) as node if (
                name in given
            ):
                found[node] = {part} & tensors
    return found


def inputs(method: Method) -> set[str]:
    """The parameters without a default."""
    return {one.name for one in method.parameters if one.default is None}


def _tensors(method: Method, names: Names) -> set[str]:
    used: set[str] = set()
    several: set[str] = set()
    for site in method.sites:
        used |= _as_tensor(site.node, names)
        several |= _as_several(site.node)
    return used - several


def single_masks(method: Method) -> set[str]:
    """The parameters that are the mask of one input."""
    given = {one.name for one in method.parameters}
    masks = {"mask", *(f"{name}_mask" for name in given)} & given
    several = set().union(*(_as_several(site.node) for site in method.sites), set())
    return set() if len(given & several) else masks


def _as_tensor(node: ast.AST, names: Names) -> set[str]:
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in _OF_TENSORS:
            return {name}
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple()):
            return {name}
        case ast.Call(func=func, args=[ast.Name(id=name), *_]):
            return {name} if _takes_tensor(names.resolve(func)) else set()
    return set()


def _takes_tensor(path: str) -> bool:
    """Whether what a function takes first surely is one tensor."""
    head, _, name = path.rpartition(".")
    if head.partition(".")[0] == "tensorflow":
        return tensorflow.takes_tensor(path)
    match head:
        case "keras.ops":
            found = op(name)
        case "keras.random":
            found = random(name)
        case _:
            return path == "keras.backend.shape"
    return found is not None and found.takes_tensor


def _as_number(node: ast.AST) -> set[str]:
    match node:
        case ast.BinOp(left=left, right=right):
            sides = [one for one in (left, right) if isinstance(one, ast.Name)]
            lists = any(isinstance(one, (ast.List, ast.Tuple)) for one in (left, right))
            return set() if lists else {one.id for one in sides}
    return set()


def _as_several(node: ast.AST) -> set[str]:
    match node:
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=ast.Name(id=name)):
            return {name}
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant()):
            return {name}
        case ast.Call(
            func=ast.Name(id="isinstance" | "len" | "zip" | "enumerate"), args=args
        ):
            return {one.id for one in args if isinstance(one, ast.Name)}
        case ast.Starred(value=ast.Name(id=name)):
            return {name}
        case ast.Attribute(value=ast.Name(id=name), attr="keys" | "items" | "values"):
            return {name}
    return set()


def kept_alone(layer: LayerClass, calls: Collection[int]) -> set[str]:
    """The attributes that are only ever one of these calls' results, or None."""
    found: dict[str, bool] = {}
    for made in layer.all_assignments():
        empty = isinstance(made.value, ast.Constant) and made.value.value is None
        if not empty:
            alone = id(made.value) in calls and not made.augmented
            found[made.attribute] = alone and found.get(made.attribute, True)
    return {name for name, alone in found.items() if alone}


def set_to_none(layer: LayerClass) -> set[str]:
    """The attributes that are None somewhere, or stand in the class itself."""
    found = {name for one in layer.lineage for name in one.class_names}
    for made in layer.all_assignments():
        if isinstance(made.value, ast.Constant) and made.value.value is None:
            found.add(made.attribute)
    return found


def compared_with_none(method: Method) -> bool:
    """Whether the method asks of a size whether it is known."""
    for site in method.sites:
        match site.node:
            case ast.Compare(
                left=left,
                ops=[ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq()],
                comparators=[ast.Constant(value=None)],
            ):
                names = {one.name for one in method.parameters}
                if not (isinstance(left, ast.Name) and left.id in names):
                    if attribute_of(left, method.this) == "":
                        return True
    return False


def indexes(loop: ast.AST) -> bool:
    """Whether a loop uses its variable to take an item."""
    if isinstance(loop, ast.For):
        targets = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
    else:
        generators = getattr(loop, "generators", [])
        named = (ast.walk(one.target) for one in generators)
        targets = {n.id for nodes in named for n in nodes if isinstance(n, ast.Name)}
    return any(
        isinstance(inner, ast.Name) and inner.id in targets
        for node in ast.walk(loop)
        if isinstance(node, ast.Subscript)
        for inner in ast.walk(node.slice)
    )
