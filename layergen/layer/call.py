"""`call`: the spec's forward code with its names bound."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from layergen.language.along import lying_along
from layergen.language.model import Input
from layergen.layer import along, joined
from layergen.layer.arguments import argument_checks
from layergen.layer.carried import returned_inputs
from layergen.layer.casts import casting, handed_variables, read_at_build
from layergen.layer.cell import is_cell, new_states, unpacked_states
from layergen.layer.constants import (
    as_tensor,
    left_in_python,
    read_in_call,
    tensor_constants,
)
from layergen.layer.facts import Facts
from layergen.layer.function_calls import added_arguments
from layergen.layer.functions import layer_gradient_call
from layergen.layer.gathered import gather
from layergen.layer.inferred import is_cast
from layergen.layer.masks import (
    SETTER,
    fallbacks,
    output_mask,
    sets_mask,
    taken_masks,
)
from layergen.layer.randomness import draw_arguments
from layergen.layer.shape_checks import call_checks
from layergen.layer.shape_text import axis_index, rest_positions
from layergen.layer.states import held_locally, local_states
from layergen.source.bodies import function_body
from layergen.source.functions import Function, method
from layergen.source.literals import literal
from layergen.source.rewrite import Bind, Gather
from layergen.source.statements import (
    Assign,
    Run,
    Statement,
)
from layergen.source.written import Written


def call_parameters(facts: Facts) -> tuple[str, ...]:
    """The parameters of `call` as text: tensors, what else comes by position, masks,
    training, then keywords."""
    training = "training" in facts.reads(facts.spec.forward)
    told: dict[bool, list[str]] = {True: [], False: []}
    for arg in facts.spec.call_args:
        default = "" if arg.required else f"={literal(arg.default)}"
        told[arg.positional].append(arg.name + default)
    keywords = told[False]
    states = ["states"] if is_cell(facts) else []
    return (
        *joined.tensors(facts),
        *states,
        *told[True],
        *joined.masks(facts, taken_masks(facts)),
        *(["training=False"] if training else []),
        *(["*", *keywords] if keywords else []),
    )


def call_method(facts: Facts, checks_shapes: bool) -> Function:
    """The `call` method."""
    read = read_in_call(facts)
    constants = {c.name: as_tensor(c) for c in tensor_constants(facts, read)}
    states = {} if is_cell(facts) else held_locally(facts)
    spreads = along.spread(facts, read - states.keys())
    mask = output_mask(facts) if sets_mask(facts) else ""
    body = _taken(facts, checks_shapes, mask)
    body += sizes(facts, read)
    body += [Assign(name, value) for name, value in (constants | spreads).items()]
    body += [unpacked_states(facts)] if is_cell(facts) else local_states(facts)
    local = {*facts.axes, *facts.counts, *facts.rests, *constants, *spreads}
    bind = facts.with_locals(local | {name for name, held in states.items() if held})
    wrap = _wrap(facts, mask)
    if facts.spec.gradient:
        call = layer_gradient_call(facts, bind)
        body.append(Run(Written(f"return {wrap.format(call)}", wrap, call)))
    else:
        body.append(Run(_code(facts, bind, wrap, states, constants, bool(mask))))
    return method("call", call_parameters(facts), tuple(body))


def _taken(facts: Facts, checks_shapes: bool, mask: str) -> list[Statement]:
    """What is done with what the call takes before anything is computed; `mask` is how
    the mask of the output is made."""
    body = joined.tensors_apart(facts, facts.inputs)
    body += joined.masks_apart(facts, taken_masks(facts))
    if checks_shapes:
        body.append(Run(f"self._check_shapes({', '.join(facts.shapes_in_call)})"))
    body += argument_checks(facts, facts.spec.call_args)
    body += call_checks(facts)
    body += fallbacks(facts)
    if mask not in ("", "None"):
        # An input may be assigned anew.
        body.append(Assign(_mask_name(facts), mask))
    return body


def _wrap(facts: Facts, mask: str) -> str:
    """What goes around what the forward code returns, which `{}` stands for."""
    wrap = "self.activation({})" if applies_activation(facts) else "{}"
    if is_cast(facts):
        wrap = Written(f"ops.cast({wrap}, self.compute_dtype)", reads=["ops"])
    if mask:
        name = "None" if mask == "None" else _mask_name(facts)
        wrap = Written(f"self.{SETTER}({wrap}, {name})", wrap)
    if is_cell(facts):
        wrap = Written(f"{wrap}, {new_states(facts)}", wrap)
    return wrap


def _code(
    facts: Facts,
    bind: Bind,
    wrap: str,
    states: Mapping[str, bool],
    constants: Mapping[str, str],
    sets: bool,
) -> Written:
    """The forward code in terms of the class; `sets` is whether it sets a mask."""
    compute = "self.compute_dtype"
    further = added_arguments(facts, bind, bind_list=facts.in_method)
    made = casting(facts, facts.spec.forward, compute, bind)
    kept = {one: COPIED for one in returned_inputs(facts)} if sets else {}
    around = kept | read_at_build(facts, compute) | handed_variables(facts, compute)

    def extra(call: ast.Call) -> tuple[str, ...]:
        return draw_arguments(call) or made.extra(call) or further(call)

    return function_body(
        facts.spec.forward,
        bind,
        wrap,
        extra,
        states,
        around | made.around,
        frozenset(one.name for one in facts.spec.states if one.dtype == "bool"),
        {node: facts.in_method(node.id) for node in left_in_python(facts, constants)},
        made.instead,
        _gathered(facts, sets),
        frozenset(lying_along(facts.spec)),
    )


COPIED = Written("ops.copy(", reads=["ops"]), ")"
"""What makes of an input another tensor: its mask is that of whoever calls."""


def _mask_name(facts: Facts) -> str:
    return facts.scope.fresh("output_mask")


def _gathered(facts: Facts, sets: bool) -> Gather | None:
    """How several outputs are put together; as one argument, a tuple is in parentheses."""
    together = gather(facts, facts.in_method)
    if not sets:
        return together
    if together is None:
        return lambda parts: Written(f"({', '.join(parts)})", [*parts])
    if facts.spec.leaves_out:
        return lambda parts: Written(f"({together(parts)})", together(parts))
    return together


def applies_activation(facts: Facts) -> bool:
    """Whether the activation goes around what the forward code returns."""
    spec = facts.spec
    return spec.activation is not None and "activation" not in facts.reads(spec.forward)


def sizes(facts: Facts, read: set[str]) -> Iterator[Statement]:
    """The dimensions that forward reads: what `build` knew is known, the others wait."""
    for tensor in facts.spec.inputs:
        owned = [
            n for n, a in facts.axes.items() if a.owner == tensor.name and n in read
        ]
        late = [name for name in owned if name not in facts.pinned]
        shape = _run_time_shape(tensor)
        if len(late) > 1 and tensor.shape.rest is None:
            yield Assign(_unpacked(facts, tensor, late), shape)
            continue
        for name in late:
            index = axis_index(tensor.shape, facts.axes[name].position)
            yield Assign(name, Written(f"{shape}[{index}]", shape))
    for fixed in facts.fixed_axes:
        if fixed.dimension in read:
            yield Assign(fixed.dimension, fixed.attribute)
    for name, owner in facts.counts.items():
        if name in read:
            yield Assign(name, f"len({owner})")
    for name, owner in facts.rests.items():
        if name in read:
            yield Assign(name, rest_positions(facts.inputs[owner]))


def _run_time_shape(tensor: Input) -> Written:
    """The shape that dimensions are read off: of several tensors, that of the first."""
    one = f"{tensor.name}[0]" if tensor.many else tensor.name
    return Written(f"ops.shape({one})", reads=["ops"])


def _unpacked(facts: Facts, tensor: Input, owned: list[str]) -> str:
    bound = {facts.axes[name].position: name for name in owned}
    return ", ".join(bound.get(i, "_") for i in range(len(tensor.shape.axes)))
