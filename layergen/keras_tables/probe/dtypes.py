"""The rule by which a function's result has its dtype."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import keras

from layergen.keras_tables.dtypes import RULES, UNKNOWN, classes, result
from layergen.keras_tables.probe.calls import Answer, Call, Refused, Tensor
from layergen.keras_tables.probe.samples import DTYPES

MOST = 16
Found = dict[tuple[str, ...], str]
WEAK = {"int": 2, "float": 0.5}


@cache
def promotion() -> dict[str, dict[str, str]]:
    """What two dtypes have in common, Python's numbers being dtypes too."""
    names = [*DTYPES, *WEAK]
    return {one: {other: _common(one, other) for other in names} for one in names}


def _common(one: str, other: str) -> str:
    if {one, other} <= WEAK.keys():
        # Keras has no answer for two numbers: they stay numbers.
        return "float" if "float" in (one, other) else "int"
    kinds = {"int": int, "float": float}
    found: str = keras.backend.result_type(kinds.get(one, one), kinds.get(other, other))
    return found


def dtype_rule(calls: tuple[Call, ...], tensors: tuple[str, ...]) -> str:
    """The rule with fewest exceptions, or "" where none is near.

    What is given by `dtype` is `given`; what rests on no tensor has one dtype.
    """
    if any("dtype" in call.arguments for call in calls):
        return "given" if all(_is_given(call) for call in calls) else ""
    if not tensors:
        found = {_dtype_of(call, [], ()) for call in calls}
        return found.pop() if len(found) == 1 and not found & {"", UNKNOWN} else ""
    return _rule(_together([_answers(call, tensors) for call in calls]))


def _together(several: list[Found]) -> Found:
    """What the calls agree on."""
    every = dict.fromkeys(dtypes for answers in several for dtypes in answers)
    found = {}
    for dtypes in every:
        said = {answers.get(dtypes, "") for answers in several}
        found[dtypes] = said.pop() if len(said) == 1 else UNKNOWN
    return found


def _is_given(call: Call) -> bool:
    return bool(_dtype_of(call, [], ()) == call.arguments["dtype"])


def _rule(answers: Found) -> str:
    if not any(one != UNKNOWN for one in answers.values()):
        return ""
    choices = [(rule, _exceptions(rule, answers)) for rule in RULES]
    rule, exceptions = min(choices, key=lambda one: len(one[1]))
    for among in ("weak", "bool"):
        # One line for many: to know less than could be known is no mistake.
        apart = [one for one in exceptions if among not in classes(one.split()[:-1])]
        if len(exceptions) > MOST and len(apart) < len(exceptions):
            exceptions = [f"{among} {UNKNOWN}", *apart]
    if len(exceptions) > MOST:
        return ""
    return f"{rule}; {', '.join(exceptions)}" if exceptions else rule


def _exceptions(rule: str, answers: Found) -> list[str]:
    return [
        " ".join((*given, meant))
        for given, meant in answers.items()
        if result(rule, given, promotion()) != meant
    ]


def _answers(call: Call, tensors: tuple[str, ...]) -> Found:
    """What comes out for each combination of dtypes that Keras takes."""
    own = [name for name in tensors if isinstance(call.arguments.get(name), Tensor)]
    if len(own) != len(tensors) or len(own) > 2:
        return {}
    combinations = list(itertools.product(DTYPES, repeat=len(own)))
    if len(own) == 2:
        combinations += itertools.product(DTYPES, WEAK)
        combinations += itertools.product(WEAK, DTYPES)
    found = {dtypes: _dtype_of(call, own, dtypes) for dtypes in combinations}
    return {dtypes: answer for dtypes, answer in found.items() if answer}


def _dtype_of(call: Call, names: list[str], dtypes: tuple[str, ...]) -> str:
    """The dtype that comes out, `unknown` where the two ways differ, "" for neither."""
    given: dict[str, Any] = {}
    for name, dtype in zip(names, dtypes, strict=True):
        weak = WEAK.get(dtype)
        given[name] = call.arguments[name].of(dtype) if weak is None else weak
    asked = call.with_(**given)
    answers = set()
    for ask in (asked.symbolic, asked.eager):
        try:
            answers.add(_one(ask()))
        except Refused:
            answers.add("")
    return answers.pop() if len(answers) == 1 else UNKNOWN


def _one(answer: Answer) -> str:
    """The dtype that all results have."""
    leaves = answer if isinstance(answer, list) else [answer]
    dtypes = {one.dtype if isinstance(one, Tensor) else UNKNOWN for one in leaves}
    return dtypes.pop() if len(dtypes) == 1 else UNKNOWN
