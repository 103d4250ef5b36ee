"""The texts of a spec's model, found by its fields, each to be given another value.

A field is a text unless `NAMES` lists it, and code counts as one by the strings in it.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from msgspec import Struct, structs

from layergen.language.model import Spec
from layergen.source.code import Code

CALM = "calm"
"""A string of this value in a spec's code is a text of that code."""

NAMES = {
    "Spec.layer": "a class name",
    "Spec.stem": "a module name",
    "Spec.package": "a dotted module name",
    "Spec.style": "one of three words",
    "Spec.kind": "one of two words",
    "Spec.inputs_as": "one of three words",
    "Spec.outputs_as": "one of three words",
    "Spec.mask": "one of two words, or code",
    "Spec.imports": "import statements, which hold no strings",
    "Alias.name": "a class name",
    "Size.text": "arithmetic on names",
    "Rest.name": "a name",
    "Along.argument": "a name",
    "Member.of": "a name",
    "Arg.name": "a name",
    "Arg.axis_of": "a name",
    "Input.name": "a name",
    "Input.min": "a number or a name",
    "Input.below": "a number or a name",
    "Input.many": "a flag or a name",
    "Input.known": "names",
    "Input.unknown": "names",
    "Output.name": "a name",
    "Maker.kind": "one of four words",
    "Weight.name": "a name",
    "Weight.trainable": "a flag or a name",
    "State.name": "a name",
    "Sublayer.name": "a name",
    "Loop.target": "names with commas",
    "Function.name": "a name",
    "Method.name": "a name",
    "Function.args": "names",
    "Derived.name": "a name",
}
"""The fields for which the reader lets nothing through that could be more than this."""

UNSEEN = {"Spec.file": "shown in messages alone", "Spec.text": "quoted in them alone"}
"""The fields that rendering does not look at."""

Replace = Callable[[Any], Any]


@dataclasses.dataclass(frozen=True)
class Leaf:
    """A text somewhere in a model: its field, and the whole with another text there."""

    field: str
    path: str
    put: Replace


def leaves(value: Any, field: str = "", path: str = "") -> Iterator[Leaf]:
    """The texts in a value that stands in a field, such as `Arg.doc`."""
    match value:
        case Code():
            if f'"{CALM}"' in value.text:
                yield Leaf(field, path, lambda text: _with_string(value, text))
        case str():
            yield Leaf(field, path, lambda text: text)
        case tuple() | list():
            for index, inner in enumerate(value):
                for leaf in leaves(inner, field, f"{path}[{index}]"):
                    yield _around(leaf, lambda new, i=index: _item(value, i, new))
        case dict():
            for key, inner in value.items():
                for leaf in leaves(key, field, f"{path}[{key!r}].key"):
                    yield _around(
                        leaf,
                        lambda new, k=key: {
                            new if name == k else name: one
                            for name, one in value.items()
                        },
                    )
                for leaf in leaves(inner, field, f"{path}[{key!r}]"):
                    yield _around(leaf, lambda new, k=key: {**value, k: new})
        case _ if _fields(type(value)):
            yield from _in_fields(value, path)


def _in_fields(value: Any, path: str) -> Iterator[Leaf]:
    for name in _fields(type(value)):
        field, inner = _field(type(value), name), getattr(value, name)
        if field == "Spec.example":
            yield from _in_example(value, path)
        elif field == "Maker.text" and value.kind == "argument":
            continue
        elif field not in UNSEEN and (field not in NAMES or isinstance(inner, Code)):
            for leaf in leaves(inner, field, f"{path}.{name}"):
                yield _around(leaf, lambda new, n=name: _replaced(value, n, new))


def _in_example(spec: Spec, path: str) -> Iterator[Leaf]:
    """The values; what they are given to are names."""
    for index, (name, inner) in enumerate(spec.example):
        for leaf in leaves(inner, "Spec.example", f"{path}.example.{name}"):
            yield _around(
                leaf,
                lambda new, i=index, n=name: _replaced(
                    spec, "example", _item(spec.example, i, (n, new))
                ),
            )


def _replaced(value: Any, name: str, new: Any) -> Any:
    kind = structs if isinstance(value, Struct) else dataclasses
    return kind.replace(value, **{name: new})


def _item(items: Any, index: int, new: Any) -> Any:
    return type(items)([*items[:index], new, *items[index + 1 :]])


def _around(leaf: Leaf, outer: Replace) -> Leaf:
    return dataclasses.replace(leaf, put=lambda text: outer(leaf.put(text)))


def _with_string(code: Code, text: str) -> Code:
    """Code with another string in place of the calm one, written as Python writes it."""
    return dataclasses.replace(code, text=code.text.replace(f'"{CALM}"', repr(text)))


def everywhere(spec: Spec, text: str) -> Spec:
    """A spec with the same text in the place of all."""
    # From the last on: code that holds another string is no leaf, those before it stay.
    for index in reversed(range(len([*leaves(spec)]))):
        spec = next(islice(leaves(spec), index, None)).put(text)
    return spec


def text_fields(root: type) -> set[str]:
    """The fields of a class of frozen data, and of those inside it, whose type admits a text."""
    found: set[str] = set()
    todo, seen = [root], {Code}
    while todo:
        kind = todo.pop()
        if kind in seen:
            continue
        seen.add(kind)
        todo += kind.__subclasses__()
        hints = typing.get_type_hints(kind)
        for name in _fields(kind):
            parts = {*_parts(hints[name])}
            if parts & {str, object, Any, Code}:
                found.add(_field(kind, name))
            todo += [part for part in parts if _fields(part)]
    return found


def _fields(kind: Any) -> tuple[str, ...]:
    """The fields of a class of frozen data; none of another."""
    if dataclasses.is_dataclass(kind):
        return tuple(one.name for one in dataclasses.fields(kind))
    return getattr(kind, "__struct_fields__", ())


def _field(kind: type, name: str) -> str:
    """A field by the class that declares it."""
    [owner, *_] = [
        c for c in kind.__mro__ if name in c.__dict__.get("__annotations__", ())
    ]
    return f"{owner.__name__}.{name}"


def _parts(hint: Any) -> Iterator[Any]:
    """The types that a type is put together of."""
    yield hint
    for part in typing.get_args(hint):
        yield from _parts(part)
