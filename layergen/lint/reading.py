"""Hand-written code, gone through by the interpreter of specs' code.

What is here is what specs have not: attributes of `self`, tensors whose shapes nobody
declares, functions of TensorFlow, statements of every kind, and functions that nobody
calls.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from layergen.forward.findings import LayerCall
from layergen.forward.frames import Frame, Names, together
from layergen.forward.interpreter import Interpreter
from layergen.forward.layers import HowMade
from layergen.forward.values import (
    OPEN,
    UNKNOWN,
    Function,
    Items,
    Many,
    Module,
    Nothing,
    Number,
    Tensor,
    Unknown,
    Value,
    fits,
    there,
    through,
)
from layergen.keras_tables import tensorflow
from layergen.keras_tables.names import RANDOM
from layergen.keras_tables.operations import op
from layergen.lint import statements
from layergen.lint.names import canonical
from layergen.lint.sizes import BATCH, Read, Sizes, is_shape, plain
from layergen.source.scopes import parameters

SELF = Module("self")
"""The object whose methods are gone through."""

INPUT = Tensor(BATCH, OPEN, frozenset({"inputs"}))
"""One of the tensors that `call` is given."""

ITEMS = 64
"""Of lists that are looked at one by one."""

SHAPES = ("keras.ops.shape", "keras.backend.shape", "tensorflow.shape")
COUNTS = ("keras.ops.size", "keras.backend.size", "tensorflow.size")


class Reading(Interpreter):
    """Goes through the methods of a class.

    `attributes` are what `self` has; `parts` are the assignments that take tensors out of
    several inputs, with their names; `shared` are names that some
    function sets for others.
    """

    def __init__(
        self,
        world: Mapping[str, Value],
        attributes: Mapping[str, Value],
        layers: Mapping[str, HowMade],
        parts: Mapping[ast.stmt, Collection[str]],
        shared: Collection[str],
    ) -> None:
        super().__init__(world, {}, layers)
        self.attributes = attributes
        self.parts = parts
        self.shared = shared
        self.sizes = Sizes()
        self.entered: dict[ast.FunctionDef, None] = {}
        self.defined: dict[ast.FunctionDef, tuple[Frame, Names]] = {}

    # Names

    def lookup(self, name: str) -> Value:
        """A name that another function may set is unknown."""
        return UNKNOWN if name in self.shared else super().lookup(name)

    def bind(self, target: ast.expr, value: Value) -> None:
        parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        if parts and isinstance(value, Items) and is_shape(value):
            value = self.sizes.spread(parts, value)
        super().bind(target, value)

    def add_item(self, owner: ast.expr, value: Value) -> None:
        """What is put into an attribute changes no name."""
        root = owner
        while isinstance(root, (ast.Subscript, ast.Attribute)):
            root = root.value
        if not isinstance(root, ast.Name) or self.lookup(root.id) != SELF:
            super().add_item(owner, value)

    # Statements

    def statement(self, node: ast.stmt) -> None:
        if statements.follow(self, node):
            return
        super().statement(node)
        names = self.frame.names
        if names is None:
            return
        if isinstance(node, ast.FunctionDef):
            _, before = self.defined.get(node, (None, None))
            known = together(before, names) or {}
            self.defined[node] = (Frame(known, self.frame.outer), known)
            if not is_plain(node):
                names[node.name] = UNKNOWN
        for name in self.parts.get(node, ()):
            if isinstance(names.get(name), Unknown):
                names[name] = INPUT

    def call_function(
        self, function: Function, given: list[Value], named: Names
    ) -> Value:
        if isinstance(function.node, ast.FunctionDef):
            self.entered[function.node] = None
        return super().call_function(function, given, named)

    def rest(self) -> None:
        """Go through inner functions that nobody calls."""
        seen: set[ast.FunctionDef] = set()
        while todo := [node for node in self.defined if node not in seen]:
            for node in todo:
                seen.add(node)
                if not self.is_followed(node.body):
                    function = Function(node, self.defined[node][0])
                    self.call_function(function, [], anything(function))

    def is_followed(self, body: list[ast.stmt]) -> bool:
        """Whether code was gone through, be it in part."""
        nodes = (one for statement in body for one in ast.walk(statement))
        return any(one in self.found.values for one in nodes)

    # Expressions

    def meaning(self, node: ast.expr) -> Value:
        found = super().meaning(node)
        match node:
            case ast.Attribute():
                found = self._attribute(node, found)
            case ast.Subscript():
                found = self._item(node, found)
            case ast.Call():
                found = self._call(node, found)
            case ast.BinOp(left=one, right=other) | ast.Compare(
                left=one, comparators=[other]
            ):
                found = self._computed(found, one, other)
        if isinstance(found, Items) and not fits(found.items, ITEMS):
            return Many(UNKNOWN)
        return plain(found, self.sizes) if isinstance(found, Tensor) else found

    def layer_result(self, call: LayerCall, smooth: frozenset[str]) -> Value:
        found = super().layer_result(call, smooth)
        if isinstance(found, Tensor):
            first = there(call.given[0])
            batched = isinstance(first, Tensor) and first.shape == BATCH
            return Tensor(BATCH if batched else None, OPEN, smooth)
        return found

    def at(self, node: ast.expr) -> Value:
        """What an expression may be that was gone through."""
        return there(self.found.values.get(node, UNKNOWN))

    def _attribute(self, node: ast.Attribute, found: Value) -> Value:
        owner = self.at(node.value)
        if owner == SELF:
            return self.attributes.get(node.attr, UNKNOWN)
        if isinstance(found, Module):
            return Module(canonical(found.path))
        if isinstance(owner, Tensor) and node.attr == "shape":
            return self._shape(node, owner, found)
        return found

    def _shape(self, node: ast.expr, owner: Tensor, found: Value) -> Value:
        """The sizes of a tensor; those of what rests on no input are none of the layer's
        inputs'."""
        batched = owner.shape == BATCH
        of_inputs = owner.shape is None and owner.through & INPUT.through
        if batched or of_inputs:
            return self.sizes.shape(node, batched, late=False)
        return found

    def _item(self, node: ast.Subscript, found: Value) -> Value:
        owner = self.at(node.value)
        if not isinstance(owner, Items) or not is_shape(owner):
            return found
        match node.slice:
            case ast.Slice(lower=lower, step=None):
                front = lower is None or self.at(lower) == Number("int", 0)
                return self.sizes.part(node, owner, front)
            case ast.Slice():
                return self.sizes.part(node, owner, front=False)
        return self.sizes.item(node, found, owner)

    def _call(self, node: ast.Call, found: Value) -> Value:
        match self.found.values.get(node.func, UNKNOWN):
            case Module(path=path):
                return self._of_module(node, path, found)
            case Function():
                # What returns nothing may be for others to write.
                return UNKNOWN if isinstance(found, Nothing) else found
        match node.func:
            case ast.Attribute(value=value, attr="get_shape"):
                owner = self.at(value)
                if isinstance(owner, Tensor):
                    return self._shape(node, owner, found)
            case ast.Attribute(value=value, attr="as_list"):
                shape = self.at(value)
                if isinstance(shape, Items) and is_shape(shape):
                    return self.sizes.part(node, shape, front=True)
        return found

    def _of_module(self, node: ast.Call, path: str, found: Value) -> Value:
        head, _, name = path.rpartition(".")
        value = self.at(node.args[0]) if node.args else UNKNOWN
        if path in SHAPES:
            if _may_begin_with_batch(value):
                return self.sizes.shape(node, True, late=True)
            return found
        if path in COUNTS:
            return self.sizes.size(Read(node, True, True))
        if path == "keras.backend.int_shape" and isinstance(value, Tensor):
            return self._shape(node, value, found)
        smooth = through(found)
        if head == "keras.random" and name not in RANDOM:
            return Unknown(smooth)
        if head == "keras.ops" and isinstance(found, Unknown):
            # Given in a way that is not followed, it gives what it always gives.
            known = op(name)
            sure = known is not None and known.returns == "tensor"
            return Tensor(None, OPEN, smooth) if sure else found
        if tensorflow.gives_tensor(path):
            meant = tensorflow.meant(path)
            same = meant is not None and meant.kind == "elementwise"
            shape = value.shape if same and isinstance(value, Tensor) else None
            return Tensor(shape, OPEN, smooth)
        return found

    def _computed(self, found: Value, one: ast.expr, other: ast.expr) -> Value:
        """What sizes give of one name, which stands for others in other calls."""
        if isinstance(found, Number) and found.value is not None:
            sides = (*self.sizes.of(self.at(one)), *self.sizes.of(self.at(other)))
            if sides and not any(self.sizes.of(found)):
                return Number(found.type, None, found.late)
        return found


def _may_begin_with_batch(value: Value) -> bool:
    """Whether something may be a tensor of one row for each of the batch."""
    if not isinstance(value, Tensor):
        return True
    of_weights = value.through and not value.through & INPUT.through
    return not of_weights and not isinstance(value.shape, tuple)


def anything(function: Function) -> dict[str, Value]:
    """The parameters of a function that may be given anything."""
    return {one.arg: UNKNOWN for one in parameters(function.node)}


def is_plain(node: ast.FunctionDef) -> bool:
    """Whether a function does when called what its body says."""
    yields = (ast.Yield, ast.YieldFrom, ast.Await)
    changed = [d for d in node.decorator_list if ast.unparse(d) != "staticmethod"]
    return not changed and not any(isinstance(one, yields) for one in ast.walk(node))
