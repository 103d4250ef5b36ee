"""The statements of a function that builds a model, in order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from layergen.functional import shapes as shapes
from layergen.functional.builtin import WeightLayer, cloned_arguments, weight_layers
from layergen.functional.constants import constants
from layergen.functional.forward import Forward
from layergen.functional.lowering import Lowering
from layergen.functional.names import own_parameters
from layergen.functional.refusals import refuse
from layergen.functional.sublayers import made_sublayers
from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.language.model import (
    Derived,
)
from layergen.layer.arguments import argument_checks
from layergen.layer.facts import Facts
from layergen.layer.requirements import When, moment, requirement_check
from layergen.layer.weights import made_if_none, maker_arguments
from layergen.source.bodies import expression
from layergen.source.literals import literal
from layergen.source.rewrite import Bind
from layergen.source.statements import (
    Assign,
    Run,
    Statement,
    reads_in,
)
from layergen.source.walk import nodes
from layergen.source.written import Written

# Types whose values Keras looks up by identifier; Dense and its like do that themselves.


class Body(Struct, frozen=True):
    """How the function of a spec reads names, and what it does.

    Raises:
        SpecError: By `statements`, if the spec has what no such function can do.
    """

    facts: Facts

    def statements(self) -> tuple[Statement, ...]:
        lowering = Lowering(self.facts)
        layers = weight_layers(self.facts, lowering)
        refuse(self.facts, lowering, layers)
        model = tuple(self._model(lowering, layers))
        checks = (
            *shapes.size_checks(self.facts, self.bind),
            *shapes.rest_checks(self.facts),
        )
        waiting = tuple(self._requirements(early=False))
        early, late = self._derived(reads_shapes=False), self._derived(
            reads_shapes=True
        )
        reading = {statement.target for statement in late}
        needed = self.needed()
        used = needed | self._sizes_in((*checks, *waiting))
        return (
            *argument_checks(self.facts, self.facts.spec.args),
            *self._requirements(early=True),
            *self._looked_up(model, layers),
            *self._made_makers(),
            *shapes.rank_checks(self.facts),
            *shapes.named_sizes(self.facts, used),
            *shapes.known_checks(self.facts, needed),
            *early,
            *(check for check in checks if not _names((check,)) & reading),
            *(() if late else waiting),
            *self._inputs(model),
            *late,
            *(check for check in checks if _names((check,)) & reading),
            *(waiting if late else ()),
            *model,
        )

    def needed(self) -> set[str]:
        """The dimensions that must be known where the model is built."""
        lowering = Lowering(self.facts)
        model = tuple(self._model(lowering, weight_layers(self.facts, lowering)))
        derived = self._derived(reads_shapes=False) + self._derived(reads_shapes=True)
        return self._sizes_in((*derived, *model))

    @property
    def bind(self) -> Bind:
        return self._read

    def _read(self, name: str) -> str:
        """How the function reads a name of the spec."""
        owner = name.removesuffix(".shape")
        if name in self.facts.array_axes:
            axis = self.facts.array_axes[name]
            text = f"{axis.owner}.shape[{axis.position}]"
            return Written(text, reads=[axis.owner])
        if name != owner and owner in self.facts.inputs:
            return f"{self.variable(owner)}.shape"
        if name in self.facts.inputs:
            return self.variable(name)
        if name == "activation" and self.facts.spec.activation in self._functions:
            return str(self.facts.spec.activation)
        if name == "activation" and name not in self.facts.args:
            return Written(
                "activations.get(activation)", reads=["activations", "activation"]
            )
        return name

    def variable(self, name: str) -> str:
        """The variable that holds an input: a single one is called `inputs`."""
        if len(self.facts.inputs) == 1:
            kept = name == "inputs" and not self._reassigned
            return name if kept else self.facts.scope.fresh("inputs")
        taken = name in own_parameters(self.facts)
        return self.facts.scope.fresh(name) if taken else name

    @property
    def _functions(self) -> set[str]:
        return {function.name for function in self.facts.spec.functions}

    @property
    def _bound(self) -> set[str]:
        """The names that `forward` assigns."""
        return {name for name, _ in self.facts.spec.forward.names.bound}

    @property
    def _reassigned(self) -> list[str]:
        return [name for name in self.facts.inputs if name in self._bound]

    def _model(
        self, lowering: Lowering, layers: tuple[WeightLayer, ...]
    ) -> Iterator[Statement]:
        names = [self.variable(name) for name in self.facts.inputs]
        whole = self.facts.spec.joined(map(Written, names))
        listed = names[0] if len(names) == 1 else literal(whole)
        if self._reassigned and len(names) > 1:
            yield Assign(self.facts.scope.fresh("inputs"), listed)
            listed = self.facts.scope.fresh("inputs")
        elif self._reassigned:
            yield Assign(self._reassigned[0], names[0])
        forward = Forward(self.facts, lowering, layers, self.bind, listed)
        yield from constants(self.facts)
        yield from made_sublayers(self.facts, self.bind)
        for layer in layers:
            if layer.apart:
                yield Assign(layer.name, forward.made(layer))
        yield from self._rests()
        yield Run(forward.text())

    def _inputs(self, model: tuple[Statement, ...]) -> Iterator[Statement]:
        tensors = self.facts.spec.inputs
        compute_dtype = self.facts.scope.fresh("compute_dtype")
        floats = any(_is_float(tensor.dtype) for tensor in tensors)
        if floats or compute_dtype in _names(model):
            policy = "keras.dtype_policies.get(dtype)"
            yield Assign(compute_dtype, f"{policy}.compute_dtype")
        for tensor in tensors:
            floating = _is_float(tensor.dtype)
            dtype = compute_dtype if floating else literal(tensor.dtype)
            name = f", name={literal(tensor.name)}" if len(tensors) > 1 else ""
            shape = self.facts.shape_name(tensor.name)
            made = f"keras.Input({shape}, dtype={dtype}{name})"
            yield Assign(self.variable(tensor.name), made)

    def _derived(self, reads_shapes: bool) -> tuple[Assign, ...]:
        return tuple(
            Assign(derived.name, expression(derived.code, self.bind))
            for derived in self.facts.spec.derived
            if self._reads_shapes(derived) is reads_shapes
        )

    def _reads_shapes(self, derived: Derived) -> bool:
        """Whether a derived value rests on the shape of an input by way of it."""
        parts = self.facts.with_parts({derived.name})
        return bool(parts & {*self.facts.inputs})

    def _requirements(self, early: bool) -> Iterator[Statement]:
        """The checks of requirements; every size that they speak of is known."""
        for requirement in self.facts.spec.require:
            if (moment(self.facts, requirement) is When.ARGUMENTS) is early:
                yield requirement_check(
                    self.facts, requirement, self.bind, whose=self.facts.spec.stem
                )

    def _looked_up(
        self, model: tuple[Statement, ...], layers: tuple[WeightLayer, ...]
    ) -> Iterator[Statement]:
        """Arguments that are used as the objects that their identifiers stand for."""
        used = _names(model)
        cloned = cloned_arguments(self.facts, layers) | _cloned(self.facts)
        for arg in self.facts.spec.args:
            read = arg.type.is_read_looked_up and arg.name in used
            if arg.type.looked_up and (read or arg.name in cloned):
                yield Assign(arg.name, arg.type.kept(arg.name))

    def _made_makers(self) -> Iterator[Statement]:
        """Initializers and the like that are made anew where none is given."""
        for maker in maker_arguments(self.facts):
            yield from made_if_none(self.facts, maker, self.bind)

    def _rests(self) -> Iterator[Statement]:
        read = self.facts.reads(self.facts.spec.forward)
        for name, owner in self.facts.rests.items():
            if name in read:
                shape = self.facts.inputs[owner].shape
                before = shape.rest or 0
                after = len(shape.dims or ()) - before - 1
                end = f"len({self.variable(owner)}.shape)" + f" - {after}" * bool(after)
                start = f"{before}, " if before else ""
                yield Assign(name, f"tuple(range({start}{end}))")

    def _sizes_in(self, statements: tuple[Statement, ...]) -> set[str]:
        return _names(statements) & {*self.facts.axes}


def _names(statements: tuple[Statement, ...]) -> set[str]:
    """The names that statements read."""
    return {name for statement in statements for name in reads_in(statement)}


def _cloned(facts: Facts) -> set[str]:
    """The names whose method `clone` the spec itself calls."""
    makes = (layer.make.expression for layer in facts.spec.layers)
    return {
        node.value.id
        for node in nodes([*facts.spec.forward.body, *makes])
        if isinstance(node, ast.Attribute)
        and node.attr == "clone"
        and isinstance(node.value, ast.Name)
    }


def _is_float(dtype: str | None) -> bool:
    return dtype is None or dtype in FLOAT_DTYPES
