"""Questions to the table of functions: `op("sin").kind`, `random("normal").parameters`.

The kinds:

- `elementwise`: each element of the result is made from the one in its place;
- `broadcast`: the same of several tensors, whose shapes are broadcast;
- `reduction`, `reductions`: the axis, or axes, in `axis` go, all where it is None;
  where there is `keepdims`, they stay as ones if that is true;
- `contraction`: a sum over an axis that two tensors have, linear in each;
- `along`: the shape stays, and the elements of an axis meet;
- `reshape`: the same elements in another shape, or in other places;
- `creation`: a tensor of the shape in `shape`;
- `higher`: takes a Python function;
- `own rule`: the shape follows a rule in `own_rules.py`, as that of contractions does;
- `unknown`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from layergen.keras_tables import dtypes, own_dtypes, own_rules, table
from layergen.keras_tables.parameters import Parameter, parameters_of
from layergen.keras_tables.shape_parts import Answer, Shape, together

ELEMENTWISE = ("elementwise", "broadcast")
OF_ANYTHING = frozenset("array convert_to_tensor where".split())
"""Functions that take lists and numbers where they take a tensor first."""
OF_TENSOR = frozenset("batch_normalization cholesky shape".split())
"""Functions that take a tensor first, which is not among their `tensors`."""
OF_SHAPE = frozenset(("shape", "newshape"))
"""Parameters that are whole shapes."""


class Operation(Struct, frozen=True):
    """A function of `keras.ops` or `keras.random`.

    `tensors` are the parameters that may be symbolic; `dtype` is the rule of the result's
    dtype, see `dtypes.result`, or "" for an unknown one. `returns` is `tensor`, `tensors`
    for a list or tuple of them, `static` for what is none, `either`, or "" where that is
    unknown. No gradient gets through what is `flat`.
    """

    name: str
    signature: str
    kind: str
    tensors: tuple[str, ...]
    dtype: str
    returns: str
    flat: bool

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return parameters_of(self.signature)

    @property
    def is_elementwise(self) -> bool:
        """Whether each element of the result is made from those in its place."""
        return self.kind in ELEMENTWISE

    @property
    def keeps_shape(self) -> bool:
        """Whether the result has the shape of the one tensor that it is made from."""
        return self.kind in ("elementwise", "along")

    @property
    def reduces(self) -> bool:
        """Whether the axes in `axis` go."""
        return self.kind in ("reduction", "reductions")

    @property
    def takes_function(self) -> bool:
        """Whether it takes a Python function."""
        return self.kind == "higher"

    @property
    def takes_tensor(self) -> bool:
        """Whether what it takes first is one tensor, and can be nothing else."""
        first = self.parameters[0] if self.parameters else None
        if first is None or first.how == "*" or first.name == self.several:
            return False
        known = first.name in (*self.tensors, "inputs") or self.name in OF_TENSOR
        return known and self.name not in OF_ANYTHING

    @property
    def takes_shape(self) -> bool:
        """Whether it takes a whole shape."""
        return any(one.name in OF_SHAPE for one in self.parameters)

    @property
    def shaped(self) -> tuple[str, ...]:
        """The parameters that stand for tensors where shapes are asked for."""
        more = own_rules.BESIDE.get(self.name, "")
        return tuple(dict.fromkeys([*self.tensors, *filter(None, more.split(", "))]))

    @property
    def several(self) -> str:
        """The parameter that takes several tensors, "" for none."""
        return own_rules.SEVERAL.get(self.name, "")

    @property
    def asked(self) -> frozenset[str] | None:
        """The parameters that the result's shape rests on, None for all."""
        if self.kind in (*ELEMENTWISE, "along"):
            return frozenset(self.tensors)
        if self.kind == "creation":
            return frozenset({"shape"})
        if self.reduces:
            return frozenset({self.tensors[0], "axis", "keepdims"})
        return _asked(self.name)

    @property
    def changing(self) -> frozenset[str]:
        """The parameters by which it returns something else, where they are given."""
        return frozenset(own_rules.CHANGING.get(self.name, "").split(", "))

    @property
    def dtype_from(self) -> tuple[str, ...]:
        """The parameters that the result has its dtype from."""
        chosen = self.dtype.partition(" of ")[2]
        return tuple(chosen.split(", ")) if chosen else self.tensors

    def result_dtype(self, given: Mapping[str, str]) -> str:
        """The result's dtype by those of the tensors and Python numbers given, and the
        one given by `dtype`; `unknown` where the table does not say."""
        if "dtype" in given:
            return given["dtype"]
        rule, names = self.dtype.partition(" of ")[0], self.dtype_from
        if not names:
            return rule or dtypes.UNKNOWN
        return dtypes.result(rule, tuple(given[n] for n in names if n in given))

    def result_shape(self, arguments: Mapping[str, Any]) -> Answer:
        """The result's shape by the arguments, shapes standing for tensors."""
        if self.kind == "along" and not arguments[self.tensors[0]]:
            return None  # There is no axis to go along.
        if self.kind in (*ELEMENTWISE, "along"):
            return together(*(arguments[n] for n in self.tensors if n in arguments))
        if self.kind == "creation":
            shape: Shape = tuple(arguments["shape"])
            return shape
        if self.reduces:
            return _reduced(arguments[self.tensors[0]], arguments)
        rule, asked = own_rules.RULES.get(self.name), self.asked
        names = [one.name for one in self.parameters if one.name in arguments]
        given = {n: arguments[n] for n in names if asked is None or n in asked}
        return rule(**given) if rule else None


def _reduced(shape: Shape, arguments: Mapping[str, Any]) -> Shape:
    axis = arguments.get("axis")
    axes = (
        range(len(shape)) if axis is None else [axis] if isinstance(axis, int) else axis
    )
    gone = {one % len(shape) for one in axes}
    if arguments.get("keepdims"):
        return tuple(1 if i in gone else size for i, size in enumerate(shape))
    return tuple(size for i, size in enumerate(shape) if i not in gone)


def op(name: str) -> Operation | None:
    """A function of `keras.ops`, None for what is none."""
    return _operation("OPS", name)


def image(name: str) -> Operation | None:
    """A function of `keras.ops.image`."""
    return _operation("IMAGE", name)


def random(name: str) -> Operation | None:
    """A function of `keras.random`."""
    return _operation("RANDOM", name)


def is_elementwise(name: str) -> bool:
    """Whether this is an elementwise function of `keras.ops`."""
    found = op(name)
    return found is not None and found.is_elementwise


@cache
def _asked(name: str) -> frozenset[str] | None:
    """The parameters that a rule written by hand takes by their names."""
    rule = own_rules.RULES.get(name)
    if rule is None:
        return frozenset()
    taken = inspect.signature(rule).parameters.values()
    if any(one.kind is one.VAR_POSITIONAL for one in taken):
        return None
    named = {one.name for one in taken if one.kind is not one.VAR_KEYWORD}
    return frozenset(named) or None


@cache
def _operation(where: str, name: str) -> Operation | None:
    row = getattr(table, where).get(name)
    if row is None:
        return None
    signature, kind, tensors, dtype, returns, flat = row
    by_hand = "own rule" if name in own_rules.RULES else "unknown"
    names = tuple(tensors.split(", ")) if tensors else ()
    known = kind or by_hand
    rule = own_dtypes.RULES.get(name, dtype)
    return Operation(name, signature, known, names, rule, returns, bool(flat))
