"""Names of code: each has a value wherever it is read."""

from __future__ import annotations

import ast
from collections.abc import Callable

from layergen.forward.bound import bound
from layergen.forward.rounds import has_item
from layergen.forward.vocabulary import LOCAL, Vocabulary
from layergen.language.context import Context
from layergen.language.lookup import Lookup
from layergen.language.model import Arg, Spec
from layergen.language.words import LANGUAGE_WORDS
from layergen.source.code import Code


def check_bound(
    code: Code, vocabulary: Vocabulary, spec: Spec, context: Context
) -> None:
    """Report what is read where it may have no value."""
    declared = vocabulary.declared.items()
    start = {name for name, kind in declared if kind != LOCAL}
    start |= vocabulary.words - (code.names.local - LANGUAGE_WORDS)
    found = bound(code.body, start, runs_in(spec))
    first = {name.id: name for name in reversed(found.unsure)}
    for name in first.values():
        message = f"`{name.id}` may have no value where {vocabulary.what} reads it"
        hint = "give it one before, on every path that comes here"
        context.add("LG424", code.place(name), message, hint)


def check_shared(
    code: Code, vocabulary: Vocabulary, forward: Code, spec: Spec, context: Context
) -> None:
    """Report what a gradient reads of forward's variables where they may have no value."""
    ends = bound(forward.body, (), runs_in(spec)).ends
    for node in code.names.free:
        if vocabulary.declared.get(node.id) == LOCAL and node.id not in ends:
            message = f"`{node.id}` may have no value where {vocabulary.what} reads it"
            hint = "give it one in `forward` on every path"
            context.add("LG424", code.place(node), message, hint)


def runs_in(spec: Spec) -> Callable[[ast.expr], bool]:
    """Whether what a loop goes over surely has an item, by what the spec allows."""
    return lambda iterable: _runs(iterable, spec)


def _runs(iterable: ast.expr, spec: Spec) -> bool:
    """Whether the values that a spec allows leave something to go over."""
    match iterable:
        case ast.Call(func=ast.Name(id="range"), args=[ast.Name(id=name)]):
            args = (*spec.args, *spec.call_args)
            return any(arg.name == name and _is_positive(arg, spec) for arg in args)
        case ast.Name(id=name):
            for layer in spec.layers:
                if layer.name == name and layer.loop and not layer.when:
                    return has_item(layer.loop.iterable.expression, runs_in(spec))
            return any(tensor.name == name and tensor.many for tensor in spec.inputs)
    return False


def _is_positive(arg: Arg, spec: Spec) -> bool:
    """Whether an argument is an integer of at least 1, as it is where it is an axis."""
    bounds = Lookup(spec).bounds(arg)
    above = bounds.above is not None and bounds.above >= 0
    positive = above or (bounds.min is not None and bounds.min >= 1)
    return positive and arg.type.is_size and not arg.type.optional
