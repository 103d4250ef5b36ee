"""States: every way of calling updates them alike, and files hold them."""

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..fitting import idle_fit
from ..introspect import own_weights
from ..numerics import difference, resize
from ..outcomes import NotApplicable
from ..registry import check
from .refusals import call_error
from .saving import load

CLOSE = 1e-4
STEPS = 20
LARGE = 301  # Not to be held by bfloat16.
FILES = (
    "Make states by `add_weight` in `build`, and leave what Keras saves and loads to "
    "Keras."
)
ASSIGN = "Update it in `call` by `self.<state>.assign(...)`, whatever the mode."


def first_moved(states: dict[str, Array], wanted: dict[str, Array]) -> str | None:
    """How one of the states differs from what is wanted, in words."""
    for name, expected in wanted.items():
        found = difference(states[name], expected, CLOSE)
        if found:
            return f"`{name}` differs: {found}"
    return None


def after_steps(ctx: Context) -> dict[str, Array]:
    """The states after two eager steps in training."""
    layer = ctx.build.twin_of(ctx.layer)
    for _ in range(2):
        ctx.call.step(layer, ctx.inputs, **ctx.case.in_training)
    return ctx.weights.states(layer)


def states_stated(case: LayerCase) -> bool:
    return case.states is not None and not case.is_cell


@check("state", applies=states_stated)
def states_are_as_stated(ctx: Context) -> None:
    """Guards against a state that is missing, of another shape, or trained.

    An optimizer moves every trainable variable. And what a call updates without its
    being stated, is stated nowhere for users either.
    """
    layer = ctx.build.twin_of(ctx.layer)
    named = ctx.weights.named(layer)
    missing = [name for name in ctx.case.states or {} if name not in named]
    if missing:
        ctx.fail(
            f"there are no states {missing} among its weights {sorted(named)}.",
            "Make each by `add_weight(name=..., trainable=False)`, in `build`.",
        )
    for name, shape in (ctx.case.states or {}).items():
        variable = named[name]
        if tuple(variable.shape) != tuple(shape):
            ctx.fail(
                f"the state `{name}` has shape {tuple(variable.shape)}; stated is "
                f"{tuple(shape)}.",
                "Give `add_weight` the stated `shape`.",
            )
        if variable.trainable:
            ctx.fail(
                f"the state `{name}` is trainable.",
                "Make it by `add_weight(..., trainable=False)`.",
            )
    stated = {id(named[name]) for name in ctx.case.states or {}}
    others = [one for one in own_weights(layer) if id(one) not in stated]
    before = [backend.to_numpy(one).copy() for one in others]
    ctx.call.step(layer, ctx.inputs, **ctx.case.in_training)
    for one, value in zip(others, before, strict=True):
        if difference(backend.to_numpy(one), value, 0.0):
            ctx.fail(
                f"a call changes `{one.name}`, which is not stated as a state.",
                "State it in `states`, or leave it alone in `call`.",
            )


@check("state", applies=lambda case: case.has_states)
def a_step_updates_every_state(ctx: Context) -> None:
    """Guards against a state that stays what it was.

    A local variable in place of `assign` gives right outputs once, and remembers
    nothing. What changes in some steps alone must do so in one of the first twenty.
    """
    layer = ctx.make.new()
    ctx.call.run(layer, ctx.inputs)
    start = ctx.weights.states(layer)
    still_there = set(start)
    for attempt in range(STEPS):
        if not still_there:
            return
        ctx.call.step(layer, ctx.draws.others(attempt), **ctx.case.in_training)
        now = ctx.weights.states(layer)
        still_there -= {name for name in start if difference(now[name], start[name], 0)}
        start = now
    if still_there:
        ctx.fail(
            f"{STEPS} calls change nothing in the states {sorted(still_there)}.", ASSIGN
        )


def graph_states(ctx: Context, xla: bool) -> dict[str, Array]:
    """The states after two steps of a graph in training."""
    layer = ctx.build.twin_of(ctx.layer)
    graph = ctx.graphs.of(layer, xla=xla, **ctx.case.in_training)
    for _ in range(2):
        graph.step(ctx.inputs)
    return ctx.weights.states(layer)


@check("state", applies=lambda case: case.has_states)
def states_agree_in_graph(ctx: Context) -> None:
    """Guards against an update by Python, which runs once while a graph is traced.

    `self.count += 1` on a Python number, and an update under `if` on a value, happen when
    `fit` traces the graph, and in no step after it; `assign` is part of the graph.
    """
    expected = after_steps(ctx)
    with ctx.blame("a graph of the layer in training", ASSIGN):
        received = graph_states(ctx, xla=False)
    found = first_moved(received, expected)
    if found:
        ctx.fail(f"after two steps of a graph instead of eager ones, {found}.", ASSIGN)


@check("state", applies=lambda case: case.has_states and not case.is_random)
def states_agree_under_xla(ctx: Context) -> None:
    """Guards against an update that XLA cannot compile, or leaves out.

    What a layer draws at random differs under XLA by nature; such a layer is not held
    to this.
    """
    expected = after_steps(ctx)
    hint = "A state must keep its shape and dtype: cast what is assigned to them."
    with ctx.blame("compiling the layer in training with XLA", hint):
        received = graph_states(ctx, xla=True)
    found = first_moved(received, expected)
    if found:
        ctx.fail(f"after two steps under XLA instead of eager ones, {found}.", hint)


def counts_batches(case: LayerCase) -> bool:
    return case.has_states and 0 in case.unknown and all(case.shapes)


@check("state", applies=counts_batches)
def integer_states_are_exact(ctx: Context) -> None:
    """Guards against a count that goes through the compute dtype.

    bfloat16 holds no whole number exactly from 257 on: under mixed precision a count of
    samples goes wrong with a batch that is larger than that.
    """
    layer, _ = ctx.policies.under("mixed_bfloat16")
    whole = {
        n for n, v in ctx.weights.states(ctx.layer).items() if v.dtype.kind in "iu"
    }
    if not whole:
        raise NotApplicable(f"{ctx.name} has no state of integers")
    factor = 1 + LARGE // min(one.shape[0] for one in ctx.inputs)
    inputs = [one[:LARGE] for one in resize(ctx.inputs, 0, factor)]
    if isinstance(call_error(ctx, ctx.layer, inputs), ValueError):
        raise NotApplicable(f"{ctx.name} takes no batch of {LARGE}")
    found = []
    for one in (
        ctx.build.twin_of(ctx.layer),
        ctx.build.twin_of(layer, "mixed_bfloat16"),
    ):
        ctx.weights.copy(ctx.layer, one)
        ctx.call.step(one, inputs, **ctx.case.in_training)
        states = ctx.weights.states(one)
        found.append({name: states[name] for name in whole})
    problem = first_moved(found[1], found[0])
    if problem:
        ctx.fail(
            f"after a batch of {inputs[0].shape[0]} under mixed_bfloat16, {problem}.",
            "Count in integers: cast what is counted to the state's dtype at once.",
        )


@check("state", applies=lambda case: case.has_states)
def states_agree_in_fit(ctx: Context) -> None:
    """Guards against an update that `fit` leaves out, or does twice.

    The optimizer's rate is zero: one step of fit must do to the states what one call
    does, and a model that fit built must not have moved them before.
    """
    layer, twin = ctx.build.twin_of(ctx.layer), ctx.build.twin_of(ctx.layer)
    ctx.call.step(twin, ctx.inputs, **ctx.case.in_training)
    idle_fit(ctx, layer)
    found = first_moved(ctx.weights.states(layer), ctx.weights.states(twin))
    if found:
        ctx.fail(f"after one step of fit instead of one call, {found}.", ASSIGN)


@check("state", applies=lambda case: case.has_states)
def states_are_saved(ctx: Context) -> None:
    """Guards against a file that holds the weights and not the states.

    Both files, `.keras` and weights alone, must bring back what two steps left.
    """
    layer = ctx.build.twin_of(ctx.layer)
    for _ in range(2):
        ctx.call.step(layer, ctx.inputs, **ctx.case.in_training)
    expected = ctx.weights.states(layer)
    model, path = ctx.graphs.model(layer), ctx.folder / "states.keras"
    fresh = ctx.build.new()
    with ctx.blame("saving and loading the layer's states", FILES):
        model.save(path)
        loaded = load(ctx, path)
        model.save_weights(path.with_suffix(".weights.h5"))
        ctx.graphs.model(fresh).load_weights(path.with_suffix(".weights.h5"))
    inner = [one for one in loaded.layers if type(one) is type(layer)]
    for kind, other in ((".keras", inner[0]), ("weights", fresh)):
        found = first_moved(ctx.weights.states(other), expected)
        if found:
            ctx.fail(
                f"loaded from its {kind} file, the state {found}.",
                FILES,
            )
