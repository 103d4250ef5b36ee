"""What a test may say of a layer's axes: which may have any size, and which is the batch."""

from __future__ import annotations

from layergen.example.sizes import Sizes
from layergen.example.values import input_shape
from layergen.language import dims
from layergen.layer.facts import Facts
from layergen.layer.states import is_per_sample
from layergen.proof.refusals import needed_axes
from layergen.source.code import Size


def unknown_axes(facts: Facts, sizes: Sizes) -> tuple[int, ...]:
    """The axes that the code lets be open, and those that the spec promises."""
    rank = len(input_shape(facts.first.shape, sizes))
    bound = (
        (n, axis) for n, axis in facts.axes.items() if axis.owner == facts.first.name
    )
    promised = {a.position % rank for n, a in bound if n in facts.first.unknown}
    return tuple(sorted({*_seen_unknown(facts, sizes), *promised}))


def _seen_unknown(facts: Facts, sizes: Sizes) -> tuple[int, ...]:
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
    counts = {tensor.many for tensor in facts.spec.inputs}
    free -= {*facts.pinned, *required, *counts}
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
        needed = needed_axes(facts, sizes)
        fixed = {index % rank for name, index in needed if name == tensor.name}
        bound |= fixed | {
            position % rank
            for position, dim in tensor.shape.axes
            if isinstance(dim, Size)
            and dim.text not in free
            and not (batch and position == 0)
        }
    return tuple(axis for axis in range(first) if axis not in bound)


def rows_are_independent(facts: Facts) -> bool:
    """Whether every input and output begins with the batch, whose samples do not meet."""
    spec = facts.spec
    shapes = [tensor.shape for tensor in spec.inputs]
    shapes += [output.shape for output in facts.outputs or ()]
    known = [shape.dims for shape in shapes if shape.dims is not None]
    fronts = {str((*dims, "")[0]) for dims in known}
    return _are_batches(fronts) and not facts.mixes_samples


def _are_batches(fronts: set[str]) -> bool:
    """Whether the first dimensions of shapes, as text, all stand for one batch."""
    named = {front for front in fronts if not front.startswith("...")}
    known = all(front.isidentifier() and front.startswith("batch") for front in named)
    return known and len(named) < 2
