"""What `get_config` returns, and how a constructor hands on what it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct, field

from layergen.lint.facts import Method


class Config(Struct):
    """The keys of a config with their nodes and values.

    `is_open` where it may hold more than the text shows; `mentions` are all strings in
    the method; `asks_super` where it takes what its parents give.
    """

    keys: dict[str, tuple[ast.AST, ast.expr]] = field(default_factory=dict)
    mentions: set[str] = field(default_factory=set)
    is_open: bool = False
    asks_super: bool = False
    raises: bool = False


def config_of(method: Method) -> Config:
    """The config that a `get_config` returns."""
    found = Config()
    made = _made_here(method)
    for site in method.sites:
        node = site.node
        match node:
            case ast.Constant(value=str() as text):
                found.mentions.add(text)
            case ast.Call(func=ast.Attribute(attr="get_config", value=owner)):
                found.asks_super |= _is_parent(owner, node, method)
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                _keywords(found, keywords)
                found.is_open |= not _known(node, made)
            case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords):
                _keywords(found, keywords)
                found.is_open |= not all(_known(one, made) for one in node.args)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    found.is_open |= key is None and not _known(value, made)
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                found.is_open |= not (_known(left, made) and _known(right, made))
            case ast.Subscript(ctx=ast.Store(), slice=key):
                found.is_open |= not isinstance(key, ast.Constant)
            case ast.For() | ast.DictComp():
                found.is_open = True
            case ast.Return(value=value) if value is not None:
                found.is_open |= not _known(value, made)
            case ast.Raise():
                found.raises = True
    returned = _returned(method)
    for dictionary in _top(method, returned):
        for key, value in zip(dictionary.keys, dictionary.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                found.keys[key.value] = (key, value)
    for site in method.sites:
        match site.node:
            case ast.Assign(
                targets=[
                    ast.Subscript(value=ast.Name(id=name), slice=ast.Constant()) as item
                ],
                value=stored,
            ) if name in returned and isinstance(item.slice, ast.Constant):
                found.keys[str(item.slice.value)] = (item, stored)
    return found


def _keywords(found: Config, keywords: list[ast.keyword]) -> None:
    for one in keywords:
        if one.arg is not None:
            found.mentions.add(one.arg)
            found.keys[one.arg] = (one, one.value)


def _made_here(method: Method) -> set[str]:
    """Local names that are only ever dictionaries of this method's own making."""
    made: set[str] = set()
    for site in method.sites:
        match site.node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if _known(value, made):
                    made.add(name)
    return made


def _known(node: ast.expr, made: set[str]) -> bool:
    """Whether all keys of an expression stand in the text, or are the parents'."""
    match node:
        case ast.Dict():
            return True
        case ast.Name(id=name):
            return name in made
        case ast.Call(func=ast.Attribute(attr="get_config")):
            return True
        case ast.Call(func=ast.Name(id="dict"), args=args):
            parts = [_items(one) for one in args]
            whole = all(one.arg or _known(one.value, made) for one in node.keywords)
            return whole and all(_known(one, made) for part in parts for one in part)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _known(left, made) and _known(right, made)
        case ast.Call(func=ast.Attribute(attr="copy", value=owner), args=[]):
            return _known(owner, made)
    return False


def _items(node: ast.expr) -> list[ast.expr]:
    """`a` and `b` of `list(a.items()) + list(b.items())`; else the expression."""
    match node:
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return [*_items(left), *_items(right)]
        case ast.Call(func=ast.Name(id="list"), args=[inner]):
            return _items(inner)
        case ast.Call(func=ast.Attribute(attr="items", value=owner), args=[]):
            return [owner]
    return [node]


def _is_parent(owner: ast.expr, call: ast.Call, method: Method) -> bool:
    """Whether `owner.get_config(...)` asks a parent class."""
    if isinstance(owner, ast.Call):
        return isinstance(owner.func, ast.Name) and owner.func.id == "super"
    own = [one for one in call.args if isinstance(one, ast.Name)]
    return any(one.id == method.this for one in own)


def _returned(method: Method) -> set[str]:
    """The names whose dictionaries become part of the config."""
    merged: set[str] = set()
    for site in method.sites:
        match site.node:
            case ast.Return(value=value) if value is not None:
                parts = [value]
            case ast.Call() as call if _passes_on(call):
                parts = [*call.args, *(one.value for one in call.keywords)]
            case _:
                continue
        nodes = (node for part in parts for node in ast.walk(part))
        merged |= {node.id for node in nodes if isinstance(node, ast.Name)}
    return flows_into(method, merged)


def _top(method: Method, returned: set[str]) -> Iterator[ast.Dict]:
    """The dictionaries that are no values of others, and are not kept for other use."""
    inner: set[int] = set()
    for site in method.sites:
        match site.node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as kept):
                inner |= set() if name in returned else {id(kept)}
        if isinstance(site.node, ast.Dict):
            for value, key in zip(site.node.values, site.node.keys, strict=True):
                if key is not None:
                    inner |= {id(one) for one in ast.walk(value)}
        elif isinstance(site.node, ast.Call) and not _passes_on(site.node):
            inner |= {id(one) for one in ast.walk(site.node) if one is not site.node}
    for site in method.sites:
        if isinstance(site.node, ast.Dict) and id(site.node) not in inner:
            yield site.node


def _passes_on(node: ast.Call) -> bool:
    """Whether a call takes a dictionary as a part of the config."""
    match node.func:
        case ast.Name(id="dict" | "list"):
            return True
        case ast.Attribute(attr="update" | "items"):
            return True
    return False


def super_calls(method: Method) -> list[ast.Call]:
    """The calls of a parent's method of the same name."""
    found = []
    for call in method.calls():
        match call.func:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=name):
                if name == method.name:
                    found.append(call)
            case ast.Attribute(attr=name) if name == method.name and call.args:
                first = call.args[0]
                if isinstance(first, ast.Name) and first.id == method.this:
                    found.append(call)
    return found


def handed_on(method: Method) -> set[str]:
    """The names that a constructor hands on to its parents."""
    nodes = (node for call in super_calls(method) for node in ast.walk(call))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def flows_into(method: Method, names: set[str]) -> set[str]:
    """The local names from which these are computed, and these."""
    found = set(names)
    sources = [
        (name, {n.id for n in ast.walk(value) if isinstance(n, ast.Name)})
        for site in method.sites
        for name, value in _stored(site.node)
    ]
    while True:
        more = set().union(*(used for name, used in sources if name in found), set())
        if more <= found:
            return found
        found |= more


def _stored(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from (
                    (n.id, value) for n in ast.walk(target) if isinstance(n, ast.Name)
                )
