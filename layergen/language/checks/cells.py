"""What `kind: cell` leaves out: the RNN around a cell does it."""

from __future__ import annotations

import ast

from layergen.language.context import Context
from layergen.language.dims import (
    dimensions,
    is_static,
    names_in,
    sizes,
)
from layergen.language.model import Spec, State
from layergen.problems import Place


def check_cell(spec: Spec, context: Context) -> None:
    if spec.kind != "cell":
        return
    for place, message, hint in (*_keys(spec, context), *_inputs(spec)):
        context.add("LG221", place, message, hint)
    for state in spec.states:
        _check_state(state, spec, context)
    _check_code(spec, context)


def _keys(spec: Spec, context: Context) -> list[tuple[Place, str, str]]:
    found = []
    if not spec.states and ("states",) not in context.places:
        hint = "declare what it keeps from step to step under `states`"
        found.append((context.place("kind"), "a cell without states", hint))
    if spec.call_args:
        hint = "an RNN passes nothing but the input and the states"
        found.append((spec.call_args[0].place, "`call_args` of a cell", hint))
    for one in (*spec.methods, *spec.properties):
        hint = "make it one of `functions`, or a method of a layer that holds the cell"
        found.append((one.place, f"`{one.name}` of a cell", hint))
    if spec.mask is not None:
        hint = "the RNN takes care of masks: leave the key out"
        found.append((context.place("mask"), "`mask` of a cell", hint))
    if len(spec.outputs or ()) > 1:
        found.append((context.place("outputs"), "several outputs of a cell", ""))
    return found


def _inputs(spec: Spec) -> list[tuple[Place, str, str]]:
    hint = "an RNN passes one tensor, a step of its input"
    found = [(i.place, "a second input of a cell", hint) for i in spec.inputs[1:]]
    first = spec.inputs[0]
    if first.optional or first.many:
        key = "optional" if first.optional else "many"
        found.append((first.place, f"`{key}` for the input of a cell", hint))
    return found


def _check_state(state: State, spec: Spec, context: Context) -> None:
    for key in ("dtype", "aggregation", "expose"):
        if getattr(state, key) not in (None, False):
            message = f"`{key}` of the state `{state.name}` of a cell"
            hint = "the RNN holds it, in the compute dtype"
            place = context.place("states", state.name, key)
            context.add("LG221", place, message, hint)
    used = {name for size in sizes(state.shape) for name in size.names}
    if state.initializer and state.initializer.code:
        used |= names_in(state.initializer.code.expression)
    late = {d.name for d in spec.derived if not is_static(spec, d)}
    known_late = sorted(used & (dimensions(spec) | late))
    if known_late or state.shape.rest is not None:
        shown = f"`{known_late[0]}`" if known_late else "`...`"
        message = f"the state `{state.name}` of a cell rests on {shown}, "
        hint = "its size comes from arguments; the RNN adds the batch axis itself"
        context.add("LG221", state.shape.place, f"{message}known from the input", hint)


def _check_code(spec: Spec, context: Context) -> None:
    refused = {"add_loss": "`add_loss`"} | dict.fromkeys(spec.masks.values(), "a mask")
    for node in spec.forward.nodes:
        if isinstance(node, ast.Name) and node.id in refused:
            message = f"{refused[node.id]} in a cell"
            hint = "a cell computes one step; put it into a layer around the RNN"
            context.add("LG221", spec.forward.place(node), message, hint)
