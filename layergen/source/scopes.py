"""Which names a piece of Python binds, and which it takes from outside."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from layergen.source.walk import children, nodes

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Names(Struct):
    """`free` are the uses of names from outside; `bound` is every binding, at any depth.

    `local` are the names bound in the outermost scope.
    """

    free: list[ast.Name] = field(default_factory=list)
    bound: list[tuple[str, ast.AST]] = field(default_factory=list)
    local: frozenset[str] = frozenset()


def names_of(body: list[ast.stmt]) -> Names:
    """The names of a function body (its parameters count as outside)."""
    names = Names(local=bound_in(body))
    scopes = (names.local,)
    for statement in body:
        _walk(statement, scopes, names)
    return names


def bound_in(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names that code binds in its own scope, nested scopes left out."""
    found: set[str] = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        found.update(_bindings(node))
        todo += _same_scope(node)
    return frozenset(found)


def _bindings(node: ast.AST) -> Sequence[str]:
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, ast.expr):
        return ()
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return (name,)
        case ast.ClassDef(name=name):
            return (name,)
        case ast.ExceptHandler(name=str() as name):
            return (name,)
        case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
            return (name,)
        case ast.MatchMapping(rest=str() as name):
            return (name,)
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [a.asname or a.name.split(".")[0] for a in aliases]
    return ()


def _same_scope(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, FUNCTIONS):
        return _outside_of(node)
    if isinstance(node, COMPREHENSIONS):
        walrus = [n for n in nodes([node]) if isinstance(n, ast.NamedExpr)]
        return [node.generators[0].iter, *(n.target for n in walrus)]
    return children(node)


def _outside_of(node: Function) -> list[ast.AST]:
    """The parts of a function that its surroundings evaluate."""
    parts: list[ast.AST | None] = [*node.args.defaults, *node.args.kw_defaults]
    if not isinstance(node, ast.Lambda):
        parts += [*node.decorator_list, node.returns]
        parts += [argument.annotation for argument in parameters(node)]
    return [part for part in parts if part is not None]


def parameters(node: Function) -> list[ast.arg]:
    """A function's parameters of every kind."""
    args = node.args
    extra = [one for one in (args.vararg, args.kwarg) if one]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *extra]


def _walk(node: ast.AST, scopes: tuple[frozenset[str], ...], names: Names) -> None:
    names.bound += [(name, node) for name in _bindings(node)]
    if isinstance(node, ast.Name):
        outside = not any(node.id in scope for scope in scopes)
        if isinstance(node.ctx, ast.Load) and outside:
            names.free.append(node)
    elif isinstance(node, FUNCTIONS):
        _walk_function(node, scopes, names)
    elif isinstance(node, COMPREHENSIONS):
        _walk_comprehension(node, scopes, names)
    else:
        for child in children(node):
            _walk(child, scopes, names)


def _walk_function(
    node: Function, scopes: tuple[frozenset[str], ...], names: Names
) -> None:
    for part in _outside_of(node):
        _walk(part, scopes, names)
    own = parameters(node)
    names.bound += [(argument.arg, argument) for argument in own]
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
    inner = frozenset(argument.arg for argument in own) | bound_in(body)
    for child in body:
        _walk(child, (*scopes, inner), names)


def _walk_comprehension(
    node: Comprehension, scopes: tuple[frozenset[str], ...], names: Names
) -> None:
    first, *_ = node.generators
    _walk(first.iter, scopes, names)
    targets = bound_in(generator.target for generator in node.generators)
    inner = (*scopes, targets)
    for generator in node.generators:
        _walk(generator.target, inner, names)
        if generator is not first:
            _walk(generator.iter, inner, names)
        for condition in generator.ifs:
            _walk(condition, inner, names)
    results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    for result in results:
        _walk(result, inner, names)
