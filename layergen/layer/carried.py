"""Whether what `forward` returns may carry a Keras mask already.

Operations make tensors without one. A layer hands the mask of what it is called on to its
output, or makes one; and an input that is returned as it is keeps its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.layers import layer
from layergen.language.model import Sublayer
from layergen.layer.facts import Facts
from layergen.source.trees import names_in, returned_values

MAKERS = {"Embedding", "Masking"}
"""The layers of Keras that make a mask of what has none."""


def may_carry(facts: Facts) -> bool:
    """Whether the first of the values that `forward` returns may."""
    if facts.spec.gradient:
        return False
    follower = _Follower(facts)
    return any(follower.carries(one, ()) for one in returned_values(facts.spec.forward))


def returned_inputs(facts: Facts) -> Iterator[ast.Name]:
    """Where an input is returned as it came."""
    for value in returned_values(facts.spec.forward):
        first = value.elts[0] if isinstance(value, ast.Tuple) else value
        if isinstance(first, ast.Name) and first.id in facts.inputs:
            yield first


class _Follower:
    """Follows a value back to what it is made of."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.assigned: dict[str, list[ast.expr]] = {}
        self.made = {one.name: _class(one) for one in facts.spec.layers}
        self.given = {arg.name for arg in facts.spec.args if arg.type.is_layer}
        for node in facts.spec.forward.nodes:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.assigned.setdefault(name, []).append(value)
                case ast.For(target=target, iter=iterable):
                    self._looped(target, iterable)

    def _looped(self, target: ast.expr, iterable: ast.expr) -> None:
        """The variables of a loop over lists of layers are such layers."""
        lists = [n.id for n in names_in(iterable) if n.id in self.made]
        for name in names_in(target):
            if lists:
                self.made[name.id] = self.made[lists[0]]

    def carries(self, node: ast.expr, seen: tuple[str, ...]) -> bool:
        match node:
            case ast.Tuple(elts=[first, *_]):
                return self.carries(first, seen)
            case ast.IfExp(body=body, orelse=orelse):
                return self.carries(body, seen) or self.carries(orelse, seen)
            case ast.Name(id=name):
                if name in seen:
                    return False
                values = self.assigned.get(name, [])
                own = name in self.facts.inputs
                return own or any(self.carries(v, (*seen, name)) for v in values)
            case ast.Call(func=func, args=args):
                return self._made(func, args, seen)
        return False

    def _made(
        self, func: ast.expr, args: list[ast.expr], seen: tuple[str, ...]
    ) -> bool:
        """Whether the output of a layer does."""
        name = func.value if isinstance(func, ast.Subscript) else func
        if not isinstance(name, ast.Name):
            return False
        if name.id in self.given:
            return True
        if name.id not in self.made:
            return False
        kind = self.made[name.id]
        known = layer(kind)
        if kind in MAKERS or known is None:
            return True
        return known.masking and any(self.carries(one, seen) for one in args)


def _class(sublayer: Sublayer) -> str:
    """The class that makes a sublayer."""
    call = sublayer.make.expression
    made = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
    return made.removeprefix("keras.layers.")
