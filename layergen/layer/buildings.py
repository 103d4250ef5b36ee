"""Which shapes each sublayer is built by, as `forward` calls it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct, field

from layergen.forward.findings import Chain, LayerCall
from layergen.forward.layers import argument_shape
from layergen.forward.shapes import REST, Carried, Made, Several, Shape
from layergen.forward.sizes import Poly
from layergen.forward.values import Tensor, is_float
from layergen.keras_tables.layer_rules import BUILT_BY_ALL
from layergen.keras_tables.layers import layer as keras_layer
from layergen.language.given import comes_built
from layergen.layer.named import Named


class Single(Struct, frozen=True):
    """A sublayer, or each of a list: `one` is what a loop calls it, "" for a single one.

    `holds` the last axis of what it is called on: nobody else refuses another one later.
    """

    name: str
    shapes: tuple[Shape | Several, ...]
    one: str = ""
    holds: bool = False

    @property
    def steps(self) -> tuple[Single, ...]:
        return (self,)


class Chained(Struct, frozen=True):
    """Lists of sublayers that hand a tensor on; `lists` by what the loop calls one of
    each, `steps` in the order of a round."""

    chain: Chain
    lists: Mapping[str, str]
    steps: tuple[Single, ...]


Building = Single | Chained


class Buildings(Struct, frozen=True):
    """How sublayers are built, in the order of their calls; those are `whole` where no
    other is called that is to be built. Some are `needless`: it makes nothing."""

    steps: tuple[Building, ...]
    whole: bool
    needless: frozenset[str] = frozenset()


def buildings(named: Named) -> Buildings:
    """How the sublayers are built whose shapes are to be seen."""
    finder = _Finder(named)
    found: list[Building] = []
    unseen: set[str] = set()
    for call in named.analysis.calls:
        if call.name not in finder.built | unseen:
            building = finder.building(call)
            if building is None:
                unseen.add(call.name)
            else:
                finder.built |= {step.name for step in building.steps}
                found.append(building)
    needless = frozenset(name for name in unseen if _is_needless(named, name))
    seen = named.analysis.whole and unseen <= needless
    return Buildings(tuple(found), seen, needless)


def _is_needless(named: Named, name: str) -> bool:
    """Whether it makes nothing to build a sublayer, which is given no other layer."""
    keras = keras_layer(named.environment.layers[name].keras)
    if keras is None or not keras.buildless:
        return False
    made = named.sublayers[name].make
    calls = sum(isinstance(node, ast.Call) for node in made.nodes)
    layers = (one.name for one in named.args.values() if one.type.is_layer)
    return calls < 2 and not named.reads(made) & {*layers}


def widths(named: Named, found: Buildings) -> set[str]:
    """The dimensions that sublayers surely need, and do not hold later calls to.

    Those are last axes which Keras' layers do not check, those in arithmetic of a last
    axis, and the last axes of the inputs where `build` goes through `call`, or where they
    meet variables of a layer that comes built.
    """
    lasts = _lasts(named) if _rests_on_given(named) else set()
    if not named.spec.layers:
        return lasts
    if not found.whole:
        return _lasts(named)
    needed = {
        name
        for one in found.steps
        for step in one.steps
        for shape in step.shapes
        for name in _in_last(shape, step.holds)
    }
    return lasts | needed & {*named.axes}


def _lasts(named: Named) -> set[str]:
    """The last axes of inputs of floats."""
    lasts = {t.name: str(t.shape.dims[-1]) for t in named.spec.inputs if t.shape.dims}
    return {
        name
        for name, axis in named.axes.items()
        if lasts.get(axis.owner) == name and not named.inputs[axis.owner].dtype
    }


def _rests_on_given(named: Named) -> bool:
    """Whether variables of a given layer, whose shapes nobody knows here, meet inputs."""
    return any(comes_built(named.spec, name) for name in named.args)


def _in_last(shape: Shape | Several, alone: bool) -> Iterator[str]:
    """The names in a shape's last axis, those that stand `alone` in it too."""
    match shape:
        case Several(shapes=shapes) | Made(given=shapes):
            for one in shapes:
                yield from _in_last(one, alone and isinstance(shape, Several))
        case (*_, Poly() as last) if alone or not last.name:
            yield from map(str, last.atoms)


class _Finder(Struct, dict=True):
    """Finds the buildings one after the other."""

    named: Named
    built: set[str] = field(default_factory=set)
    carried: set[Carried] = field(default_factory=set)
    looped: frozenset[str] = frozenset()

    @cached_property
    def _chains(self) -> dict[ast.AST, Chain]:
        return {chain.loop: chain for chain in self.named.analysis.chains}

    def building(self, call: LayerCall) -> Building | None:
        arg = self.named.args.get(call.name)
        if arg is not None and not arg.type.is_made:
            return None
        chain = self._chains.get(call.loop) if call.loop is not None else None
        if chain is not None and call.listed:
            return self._chained(chain)
        if call.listed:
            return self._list(call)
        return self._single(call, "")

    def _single(self, call: LayerCall, one: str) -> Single | None:
        shapes = tuple(self._taken(call))
        if not shapes or not all(map(self._is_written, shapes)):
            return None
        return Single(call.name, shapes, one, self._holds(call))

    def _holds(self, call: LayerCall) -> bool:
        """Whether a layer with weights takes whatever last axis comes later."""
        found = keras_layer(self.named.environment.layers[call.name].keras)
        if found is None or not found.weighted or found.strict:
            return False
        first = call.given[0] if call.given else None
        return isinstance(first, Tensor) and is_float(first.dtype)

    def _taken(self, call: LayerCall) -> list[Shape | Several]:
        """The shapes that the sublayer's `build` takes."""
        keras = self.named.environment.layers[call.name].keras
        shapes = [*map(argument_shape, call.given)]
        if keras in BUILT_BY_ALL:
            return shapes
        if keras:
            return shapes[:1]
        # Others may want all of several, or the first.
        return [None] if self._is_foreign(call.name) or len(shapes) > 1 else shapes

    def _is_foreign(self, name: str) -> bool:
        """Whether a sublayer is of a class that may have no `build` of its own: Keras then
        takes it for built, whatever it holds."""
        if name not in self.named.sublayers:
            return False
        imported = self.named.spec.imported
        made = self.named.sublayers[name].makes
        called = [one.func if isinstance(one, ast.Call) else one for one in made]
        return not all(isinstance(n, ast.Name) and n.id not in imported for n in called)

    def _is_written(self, shape: Shape | Several) -> bool:
        """Whether a shape can be written as code of `build`."""
        match shape:
            case Several(shapes=shapes):
                return all(map(self._is_written, shapes))
            case Made(layer=layer, given=given, listed=listed):
                # One of a list has a name in the loop over the list alone.
                says = self.named.says_shapes(layer)
                says = says and layer in self.built | self.looped
                says = says and (not listed or layer in self.looped)
                return says and all(map(self._is_written, given))
            case Carried():
                return shape in self.carried
            case tuple():
                # Of any axes, too few may come: Keras says so where it calls a layer.
                any_axes = self.named.first.shape.dims is None and REST in shape
                return None not in shape and not any_axes
        return False

    def _list(self, call: LayerCall) -> Single | None:
        """A list of which each sublayer is called on the same shapes."""
        alike = [one for one in self.named.analysis.calls if one.name == call.name]
        if len({tuple(self._taken(one)) for one in alike}) != 1:
            return None
        called = call.node.func
        return self._single(
            call, called.id if isinstance(called, ast.Name) else "layer"
        )

    def _chained(self, chain: Chain) -> Chained | None:
        lists = _variables(chain.loop.target, chain.loop.iter)
        names = [call.name for call in chain.calls]
        if lists is None or sorted(names) != sorted(lists.values()):
            return None
        if self.built & {*names} or not self._is_written(chain.start):
            return None
        self.carried.add(Carried(chain.name, chain.loop))
        self.looped = frozenset(names)
        ones = {many: one for one, many in lists.items()}
        steps = [self._single(call, ones[call.name]) for call in chain.calls]
        known = tuple(step for step in steps if step is not None)
        whole = len(known) == len(steps) and self._is_written(chain.after)
        self.looped = frozenset()
        return Chained(chain, lists, known) if whole else None


def _variables(target: ast.expr, over: ast.expr) -> dict[str, str] | None:
    """The variables of a loop over lists of sublayers, each with its list."""
    match target, over:
        case ast.Name(id=one), ast.Name(id=many):
            return {one: many}
        case (
            ast.Tuple(elts=targets),
            ast.Call(func=ast.Name(id="zip"), args=lists),
        ) if len(targets) == len(lists):
            found: dict[str, str] = {}
            for part, listed in zip(targets, lists, strict=True):
                inner = _variables(part, listed)
                if inner is None:
                    return None
                found |= inner
            return found
        case (
            ast.Tuple(elts=[ast.Name(), inner]),
            ast.Call(func=ast.Name(id="enumerate"), args=[listed]),
        ):
            return _variables(inner, listed)
    return None
