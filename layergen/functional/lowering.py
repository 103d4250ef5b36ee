"""The parts of `forward` that built-in layers do, biases included.

A bias belongs to the layer where it is added to the product: in the same expression, in
the next statement, or as all that becomes of the product; also under the condition that
says whether the bias exists.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from layergen.functional.products import Use, is_bias, product, sums
from layergen.layer.call import applies_activation
from layergen.layer.facts import Facts
from layergen.source.scopes import names_of
from layergen.source.trees import (
    LOOPS,
    blocks,
    names_in,
    returned_values,
    same_code,
)
from layergen.source.walk import nodes


class Lowering:
    """What is found by reading `forward` once from the outside in.

    `sums` are the sums of a local variable and a bias that it has in it already, with
    that variable.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.uses: list[Use] = []
        self.sums: dict[ast.AST, ast.Name] = {}
        body = facts.spec.forward.body
        self._whole = set(_statement_values(body)) - self._wrapped()
        for statement in body:
            self._visit(statement, repeats=False)
        for block in blocks(body):
            self._take_next_statements(block)
        self._take_single_sums(body)

    @property
    def taken(self) -> set[ast.Name]:
        """The names of weights that are dealt with."""
        return {name for use in self.uses for name in use.names}

    def assigned(self, statement: ast.stmt) -> Use | None:
        """The use that a statement gives a name to."""
        match statement:
            case ast.Assign(targets=[ast.Name()], value=value):
                return next((use for use in self.uses if use.node is value), None)
        return None

    def _visit(self, node: ast.AST, repeats: bool) -> None:
        use = self._match(node) if isinstance(node, ast.expr) else None
        if use is not None:
            whole = use.node in self._whole
            self.uses.append(replace(use, repeats=repeats, whole=whole))
            self._visit(use.inner, repeats)
            return
        for child in ast.iter_child_nodes(node):
            self._visit(child, repeats or isinstance(node, LOOPS))

    def _wrapped(self) -> set[ast.expr]:
        """The values that an activation goes around which no layer takes in."""
        spec = self.facts.spec
        if not applies_activation(self.facts):
            return set()
        if spec.activation in {function.name for function in spec.functions}:
            return set(returned_values(spec.forward))
        products = {
            one: product(self.facts, one) for one in returned_values(spec.forward)
        }
        return {
            one for one, use in products.items() if use and use.layer == "Embedding"
        }

    def _match(self, node: ast.expr) -> Use | None:
        """What a layer does of an expression as a whole, if any."""
        if isinstance(node, ast.IfExp):
            return self._conditional(node)
        for plain, other in sums(self.facts, node):
            use = product(self.facts, plain)
            bias = self._bias(use, other, conditional=False)
            if use and bias:
                return replace(use, bias=bias.id, node=node, names=(*use.names, bias))
        return product(self.facts, node)

    def _conditional(self, node: ast.IfExp) -> Use | None:
        """`x @ w + b if use_bias else x @ w`."""
        for plain, other in sums(self.facts, node.body):
            use = product(self.facts, plain)
            bias = self._bias(use, other, conditional=True)
            if use and bias and same_code(plain, node.orelse):
                again = product(self.facts, node.orelse)
                assert again
                tested = self._deciding(node.test, bias.id)
                if tested is not None:
                    names = (*use.names, *again.names, bias, *tested)
                    return replace(use, bias=bias.id, node=node, names=names)
        return None

    def _take_next_statements(self, block: list[ast.stmt]) -> None:
        """`y = x @ w`, then `y = y + b`, under a condition or not."""
        for first, second in zip(block, block[1:], strict=False):
            use = self.assigned(first)
            if use is None or use.bias:
                continue
            assert isinstance(first, ast.Assign)
            match second:
                case ast.If(test=test, body=[inner], orelse=[]):
                    found = self._added(use, first.targets[0], inner, conditional=True)
                    tested = self._deciding(test, found.id) if found else None
                case _:
                    found = self._added(use, first.targets[0], second)
                    tested = ()
            if found is not None and tested is not None:
                names = (*use.names, found, *tested)
                self._put(use, replace(use, bias=found.id, names=names, removed=second))

    def _added(
        self, use: Use, target: ast.expr, second: ast.stmt, conditional: bool = False
    ) -> ast.Name | None:
        """The bias that a statement adds to a variable."""
        pairs: list[tuple[ast.expr, ast.expr]] = []
        match second:
            case ast.Assign(targets=[again], value=value) if same_code(target, again):
                pairs = list(sums(self.facts, value))
            case ast.AugAssign(target=again, op=ast.Add(), value=value) if same_code(
                target, again
            ):
                pairs = [(target, value)]
        for plain, other in pairs:
            if same_code(plain, target):
                return self._bias(use, other, conditional)
        return None

    def _take_single_sums(self, body: list[ast.stmt]) -> None:
        """`y + b` where it is all that becomes of `y = x @ w`."""
        bound = [name for name, _ in names_of(body).bound]
        read = [n for n in names_in(*body) if isinstance(n.ctx, ast.Load)]
        for statement in (s for block in blocks(body) for s in block):
            use = self.assigned(statement)
            if use is None or use.bias:
                continue
            assert isinstance(statement, ast.Assign)
            [target] = names_in(statement.targets[0])
            reads = [name for name in read if name.id == target.id]
            if bound.count(target.id) == 1 and len(reads) == 1:
                self._take_sum(use, reads[0], body)

    def _take_sum(self, use: Use, variable: ast.Name, body: list[ast.stmt]) -> None:
        for node in nodes(body):
            for plain, other in sums(self.facts, node):
                bias = self._bias(use, other, conditional=False)
                if plain is variable and bias:
                    self.sums[node] = variable
                    names = (*use.names, bias)
                    self._put(use, replace(use, bias=bias.id, names=names))

    def _bias(
        self, use: Use | None, node: ast.expr, conditional: bool
    ) -> ast.Name | None:
        """The name of a bias that exists under a condition, or always."""
        if use is None or not isinstance(node, ast.Name):
            return None
        if not is_bias(self.facts, use, node.id):
            return None
        when = self.facts.weights[node.id].when
        return node if (when is not None) == conditional else None

    def _deciding(self, test: ast.expr, bias: str) -> tuple[ast.Name, ...] | None:
        """The bias' own name in a condition that says whether it exists.

        None for a condition that says something else.
        """
        when = self.facts.weights[bias].when
        given = ast.parse(f"{bias} is not None", mode="eval").body
        if same_code(test, given):
            return tuple(names_in(test))
        return () if when and same_code(test, when.expression) else None

    def _put(self, old: Use, new: Use) -> None:
        self.uses[self.uses.index(old)] = new


def _statement_values(body: list[ast.stmt]) -> Iterator[ast.expr]:
    """What statements compute, also inside a call of the activation."""
    for node in nodes(body):
        if isinstance(node, (ast.Assign, ast.Return, ast.Expr)) and node.value:
            match node.value:
                case ast.Call(func=ast.Name(id="activation"), args=[value]):
                    yield value
            yield node.value
