"""What is computed: operators, signs, terms, axes, constants, functions, gradients."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..source import Edit, Source, bodies, called, is_self, walk
from .registry import kind

OPERATORS = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.FloorDiv: "+"}
FUNCTIONS = {
    "abs": "square",
    "concatenate": "stack",
    "cos": "sin",
    "elu": "relu",
    "maximum": "minimum",
    "mean": "sum",
    "ones_like": "zeros_like",
    "sigmoid": "tanh",
    "sin": "cos",
    "softplus": "relu",
    "square": "abs",
    "sum": "mean",
    "tanh": "sigmoid",
    "zeros": "ones",
    "zeros_like": "ones_like",
}


@kind
def operator(source: Source) -> Iterator[Edit]:
    """Another arithmetic operator."""
    for node in bodies([*source.computing, *source.functions("build")]):
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            yield joined(source, node, OPERATORS[type(node.op)])


def joined(source: Source, node: ast.BinOp, sign: str) -> Edit:
    """The text between two operands with another operator in it."""
    start, end = source.end(node.left), source.start(node.right)
    between = source.data[start:end].decode()
    symbols = [one for one in ("//", "+", "-", "*", "/") if one in between]
    return Edit(start, end, between.replace(symbols[0], sign, 1))


@kind
def sign(source: Source) -> Iterator[Edit]:
    """A minus too many, or one too few."""
    for node in bodies(source.computing):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            if not isinstance(node.operand, ast.Constant):
                yield source.put(node, source.of(node.operand))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            yield source.put(node.left, f"-{source.of(node.left)}")
        elif isinstance(node, ast.Return) and simple_result(node):
            yield source.put(node.value, f"-({source.of(node.value)})")


def simple_result(node: ast.Return) -> bool:
    """Whether a function returns one tensor here, which a minus can stand before."""
    return not isinstance(node.value, ast.Tuple | ast.List | type(None))


@kind
def dropped_term(source: Source) -> Iterator[Edit]:
    """One operand of a sum or a product is left out."""
    for node in bodies(source.computing):
        if isinstance(node, ast.BinOp) and isinstance(
            node.op, ast.Add | ast.Sub | ast.Mult | ast.Div
        ):
            yield source.put(node, f"({source.of(node.left)})")
            yield source.put(node, f"({source.of(node.right)})")


@kind
def axis(source: Source) -> Iterator[Edit]:
    """Another axis to reduce, to join, to take from, to exchange or to insert."""
    for node in bodies(source.computing):
        if isinstance(node, ast.keyword) and node.arg == "axis":
            old = ast.unparse(node.value)
            new = {"0": "-1", "1": "-1", "-1": "0"}.get(old, "1")
            if not is_one_of_last_two(source, node):
                yield source.put(node.value, new)
            if old == "1":
                yield source.put(node.value, "0")
        elif isinstance(node, ast.Tuple) and any(is_none(one) for one in node.elts):
            turned = [*node.elts[1:], node.elts[0]]
            yield source.put(node, ", ".join(source.of(one) for one in turned))
        elif called(node, "swapaxes"):
            yield source.put(node.args[1], "0")


def is_one_of_last_two(source: Source, node: ast.keyword) -> bool:
    """Whether `axis=1` reduces a matrix, where -1 says the same."""
    call = source.parents[node]
    return ast.unparse(node.value) == "1" and "kept" in source.of(call.args[0])[:4]


def is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


@kind
def constant(source: Source) -> Iterator[Edit]:
    """Another number."""
    for node in bodies([*source.computing, *source.functions("build")]):
        if is_number(node) and not isinstance(source.parents[node], ast.keyword):
            yield source.put(node, repr(node.value + 1))


def is_number(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    )


@kind
def function(source: Source) -> Iterator[Edit]:
    """Another function of `ops`."""
    for node in bodies(source.computing):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "ops":
            if node.attr in FUNCTIONS:
                yield source.put(node, f"ops.{FUNCTIONS[node.attr]}")


@kind
def operands(source: Source) -> Iterator[Edit]:
    """Two operands the wrong way round."""
    for node in bodies(source.computing):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div):
            pair = [node.left, node.right]
        elif called(node, "matmul"):
            pair = node.args
        else:
            continue
        between = source.data[source.end(pair[0]) : source.start(pair[1])].decode()
        first, second = (f"{source.of(one)}" for one in pair)
        if isinstance(node, ast.BinOp):
            first, second = f"({first})", f"({second})"
        new = second + between + first
        yield Edit(source.start(pair[0]), source.end(pair[1]), new)


@kind
def swapped(source: Source) -> Iterator[Edit]:
    """One weight or sublayer in the place of another."""
    names = [one for one in owned(source)]
    for node in bodies(source.computing):
        if is_self(node) and node.attr in names and isinstance(node.ctx, ast.Load):
            others = [one for one in names if one != node.attr]
            following = [one for one in names[names.index(node.attr) + 1 :]]
            for other in (following or others)[:1]:
                yield source.put(node, f"self.{other}")


def owned(source: Source) -> list[str]:
    """The attributes that are weights or sublayers."""
    return [
        node.targets[0].attr
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign)
        and is_self(node.targets[0])
        and (called(node.value, "add_weight") or "keras.layers." in source.of(node))
        and node.targets[0].attr != "input_spec"
    ]


@kind
def comparison(source: Source) -> Iterator[Edit]:
    """A boundary that goes to the other side, or a comparison turned round."""
    others = {
        ast.GtE: (">", "<"),
        ast.LtE: ("<", ">"),
        ast.Gt: (">=", "<"),
        ast.Lt: ("<=", ">"),
    }
    for node in bodies(source.computing):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in others:
            start, end = source.end(node.left), source.start(node.comparators[0])
            for new in others[type(node.ops[0])]:
                yield Edit(start, end, f" {new} ")


@kind
def condition(source: Source) -> Iterator[Edit]:
    """A branch that is always taken, never taken, or taken the wrong way round."""
    for node in bodies([*source.computing, *source.functions("__init__", "build")]):
        if isinstance(node, ast.If) and "upstream" not in source.of(node.test):
            for new in ("True", "False", f"not ({source.of(node.test)})"):
                yield source.put(node.test, new)


@kind
def stopped_gradient(source: Source) -> Iterator[Edit]:
    """No gradient through a result or a factor."""
    for node in bodies(source.computing):
        if isinstance(node, ast.Return) and simple_result(node):
            yield stopped(source, node.value)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            yield stopped(source, node.right)


def stopped(source: Source, node: ast.AST) -> Edit:
    return source.put(node, f"keras.ops.stop_gradient({source.of(node)})")


@kind
def upstream(source: Source) -> Iterator[Edit]:
    """A custom gradient that forgets what comes in, or has another factor."""
    for function in source.functions("grad"):
        for node in walk(function.body[-1]):
            if isinstance(node, ast.Name) and node.id == "upstream":
                if isinstance(source.parents[node], ast.BinOp):
                    yield source.put(node, "ops.ones_like(upstream)")
                    yield source.put(node, "0.5 * upstream")
                    yield source.put(node, "ops.square(upstream)")


@kind
def cast_dropped(source: Source) -> Iterator[Edit]:
    """A tensor that keeps a dtype that it should lose."""
    for node in bodies(source.computing):
        if called(node, "cast"):
            yield source.put(node, source.of(node.args[0]))
