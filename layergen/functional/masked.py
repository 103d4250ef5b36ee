"""Whether a model in functional style hands the first input's mask on."""

from __future__ import annotations

import ast

from layergen.functional.lowering import Lowering
from layergen.keras_tables.layers import layer
from layergen.language.model import Sublayer
from layergen.layer.facts import Facts
from layergen.source.trees import returned_values


def mask_lost_at(facts: Facts, lowering: Lowering) -> ast.expr | None:
    """The expression that loses the mask, or None where layers alone hand it on."""
    follower = _Follower(facts, lowering)
    written_out = facts.spec.activation in {f.name for f in facts.spec.functions}
    for value in returned_values(facts.spec.forward):
        if written_out:
            return value
        found = value.elts if isinstance(value, ast.Tuple) else [value]
        for one in found:
            lost = follower.lost(one, ())
            if lost is not None:
                return lost
    return None


class _Follower:
    """Follows a value back to the first input, through layers and variables."""

    def __init__(self, facts: Facts, lowering: Lowering) -> None:
        self.facts = facts
        passing = {one.name for one in facts.spec.layers if _hands_on(one)}
        self.layers = {"activation", *passing}
        self.lists = {one.name for one in facts.spec.layers if one.loop} & passing
        self.uses = {use.node: use for use in lowering.uses}
        self.sums = lowering.sums
        self.removed = {use.removed for use in lowering.uses}

    def lost(self, node: ast.expr, seen: tuple[str, ...]) -> ast.expr | None:
        use = self.uses.get(node)
        if use is not None:
            return self.lost(use.inner, seen) if _masking(use.layer) else node
        if node in self.sums:
            return self.lost(self.sums[node], seen)
        match node:
            case ast.Name(id=name):
                return self._variable(node, name, seen)
            case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if self._is_layer(
                name
            ):
                return self.lost(inner, seen)
        return node

    def _variable(
        self, node: ast.Name, name: str, seen: tuple[str, ...]
    ) -> ast.expr | None:
        """A variable has the mask where everything assigned to it has."""
        if name in seen:
            return None
        values: list[ast.expr] = []
        for statement in self._statements():
            match statement:
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if (
                    target == name
                ):
                    values.append(value)
                case ast.AugAssign(target=ast.Name(id=target), value=value) if (
                    target == name
                ):
                    return value
        for value in values:
            found = self.lost(value, (*seen, name))
            if found is not None:
                return found
        return None if values or name == self.facts.first.name else node

    def _statements(self) -> list[ast.stmt]:
        """The statements of `forward` but those that a layer does."""
        found: list[ast.stmt] = []
        todo = list(self.facts.spec.forward.body)
        while todo:
            statement = todo.pop(0)
            if statement not in self.removed:
                found.append(statement)
                for name in ("body", "orelse"):
                    todo += getattr(statement, name, [])
        return found

    def _is_layer(self, name: str) -> bool:
        """Whether a name is a layer: its own, or the variable of a loop over a list."""
        if name in self.layers:
            return True
        for statement in self._statements():
            match statement:
                case ast.For(target=ast.Name(id=one), iter=ast.Name(id=many)):
                    if one == name and many in self.lists:
                        return True
        return False


def _hands_on(sublayer: Sublayer) -> bool:
    call = sublayer.make.expression
    return isinstance(call, ast.Call) and _masking(
        ast.unparse(call.func).removeprefix("keras.layers.")
    )


def _masking(name: str) -> bool:
    """Whether a layer hands a mask on as it is."""
    found = layer(name)
    return found is not None and found.masking
