"""A row of the table for each function: what it takes, its kind, dtypes and results."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from layergen.keras_tables.probe.calls import Answer, Call, Refused, Tensor
from layergen.keras_tables.probe.dtypes import dtype_rule
from layergen.keras_tables.probe.gradients import is_flat
from layergen.keras_tables.probe.kinds import kind, takes_axes
from layergen.keras_tables.probe.samples import (
    EXAMPLES,
    FUNCTIONS,
    PAIRS,
    SAMPLES,
    SHAPES,
)
from layergen.keras_tables.probe.signatures import signature_text

Function = Callable[..., Any]
MOST = 60


@dataclass(frozen=True)
class Probed:
    """What was found out of a function."""

    signature: str
    kind: str = ""
    tensors: tuple[str, ...] = ()
    dtype: str = ""
    returns: str = ""
    flat: bool = False

    @property
    def row(self) -> tuple[str, ...]:
        tensors = ", ".join(self.tensors)
        flat = "flat" if self.flat else ""
        return (self.signature, self.kind, tensors, self.dtype, self.returns, flat)


def probed(function: Function) -> Probed:
    """All that is found out of a function."""
    signature = signature_text(function)
    parameters = inspect.signature(function).parameters
    if FUNCTIONS.keys() & parameters.keys():
        return Probed(signature, "higher")
    calls = example(function)
    if not calls:
        return _whole(function, signature)
    tensors = _tensors(calls[0])
    found = _kind_of_all(calls, tensors)
    if found == "reduction":
        if takes_axes(calls[0], tensors[0]):
            found = "reductions"
        calls = (*calls, calls[0].with_(axis=-1))
    rule = dtype_rule(calls, tensors)
    more = _optional(calls[0], tensors)
    returns, flat = _returns(calls[0]), is_flat(calls[0], tensors)
    return Probed(signature, found, (*tensors, *more), rule, returns, flat)


def example(function: Function) -> tuple[Call, ...]:
    """Calls of a function that Keras takes, made up or written down."""
    return example_calls(function) or _example(function)


def _example(function: Function) -> tuple[Call, ...]:
    """The call that is written down for a function, if Keras takes it."""
    given = EXAMPLES.get(function.__name__)
    call = Call(function, "", given or {})
    return (call,) if given and _works(call) else ()


def _whole(function: Function, signature: str) -> Probed:
    """A function that is another one where only what it needs is given."""
    calls = example_calls(function, whole=True)
    if not calls:
        return Probed(signature)
    tensors = _tensors(calls[0])
    parameters = inspect.signature(function).parameters
    chosen = tuple(n for n in tensors if parameters[n].default is None)
    rule = dtype_rule(calls, chosen)
    if rule and chosen != tensors:
        rule += f" of {', '.join(chosen)}"
    return Probed(signature, _kind_of_all(calls, tensors), tensors, rule, "either")


def example_calls(function: Function, whole: bool = False) -> tuple[Call, ...]:
    """Calls that Keras takes: one for each way of giving what is no tensor.

    A `whole` one is given what may be None too.
    """
    parameters = inspect.signature(function).parameters.values()
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "")
    needed = [
        p.name
        for p in parameters
        if (p.default is p.empty or (whole and p.default is None))
        and p.kind is not p.VAR_KEYWORD
    ]
    samples = {name: SAMPLES[name] for name in needed if name in SAMPLES}
    free = [name for name in needed if name not in SAMPLES]
    choices = itertools.islice(itertools.product(*samples.values()), MOST)
    ways = [dict(zip(samples, way, strict=True)) for way in choices]
    for tensors in _tensor_values(free, rest):
        calls = (
            Call(function, rest, {name: {**way, **tensors}[name] for name in needed})
            for way in ways
        )
        found = tuple(call for call in calls if _works(call))
        if found:
            return found
    return ()


def _tensor_values(names: list[str], rest: str) -> Iterator[dict[str, Any]]:
    if not names:
        yield {}
        return
    for dtype in ("float32", "int32", "bool", "complex64"):
        if rest in names:
            for pair in PAIRS:
                yield {rest: tuple(Tensor(shape, dtype) for shape in pair)}
        elif len(names) == 2:
            for pair in PAIRS:
                yield {n: Tensor(s, dtype) for n, s in zip(names, pair, strict=True)}
        else:
            for shape in SHAPES:
                yield dict.fromkeys(names, Tensor(shape, dtype))
            for shape in SHAPES:
                yield dict.fromkeys(names, [Tensor(shape, dtype)] * 2)


def _works(call: Call) -> bool:
    """Whether arrays are taken, and symbolic tensors give the same shapes, if taken."""
    try:
        eager = call.eager()
    except Refused:
        return False
    try:
        return agree(call.symbolic(), eager)
    except Refused:
        # An array taken for a list of others.
        return not any(isinstance(one, list) for one in call.arguments.values())


def agree(symbolic: Answer, eager: Answer) -> bool:
    """Whether the shapes of two answers do: what one leaves open the other may say."""
    if isinstance(symbolic, list) and isinstance(eager, list):
        pairs = zip(symbolic, eager, strict=False)
        return len(symbolic) == len(eager) and all(agree(a, b) for a, b in pairs)
    if not (isinstance(symbolic, Tensor) and isinstance(eager, Tensor)):
        return type(symbolic) is type(eager)
    same_rank = len(symbolic.shape) == len(eager.shape)
    return same_rank and all(
        one in (None, other)
        for one, other in zip(symbolic.shape, eager.shape, strict=True)
    )


def _tensors(call: Call) -> tuple[str, ...]:
    """The arguments whose being symbolic makes the result symbolic."""
    return tuple(name for name in call.arguments if call.is_symbolic_by(name))


def _optional(call: Call, tensors: tuple[str, ...]) -> tuple[str, ...]:
    """Parameters that may be left out, and are tensors where they are given."""
    if not tensors:
        return ()
    like = call.arguments[tensors[0]]
    if not isinstance(like, Tensor):
        return ()
    parameters = inspect.signature(call.function).parameters.values()
    left = [p.name for p in parameters if p.default is None]
    found = []
    for name in left:
        others = {other: like for other in left if other != name}
        alone = call.with_(**{name: like})
        beside = call.with_(**{name: like}, **others)
        if alone.is_symbolic_by(name) or beside.is_symbolic_by(name):
            found.append(name)
    return tuple(found)


def _kind_of_all(calls: tuple[Call, ...], tensors: tuple[str, ...]) -> str:
    """The kind that all calls agree on."""
    found = {kind(call, tensors) for call in calls}
    return found.pop() if len(found) == 1 else ""


def _returns(call: Call) -> str:
    """`tensor`, `tensors`, or `static` for what is no tensor at all."""
    answers = []
    for ask in (call.symbolic, call.eager):
        try:
            answers.append(ask())
        except Refused:
            continue
    found = {_what(answer) for answer in answers}
    return found.pop() if len(found) == 1 else "either"


def _what(answer: Answer) -> str:
    if isinstance(answer, Tensor):
        return "tensor"
    tensors = isinstance(answer, list) and answer
    return "tensors" if tensors and "static" not in map(_what, answer) else "static"
