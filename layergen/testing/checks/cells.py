"""Cells: what `keras.layers.RNN` asks of one, and that it runs it rightly.

All other checks see a cell inside of an RNN that returns sequences.
"""

from typing import Any

import keras
import numpy as np

from ..backend import backend
from ..case import Array
from ..context import Context
from ..drawing import cast
from ..numerics import first_difference
from ..outcomes import NotApplicable
from ..registry import check
from ..scopes import still
from .values import NAMES

CLOSE = 1e-5
PURE = "Let a step depend on its input and its states alone, and return new states."


def initial(cell: Any, batch: int) -> list[Any]:
    """The states that an RNN begins with; nested where cells are stacked."""
    return list(keras.layers.RNN(cell).get_initial_state(batch))


def unrolled(ctx: Context, sequence: Array, skip: int = -1) -> list[list[Array]]:
    """Output and states after every step, by calling the cell in Python."""
    cell = ctx.make.core(ctx.layer)
    states, found = initial(cell, len(sequence)), []
    with ctx.blame("calling the cell step by step", PURE), still(cell):
        for time in range(sequence.shape[1]):
            if time != skip:
                x = backend.tensor(sequence[:, time])
                output, states = cell(x, states)
                states = states if keras.tree.is_nested(states) else [states]
                flat = [output, *keras.tree.flatten(states)]
                found.append([backend.to_numpy(one) for one in flat])
    return found


@check("cells", applies=lambda case: case.is_cell)
def cell_states_are_as_stated(ctx: Context) -> None:
    """Guards against sizes and dtypes that the RNN cannot carry from step to step.

    It makes the first states from `get_initial_state` or `state_size`, and needs the
    same shapes and dtypes back from every step, under mixed precision too.
    """
    for policy in ("float32", "mixed_float16"):
        cell = ctx.make.core(ctx.policies.under(policy)[0])
        x = backend.tensor(cast(ctx.inputs, cell.compute_dtype)[0][:, 0])
        with ctx.blame(f"one step under {policy}", PURE):
            states = initial(cell, len(x))
            output, following = cell(x, states)
        begun, went_on = described(states), described(following)
        shapes = (ctx.case.states or {}).values()
        stated = [((len(x), *one), cell.compute_dtype) for one in shapes]
        if ctx.case.states is not None and begun != stated:
            ctx.fail(
                f"under {policy} the first states are {begun}; stated are {stated}.",
                "Correct `state_size` and `get_initial_state`.",
            )
        if went_on != begun:
            ctx.fail(
                f"under {policy} a step takes the states {begun} and returns "
                f"{went_on}.",
                _first_in_dtype(begun, went_on, cell)
                or "Return states of the same shapes, in `self.compute_dtype`.",
            )
        size = getattr(cell, "output_size", None)
        wanted = [size] if isinstance(size, int) else list(size or ())
        if size is not None and list(output.shape[1:]) != wanted:
            ctx.fail(
                f"`output_size` is {size}, but a step returns {tuple(output.shape)}.",
                "Correct `output_size`.",
            )


def _first_in_dtype(begun: Any, went_on: Any, cell: Any) -> str:
    """What to do where a step keeps to the compute dtype, and the first states do not."""
    own = getattr(type(cell), "get_initial_state", None)
    same = [shape for shape, _ in begun] == [shape for shape, _ in went_on]
    if own is None or not same or {d for _, d in went_on} != {cell.compute_dtype}:
        return ""
    return "Make the states in `get_initial_state` with `dtype=self.compute_dtype`."


def described(states: Any) -> list[tuple[tuple[int, ...], str]]:
    """Shape and dtype of every state."""
    return [
        (tuple(one.shape), str(keras.backend.standardize_dtype(one.dtype)))
        for one in keras.tree.flatten(states)
    ]


@check("cells", applies=lambda case: case.is_cell)
def rnn_equals_single_steps(ctx: Context) -> None:
    """Guards against a cell that keeps something to itself between steps.

    The RNN traces one step and loops over it: forwards, backwards, with all outputs
    or the last one, it must give what single steps give.
    """
    sequence, cell = ctx.inputs[0], ctx.make.core(ctx.layer)
    for backwards in (False, True):
        turned = np.ascontiguousarray(sequence[:, ::-1] if backwards else sequence)
        steps = unrolled(ctx, turned)
        for whole in (False, True):
            outputs = [one[0] for one in steps]
            expected = [np.stack(outputs, 1) if whole else outputs[-1], *steps[-1][1:]]
            received = run_rnn(
                ctx,
                cell,
                sequence,
                return_sequences=whole,
                return_state=True,
                go_backwards=backwards,
            )
            found = first_difference(received, expected, CLOSE)
            if found:
                ctx.fail(
                    f"RNN(return_sequences={whole}, go_backwards={backwards}) differs "
                    f"from single steps: {found}.",
                    PURE,
                )


def run_rnn(
    ctx: Context, cell: Any, sequence: Array, mask: Any = None, **options: Any
) -> list[Array]:
    """What an RNN around a built cell gives, in order."""
    rnn = keras.layers.RNN(cell, dtype=cell.dtype_policy, **options)
    with ctx.blame(f"RNN(cell, {options})", PURE), still(cell):
        outputs = rnn(backend.tensor(sequence), mask=mask)
        return [backend.to_numpy(one) for one in keras.tree.flatten(outputs)]


@check("cells", applies=lambda case: case.is_cell and case.shapes[0][1] > 1)
def masked_step_leaves_the_states(ctx: Context) -> None:
    """Guards against a memory that a masked step moves.

    Where a mask is False the RNN keeps the states that it had; anything else that
    the cell remembers has moved on.
    """
    sequence = ctx.inputs[0]
    mask = np.ones(sequence.shape[:2], "bool")
    mask[:, 0] = False
    received = run_rnn(
        ctx,
        ctx.make.core(ctx.layer),
        sequence,
        mask=backend.tensor(mask),
        return_state=True,
    )
    found = first_difference(received, unrolled(ctx, sequence, skip=0)[-1], CLOSE)
    if found:
        ctx.fail(
            f"with the first step masked, an RNN differs from leaving it out: {found}.",
            "Keep what a step remembers in the states.",
        )


@check("cells", applies=lambda case: case.is_cell and case.reference is not None)
def step_equals_reference(ctx: Context) -> None:
    """Guards against a step whose formula is not the intended one.

    The NumPy reference gets the input and the states of one step, weights and
    arguments by name, in float64; it returns the output, and may return the next
    states after it.
    """
    if ctx.case.states is None:
        raise NotApplicable("the reference needs the states' names")
    cell, rng = ctx.make.core(ctx.twin), ctx.draws.rng(40)
    x = ctx.inputs64[0][:, 0]
    states = [
        rng.standard_normal((len(x), *shape)) for shape in ctx.case.states.values()
    ]
    with ctx.blame("one step of the cell", PURE):
        output, following = cell(
            backend.tensor(x), [backend.tensor(one) for one in states]
        )
    available = {
        "training": False,
        **ctx.weights.values(ctx.twin),
        **dict(zip(ctx.case.states, states, strict=True)),
        ctx.case.labels[0]: x,
    }
    with ctx.blame("the case's `reference` function", NAMES):
        answer = ctx.case.reference(**available)  # type: ignore[misc]
    expected = [np.asarray(one) for one in keras.tree.flatten(answer)]
    flat = [output, *keras.tree.flatten(following)]
    received = [backend.to_numpy(one) for one in flat]
    found = first_difference(received[: len(expected)], expected, CLOSE)
    if found:
        ctx.fail(
            f"one step is not the reference's: {found} (the states come after the "
            "output).",
            "Compare `call` with the reference, axis by axis.",
        )
