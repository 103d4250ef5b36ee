"""What files saved from trained models hold of a layer, and what would break them.

A variable is a line of text in terms that a change of mere names leaves alone: an axis
of an input reads `input[-1]`, a derived value reads as what it is made of.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from msgspec import Struct

from layergen.language import dims
from layergen.language.model import (
    Spec,
    State,
    Sublayer,
    Weight,
)
from layergen.language.variables import saved
from layergen.problems import Place, Problem
from layergen.source.code import Code, Size

CODE = "LG801"
HINT = "--accept-weights-change, if files saved so far need not load"

# Keras' layers without variables. What is new in Keras and not listed, here or below,
# counts as breaking, which is the safe side.
_WEIGHTLESS = re.compile(
    r"Activation|ActivityRegularization|Add|AlphaDropout|Average|Concatenate"
    r"|Cropping\dD|Dot|Dropout|ELU|Flatten|GaussianDropout|GaussianNoise|Identity"
    r"|LeakyReLU|Masking|Maximum|Minimum|Multiply|Permute|ReLU|RepeatVector|Rescaling"
    r"|Reshape|Resizing|Softmax|SpatialDropout\dD|Subtract|UnitNormalization"
    r"|UpSampling\dD|ZeroPadding\dD|\w*Pool(ing)?\dD"
)
# Arguments of Keras' layers that no variable's presence, shape or dtype rests on.
_HARMLESS = re.compile(
    r"(recurrent_)?(activation|dropout)|\w+_(initializer|regularizer|constraint)|seed"
    r"|name|rate|epsilon|momentum|padding|strides|return_(sequences|state)|mask_zero"
)


class Variable(Struct, frozen=True):
    """A weight, a state or a sublayer: `text` is `name: what it is`."""

    text: str
    place: Place

    @property
    def name(self) -> str:
        return self.text.partition(": ")[0]


def variables(spec: Spec) -> tuple[Variable, ...]:
    """The variables in the order of saved files; sublayers are found there by name."""
    terms = _Terms(spec)
    found = [Variable(_weight(one, terms), one.place) for one in saved(spec)]
    found += [
        Variable(_sublayer(one, terms), one.place)
        for one in spec.layers
        if not _is_weightless(one)
    ]
    return tuple(found)


def breaks(
    old: tuple[str, ...], new: tuple[Variable, ...], file: str, text: str
) -> Iterator[Problem]:
    """The changes since `old` that break saved files, each at its place in the spec."""
    lines = text.split("\n")
    for message, variable in _changes(old, new):
        place = variable.place if variable else _section(lines)
        quoted = lines[place.line - 1] if place.line <= len(lines) else ""
        yield Problem(file, place, CODE, message, HINT, quoted)


def _changes(
    old: tuple[str, ...], new: tuple[Variable, ...]
) -> Iterator[tuple[str, Variable | None]]:
    before = dict(line.partition(": ")[::2] for line in old)
    after = {variable.name: variable for variable in new}
    gone = [name for name in before if name not in after]
    added = [name for name in after if name not in before]
    renamed = dict(_renamed(before, gone, after, added))
    for name in gone:
        if name in renamed:
            variable = after[renamed[name]]
            yield f"`{name}` is renamed to `{variable.name}`", variable
        else:
            yield f"`{name}` is removed", None
    for name in added:
        if name not in renamed.values():
            yield f"`{name}` is new", after[name]
    for name in before:
        if name in after:
            now = after[name].text.partition(": ")[2]
            for message in _differences(name, before[name], now):
                yield message, after[name]
    yield from _reordered(before, renamed, after)


def _renamed(
    before: dict[str, str],
    gone: list[str],
    after: dict[str, Variable],
    added: list[str],
) -> Iterator[tuple[str, str]]:
    """What is gone with what took its place: the next new variable of the same kind."""
    left = list(added)
    for name in gone:
        for other in left:
            if after[other].text.partition(": ")[2] == before[name]:
                left.remove(other)
                yield name, other
                break


def _differences(name: str, before: str, now: str) -> Iterator[str]:
    if before == now:
        return
    if not (before.startswith("[") and now.startswith("[")):
        yield f"`{name}` changes from `{before}` to `{now}`"
        return
    words = ("is reshaped", "changes its dtype", "changes its condition")
    for word, one, other in zip(words, _parts(before), _parts(now), strict=True):
        if one != other:
            yield f"`{name}` {word} from `{one}` to `{other}`"


def _parts(text: str) -> tuple[str, str, str]:
    """Shape, dtype and condition of a variable's text."""
    found = re.fullmatch(r"(\[.*?\])(?: of (\w+))?(?: when (.*))?", text, re.DOTALL)
    if found is None:
        return text, "", ""
    return found[1], found[2] or "the layer's", found[3] or "always"


def _reordered(
    before: dict[str, str], renamed: dict[str, str], after: dict[str, Variable]
) -> Iterator[tuple[str, Variable]]:
    """Variables that stay but change places; sublayers are found by their names."""
    was = [renamed.get(name, name) for name, text in before.items() if text[:1] == "["]
    now = [name for name in after if name in was]
    was = [name for name in was if name in after]
    if was != now:
        first = next(n for n, o in zip(now, was, strict=True) if n != o)
        listed = [", ".join(f"`{name}`" for name in names) for names in (was, now)]
        message = f"the order changes from {listed[0]} to {listed[1]}"
        yield message, after[first]


def _section(lines: list[str]) -> Place:
    """Where weights are listed, or the top."""
    for key in ("weights", "states", "layers", "layer"):
        for number, line in enumerate(lines, 1):
            if line.startswith(f"{key}:"):
                return Place(number, 1)
    return Place(1, 1)


class _Terms(Struct, frozen=True):
    """Code of a spec in terms of inputs and arguments."""

    spec: Spec

    def of(self, tree: ast.expr) -> str:
        return ast.unparse(_Unnamed(self.spec).visit(ast.parse(ast.unparse(tree))))

    def of_code(self, code: Code) -> str:
        return self.of(code.expression)


class _Unnamed(ast.NodeTransformer):
    """Puts in place of derived values and dimensions what they are."""

    def __init__(self, spec: Spec) -> None:
        self.derived = {one.name: one.code.expression for one in spec.derived}
        self.axes = dims.bindings(spec)
        self.counts = dims.counts(spec)
        self.inputs = {one.name: index for index, one in enumerate(spec.inputs)}
        shapes = {one.name: one.shape for one in spec.inputs}
        given = {one.name: one.shape for one in spec.args if one.shape}
        self.ranks = {
            name: len(shape.dims)
            for name, shape in (shapes | given).items()
            if shape.dims and shape.rest is None
        }

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.derived:
            text = ast.unparse(self.derived[node.id])
            return self.visit(ast.parse(text, mode="eval").body)  # type: ignore[no-any-return]
        if node.id in self.axes:
            axis = self.axes[node.id]
            position = axis.position
            if position >= 0 and axis.owner in self.ranks:
                position -= self.ranks[axis.owner]
            owner = self._input(axis.owner) if axis.of_input else axis.owner
            return ast.Name(f"{owner}[{position}]")
        if node.id in self.counts:
            return ast.Name(f"len({self._input(self.counts[node.id])})")
        return node

    def _input(self, name: str) -> str:
        index = self.inputs[name]
        return f"input{index + 1}" if index else "input"


def _weight(one: Weight | State, terms: _Terms) -> str:
    dims_ = [
        terms.of(dim.tree) if isinstance(dim, Size) else str(dim)
        for dim in one.shape.dims or ()
    ]
    text = f"{one.name}: [{', '.join(dims_)}]"
    if one.dtype:
        text += f" of {one.dtype}"
    if isinstance(one, Weight) and one.when:
        text += f" when {terms.of_code(one.when)}"
    return text


def _sublayer(one: Sublayer, terms: _Terms) -> str:
    call = ast.parse(ast.unparse(one.make.expression), mode="eval").body
    if isinstance(call, ast.Call):
        call.keywords = [
            keyword
            for keyword in call.keywords
            if not (keyword.arg and _HARMLESS.fullmatch(keyword.arg))
        ]
    text = f"{one.name}: {terms.of(call).removeprefix('keras.layers.')}"
    if one.loop:
        text += f" for {one.loop.target} in {terms.of_code(one.loop.iterable)}"
    if one.when:
        text += f" when {terms.of_code(one.when)}"
    return text


def _is_weightless(one: Sublayer) -> bool:
    call = one.make.expression
    name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
    return bool(_WEIGHTLESS.fullmatch(name.removeprefix("keras.layers.")))
