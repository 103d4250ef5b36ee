"""`call`: the spec's forward code with its names bound."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.layer.facts import FLOATS, Facts, axis_index
from layergen.layer.rewrite import function_body
from layergen.layer.statements import Assign, Method, Run, Statement
from layergen.spec.model import Derived, Input
from layergen.spec.scopes import names_of

# Where a list or an array stays what it is in Python instead of becoming a tensor.
PYTHON_USES = ("len", "range", "zip", "enumerate", "sum", "min", "max", "list", "tuple")


def call_parameters(facts: Facts) -> tuple[str, ...]:
    """The parameters of `call` as text."""
    training = (
        ("training=False",) if "training" in facts.reads(facts.spec.forward) else ()
    )
    return (*facts.inputs, *training)


def call_method(facts: Facts, checks_shapes: bool) -> Method:
    """The `call` method."""
    read = facts.reads(facts.spec.forward)
    tensors = {name for name, _ in _constants(facts, read)}
    body: list[Statement] = []
    if checks_shapes:
        shapes = ", ".join(f"{name}.shape" for name in facts.inputs)
        body.append(Run(f"self._check_shapes({shapes})"))
    body += _sizes(facts, read)
    body += [Assign(name, value) for name, value in _constants(facts, read)]
    bind = facts.with_locals(set(facts.axes) | set(facts.rests) | tensors)
    wrap = "self.activation({})" if applies_activation(facts) else "{}"
    if _must_cast(facts):
        wrap = f"ops.cast({wrap}, self.compute_dtype)"
    body.append(Run(function_body(facts.spec.forward, bind, wrap)))
    return Method("call", call_parameters(facts), tuple(body))


def applies_activation(facts: Facts) -> bool:
    """Whether the activation goes around what the forward code returns."""
    spec = facts.spec
    return spec.activation is not None and "activation" not in facts.reads(spec.forward)


def _must_cast(facts: Facts) -> bool:
    """Whether a stated output could come out in the dtype of a layer given as an argument.

    Such a layer keeps its own dtype policy.
    """
    outputs = facts.spec.outputs or ()
    given = any(arg.type.name == "Layer" for arg in facts.spec.args)
    return given and len(outputs) == 1 and outputs[0].dtype is None


def _sizes(facts: Facts, read: set[str]) -> Iterator[Statement]:
    """The dimensions that forward reads, each right also where unknown until run time."""
    for tensor in facts.spec.inputs:
        owned = [
            n for n, a in facts.axes.items() if a.owner == tensor.name and n in read
        ]
        if len(owned) > 1 and tensor.shape.rest is None:
            yield Assign(_unpacked(facts, tensor, owned), f"ops.shape({tensor.name})")
            continue
        for name in owned:
            index = axis_index(tensor.shape, facts.axes[name].position)
            yield Assign(name, f"ops.shape({tensor.name})[{index}]")
    for name, owner in facts.rests.items():
        if name in read:
            yield Assign(name, _rest_axes(facts.inputs[owner]))


def _unpacked(facts: Facts, tensor: Input, owned: list[str]) -> str:
    bound = {facts.axes[name].position: name for name in owned}
    return ", ".join(bound.get(i, "_") for i in range(len(tensor.shape.axes)))


def _rest_axes(tensor: Input) -> str:
    dims = tensor.shape.dims or ()
    before = tensor.shape.rest or 0
    after = len(dims) - before - 1
    end = f"len({tensor.name}.shape)" + (f" - {after}" if after else "")
    return f"tuple(range({before}, {end}))" if before else f"tuple(range({end}))"


def _constants(facts: Facts, read: set[str]) -> Iterator[tuple[str, str]]:
    """The arrays and lists of numbers that forward computes with, as tensors."""
    computed = _computed_with(facts)
    for arg in facts.spec.args:
        if arg.type.name == "Array" and arg.name in computed & read:
            yield arg.name, _as_tensor(
                arg.name, arg.dtype is None or arg.dtype in FLOATS
            )
    for derived in facts.spec.derived:
        if derived.name in computed & read and is_list(derived):
            yield derived.name, _as_tensor(derived.name, not _all_int(derived))


def _as_tensor(name: str, floating: bool) -> str:
    if floating:
        return f"ops.cast(self.{name}, self.compute_dtype)"
    return f"ops.convert_to_tensor(self.{name})"


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
    body = facts.spec.forward.body
    python: set[ast.AST] = set()
    for statement in body:
        for node in ast.walk(statement):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in PYTHON_USES:
                    python |= set(node.args)
                case ast.For(iter=used) | ast.comprehension(iter=used):
                    python.add(used)
                case ast.Subscript(value=used, slice=ast.Constant()):
                    python.add(used)
                case ast.Attribute(
                    value=used, attr="shape" | "ndim" | "dtype" | "size"
                ):
                    python.add(used)
    return {name.id for name in names_of(body).free if name not in python}
