"""Keras masks: which the layer takes, and what becomes of the first input's."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.layer import joined
from layergen.layer.bits import bit_functions
from layergen.layer.constants import read_in_mask
from layergen.layer.facts import Facts
from layergen.layer.gathered import deciding, gather
from layergen.layer.read_shapes import asked
from layergen.layer.shape_text import axis_index, rest_positions
from layergen.source.bodies import function_body
from layergen.source.code import Code
from layergen.source.functions import Function, method
from layergen.source.literals import literal
from layergen.source.statements import (
    Assign,
    Branch,
    Run,
    Statement,
)
from layergen.source.written import Written


def used_masks(facts: Facts) -> dict[str, str]:
    """The masks that forward reads, each with its input."""
    read = facts.reads(facts.spec.forward)
    return {mask: name for mask, name in facts.masked.items() if mask in read}


def supports_masks(facts: Facts) -> bool:
    """Whether a mask may come in."""
    return facts.spec.mask is not None or bool(used_masks(facts))


def fallbacks(facts: Facts) -> Iterator[Statement]:
    """Keras hands no masks on where an optional input is left out, nor beside other tensors
    that of what comes alone; the tensors hold them."""
    spec = facts.spec
    absent = not spec.joins_inputs and any(tensor.optional for tensor in spec.inputs)
    alone = len(spec.inputs) == 1 or spec.joins_inputs
    if absent or (alone and spec.scalars):
        for mask, name in used_masks(facts).items():
            found = Assign(mask, f'getattr({name}, "_keras_mask", None)')
            yield Branch(f"{mask} is None", (found,))


def mask_method(facts: Facts) -> Function | None:
    """`compute_mask`, where Keras would not make of the mask what the layer does."""
    rule = facts.spec.mask or ("stop" if used_masks(facts) else "pass")
    first = facts.first.name
    mask = facts.spec.masks[first]
    if rule == "pass":
        have_steps = [*_have_steps(facts)] if facts.spec.mask else []
        ordered = not facts.spec.joins_inputs and facts.spec.outputs_as != "dict"
        if not facts.spec.mask or (ordered and True not in have_steps[1:]):
            return None  # Keras hands it to the first output.
        masks = [mask if one else "None" for one in have_steps]
        masks = masks if len(masks) > 1 else [mask]
        # Where only a call knows which outputs there are, Keras takes the masks of those.
        together = None if deciding(facts) else gather(facts, facts.in_method)
        listed = together(masks) if together else ", ".join(masks)
        return _method(facts, [Run(f"return {listed}")])
    if not isinstance(rule, Code):
        return _method(facts, [Run("return None")])
    read = read_in_mask(facts)
    sizes = [
        Assign(name, _run_time_size(facts, axis.position))
        for name, axis in facts.axes.items()
        if name in read and axis.owner == first and name not in facts.pinned
    ]
    sizes += [
        Assign(fixed.dimension, fixed.attribute)
        for fixed in facts.fixed_axes
        if fixed.dimension in read
    ]
    sizes += [
        Assign(name, rest_positions(facts.first))
        for name, owner in facts.rests.items()
        if name in read and owner == first
    ]
    skipped = Branch(f"{mask} is None", (Run("return None"),))
    local = {*facts.axes, *facts.rests}
    bound = facts.with_locals(local)
    instead = asked(facts, rule, bound) | bit_functions(facts, rule)
    whole = Run(function_body(rule, bound, _of_first(facts), instead=instead))
    # What is made of the input alone is there where no mask comes in.
    body: list[Statement] = [*([skipped] if mask in read else []), *sizes, whole]
    return _method(facts, body)


def _method(facts: Facts, body: list[Statement]) -> Function:
    """`compute_mask`, which takes the first input and its mask, or all where they come in
    one structure."""
    masks = joined.masks(facts, [facts.spec.masks[facts.first.name]])
    read = joined.words(body)
    apart = [*joined.tensors_apart(facts, read), *joined.masks_apart(facts, read)]
    parameters = (*joined.tensors(facts)[:1], *masks)
    return method("compute_mask", parameters, (*apart, *body))


def _of_first(facts: Facts) -> str:
    """The mask of the first output among those of all: Keras takes a dict by its keys."""
    outputs = facts.outputs or ()
    if facts.spec.outputs_as != "dict":
        return "{}"
    others = "".join(f", {literal(one.name)}: None" for one in outputs[1:])
    return f"{{{literal(outputs[0].name)}: {{}}{others}}}"


def _have_steps(facts: Facts) -> Iterator[bool]:
    """For each output, whether it has the axes that the first input's mask has."""
    steps = [*map(str, (facts.first.shape.dims or ())[:2])]
    for output in facts.outputs or ():
        yield [*map(str, (output.shape.dims or ())[:2])] == steps


def _run_time_size(facts: Facts, position: int) -> Written:
    """The size of an axis of the first input, right also where unknown until run time."""
    index = axis_index(facts.first.shape, position)
    return Written(f"ops.shape({facts.first.name})[{index}]", reads=["ops"])
