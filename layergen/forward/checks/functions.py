"""`functions`: pure, in no circle, and fit to be the activation where they are it."""

from __future__ import annotations

from layergen.forward.analyse import Forward
from layergen.forward.checks import constructs
from layergen.forward.checks.calls import check_calls
from layergen.forward.checks.gradients import check_function_gradient
from layergen.forward.checks.names import check_code
from layergen.forward.vocabulary import for_function
from layergen.keras_tables.names import ACTIVATIONS
from layergen.language.collector import listing
from layergen.language.context import Context
from layergen.language.dims import names_in
from layergen.language.model import Function, Spec

MAX_SHOWN = 3


def check_functions(spec: Spec, analysis: Forward, context: Context) -> None:
    calls = {function.name: _calls(function, spec) for function in spec.functions}
    activation = spec.activation if spec.activation in calls else None
    reached = {name: _reached(name, calls) for name in calls}
    bare = {activation, *reached[activation]} if activation else set()
    for function in spec.functions:
        _check_code(function, function.name in bare, spec, analysis, context)
        _check_circle(function, reached, context)
        if function.name == activation:
            _check_activation(function, context)


def _calls(function: Function, spec: Spec) -> set[str]:
    functions = {one.name for one in spec.functions} - set(function.args)
    pieces = [function.forward]
    if function.gradient and function.gradient.code:
        pieces.append(function.gradient.code)
    return functions & set().union(*(names_in(s) for c in pieces for s in c.body))


def _reached(name: str, calls: dict[str, set[str]]) -> set[str]:
    """The functions that a call of this one comes to."""
    found: set[str] = set()
    todo = set(calls[name])
    while todo:
        one = todo.pop()
        found.add(one)
        todo |= calls[one] - found
    return found


def _check_circle(
    function: Function, reached: dict[str, set[str]], context: Context
) -> None:
    name = function.name
    if name in reached[name]:
        circle = [one for one in sorted(reached[name]) if name in reached[one]]
        others = [one for one in circle if one != name][:MAX_SHOWN]
        way = f", by way of {listing(others)}" if others else ""
        message = f"the function `{name}` calls itself{way}"
        context.add("LG422", function.place, message, "put the parts together")


def _check_code(
    function: Function, bare: bool, spec: Spec, analysis: Forward, context: Context
) -> None:
    vocabulary = for_function(spec, function, bare)
    names = check_code(function.forward, vocabulary, spec, context)
    assert names is not None
    constructs.check_returns(function.forward, vocabulary.what, context)
    check_calls(function.forward, spec, context)
    if function.gradient:
        check_function_gradient(function, vocabulary, names, spec, analysis, context)


def _check_activation(function: Function, context: Context) -> None:
    if len(function.args) != 1:
        message = f"`{function.name}` takes {len(function.args)} tensors, and an "
        message += "activation takes one"
        context.add("LG420", function.place, message)
    elif function.name in ACTIVATIONS:
        message = f"Keras has an activation `{function.name}` already"
        context.add("LG420", function.place, message, "choose another name")
