"""Inputs that `call` takes as one list or dict: how methods take them, and take them apart.

A method that takes inputs, their masks or their shapes takes the same structure of each.
Where the inputs come apart, each has a parameter of its own, and nothing is to be done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import astuple

from layergen.layer.facts import Facts
from layergen.source.literals import Shown, literal, message
from layergen.source.statements import Assign, Check, Statement
from layergen.source.written import Written

SHAPES = "input_shape"
WORD = re.compile(r"[A-Za-z_]\w*")


def tensors(facts: Facts) -> tuple[str, ...]:
    """The parameters that stand for the inputs."""
    if facts.spec.joins_inputs:
        return (_inputs(facts),)
    return tuple(f"{t.name}=None" if t.optional else t.name for t in facts.spec.inputs)


def masks(facts: Facts, read: Iterable[str]) -> tuple[str, ...]:
    """The parameters that stand for the masks which code reads."""
    names = [*read]
    if facts.spec.joins_inputs:
        names = ["mask"][: len(names)]
    return tuple(f"{mask}=None" for mask in names)


def shapes(facts: Facts) -> tuple[str, ...]:
    """The parameters that stand for the inputs' shapes."""
    return (SHAPES,) if facts.spec.joins_inputs else facts.shape_parameters


def shape_names(facts: Facts) -> tuple[str, ...]:
    """The arguments by which one method hands the inputs' shapes to another."""
    return (SHAPES,) if facts.spec.joins_inputs else facts.shape_names


def together(facts: Facts, texts: Sequence[str]) -> tuple[str, ...]:
    """The arguments that some code for each input makes."""
    if not facts.spec.joins_inputs:
        return tuple(texts)
    return (Written(literal(facts.spec.joined(map(Written, texts))), [*texts]),)


def tensors_apart(facts: Facts, read: Iterable[str]) -> list[Statement]:
    """The statements that give the inputs which are read their names."""
    names = {tensor.name: tensor.name for tensor in facts.spec.inputs}
    return [*_apart(facts, _inputs(facts), names, {*read})]


def masks_apart(facts: Facts, read: Iterable[str]) -> list[Statement]:
    """The statements that give the masks which are read their names."""
    # Whoever calls `call` by itself, as Keras does symbolically, hands no masks on.
    if facts.spec.inputs_as == "dict":
        whole = "(mask or {})"
    else:
        whole = f"mask or ({', '.join(['None'] * len(facts.inputs))})"
    return [*_apart(facts, whole, facts.spec.masks, {*read}, maybe=True)]


def shapes_apart(facts: Facts, body: Iterable[Statement]) -> list[Statement]:
    """A method that takes shapes, with statements before it that give them names."""
    kept = [*body]
    names = dict(zip(facts.inputs, facts.shape_names, strict=True))
    return [*_apart(facts, SHAPES, names, words(kept)), *kept]


def structure_check(facts: Facts) -> Iterator[Check]:
    """What `input_spec` cannot tell: a list is no dict, and a dict no list."""
    if facts.spec.joins_inputs:
        is_dict = facts.spec.inputs_as == "dict"
        keys = "a dict with the keys" if is_dict else "a list of"
        said = message(
            Shown("self.name"),
            f" is called on {keys} {listing(facts.inputs)}. Received: {SHAPES}=",
            Shown(SHAPES),
        )
        kind = f"isinstance({SHAPES}, dict)"
        yield Check(f"not {kind}" if is_dict else kind, said)


def listing(names: Iterable[str]) -> str:
    """Names as a sentence has them."""
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}" if most else last


def _inputs(facts: Facts) -> str:
    return facts.scope.fresh("inputs")


def _apart(
    facts: Facts,
    whole: str,
    names: Mapping[str, str],
    read: set[str],
    maybe: bool = False,
) -> Iterator[Statement]:
    """The members of a structure in variables, by input; of a list each in its place."""
    if not facts.spec.joins_inputs or not read & {*names.values()}:
        return
    if facts.spec.inputs_as == "list":
        yield Assign(", ".join(n if n in read else "_" for n in names.values()), whole)
        return
    for tensor, name in names.items():
        absent = maybe or facts.inputs[tensor].optional
        if name in read:
            key = f'.get("{tensor}")' if absent else f'["{tensor}"]'
            yield Assign(name, f"{whole}{key}")


def words(statements: Iterable[Statement]) -> set[str]:
    """The words that stand in statements."""
    return {
        word
        for one in statements
        for text in _texts(one)
        for word in WORD.findall(text)
    }


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, Struct):
        yield from _texts(astuple(value))
