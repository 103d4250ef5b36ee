"""The cases that the emitted test tries a layer with."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from layergen.example.sizes import Sizes, find_sizes
from layergen.example.values import (
    Named,
    call_values,
    constructor_call,
    example,
    in_time,
    input_range,
    input_shape,
    tensor_count,
)
from layergen.language import dims
from layergen.language.model import Arg, Input
from layergen.layer.cell import is_cell
from layergen.layer.constructor import parameters
from layergen.layer.facts import Facts
from layergen.layer.gradient_flow import has_no_gradient, unreached_inputs
from layergen.layer.masks import used_masks
from layergen.layer.states import is_per_sample
from layergen.layer.training import differs_in_training
from layergen.layer.weights import maker_arguments
from layergen.proof.branches import further
from layergen.proof.case import Case, Given
from layergen.proof.functions import held_to_formula
from layergen.source.code import Code, Size
from layergen.source.written import named


def cases(facts: Facts, first: Sizes) -> Iterator[Case]:
    """Defaults; another rank where the shape has `...`; other arguments; those that bring
    code to further branches; fewer inputs."""
    yield _case(facts, first, {})
    given = example(facts)
    if facts.first.shape.rest is not None and not facts.rests.keys() & given.keys():
        ranked = find_sizes(facts, given, len(first.rest) + 1)
        if ranked:
            yield _case(facts, ranked, {})
    changed = _changes(facts)
    values = {name: value for name, value in changed.items() if name in facts.args}
    other = find_sizes(facts, {**given, **values}, len(first.rest)) if changed else None
    if other:
        yield _case(facts, other, changed)
    tried = [one for one in (first, other) if one]
    for chosen in further(facts, tried, given):
        reached = find_sizes(facts, {**given, **chosen}, len(first.rest))
        if reached:
            yield _case(facts, reached, chosen)
    if any(tensor.optional for tensor in facts.spec.inputs):
        yield _case(facts, first, {}, leave_out=True)


def _case(
    facts: Facts, sizes: Sizes, changed: dict[str, Any], leave_out: bool = False
) -> Case:
    args = dict(constructor_call(facts, sizes))
    args |= changed
    order = [parameter.name for parameter in parameters(facts)]
    return Case(
        tuple(sorted(args.items(), key=lambda item: order.index(item[0]))),
        tuple(
            (t.name, None if leave_out and t.optional else _given(facts, t, sizes))
            for t in facts.spec.inputs
        ),
        tuple(_options(facts, sizes, changed)),
    )


def _given(facts: Facts, tensor: Input, sizes: Sizes) -> Given:
    return Given(
        in_time(facts, input_shape(tensor.shape, sizes)),
        tensor.dtype,
        *input_range(tensor, sizes),
        tensor_count(tensor, sizes) if tensor.many else None,
    )


def _options(facts: Facts, sizes: Sizes, changed: dict[str, Any]) -> Iterator[Named]:
    spec = facts.spec
    outputs = [in_time(facts, shape) for shape in _outputs(facts, sizes)]
    if outputs:
        yield "outputs", outputs[0] if len(outputs) == 1 else tuple(outputs)
    if facts.call_args:
        yield "call_args", call_values(facts)
    if differs_in_training(facts):
        yield "training", True
    fixed = {w.name: w.dtype for w in spec.weights if w.dtype}
    if fixed:
        yield "dtypes", fixed
    if spec.states:
        yield "states", {s.name: sizes.shape(s.shape) or () for s in spec.states}
    losses = _losses(facts)
    if losses:
        yield "losses", losses
    yield from _mask_option(facts)
    unknown = (0, 1) if is_cell(facts) else _unknown(facts, sizes)
    if unknown != (0,):
        yield "unknown", unknown
    if not _rows_independent(facts):
        yield "rows_independent", False
    if held_to_formula(facts):
        yield "gradient", named(facts.scope.fresh("surrogate"))
    elif _has_other_gradient(facts):
        yield "gradient", None
    elif unreached := unreached_inputs(facts):
        yield "zero_gradient", unreached
    if spec.equivalent and _speaks_of(facts, spec.equivalent, changed):
        yield "equivalent", named(facts.scope.fresh("same_as_builtin"))
    if spec.reference and _speaks_of(facts, spec.reference, changed):
        yield "reference", named(facts.scope.fresh("reference"))
    yield "strict", True


def _losses(facts: Facts) -> int:
    """How many losses a call adds, by the calls of `add_loss` that always happen."""
    return sum(
        1
        for statement in facts.spec.forward.body
        if isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and ast.unparse(statement.value.func) == "add_loss"
    )


def _mask_option(facts: Facts) -> Iterator[Named]:
    """What becomes of a mask, where the layer takes one."""
    rule = facts.spec.mask
    if isinstance(rule, Code):
        yield "mask", named(facts.scope.fresh("computed_mask"))
    elif rule:
        yield "mask", rule
    elif used_masks(facts):
        yield "mask", "stop"


def _has_other_gradient(facts: Facts) -> bool:
    """Whether the gradient is not the mathematical one, or there is none."""
    spec = facts.spec
    if spec.gradient and spec.gradient.surrogate:
        return True
    read = facts.reads(spec.forward) | ({spec.activation} if spec.activation else set())
    surrogate = any(
        f.gradient and f.gradient.surrogate and f.name in read for f in spec.functions
    )
    return surrogate or has_no_gradient(facts)


def _outputs(facts: Facts, sizes: Sizes) -> tuple[tuple[int, ...], ...]:
    """The shapes of the outputs, or none unless all of their axes are stated."""
    shapes = [output.shape for output in facts.outputs or ()]
    found = [sizes.known(shape) for shape in shapes]
    known = all(shape.is_stated for shape in shapes) and None not in found
    return tuple(shape for shape in found if shape is not None) if known else ()


def _unknown(facts: Facts, sizes: Sizes) -> tuple[int, ...]:
    """The axes that may be unknown until run time, and then have any size.

    Of every input alike: an axis that a weight rests on, or whose size must fit another
    axis than the batch, cannot vary alone. What a sublayer needs to know is not known.
    """
    per_sample = any(is_per_sample(state) for state in facts.spec.states)
    if any(arg.type.is_layer for arg in facts.spec.args) or facts.spec.layers:
        return () if per_sample else (0,)
    shapes = [tensor.shape for tensor in facts.spec.inputs]
    named = [
        name for shape in shapes for size in dims.sizes(shape) for name in size.names
    ]
    required = {name for r in facts.spec.require for name in facts.reads(r.condition)}
    free = {name for name in facts.axes if named.count(name) == 1}
    free -= {*facts.pinned, *required}
    whole = input_shape(facts.first.shape, sizes)
    first = len(whole)
    bound = set()
    if facts.fixes_rest:
        start = facts.first.shape.rest or 0
        bound |= set(range(start, start + len(sizes.rest)))
    # An axis in front is the batch, if every input has the same there.
    fronts = {str((*(shape.dims or ()), "")[0]) for shape in shapes}
    batch = len(fronts) == 1 or _are_batches(fronts)
    for tensor in facts.spec.inputs:
        rank = len(input_shape(tensor.shape, sizes))
        fixed = {a.index % rank for a in facts.fixed_axes if a.tensor == tensor.name}
        bound |= fixed | {
            position % rank
            for position, dim in tensor.shape.axes
            if isinstance(dim, Size)
            and dim.text not in free
            and not (batch and position == 0)
        }
    return tuple(axis for axis in range(first) if axis not in bound)


def _rows_independent(facts: Facts) -> bool:
    """Whether every input and output begins with the batch."""
    spec = facts.spec
    shapes = [tensor.shape for tensor in spec.inputs]
    shapes += [output.shape for output in facts.outputs or ()]
    known = [shape.dims for shape in shapes if shape.dims is not None]
    return _are_batches({str((*dims, "")[0]) for dims in known})


def _are_batches(fronts: set[str]) -> bool:
    """Whether the first dimensions of shapes, as text, all stand for one batch."""
    named = {front for front in fronts if not front.startswith("...")}
    known = all(front.isidentifier() and front.startswith("batch") for front in named)
    return known and len(named) < 2


def _speaks_of(facts: Facts, code: Code, changed: dict[str, Any]) -> bool:
    """Whether code that computes the same knows of every argument that was changed."""
    makers = {maker.name for maker in maker_arguments(facts)}
    return changed.keys() <= makers | facts.reads(code)


def _changes(facts: Facts) -> dict[str, Any]:
    """Other values for arguments that have defaults."""
    changed: dict[str, Any] = {}
    if facts.spec.activation is not None:
        changed["activation"] = "sigmoid" if facts.spec.activation == "tanh" else "tanh"
    given = example(facts)
    for arg in facts.spec.args:
        if not arg.required and arg.name not in given:
            changed |= _other_value(arg)
    for maker in maker_arguments(facts):
        if maker.role == "initializer" and len(maker.weight.shape.dims or ()) > 1:
            return changed | {maker.name: "he_normal"}
    return changed


def _other_value(arg: Arg) -> dict[str, Any]:
    other = arg.type.other(arg.default)
    return {} if other is None else {arg.name: other}
