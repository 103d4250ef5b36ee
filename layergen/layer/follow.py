"""The shapes that sublayers are called on, followed through forward.

As far as they are plain to see; where they are not, `build` must find out otherwise.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import reduce

from layergen.keras_tables.operations import op
from layergen.language.given import called
from layergen.layer.named import Named
from layergen.layer.symbolic import Axes, Symbolic, reduced, subscripted, together
from layergen.source.scopes import names_of
from layergen.source.statements import (
    Assign,
    Branch,
    Each,
    Run,
    Statement,
)


def follow(lookup: Named) -> list[Statement] | None:
    """The statements that build every sublayer, or None where a shape is not to be seen."""
    follower = _Follower(lookup, _inputs(lookup))
    resolved = all(follower.resolve(one) for one in lookup.spec.forward.body)
    every = {*lookup.sublayers, *given_layers(lookup)}
    return follower.statements if resolved and follower.built >= every else None


def given_layers(lookup: Named) -> list[str]:
    """The arguments that are layers, and that `build` builds."""
    return called(lookup.spec)


def _inputs(lookup: Named) -> dict[str, Symbolic]:
    """The shapes of the inputs, and of a mask, which has an axis less."""
    shapes: dict[str, Symbolic] = {}
    masks = lookup.spec.masks
    for tensor in lookup.spec.inputs:
        if tensor.many or tensor.optional:
            continue
        whole = lookup.shape_name(tensor.name)
        axes: Axes | None = None
        if tensor.shape.dims is not None and tensor.shape.rest is None:
            count = len(tensor.shape.dims)
            last = count - 1 if count > 1 else count
            axes = tuple(f"{whole}[{-1 if i == last else i}]" for i in range(count))
        shapes[tensor.name] = Symbolic(axes, whole)
        if axes and len(axes) > 2:
            shapes[masks[tensor.name]] = Symbolic(axes[:-1])
    return shapes


@dataclass
class _Follower:
    """What is known after a part of forward: shapes, and sublayers that are built."""

    lookup: Named
    shapes: dict[str, Symbolic]
    statements: list[Statement] = field(default_factory=list)
    built: set[str] = field(default_factory=set)

    def resolve(self, node: ast.AST) -> bool:
        """Whether every sublayer in a piece of forward is called on a known shape."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return self._assign(name, value)
            case ast.If(body=body, orelse=orelse):
                return self._either(body, orelse)
            case ast.For(
                target=ast.Name(id=one), iter=ast.Name(id=many), body=[step]
            ) if (many in self._lists):
                return self._chain(one, many, step)
            case ast.ListComp() if self._list_of(node):
                return self._comprehension(node)
            case ast.Call(func=ast.Name(id=name)) if name in self._singles:
                return self._shape(node) is not None
            case ast.Name(id=name):
                return name not in self._lists and name not in self._singles
            case ast.stmt() if not isinstance(node, (ast.Return, ast.Expr)):
                return self._other(node)
        return all(self.resolve(child) for child in ast.iter_child_nodes(node))

    def _assign(self, name: str, value: ast.expr) -> bool:
        shape = self._shape(value)
        resolved = shape is not None or self.resolve(value)
        self.shapes.pop(name, None)
        if shape is not None:
            self.shapes[name] = shape
        return resolved

    def _either(self, body: list[ast.stmt], orelse: list[ast.stmt]) -> bool:
        """Two ways: what is known afterwards is what both agree on."""
        before, statements = dict(self.shapes), len(self.statements)
        resolved = all(self.resolve(one) for one in body)
        after, self.shapes = self.shapes, before
        resolved = resolved and all(self.resolve(one) for one in orelse)
        self.shapes = {n: s for n, s in self.shapes.items() if after.get(n) == s}
        # A sublayer that one way alone calls is built all the same.
        return resolved and len(self.statements) == statements

    def _other(self, statement: ast.stmt) -> bool:
        """A statement that is not followed: it must call no sublayer."""
        for name in names_of([statement]).local:
            self.shapes.pop(name, None)
        found = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
        return not found & {*self._lists, *self._singles}

    def _chain(self, one: str, many: str, step: ast.stmt) -> bool:
        """`for layer in layers: y = layer(y)`."""
        match step:
            case ast.Assign(
                targets=[ast.Name(id=out)],
                value=ast.Call(func=ast.Name(id=called), args=[ast.Name(id=tensor)]),
            ) if (
                called == one and out == tensor and tensor in self.shapes
            ):
                following = self.lookup.scope.fresh(f"{out}_shape")
                if self.shapes[tensor].text != following:
                    self.statements.append(Assign(following, self.shapes[tensor].text))
                each = self._each(one)
                steps = (
                    Run(f"{each}.build({following})"),
                    Assign(following, f"{each}.compute_output_shape({following})"),
                )
                self.statements.append(Each(each, f"self.{many}", steps))
                self.shapes[out] = Symbolic(None, following)
                self.built.add(many)
                return True
        return False

    def _each(self, name: str) -> str:
        """What `build` calls a layer of a list, after what `forward` calls it."""
        shapes = self.lookup.shape_names
        return self.lookup.scope.fresh(name) if name in shapes else name

    def _list_of(self, node: ast.ListComp) -> str:
        """The list of sublayers that a comprehension goes through."""
        match node.generators:
            case [ast.comprehension(iter=ast.Name(id=many), ifs=[])] if (
                many in self._lists
            ):
                return many
        return ""

    def _comprehension(self, node: ast.ListComp) -> bool:
        """`[layer(x) for layer in layers]`."""
        target = node.generators[0].target
        match node.elt:
            case ast.Call(func=ast.Name(id=called), args=[tensor]) if (
                isinstance(target, ast.Name) and called == target.id
            ):
                shape = self._shape(tensor)
                if shape is not None:
                    each = self._each(called)
                    built = Run(f"{each}.build({shape.text})")
                    many = self._list_of(node)
                    self.statements.append(Each(each, f"self.{many}", (built,)))
                    self.built.add(many)
                    return True
        return False

    def _shape(self, value: ast.AST) -> Symbolic | None:
        match value:
            case ast.Name(id=name):
                return self.shapes.get(name)
            case ast.Constant():
                return Symbolic(())
            case ast.BinOp(left=left, right=right) if not isinstance(
                value.op, ast.MatMult
            ):
                return together(self._shape(left), self._shape(right))
            case ast.UnaryOp(operand=operand):
                return self._shape(operand)
            case ast.Subscript(value=inner, slice=index):
                return subscripted(self._shape(inner), index)
            case ast.Call(func=ast.Name(id="activation"), args=[inner]):
                return self._shape(inner)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="ops"), attr=name),
                args=[inner, *others],
            ):
                return self._ops(name, inner, others, value.keywords)
            case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if (
                name in self._singles
            ):
                shape = self._shape(inner)
                return None if shape is None else self._build(name, shape.text)
        return None

    def _ops(
        self,
        name: str,
        inner: ast.expr,
        others: list[ast.expr],
        keywords: list[ast.keyword],
    ) -> Symbolic | None:
        """The shape that a function of `keras.ops` gives, where its kind says it."""
        found = op(name)
        if found is None or any(keyword.arg is None for keyword in keywords):
            return None
        names = [parameter.name for parameter in found.parameters]
        given = dict(zip(names, [inner, *others], strict=False))
        given |= {str(keyword.arg): keyword.value for keyword in keywords}
        tensors = [given[name] for name in found.tensors if name in given]
        if found.kind == "broadcast" and len(tensors) == len(found.tensors):
            return reduce(together, map(self._shape, tensors))
        if tensors[:1] != [inner]:
            return None
        if found.keeps_shape:
            return self._shape(inner)
        if found.reduces and "keepdims" not in given:
            return reduced(self._shape(inner), given.get("axis"))
        return None

    def _build(self, name: str, shape: str) -> Symbolic | None:
        if self._may_be_missing(name):
            return None
        if name not in self.built:
            self.built.add(name)
            build = Run(f"self.{name}.build({shape})")
            given = name in self.lookup.args
            unbuilt = Branch(f"not self.{name}.built", (build,))
            self.statements.append(unbuilt if given else build)
        return Symbolic(None, f"self.{name}.compute_output_shape({shape})")

    def _may_be_missing(self, name: str) -> bool:
        if name in self.lookup.sublayers:
            return self.lookup.sublayers[name].when is not None
        return self.lookup.args[name].type.optional

    @property
    def _lists(self) -> set[str]:
        return {layer.name for layer in self.lookup.spec.layers if layer.loop}

    @property
    def _singles(self) -> set[str]:
        """The sublayers that are no lists."""
        own = {layer.name for layer in self.lookup.spec.layers if not layer.loop}
        return own | set(given_layers(self.lookup))
