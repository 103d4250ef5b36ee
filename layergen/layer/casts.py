"""What generated code brings to one dtype where it meets.

A size that is unknown until run time is an int32 tensor, which arithmetic with a float
tensor refuses; what Keras makes of floats has its default dtype, which under mixed
precision is another than the layer computes in. A function with a gradient of its own
takes tensors: handed a variable, it fails. `y += x` on tensors is spelled out: PyTorch
changes `y` in place, whatever else it is or was computed from.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from msgspec import Struct

from layergen.forward.asked import function_of_ops, operation
from layergen.forward.dtypes import dtype_outside
from layergen.forward.values import COMPUTE, Items, Many, Number, Tensor, Text
from layergen.keras_tables.gaps import TUPLES_ALONE
from layergen.layer.bits import bit_functions
from layergen.layer.facts import Facts
from layergen.layer.inferred import by_layer
from layergen.layer.read_shapes import asked
from layergen.source.bodies import edited
from layergen.source.code import Code
from layergen.source.literals import literal
from layergen.source.rewrite import Bind, Instead, no_extra
from layergen.source.walk import nodes
from layergen.source.written import Written

Around = dict[ast.expr, tuple[str, str]]


class Casting(Struct, frozen=True):
    """What a piece of code is given: the text around each expression that is cast, the
    dtype that calls are told, and what is written instead of other nodes."""

    around: Around
    supplied: Mapping[ast.Call, str]
    instead: Mapping[ast.AST, Instead]

    def extra(self, call: ast.Call) -> tuple[str, ...]:
        """What a call is given beyond what the spec says."""
        dtype = self.supplied.get(call)
        return () if dtype is None else (Written(f"dtype={dtype}", dtype),)


def casting(
    facts: Facts,
    code: Code,
    compute: str,
    bind: Bind = str,
    sizes_are_known: bool = False,
) -> Casting:
    """The casts in code that reads the compute dtype as `compute`, and names as they are
    bound.

    Sizes that are known wherever the code runs are numbers of Python's, which operators
    take as they are.
    """
    analysis = facts.analysis
    found = {*nodes(code.body)}
    around = {
        node: _cast(compute if dtype == COMPUTE else literal(dtype))
        for node, dtype in analysis.casts.items()
        if node in found and node not in facts.lists.made
    }
    supplied = {call: compute for call in analysis.supplied if call in found}
    for call in filter(_counts, supplied):
        around[call] = _cast(compute)
        wide = f'keras.backend.result_type({compute}, "float32")'
        supplied[call] = Written(wide, compute, reads=["keras"])
    around |= _tuples(facts, found)
    for node in found:
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            if not isinstance(analysis.at(node.target), PYTHONS_OWN):
                around.setdefault(node.target, (NO_TEXT, NO_TEXT))
    if sizes_are_known:
        for node in (operand for one in found for operand in _operands(one)):
            if isinstance(analysis.at(node), Number):
                around.pop(node, None)
    instead = asked(facts, code, bind) | bit_functions(facts, code)
    return Casting(around, supplied, instead)


# Nothing of these is a tensor.
PYTHONS_OWN = (Number, Text, Items, Many)
NO_TEXT = Written("")


def _tuples(facts: Facts, found: set[ast.AST]) -> Around:
    """The lists that are handed to functions which take no lists."""
    around: Around = {}
    for call in found:
        if isinstance(call, ast.Call):
            name, given = operation(facts.analysis, call)
            for parameter in TUPLES_ALONE.get(name, ()):
                node = given.get(parameter)
                if node is not None and _is_list(facts, node):
                    around[node] = Written("tuple("), Written(")")
    return around


def _is_list(facts: Facts, node: ast.expr) -> bool:
    return isinstance(node, ast.List) or isinstance(facts.analysis.at(node), Many)


def casting_outside(
    facts: Facts,
    code: Code,
    parameters: tuple[str, ...],
    bind: Bind,
    sizes_are_known: bool = False,
) -> Casting:
    """The casts in the code of a function of the module; one of its parameters has the
    compute dtype, or there are none."""
    compute = dtype_outside(facts.analysis, code, parameters)
    return casting(facts, code, compute or "", bind, sizes_are_known)


def with_casts(facts: Facts, code: Code, compute: str, bind: Bind = str) -> Code:
    """Code with its casts written out; the code itself where there are none."""
    made = casting(facts, code, compute, bind)
    if not made.around and not made.supplied and not made.instead:
        return code
    return edited(code, made.around, made.extra, made.instead)


def with_sizes(facts: Facts, code: Code, bind: Bind) -> Code:
    """Code with what is written where it reads shapes."""
    found = asked(facts, code, bind)
    return edited(code, {}, no_extra, found) if found else code


def read_at_build(facts: Facts, compute: str) -> Around:
    """The weights of floats, where Keras goes through `call` for `build` or the outputs: it
    reads them in the compute dtype only where it calls the layer."""
    in_build = facts.sublayers and not facts.buildings.whole
    if not in_build and not keras_infers(facts):
        return {}
    own = {name for name, weight in facts.weights.items() if weight.dtype is None}
    read = facts.spec.forward.names.free
    computed_with = {
        operand
        for node in nodes(facts.spec.forward.body)
        for operand in _computed_with(facts, node)
    }
    return {
        node: _cast(compute)
        for node in read
        if node.id in own
        and (isinstance(facts.analysis.at(node), Tensor) or node in computed_with)
    }


def keras_infers(facts: Facts) -> bool:
    """Whether Keras goes through `call` to learn of the outputs."""
    outputs = facts.outputs or ()
    stated = bool(outputs) and all(output.shape.is_stated for output in outputs)
    return not stated and by_layer(facts) is None


def handed_variables(facts: Facts, compute: str) -> Around:
    """The variables that forward hands to functions with a gradient."""
    return {
        argument: _cast(compute)
        for node in nodes(facts.spec.forward.body)
        for argument in _given(facts, node)
    }


def _counts(call: ast.Call) -> bool:
    """Whether a call counts in steps, which TensorFlow does in float32 at least."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "arange"


def _computed_with(facts: Facts, node: ast.AST) -> Iterator[ast.expr]:
    """What must be a tensor where it stands: operands, and what operations are given."""
    match node:
        case ast.BinOp(left=left, right=right):
            yield from (*_chosen(left), *_chosen(right))
        case ast.Call(args=args, keywords=keywords):
            if function_of_ops(facts.analysis, node.func):
                for one in (*args, *(keyword.value for keyword in keywords)):
                    yield from _chosen(one)


def _chosen(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions of which a conditional one is one."""
    if isinstance(node, ast.IfExp):
        yield from (*_chosen(node.body), *_chosen(node.orelse))
    else:
        yield node


def _operands(node: ast.AST) -> list[ast.expr]:
    """What an operator stands between."""
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.Compare(left=left, comparators=others):
            return [left, *others]
        case ast.AugAssign(target=target, value=value):
            return [target, value]
    return []


def _cast(dtype: str) -> tuple[str, str]:
    return Written("ops.cast(", reads=["ops"]), Written(f", {dtype})", dtype)


def _given(facts: Facts, node: ast.AST) -> Iterator[ast.expr]:
    """The variables that a function with a gradient is called with."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=arguments) if (
            name in facts.functions and facts.functions[name].gradient
        ):
            variables = {*facts.weights, *facts.states}
            for argument in arguments:
                if isinstance(argument, ast.Name) and argument.id in variables:
                    yield argument
