"""What the code of a hand-written layer does, by the analysis of specs' code.

A spec says what its names stand for; here the class does: what its constructor and `build`
keep on `self`, and how `call` uses what it is given.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from layergen.forward.findings import Found
from layergen.forward.frames import Frame
from layergen.forward.interpreter import Interpreter, TooMuch
from layergen.forward.layers import ALONE, HowMade, how_made
from layergen.forward.values import (
    OPEN,
    UNKNOWN,
    Function,
    Layer,
    Module,
    Tensor,
    Value,
    maybe,
)
from layergen.keras_tables.layers import layer as keras_layer
from layergen.language.words import BUILTINS
from layergen.limits import FLOW_STEPS
from layergen.lint import evidence
from layergen.lint.analysed import Analysis
from layergen.lint.facts import LayerClass, Method, Weight
from layergen.lint.names import Names, canonical
from layergen.lint.reading import INPUT, SELF, Reading, anything, is_plain
from layergen.lint.source import Source
from layergen.source.scopes import bound_in

STEPS = 30
"""Of going through the methods of a layer, for each of their nodes."""
FIRST_STEPS = 500
"""Those that the shortest may take."""


class World(Struct, frozen=True):
    """What the names of a module stand for: builtins, imports and functions.

    `shared` are names that some function sets for others, which may be anything.
    """

    values: Mapping[str, Value]
    shared: frozenset[str]


def world_of(source: Source, names: Names) -> World:
    """What the names of a module stand for."""
    found: dict[str, Value] = {n: Module(f"builtins.{n}") for n in BUILTINS}
    bound = Counter(n for one in source.tree.body for n in bound_in([one]))
    found |= dict.fromkeys(bound, UNKNOWN)
    found |= {name: Module(canonical(full)) for name, full in names.known.items()}
    for one in source.tree.body:
        if isinstance(one, ast.FunctionDef) and is_plain(one) and bound[one.name] == 1:
            found[one.name] = Function(one, Frame({}))
    setting = (n for n in source.nodes if isinstance(n, (ast.Global, ast.Nonlocal)))
    return World(found, frozenset(name for node in setting for name in node.names))


def analyse(layer: LayerClass, world: World, names: Names) -> Analysis:
    """Go through what runs at every call of a layer.

    Where that takes more steps than its length allows, nothing is known of it.
    """
    reader = _reader(layer, world, layer.only_in_call, names)
    returned: Value = UNKNOWN
    try:
        returned = _run(reader, layer, names)
    except (TooMuch, RecursionError):
        reader.found = Found()
    before = _before(layer, world, names)
    entered = tuple(reader.entered)
    return Analysis(reader.found.values, reader.sizes, entered, returned, before)


def _before(layer: LayerClass, world: World, names: Names) -> Mapping[ast.expr, Value]:
    """What the expressions of the constructor and of `build` may be."""
    methods = layer.before_calls
    reader = _reader(layer, world, methods, names)
    try:
        for name in sorted(methods & layer.own.keys()):
            _enter(reader, layer.own[name])
    except (TooMuch, RecursionError):
        return {}
    return reader.found.values


def _reader(
    layer: LayerClass, world: World, running: frozenset[str], names: Names
) -> Reading:
    methods = [
        method
        for one in layer.lineage
        for name, method in one.own.items()
        if name in running
    ]
    hows = dict(_made(layer))
    call = layer.method("call")
    reader = Reading(
        world.values,
        attributes={**_methods(layer), **_kept(layer, hows)},
        layers=hows,
        parts=evidence.parts_of_inputs(call, names) if call else {},
        shared=world.shared,
    )
    nodes = sum(len(method.sites) for method in methods)
    reader.limit = min(FLOW_STEPS, FIRST_STEPS + STEPS * nodes)
    return reader


def _run(reader: Reading, layer: LayerClass, names: Names) -> Value:
    """Go through `call`, and then through what it did not come to; what `call` gives."""
    call = layer.method("call")
    given_back: Value = UNKNOWN
    if call is not None and "call" in layer.only_in_call:
        function = _bound(call)
        given = anything(function)
        given |= dict.fromkeys(evidence.single_tensors(call, names), INPUT)
        masks = evidence.single_masks(call)
        given |= dict.fromkeys(masks, maybe(Tensor(None, "bool")))
        given_back = reader.call_function(function, [], given)
    for name in sorted(layer.only_in_call & layer.own.keys()):
        _enter(reader, layer.own[name])
    reader.rest()
    return given_back


def _enter(reader: Reading, method: Method) -> None:
    """Go through a method that nothing has come to."""
    if not reader.is_followed(method.node.body):
        function = _bound(method)
        reader.call_function(function, [], anything(function))


def _bound(method: Method) -> Function:
    """A method as a function of what follows its object, which it sees around it."""
    node, args = copy.copy(method.node), copy.copy(method.node.args)
    if not method.this:
        return Function(node, Frame({}))
    if args.posonlyargs:
        args.posonlyargs = args.posonlyargs[1:]
    else:
        args.args = args.args[1:]
    node.args = args
    return Function(node, Frame({method.this: SELF}))


def _methods(layer: LayerClass) -> dict[str, Value]:
    """The methods that do when called what their bodies say, the nearest of each name."""
    found: dict[str, Value] = {}
    for one in layer.lineage:
        for name, method in one.own.items():
            if name not in found:
                plain = is_plain(method.node) and not layer.keeps(name)
                found[name] = _bound(method) if plain else UNKNOWN
    return found


def _kept(layer: LayerClass, hows: Mapping[str, HowMade]) -> dict[str, Value]:
    """The attributes that hold one weight or sublayer, and nothing else but None."""
    weights = {id(one.call): one for one in layer.all_weights()}
    found: dict[str, Value] = {}
    for name in evidence.kept_alone(layer, weights.keys()):
        [one, *_] = [w for w in weights.values() if w.attribute == name]
        found[name] = Tensor(_shape(one), OPEN, frozenset({f"self.{name}"}))
    calls = {id(one.call) for one in layer.all_sublayers() if one.attribute in hows}
    for name in evidence.kept_alone(layer, calls):
        found[name] = Layer(name)
    empty = evidence.set_to_none(layer)
    return {n: maybe(value) if n in empty else value for n, value in found.items()}


def _shape(weight: Weight) -> tuple[None, ...] | None:
    """As many axes as a weight is given where it is made."""
    match weight.argument("shape"):
        case ast.Tuple(elts=sizes) if not any(
            isinstance(s, ast.Starred) for s in sizes
        ):
            return (None,) * len(sizes)
    return None


def _made(layer: LayerClass) -> Iterator[tuple[str, HowMade]]:
    """How sublayers of Keras' own are made that return one tensor."""
    calls: dict[str, list[HowMade | None]] = {}
    for one in layer.all_sublayers():
        known = one.maker.startswith("keras.layers.") and keras_layer(one.short)
        reader = Interpreter({}, {}, {})
        how = how_made(one.short, one.call, reader.value_of) if known else None
        calls.setdefault(one.attribute, []).append(how)
    for name, hows in calls.items():
        if hows[0] and all(one and _gives_one(one) for one in hows):
            yield name, hows[0]


def _gives_one(how: HowMade) -> bool:
    found = keras_layer(how.keras)
    alone = how.given.get("return_state", ALONE) == ALONE
    return found is not None and found.single and alone
