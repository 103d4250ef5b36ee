"""Compiling: graph, XLA and eager agree, and one graph serves all sizes."""

from ..context import Context
from ..numerics import first_difference, resize
from ..outcomes import CheckFailure, NotApplicable
from ..registry import check
from .refusals import call_error

CLOSE = 1e-4
GROWTH = 4
STATIC = "Write it with `keras.ops` on whole tensors; no Python loop, no `.numpy()`."


@check("compiling")
def graph_agrees_with_eager(ctx: Context) -> None:
    """Guards against Python that runs once, while the graph is traced.

    `fit` and `predict` trace `call` into a graph: counters, prints, `if` on a value and
    NumPy take part in the tracing alone, or fail there.
    """
    with ctx.blame("a graph of the layer", STATIC):
        function = ctx.graphs.kept(ctx.layer)
        received = function(ctx.inputs)
    found = first_difference(received, ctx.outputs, CLOSE)
    if found:
        ctx.fail(f"as a graph, the layer computes something else: {found}.", STATIC)


@check("compiling")
def xla_agrees_with_eager(ctx: Context) -> None:
    """Guards against operations that XLA cannot compile, or computes differently.

    `jit_compile=True` is stated: "auto" leaves XLA out on a CPU. What is drawn at
    random differs there by nature, and is not compared. A layer that says
    `supports_jit = False` need not compile.
    """
    hint = "Avoid operations whose result's size depends on values."
    try:
        with ctx.blame("compiling the layer with XLA", hint):
            received = ctx.graphs.kept(ctx.layer, xla=True)(ctx.inputs)
    except CheckFailure as failure:
        if ctx.make.core(ctx.layer).supports_jit:
            raise
        raise NotApplicable(f"{ctx.name} says `supports_jit = False`") from failure
    if ctx.case.draws_at_inference:
        received = [
            ctx.outputs[i] if one.shape == ctx.outputs[i].shape else one
            for i, one in enumerate(received)
        ]
    found = first_difference(received, ctx.outputs, CLOSE)
    if found and "free order" in ctx.traits(ctx.layer):
        raise NotApplicable(
            "`top_k(sorted=False)` leaves the order of what it finds free"
        )
    if found:
        ctx.fail(f"under XLA, the layer computes something else: {found}.", hint)


@check("compiling")
def works_in_graph_then_eagerly(ctx: Context) -> None:
    """Guards against a layer that remembers the graph it was built in.

    `fit` builds a layer inside a graph; `layer(x)` afterwards must still work.
    """
    layer = ctx.make.new()
    hint = "Keep no tensor on the layer, and make variables in `build` alone."
    with ctx.blame("a first call inside a graph", hint):
        ctx.graphs.of(layer)(ctx.inputs)
    ctx.weights.copy(ctx.layer, layer)
    with ctx.blame("an eager call after a first call inside a graph", hint):
        received = ctx.call.run(layer, ctx.inputs)
    found = first_difference(received, ctx.outputs, CLOSE)
    if found:
        ctx.fail(f"built in a graph, the layer differs afterwards: {found}.", hint)


@check("compiling", applies=lambda case: 0 in case.unknown)
def one_trace_serves_every_batch(ctx: Context) -> None:
    """Guards against a graph that has to be made anew for every batch size.

    The last batch of an epoch is smaller: a `fit` that traces again for it compiles
    twice. Under a signature that leaves the batch open, one trace must serve three
    sizes, or as many as the layer takes: a batch may be too large for what it keeps.
    """
    hint = "Use `ops.shape(x)[0]` for the batch size."
    with ctx.blame("a graph that leaves the batch open", hint):
        for factor in (1, 2, 3):
            inputs = resize(ctx.inputs, 0, factor)
            if factor > 1 and isinstance(
                call_error(ctx, ctx.layer, inputs), ValueError
            ):
                return
            received = ctx.graphs.kept(ctx.layer, open_axis=0)(inputs)
            found = first_difference(received, ctx.call.run(ctx.layer, inputs), CLOSE)
            if found:
                ctx.fail(
                    f"one graph does not serve {factor} times the batch: {found}.", hint
                )


@check("compiling", applies=lambda case: 0 in case.unknown)
def graph_does_not_grow_with_batch(ctx: Context) -> None:
    """Guards against a Python loop over the samples.

    Traced, it becomes one copy of its body for every sample: compiling takes longer with
    every batch size, and an unknown batch cannot be traced at all.
    """
    does_not_grow(ctx, 0)


@check("compiling", applies=lambda case: any(case.unknown))
def graph_does_not_grow_with_time(ctx: Context) -> None:
    """Guards against a Python loop over time steps, unrolled into the graph.

    A graph of 1,000 steps takes minutes to compile under XLA, and is compiled again for
    every other length; `keras.ops.scan` and `keras.layers.RNN` loop inside of one graph.
    """
    for axis in ctx.case.unknown:
        if axis:
            does_not_grow(ctx, axis)


def does_not_grow(ctx: Context, axis: int) -> None:
    """Compares graphs for an axis of its stated size and of four times that, if a layer
    takes so much: what it keeps may be too small for it."""
    longer = resize(ctx.inputs, axis, GROWTH)
    if isinstance(call_error(ctx, ctx.layer, longer), ValueError):
        raise NotApplicable(
            f"{ctx.name} refuses an axis {axis} that is {GROWTH} times as long"
        )
    shapes = [one.shape for one in longer]
    with ctx.blame(f"a graph for inputs of shape {shapes}", STATIC):
        graphs = ctx.graphs.kept(ctx.layer), ctx.graphs.of(ctx.layer, shapes)
        size, grown = (one.program.size for one in graphs)
    pairs = [
        pair for pair in zip(ctx.inputs, longer, strict=True) if pair[0].ndim > axis
    ]
    steps = max((b.shape[axis] - a.shape[axis] for a, b in pairs), default=1)
    if grown - size >= steps:
        ctx.fail(
            f"with axis {axis} {GROWTH} times as long the graph has {grown} nodes "
            f"instead of {size}.",
            "Replace the Python loop over that axis by operations on whole tensors.",
        )
