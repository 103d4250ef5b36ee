"""`forward` as the body of a function that builds a model."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial

from msgspec import Struct, field

from layergen.functional.activation import (
    activation_calls,
    activation_function,
    merged_activations,
)
from layergen.functional.builtin import WeightLayer, layer_text
from layergen.functional.lowering import Lowering
from layergen.functional.products import Use
from layergen.language.model import Function
from layergen.layer.bits import bit_functions
from layergen.layer.call import applies_activation
from layergen.layer.casts import casting
from layergen.layer.facts import Facts
from layergen.layer.function_calls import as_parameter, constants
from layergen.layer.gathered import gather
from layergen.source.rewrite import Bind, Edit, Source
from layergen.source.trees import returns
from layergen.source.written import Written, named

Replacement = Callable[["ModelSource"], str]

REMOVED = "..."
"""What stands for a statement until it is taken out."""


class ModelSource(Source, frozen=True):
    """`Source` with nodes that are replaced as a whole."""

    replaced: Mapping[ast.AST, Replacement] = field(default_factory=dict)

    def _edits(self, node: ast.AST) -> Iterator[Edit]:
        if node in self.replaced and node not in self.around:
            yield *self._span(node), self.replaced[node](self)
        else:
            yield from super()._edits(node)


class Forward(Struct, frozen=True, dict=True):
    """What becomes of `forward`, given how the function reads names.

    `inputs` is how the model is told of its inputs.
    """

    facts: Facts
    lowering: Lowering
    layers: tuple[WeightLayer, ...]
    bind: Bind
    inputs: str

    def text(self) -> str:
        """The statements from the first layer to the model."""
        code = self.facts.spec.forward
        compute = named(self.facts.scope.fresh("compute_dtype"))
        made = casting(self.facts, code, compute, sizes_are_known=True)
        source = ModelSource(
            code.text,
            self.bind,
            frozenset(code.names.free),
            made.around,
            instead=bit_functions(self.facts, code),
            extra=lambda call: made.extra(call)
            or own_arguments(self.facts, call, self._passed),
            replaced={**self._uses(), **self._others(), **self._ends()},
        )
        whole = source.whole(code.body)
        lines = [line for line in whole.splitlines() if line.strip() != REMOVED]
        return Written("\n".join(lines), whole)

    def _passed(self, name: str) -> str:
        """How a value that a function is given reads: sizes are variables."""
        return named(name) if name in self.facts.axes else self.bind(name)

    def made(self, layer: WeightLayer) -> str:
        """The call that makes a layer, with the activation where it goes right in."""
        inside = layer.use in self._merged.values()
        activation = "activation" if inside else None
        return layer_text(self.facts, layer, self.bind, activation)

    @cached_property
    def _merged(self) -> dict[ast.expr, Use]:
        return merged_activations(self.facts, self.lowering, self.layers)

    def _uses(self) -> dict[ast.AST, Replacement]:
        """The calls of the layers that hold weights."""
        return {
            use.node: partial(self._called, layer, use)
            for layer in self.layers
            for use in layer.uses
        }

    def _called(self, layer: WeightLayer, use: Use, source: ModelSource) -> str:
        made = layer.name if layer.apart else self.made(layer)
        inner = source.rewritten(use.inner)
        return Written(f"{made}({inner})", made, inner)

    def _others(self) -> dict[ast.AST, Replacement]:
        """What layers have done already, and calls of the activation."""
        found: dict[ast.AST, Replacement] = {
            node: partial(_rewritten, name) for node, name in self.lowering.sums.items()
        }
        for use in self.lowering.uses:
            if use.removed is not None:
                found[use.removed] = lambda source: REMOVED
        for call in activation_calls(self.facts):
            found[call] = partial(self._activated, call.args[0])
        return found

    def _activated(self, value: ast.expr, source: ModelSource) -> str:
        """A value with the activation applied."""
        text = source.rewritten(value)
        if value in self._merged:
            return text
        function = activation_function(self.facts)
        if function:
            return Written(f"{function.name}({text})", text)
        made = "keras.layers.Activation(activation, dtype=dtype)"
        return Written(f"{made}({text})", text, reads=["activation"])

    def _ends(self) -> dict[ast.AST, Replacement]:
        """The statements that return, as those that make the model."""
        code = self.facts.spec.forward
        if code.is_expression:
            return {code.body[0]: partial(self._end, code.expression)}
        found = returns(code.body)
        end = self._end if found == [code.body[-1]] else self._model
        return {one: partial(end, one.value) for one in found if one.value}

    def _end(self, value: ast.expr, source: ModelSource) -> str:
        """The outputs by that name, unless they have one, and the model."""
        shown = self._outputs(value, source)
        if shown.isidentifier():
            return self._made_of(shown)
        outputs = self.facts.scope.fresh("outputs")
        assigned = f"({shown})" if "\n" in shown else shown
        return Written(f"{outputs} = {assigned}\n{self._made_of(outputs)}", shown)

    def _model(self, value: ast.expr, source: ModelSource) -> str:
        return self._made_of(self._outputs(value, source))

    def _made_of(self, outputs: str) -> Written:
        """The statement that makes the model."""
        code = f"return keras.Model({self.inputs}, {outputs}, name=name)"
        return Written(code, outputs)

    def _outputs(self, value: ast.expr, source: ModelSource) -> str:
        """What one `return` gives back, several in a list unless the spec says otherwise."""
        if isinstance(value, ast.Tuple):
            parts = [source.item(one) for one in value.elts]
            if together := gather(self.facts, self.bind):
                return together(parts)
            return Written(f"[{', '.join(parts)}]", parts)
        if applies_activation(self.facts):
            return self._activated(value, source)
        return source.rewritten(value)


def own_arguments(facts: Facts, call: ast.Call, bind: Bind) -> tuple[str, ...]:
    """What a call of one of the spec's functions passes besides its arguments."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    return tuple(
        Written(f"{as_parameter(facts, one)}={bind(one)}", bind(one))
        for one in constants(facts).get(name, ())
    )


def read_values(facts: Facts, function: Function) -> tuple[str, ...]:
    """What a function reads beside its parameters, or those that it calls."""
    return tuple(as_parameter(facts, name) for name in constants(facts)[function.name])


def _rewritten(node: ast.AST, source: ModelSource) -> str:
    return source.rewritten(node)
