"""The layers that a layer holds: how they are made."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from layergen.keras_tables.layers import layer as keras_layer
from layergen.language.along import axis_arguments
from layergen.language.model import Loop, Sublayer
from layergen.layer.facts import Facts
from layergen.layer.initializers import copies, copying, owners
from layergen.source.bodies import expression
from layergen.source.dotted import dotted
from layergen.source.literals import literal, numbered
from layergen.source.rewrite import Bind, Extra, Source, source_of
from layergen.source.scopes import names_of
from layergen.source.statements import (
    Assign,
    Branch,
    Statement,
)
from layergen.source.written import Written


def is_static(facts: Facts, layer: Sublayer) -> bool:
    """Whether the constructor can make a sublayer: it rests on arguments alone."""
    pieces = [layer.make, layer.when, layer.loop and layer.loop.iterable]
    read = set().union(*(facts.reads(piece) for piece in pieces if piece))
    return not read & (
        {*facts.axes, *facts.counts, *axis_arguments(facts.spec)}
        | (set(facts.derived) - facts.static)
    )


def made_layers(facts: Facts, static: bool, bind: Bind) -> Iterator[Statement]:
    """The statements that make the sublayers of the constructor, or those of `build`."""
    for layer in facts.spec.layers:
        if is_static(facts, layer) is static:
            index = facts.scope.fresh("index")
            how = Making(bind, facts.in_method, "self.dtype_policy", layer.name, index)
            yield from _chosen(facts, layer, layer.make.expression, how)


def _chosen(
    facts: Facts, layer: Sublayer, node: ast.expr, how: Making
) -> Iterator[Statement]:
    """The statement that makes a sublayer, or the one that decides which it is."""
    target = f"self.{layer.name}"
    if not layer.is_chosen or layer.loop or (layer.when and not _says_none(layer)):
        yield Assign(target, made(facts, layer, how))
    elif isinstance(node, ast.IfExp):
        source = _source(facts, layer, how)
        sides = (tuple(_chosen(facts, layer, n, how)) for n in (node.body, node.orelse))
        yield Branch(source.rewritten(node.test), *sides)
    else:
        yield Assign(target, _source(facts, layer, how).rewritten(node))


def _says_none(layer: Sublayer) -> bool:
    """Whether the expression itself says when there is no layer."""
    node = layer.make.expression
    while isinstance(node, ast.IfExp):
        node = node.orelse
    return isinstance(node, ast.Constant)


class Making(Struct, frozen=True):
    """How code makes a sublayer where it stands.

    `bind` is how it reads the names of the spec, `kept` how it reads what Keras has looked
    up of an argument, `dtype` what gives the dtype policy, `name` what Keras calls the
    layer, and `index` counts the layers of a list.
    """

    bind: Bind
    kept: Bind
    dtype: str
    name: str
    index: str


def made(facts: Facts, layer: Sublayer, how: Making) -> str:
    """The expression that makes a sublayer, or a list of them."""
    text = _source(facts, layer, how).enclosed(layer.make.expression)
    if layer.loop:
        loop = _counted(facts, layer, layer.loop, how)
        text = Written(f"[{text} for {loop}]", text, loop)
    elif layer.is_chosen and layer.when:
        text = Written(f"({text})", text)
    if layer.when:
        nothing = "[]" if layer.loop else "None"
        when = expression(layer.when, how.bind)
        text = Written(f"{text} if {when} else {nothing}", text, when)
    return text


def _source(facts: Facts, layer: Sublayer, how: Making) -> Source:
    """The code that makes a sublayer, with its names bound."""
    targets = _targets(layer)
    places = copies(facts).places.intersection(layer.make.names.free)
    copied: dict[ast.expr, tuple[str, str]] = {
        one: copying(facts, one.id, how.kept(one.id)) for one in places
    }
    asked = {one.id for one in owners(layer)} & facts.args.keys()
    names = {one.id for one in places}
    names |= {name for name in asked if facts.args[name].type.looked_up}

    def bind_class(name: str) -> str:
        if name in targets:
            return name
        if name in names:
            return how.kept(name)
        return how.bind(name) if facts.is_value(name) else layer_class(facts, name)

    source = source_of(layer.make, bind_class, copied)
    return replace(source, extra=_given(facts, layer, how))


def _given(facts: Facts, layer: Sublayer, how: Making) -> Extra:
    """What the calls that make a sublayer are given beyond what the spec writes.

    The layer gets its name, and it and every layer inside its constructor the dtype
    policy, unless the spec or Keras says otherwise.
    """
    whole = layer.makes
    listed = numbered(layer.name, how.index)
    named = f"name={listed if layer.loop else literal(how.name)}"

    def given(call: ast.Call) -> tuple[str, ...]:
        found = [f"dtype={how.dtype}"] if _takes(facts, call, whole, "dtype") else []
        if call in whole and _takes(facts, call, whole, "name"):
            found.append(named)
        return tuple(found)

    return given


def _takes(
    facts: Facts, call: ast.Call, whole: tuple[ast.expr, ...], name: str
) -> bool:
    """Whether a call surely makes a layer, and may be given an argument of this name."""
    if name in {keyword.arg for keyword in call.keywords}:
        return False
    called = dotted(call.func)
    full = facts.spec.in_full(called)
    found = keras_layer((full or called).removeprefix("keras.layers."))
    if found is not None and (not full or full.startswith("keras.layers.")):
        return found.takes(name)
    return call in whole or called in facts.neighbours


def _counted(facts: Facts, layer: Sublayer, loop: Loop, how: Making) -> Written:
    """The loop over a list, with an index to name its layers by."""
    iterable = expression(loop.iterable, how.bind)
    unread = loop.target == "_" and "_" not in facts.reads(layer.make)
    if unread and range_call(loop):
        return Written(f"{how.index} in {iterable}", iterable)
    target = f"({loop.target})" if "," in loop.target else loop.target
    return Written(f"{how.index}, {target} in enumerate({iterable})", iterable)


def range_call(loop: Loop) -> ast.Call | None:
    """What a loop goes over, where that is a call of `range`."""
    match loop.iterable.expression:
        case ast.Call(func=ast.Name(id="range")) as call:
            return call
    return None


def layer_class(facts: Facts, name: str) -> str:
    """How code reads a layer's class: Keras' own, or that of a spec beside this one."""
    return name if name in facts.neighbours else f"keras.layers.{name}"


def _targets(layer: Sublayer) -> set[str]:
    if layer.loop is None:
        return set()
    tree = ast.parse(f"for {layer.loop.target} in (): pass").body
    return set(names_of(tree).local)
