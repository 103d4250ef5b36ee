"""What sublayers make of what they are called on."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from layergen.forward import operations, shapes
from layergen.forward.findings import LayerCall
from layergen.forward.shapes import REST, Made, Several, Shape
from layergen.forward.values import (
    COMPUTE,
    OPEN,
    UNKNOWN,
    Items,
    Number,
    Tensor,
    Unknown,
    Value,
    is_float,
    there,
)
from layergen.keras_tables import layer_rules
from layergen.keras_tables.layers import layer as keras_layer

ALONE = Number("bool", False)
"""`return_state=False`, as it is where nothing says otherwise."""


class HowMade(Struct, frozen=True):
    """A sublayer's class, if it is Keras' own, and the arguments that it is made with.

    `alike`: all of a list are made so. `policy`: it has the layer's dtype policy.
    """

    keras: str
    given: Mapping[str, Value]
    policy: bool

    def argument(self, name: str) -> Any:
        """An argument, or the default that Keras gives it.

        Raises:
            NotKnown: If it is not known.
        """
        if name in self.given:
            return operations.plain(self.given[name], shapes.TRIED[0], sizes=True)
        found = keras_layer(self.keras)
        for parameter in found.parameters if found else ():
            if parameter.name == name and parameter.default is not None:
                return ast.literal_eval(parameter.default)
        raise operations.NotKnown


def how_made(
    name: str, call: ast.Call, value_of: Callable[[ast.expr], Value]
) -> HowMade:
    """How a call of the class of Keras of this name makes a layer."""
    found = keras_layer(name)
    assert found is not None
    positional = [one.name for one in found.parameters if one.how == "any"]
    given: dict[str, Value] = {}
    spread = any(isinstance(one, ast.Starred) for one in call.args)
    if spread or any(one.arg is None for one in call.keywords):
        # What `*` and `**` hand over may be any of them.
        given = {one.name: UNKNOWN for one in found.parameters}
    if not spread:
        given |= zip(positional, map(value_of, call.args), strict=False)
    named = ((one.arg, one.value) for one in call.keywords)
    given |= {arg: value_of(value) for arg, value in named if arg}
    return HowMade(name, given, policy="dtype" not in given)


def result(how: HowMade, call: LayerCall, smooth: frozenset[str]) -> Value:
    """What a call of a sublayer gives."""
    names = [name for name, _ in call.keywords]
    found = keras_layer(how.keras) if how.keras else None
    several = any(name.startswith(("return_", "**")) for name in names)
    several = several or how.given.get("return_state", ALONE) != ALONE
    if several or (found is not None and not found.single) or not call.given:
        return Unknown(smooth)
    dtype = OPEN
    first = there(call.given[0])
    if how.policy and found is not None:
        floating = isinstance(first, Tensor) and is_float(first.dtype)
        dtype = COMPUTE if found.weighted or floating else OPEN
    given = tuple(map(argument_shape, call.given))
    shape = _by_rule(how, given)
    if shape is None and all(one is not None for one in given):
        shape = Made(call.name, given, call.listed)
    if shape is None and found is None:
        return Unknown(smooth)
    return Tensor(shape, dtype, smooth)


def argument_shape(value: Value) -> Shape | Several:
    """The shape of a tensor that a layer is called on, or those of several."""
    match there(value):
        case Tensor(shape=shape):
            return shape
        case Items(items=items) if items and REST not in items:
            inner = tuple(map(argument_shape, items))
            if all(one is not None for one in inner):
                return Several(inner)
    return None


def _by_rule(how: HowMade, given: tuple[Shape | Several, ...]) -> Shape:
    """The shape by the rules of Keras' layers."""
    rule = layer_rules.RULES.get(how.keras)
    if rule is None:
        return None
    if rule is layer_rules.same and not isinstance(given[0], Several):
        return given[0]

    def tried(count: int) -> Any:
        return rule(how.argument, *(_expanded(one, count) for one in given))

    try:
        return shapes.at_any_rank(tried, any(map(_has_rest, given)))  # type: ignore[no-any-return]
    except operations.NotKnown:
        return None


def _expanded(shape: Shape | Several, count: int) -> Any:
    if isinstance(shape, Several):
        return [_expanded(one, count) for one in shape.shapes]
    if not isinstance(shape, tuple):
        raise operations.NotKnown
    return shapes.expanded(shape, count)


def _has_rest(shape: Shape | Several) -> bool:
    if isinstance(shape, Several):
        return any(map(_has_rest, shape.shapes))
    return isinstance(shape, tuple) and REST in shape
