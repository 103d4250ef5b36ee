"""What is known of a module's layer classes: frozen, made once, read by the rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import takewhile

from msgspec import Struct

from layergen.lint.analysed import Analysis
from layergen.lint.names import Names
from layergen.lint.source import Source
from layergen.lint.walk import Site


class Parameter(Struct, frozen=True):
    """An argument that a method takes besides `self`."""

    name: str
    node: ast.arg
    default: ast.expr | None
    keyword_only: bool


class Method(Struct, frozen=True):
    """A method; `this` is what it calls its own object, mostly `self`."""

    name: str
    node: ast.FunctionDef
    this: str
    parameters: tuple[Parameter, ...]
    varargs: str
    kwargs: str
    sites: tuple[Site, ...]
    uses: frozenset[str]

    def parameter(self, name: str) -> Parameter | None:
        return next((one for one in self.parameters if one.name == name), None)

    def calls(self) -> Iterator[ast.Call]:
        return (one.node for one in self.sites if isinstance(one.node, ast.Call))

    def names(self) -> set[str]:
        """The names that its body reads."""
        nodes = (one.node for one in self.sites)
        return {n.id for n in nodes if isinstance(n, ast.Name)}


class Assignment(Struct, frozen=True):
    """`self.attribute = value`; `value` is None where it is not one expression's."""

    attribute: str
    value: ast.expr | None
    augmented: bool
    method: str
    site: Site


# What the makers of variables take by position; `add_weight` takes no more.
_POSITIONS = {
    "add_weight": ("shape", "initializer", "dtype"),
    "keras.Variable": ("initializer", "shape", "dtype", "trainable"),
}


class Weight(Struct, frozen=True):
    """A call that makes a variable; `attribute` keeps it, if it is kept at once.

    `maker` is `add_weight`, `keras.Variable` or `tensorflow.Variable`.
    """

    call: ast.Call
    maker: str
    attribute: str
    method: str
    site: Site

    def argument(self, name: str) -> ast.expr | None:
        """What it is given for a parameter, by name or by position."""
        by_name = (one.value for one in self.call.keywords if one.arg == name)
        return next(by_name, self._by_position.get(name))

    @property
    def _by_position(self) -> dict[str, ast.expr]:
        known = takewhile(lambda one: not isinstance(one, ast.Starred), self.call.args)
        return dict(zip(_POSITIONS.get(self.maker, ()), known, strict=False))

    @property
    def is_frozen(self) -> bool:
        """Whether it surely is not trained."""
        trainable = self.argument("trainable")
        return isinstance(trainable, ast.Constant) and not trainable.value

    @property
    def is_open(self) -> bool:
        """Whether it is given arguments that the text does not name."""
        starred = any(isinstance(one, ast.Starred) for one in self.call.args)
        return starred or any(one.arg is None for one in self.call.keywords)


class Sublayer(Struct, frozen=True):
    """A call that makes a layer; `attribute` keeps it, by itself or in a container.

    `maker` is a name such as `keras.layers.Dense`, or a class of the same module.
    """

    call: ast.Call
    maker: str
    attribute: str
    method: str
    site: Site

    @property
    def short(self) -> str:
        return self.maker.rpartition(".")[2]


class LayerClass(Struct, frozen=True, dict=True):
    """A class that is a Keras layer.

    `root` is the class of Keras that it comes from, such as `Layer` or `Dense`; it is
    `is_closed` where no class in between is unknown. `parents` are the layers of the same
    module that it extends.
    """

    node: ast.ClassDef
    root: str
    is_closed: bool
    parents: tuple[LayerClass, ...]
    own: Mapping[str, Method]
    assignments: tuple[Assignment, ...]
    weights: tuple[Weight, ...]
    sublayers: tuple[Sublayer, ...]
    class_names: frozenset[str]

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def is_abstract(self) -> bool:
        """Whether its name says that only others are made of it."""
        return self.name.startswith(("Base", "Abstract", "_Base")) or (
            self.name.endswith(("Base", "Mixin"))
        )

    @property
    def is_plain(self) -> bool:
        """Whether all that it has from elsewhere is `Layer`'s."""
        return self.is_closed and self.root == "Layer"

    @cached_property
    def lineage(self) -> tuple[LayerClass, ...]:
        """The class and those of the module that it comes from, nearest first."""
        found = [self, *(one for parent in self.parents for one in parent.lineage)]
        return tuple({id(one): one for one in found}.values())

    def method(self, name: str) -> Method | None:
        """The method of this name, its own or inherited within the module."""
        return next(iter(self._methods.get(name, ())), None)

    @cached_property
    def _methods(self) -> dict[str, list[Method]]:
        """The methods of each name in the lineage, the nearest first."""
        found: dict[str, list[Method]] = {}
        for one in self.lineage:
            for name, method in one.own.items():
                found.setdefault(name, []).append(method)
        return found

    def reachable(self, *starts: str) -> frozenset[str]:
        """The methods that run when these do."""
        seen: set[str] = set()
        waiting = {*starts} & self._methods.keys()
        while waiting:
            name = waiting.pop()
            seen.add(name)
            for method in self._methods[name]:
                waiting |= (method.uses & self._methods.keys()) - seen
        return frozenset(seen)

    @cached_property
    def before_calls(self) -> frozenset[str]:
        """The methods that run before any call."""
        return self.reachable("__init__", "build")

    @cached_property
    def only_in_call(self) -> frozenset[str]:
        """The methods that run at calls and never before."""
        before = self.reachable("__init__", "build", "reset_state", "reset_states")
        return self.reachable("call") - before

    @cached_property
    def sublayer_attributes(self) -> frozenset[str]:
        """The attributes that keep sublayers, by themselves or in containers."""
        found = {one.attribute for one in self.all_sublayers() if one.attribute}
        return frozenset(found | {"layer"} if self.root == "Wrapper" else found)

    def all_weights(self) -> Iterator[Weight]:
        return (weight for one in self.lineage for weight in one.weights)

    def all_sublayers(self) -> Iterator[Sublayer]:
        return (layer for one in self.lineage for layer in one.sublayers)

    def all_assignments(self) -> Iterator[Assignment]:
        return (made for one in self.lineage for made in one.assignments)

    @cached_property
    def weight_attributes(self) -> frozenset[str]:
        return frozenset(one.attribute for one in self.all_weights() if one.attribute)

    @cached_property
    def trained_attributes(self) -> frozenset[str]:
        """The weights that may get a gradient."""
        frozen = {w.attribute for w in self.all_weights() if w.is_frozen}
        return self.weight_attributes - frozen

    def sets_in_class(self, attribute: str) -> bool:
        """Whether a class statement, its own or a parent's, has this name."""
        return any(attribute in one.class_names for one in self.lineage)

    def keeps(self, attribute: str) -> bool:
        """Whether a method of it, or of what it comes from, assigns to this attribute."""
        return any(one.attribute == attribute for one in self.all_assignments())

    def sets(self, attribute: str) -> bool:
        """Whether it, or what it comes from, gives itself this attribute."""
        return self.sets_in_class(attribute) or self.keeps(attribute)


class Gradient(Struct, frozen=True):
    """A function decorated by `custom_gradient`, and the inner function it returns."""

    node: ast.FunctionDef
    maker: str
    grad: ast.FunctionDef | None
    owner: tuple[LayerClass, Method] | None


class Module(Struct, frozen=True):
    """A module: its layers, what each of them does when it is called, and its functions
    with gradients of their own."""

    source: Source
    names: Names
    layers: tuple[LayerClass, ...]
    functions: tuple[Method, ...]
    gradients: tuple[Gradient, ...]
    analyses: tuple[Analysis, ...]

    def at_calls(self) -> Iterator[tuple[Analysis, Method]]:
        """The code that runs at calls and never before, with what it does there: methods
        of each layer, and functions of the module that they call."""
        functions = {one.node: one for one in self.functions}
        for layer, analysis in zip(self.layers, self.analyses, strict=True):
            for name in sorted(layer.only_in_call & layer.own.keys()):
                yield analysis, layer.own[name]
            for node in analysis.functions:
                if node in functions:
                    yield analysis, functions[node]

    def nodes_at_calls(self) -> Iterator[tuple[Analysis, ast.AST]]:
        """The nodes of that code."""
        for analysis, method in self.at_calls():
            for site in method.sites:
                yield analysis, site.node

    def analysis(self, layer: LayerClass) -> Analysis:
        """What a layer of the module does when it is called."""
        pairs = zip(self.layers, self.analyses, strict=True)
        return next(found for one, found in pairs if one is layer)

    def layer(self, name: str) -> LayerClass | None:
        return next((one for one in self.layers if one.name == name), None)
