"""Cells: what Keras' RNN asks of one, in place of variables for its states."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.language.model import State
from layergen.layer.facts import Facts
from layergen.layer.weights import made
from layergen.source.bodies import sized
from layergen.source.code import Size
from layergen.source.functions import Function, method
from layergen.source.literals import literal
from layergen.source.rewrite import Bind
from layergen.source.statements import (
    Assign,
    Run,
    Statement,
)
from layergen.source.written import Written


def is_cell(facts: Facts) -> bool:
    """Whether the spec describes a cell for `keras.layers.RNN`."""
    return facts.spec.kind == "cell"


def cell_sizes(facts: Facts, bind: Bind) -> Iterator[Statement]:
    """`state_size` and `output_size`, by which the RNN knows its cell."""
    sizes = [_size(state, bind) for state in facts.spec.states]
    yield Assign(
        "self.state_size", sizes[0] if len(sizes) == 1 else f"[{', '.join(sizes)}]"
    )
    outputs = facts.outputs
    last = outputs[0].shape.dims[-1] if outputs and outputs[0].shape.dims else None
    stated = isinstance(last, Size) and set(last.names) <= facts.static
    yield Assign("self.output_size", sized(last, bind) if stated else sizes[0])  # type: ignore[arg-type]


def unpacked_states(facts: Facts) -> Statement:
    """The states as local variables of `call`."""
    names = list(facts.states)
    if len(names) == 1:
        return Assign(names[0], "states[0]")
    return Assign(", ".join(names), "states")


def new_states(facts: Facts) -> str:
    """The list of states that `call` returns."""
    return f"[{', '.join(facts.states)}]"


def initial_state(facts: Facts) -> Function:
    """`get_initial_state`, in the compute dtype."""
    values = [_initial(facts, state) for state in facts.spec.states]
    body = (Run(Written(f"return [{', '.join(values)}]", values)),)
    return method("get_initial_state", ("batch_size=None",), body)


def _size(state: State, bind: Bind) -> str:
    sizes = [
        sized(dim, bind) for dim in state.shape.dims or () if isinstance(dim, Size)
    ]
    return sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"


def _initial(facts: Facts, state: State) -> str:
    maker = state.initializer
    sizes = [
        sized(d, facts.in_method) for d in state.shape.dims or () if isinstance(d, Size)
    ]
    shape = f"({', '.join(['batch_size', *sizes])})"
    if maker is None or maker.text in ("zeros", "ones"):
        fill = maker.text if maker else "zeros"
        return Written(f"ops.{fill}({shape}, dtype=self.compute_dtype)", reads=["ops"])
    if maker.kind == "identifier":
        code = f"initializers.get({literal(maker.text)})"
        initializer: str = Written(code, reads=["initializers"])
    elif maker.kind == "argument":
        initializer = facts.in_method(maker.text)
    else:
        initializer = made(facts, maker, "initializer", facts.in_method)
    return Written(f"{initializer}({shape}, dtype=self.compute_dtype)", initializer)
