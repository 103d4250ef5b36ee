"""Keras masks: which the layer takes, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.language.axes import Shape
from layergen.language.model import Input
from layergen.layer import joined
from layergen.layer.bits import bit_functions
from layergen.layer.carried import may_carry
from layergen.layer.facts import Facts
from layergen.layer.gathered import deciding, gather
from layergen.layer.mask_code import MaskReads, missing
from layergen.layer.read_shapes import asked
from layergen.layer.shape_text import axis_index, rank, rest_positions
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

SETTER = "_with_mask"
"""The method that gives an output its mask."""
MAKER = "_output_mask"
"""The method that works it out, where Keras hands `compute_mask` too little."""


def used_masks(facts: Facts) -> dict[str, str]:
    """The masks that forward reads, each with its input."""
    read = facts.reads(facts.spec.forward)
    return {mask: name for mask, name in facts.masked.items() if mask in read}


def taken_masks(facts: Facts) -> dict[str, str]:
    """The masks that `call` takes, each with its input."""
    used = used_masks(facts)
    rule = facts.spec.mask
    if isinstance(rule, Code) and sets_mask(facts):
        read = MaskReads.of(facts, rule)
        return {m: n for m, n in facts.masked.items() if m in used or m in read.masks}
    return used


def supports_masks(facts: Facts) -> bool:
    """Whether a mask may come in, or is made."""
    return facts.spec.mask is not None or bool(used_masks(facts))


def sets_mask(facts: Facts) -> bool:
    """Whether `call` itself gives the output its mask: Keras keeps one that is there, and
    asks `compute_mask` with the first of several inputs alone."""
    rule = facts.spec.mask
    if isinstance(rule, Code) and _reads_others(facts, rule):
        return True
    return rule not in (None, "pass") and may_carry(facts)


def output_mask(facts: Facts) -> str:
    """How `call` gets the mask of its output."""
    rule = facts.spec.mask
    if not isinstance(rule, Code):
        return "None"
    if not _reads_others(facts, rule):
        masks = joined.masks(facts, [facts.spec.masks[facts.first.name]])
        names = (*joined.tensors(facts)[:1], *(m.partition("=")[0] for m in masks))
        taken = names if MaskReads.of(facts, rule).masks else names[:1]
        return f"self.compute_mask({', '.join(taken)})"
    read = MaskReads.of(facts, rule)
    return f"self.{MAKER}({', '.join([*read.tensors, *read.masks])})"


def fallbacks(facts: Facts) -> Iterator[Statement]:
    """Keras hands no masks on where an optional input is left out, nor beside other tensors
    that of what comes alone; the tensors hold them."""
    spec = facts.spec
    absent = not spec.joins_inputs and any(tensor.optional for tensor in spec.inputs)
    alone = len(spec.inputs) == 1 or spec.joins_inputs
    if absent or (alone and spec.scalars):
        for mask, name in taken_masks(facts).items():
            found = Assign(mask, f'getattr({name}, "_keras_mask", None)')
            yield Branch(f"{mask} is None", (found,))


def mask_methods(facts: Facts) -> Iterator[Function]:
    """`compute_mask`, where Keras would not make of the mask what the layer does, and what
    gives the output a mask in `call`."""
    rule = facts.spec.mask
    computed = _compute_mask(facts)
    if computed:
        yield computed
    if isinstance(rule, Code) and _reads_others(facts, rule):
        read = MaskReads.of(facts, rule)
        yield method(MAKER, (*read.tensors, *read.masks), _body(facts, rule))
    if sets_mask(facts):
        first = f"outputs{_first_place(facts)}"
        text = f"keras.src.backend.set_keras_mask({first}, mask)"
        body = (Run(Written(text, reads=["keras"])), Run("return outputs"))
        yield method(SETTER, ("outputs", "mask"), body)


def _compute_mask(facts: Facts) -> Function | None:
    rule = facts.spec.mask or ("stop" if used_masks(facts) else "pass")
    if rule == "pass":
        return _passed(facts)
    if not isinstance(rule, Code) or _reads_others(facts, rule):
        return _method(facts, [Run("return None")])
    return _method(facts, _body(facts, rule))


def _passed(facts: Facts) -> Function | None:
    """`compute_mask` that hands the first mask on, where Keras would do it otherwise."""
    mask = facts.spec.masks[facts.first.name]
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


def _reads_others(facts: Facts, rule: Code) -> bool:
    """Whether the code reads what Keras does not hand to `compute_mask`."""
    first = facts.first.name
    read = MaskReads.of(facts, rule)
    others = {*read.tensors, *(facts.masked[mask] for mask in read.masks)} - {first}
    return bool(others) and not facts.spec.joins_inputs


def _body(facts: Facts, rule: Code) -> list[Statement]:
    """The statements that work out the new mask."""
    read = MaskReads.of(facts, rule)
    sizes = [*_sizes(facts, read)]
    bound = facts.with_locals({*facts.axes, *facts.rests, *facts.counts})
    instead = asked(facts, rule, bound) | bit_functions(facts, rule)
    inside = _of_first(facts) if not _reads_others(facts, rule) else "{}"
    whole = Run(function_body(rule, bound, inside, instead=instead))
    return [*missing(facts, read, _all_true), *sizes, whole]


def _all_true(tensor: str, shape: Shape) -> Written:
    """A mask of the first two axes that masks nothing; a graph may leave them open."""
    kind, count = rank(shape) if shape.dims is not None else ("min_ndim", 0)
    first = tensor
    if kind == "ndim" and count > 2:
        first = f"{tensor}[:, :{', 0' * (count - 2)}]"
    whole = Written(f'ops.ones_like({first}, dtype="bool")', reads=["ops"])
    if kind == "ndim":
        return whole
    return Written(
        f"ops.all({whole}, axis=tuple(range(2, len({tensor}.shape))))", whole
    )


def _sizes(facts: Facts, read: MaskReads) -> Iterator[Statement]:
    """The dimensions and groups of axes that the code reads."""
    for name, axis in facts.axes.items():
        if name in read.names and name not in facts.pinned:
            yield Assign(name, _run_time_size(facts, axis.owner, axis.position))
    for fixed in facts.fixed_axes:
        if fixed.dimension in read.names and fixed.dimension:
            yield Assign(fixed.dimension, fixed.attribute)
    for name, owner in facts.counts.items():
        if name in read.names:
            yield Assign(name, f"len({owner})")
    for name, owner in facts.rests.items():
        if name in read.names:
            yield Assign(name, rest_positions(facts.inputs[owner]))


def _method(facts: Facts, body: list[Statement]) -> Function:
    """`compute_mask`, which takes the first input and its mask, or all where they come in
    one structure."""
    masks = joined.masks(facts, [facts.spec.masks[facts.first.name]])
    read = joined.words(body)
    apart = [*joined.tensors_apart(facts, read), *joined.masks_apart(facts, read)]
    parameters = (*joined.tensors(facts)[:1], *masks)
    return method("compute_mask", parameters, (*apart, *body))


def _first_place(facts: Facts) -> str:
    """Where the first output is in what `call` returns."""
    outputs = facts.outputs or ()
    several = isinstance(facts.outputs, tuple) and len(outputs) > 1
    if not several:
        return ""
    if facts.spec.outputs_as == "dict":
        return f"[{literal(outputs[0].name)}]"
    return "[0]"


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


def _run_time_size(facts: Facts, owner: str, position: int) -> Written:
    """The size of an axis of an input, right also where unknown until run time."""
    tensor: Input = facts.inputs[owner]
    one = f"{owner}[0]" if tensor.many else owner
    index = axis_index(tensor.shape, position)
    return Written(f"ops.shape({one})[{index}]", reads=["ops"])
