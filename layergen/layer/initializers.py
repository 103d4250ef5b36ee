"""Who takes an initializer argument as it is, and who a copy of it.

Two variables of one initializer object would start from the same values. Whoever is the
first to take an argument, in the order of variables and then sublayers, has the object, and
all others have copies; so has a sublayer of a list, which is made several times.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from layergen.language.model import State, Sublayer, Weight
from layergen.language.variables import created
from layergen.layer.facts import Facts
from layergen.source.written import Written

REPEATED = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Copies(Struct, frozen=True):
    """The variables, by name, that take a copy, and the places in sublayers' calls that do."""

    variables: frozenset[str]
    places: frozenset[ast.Name]

    @property
    def named(self) -> frozenset[str]:
        """The arguments that sublayers take copies of."""
        return frozenset(place.id for place in self.places)


def copies(facts: Facts) -> Copies:
    """Who takes a copy of an initializer argument."""
    taken: set[str] = set()
    variables: set[str] = set()
    for variable in created(facts.spec):
        if name := initializer_argument(variable):
            if name in taken:
                variables.add(variable.name)
            taken.add(name)
    places: set[ast.Name] = set()
    for layer in facts.spec.layers:
        repeated = _repeated(layer)
        for place in _read(facts, layer):
            if layer.loop or place in repeated or place.id in taken:
                places.add(place)
            taken.add(place.id)
    return Copies(frozenset(variables), frozenset(places))


def initializer_argument(variable: Weight | State) -> str:
    """The argument that is a variable's initializer, or ""."""
    maker = variable.initializer
    return maker.text if maker and maker.kind == "argument" else ""


def copied(facts: Facts, name: str, text: str) -> Written:
    """The expression of a copy of an initializer argument, which `text` reads."""
    before, after = copying(facts, name, text)
    return Written(f"{before}{text}{after}", text)


def copying(facts: Facts, name: str, text: str) -> tuple[str, str]:
    """What stands before and after the text of an argument to make a copy of it."""
    return f"{text} and " if facts.args[name].type.optional else "", ".clone()"


def _read(facts: Facts, layer: Sublayer) -> Iterator[ast.Name]:
    """Where a sublayer's call hands an initializer argument on, in order."""
    free = sorted(layer.make.names.free, key=lambda n: (n.lineno, n.col_offset))
    for node in free:
        arg = facts.args.get(node.id)
        initializer = arg is not None and arg.type.module == "initializers"
        if initializer and node not in owners(layer):
            yield node


def owners(layer: Sublayer) -> set[ast.Name]:
    """The names of which a sublayer's call reads an attribute, as in `init.clone()`."""
    found = (
        node.value
        for node in ast.walk(layer.make.expression)
        if isinstance(node, ast.Attribute)
    )
    return {one for one in found if isinstance(one, ast.Name)}


def _repeated(layer: Sublayer) -> set[ast.AST]:
    """What a sublayer's call may evaluate several times."""
    return {
        inner
        for node in ast.walk(layer.make.expression)
        if isinstance(node, REPEATED)
        for inner in ast.walk(node)
    }
