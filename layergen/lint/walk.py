"""Going over a function's code, with where in its flow each node stands."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from msgspec import Struct

Arms = tuple[tuple[int, int], ...]
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Site(Struct, frozen=True):
    """A node of a function.

    `arms` are the branches in which it stands: of each choice, its number and which way
    was taken. `looped` says whether one run may come there more than once.
    """

    node: ast.AST
    arms: Arms = ()
    looped: bool = False

    def excludes(self, other: Site) -> bool:
        """Whether no one run comes to both."""
        ways = dict(self.arms)
        return any(ways.get(choice, way) != way for choice, way in other.arms)


def sites(body: Iterable[ast.stmt]) -> tuple[Site, ...]:
    """The nodes of some statements, without those of classes defined in them."""
    walk = _Walk()
    walk.block(body, (), False)
    return tuple(walk.found)


class _Walk:
    def __init__(self) -> None:
        self.found: list[Site] = []
        self.choices = 0

    def block(self, body: Iterable[ast.stmt], arms: Arms, looped: bool) -> None:
        for statement in body:
            choice = self.choices + 1
            self.node(statement, arms, looped)
            if isinstance(statement, ast.If) and _leaves(statement.body):
                # What follows runs only where the branch was not taken.
                arms = (*arms, (choice, 1))

    def node(self, node: ast.AST, arms: Arms, looped: bool) -> None:
        if isinstance(node, ast.ClassDef):
            return
        self.found.append(Site(node, arms, looped))
        match node:
            case ast.If(test=test, body=body, orelse=other):
                self.ways(test, [body, other], arms, looped)
            case ast.IfExp(test=test, body=one, orelse=two):
                self.ways(test, [[one], [two]], arms, looped)
            case ast.Match(subject=subject, cases=cases):
                self.ways(subject, [case.body for case in cases], arms, looped)
            case ast.For() | ast.While():
                self.children(node, arms, looped, but=node.body)
                self.block(node.body, arms, True)
            case ast.FunctionDef() | ast.With():
                self.children(node, arms, looped, but=node.body)
                self.block(node.body, arms, looped)
            case _:
                again = looped or isinstance(node, _COMPREHENSIONS)
                self.children(node, arms, again)

    def ways(
        self,
        test: ast.expr,
        bodies: Iterable[list[ast.stmt] | list[ast.expr]],
        arms: Arms,
        looped: bool,
    ) -> None:
        self.choices += 1
        choice = self.choices
        self.node(test, arms, looped)
        for way, body in enumerate(bodies):
            inner = (*arms, (choice, way))
            if body and isinstance(body[0], ast.stmt):
                self.block(
                    [one for one in body if isinstance(one, ast.stmt)], inner, looped
                )
            else:
                for one in body:
                    self.node(one, inner, looped)

    def children(
        self, node: ast.AST, arms: Arms, looped: bool, but: list[ast.stmt] | None = None
    ) -> None:
        left_out = {id(one) for one in but or ()}
        for child in ast.iter_child_nodes(node):
            if id(child) not in left_out:
                self.node(child, arms, looped)


def _leaves(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], _LEAVING)


def attribute_of(node: ast.AST, this: str) -> str:
    """`kernel` for `self.kernel`, else ""."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == this:
            return attribute
    return ""
