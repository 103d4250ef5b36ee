"""The arrays and lists of numbers that `call` computes with, as tensors."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from msgspec import Struct

from layergen.forward.wanted import Wanted
from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.language.dims import sizes
from layergen.language.methods import methods_of
from layergen.layer.bare import codes
from layergen.layer.facts import Facts
from layergen.layer.function_calls import constants as function_constants
from layergen.layer.read_shapes import sizes_in
from layergen.source.code import Code
from layergen.source.written import Written


def read_in_call(facts: Facts) -> set[str]:
    """The names that `call` reads: forward's, and those it hands to functions."""
    spec = facts.spec
    read = facts.reads(spec.forward)
    if spec.gradient and spec.gradient.code:
        read |= facts.reads(spec.gradient.code) | sizes_in(facts, spec.gradient.code)
    read |= sizes_in(facts, spec.forward)
    further = function_constants(facts)
    return read | {name for called in read & further.keys() for name in further[called]}


def read_in_methods(facts: Facts) -> set[str]:
    """The names that the code of methods and properties reads, and the sizes that methods
    are held to."""
    found = set[str]()
    for one in methods_of(facts.spec):
        shapes = (tensor.shape for tensor in one.inputs)
        found |= {
            name for shape in shapes for size in sizes(shape) for name in size.names
        }
        found |= facts.reads(one.forward)
    return found


def read_in_mask(facts: Facts) -> set[str]:
    """The names that the code of the mask reads, if there is such."""
    rule = facts.spec.mask
    if not isinstance(rule, Code):
        return set()
    return facts.reads(rule) | sizes_in(facts, rule)


class Constant(Struct, frozen=True):
    """An array or a list of numbers that forward computes with as a tensor.

    A `floating` one has the compute dtype; an `optional` one may be None.
    """

    name: str
    floating: bool
    optional: bool = False


def tensor_constants(facts: Facts, read: set[str]) -> Iterator[Constant]:
    """The constants among the names that are `read`, where a tensor is wanted of them."""
    wanted = _wanted(facts) & read
    for arg in facts.spec.args:
        if arg.type.is_tensor and arg.name in wanted:
            floating = arg.dtype is None or arg.dtype in FLOAT_DTYPES
            yield Constant(arg.name, floating, arg.type.optional)
    for derived in facts.spec.derived:
        if derived.name in facts.lists.floating.keys() & wanted:
            yield Constant(derived.name, facts.lists.floating[derived.name])


def as_tensor(constant: Constant) -> Written:
    """How `call` makes a tensor of what the layer keeps."""
    value = f"self.{constant.name}"
    made = f"ops.convert_to_tensor({value})"
    if constant.floating:
        made = f"ops.cast({value}, self.compute_dtype)"
    missing = f"None if {value} is None else " if constant.optional else ""
    return Written(f"{missing}{made}", reads=["ops"])


def is_list(facts: Facts, name: str) -> bool:
    """Whether a name stands for a derived list of numbers."""
    return name in facts.lists.floating


def left_in_python(facts: Facts, constants: Iterable[str]) -> frozenset[ast.Name]:
    """Where forward reads the list or array itself that a constant is made of."""
    code, names = facts.spec.forward, {*constants}
    wanted = Wanted(facts.analysis, code)
    read = (node for node in code.names.free if node.id in names)
    return frozenset(node for node in read if not wanted.tensor(node))


def _wanted(facts: Facts) -> set[str]:
    """The names that stand where a tensor is wanted, in forward or what it calls."""
    pieces: list[Code] = [facts.spec.forward]
    if facts.spec.gradient and facts.spec.gradient.code:
        pieces.append(facts.spec.gradient.code)
    for function in facts.spec.functions:
        pieces += codes(function)
    found = set()
    for code in pieces:
        wanted = Wanted(facts.analysis, code)
        read = {node.id for node in code.names.free if wanted.tensor(node)}
        found |= read - facts.lists.kept_in(code)
    return found
