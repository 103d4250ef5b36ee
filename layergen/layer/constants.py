"""The arrays and lists of numbers that `call` computes with, as tensors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.language.model import Derived
from layergen.layer.facts import Facts
from layergen.layer.function_calls import constants as function_constants
from layergen.source.written import Written

# Where a list or an array stays what it is in Python instead of becoming a tensor.
PYTHON_USES = ("len", "range", "zip", "enumerate", "sum", "min", "max", "list", "tuple")


def read_in_call(facts: Facts) -> set[str]:
    """The names that `call` reads: forward's, and those it hands to functions."""
    spec = facts.spec
    read = facts.reads(spec.forward)
    if spec.gradient and spec.gradient.code:
        read |= facts.reads(spec.gradient.code)
    further = function_constants(facts)
    return read | {name for called in read & further.keys() for name in further[called]}


@dataclass(frozen=True)
class Constant:
    """An array or a list of numbers that forward computes with as a tensor.

    A `floating` one has the compute dtype; an `optional` one may be None.
    """

    name: str
    floating: bool
    optional: bool = False


def tensor_constants(facts: Facts, read: set[str]) -> Iterator[Constant]:
    """The constants among the names that are `read`."""
    computed = _computed_with(facts)
    for arg in facts.spec.args:
        if arg.type.is_tensor and arg.name in computed & read:
            floating = arg.dtype is None or arg.dtype in FLOAT_DTYPES
            yield Constant(arg.name, floating, arg.type.optional)
    for derived in facts.spec.derived:
        if derived.name in computed & read and is_list(derived):
            yield Constant(derived.name, not _all_int(derived))


def as_tensor(constant: Constant) -> Written:
    """How `call` makes a tensor of what the layer keeps."""
    value = f"self.{constant.name}"
    made = f"ops.convert_to_tensor({value})"
    if constant.floating:
        made = f"ops.cast({value}, self.compute_dtype)"
    missing = f"None if {value} is None else " if constant.optional else ""
    return Written(f"{missing}{made}", reads=["ops"])


def is_list(derived: Derived) -> bool:
    """Whether a derived value is a list of numbers."""
    tree = derived.code.expression
    while isinstance(tree, ast.BinOp):
        tree = (
            tree.left if isinstance(tree.left, (ast.List, ast.ListComp)) else tree.right
        )
    called = isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name)
    makes = called and tree.func.id in ("list", "sorted", "range")  # type: ignore[attr-defined]
    return makes or isinstance(tree, (ast.List, ast.ListComp))


def _all_int(derived: Derived) -> bool:
    """Whether a derived list holds integers only, as far as its text shows."""
    return not any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, float)
        or isinstance(node, ast.BinOp)
        and isinstance(node.op, (ast.Div, ast.Pow))
        or isinstance(node, ast.Attribute)
        for node in ast.walk(derived.code.expression)
    )


def _computed_with(facts: Facts) -> set[str]:
    """The names that stand in forward where a tensor is wanted."""
    forward = facts.spec.forward
    python: set[ast.AST] = set()
    for node in forward.nodes:
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in PYTHON_USES:
                python |= set(node.args)
            case ast.For(iter=used) | ast.comprehension(iter=used):
                python.add(used)
            case ast.Subscript(value=used, slice=ast.Constant()):
                python.add(used)
            case ast.Attribute(value=used, attr="shape" | "ndim" | "dtype" | "size"):
                python.add(used)
    further = read_in_call(facts) - facts.reads(forward)
    return further | {n.id for n in forward.names.free if n not in python}
