"""What is saved and made again: arguments, defaults, config, registration."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..source import Edit, Source, bodies, called, is_self
from .registry import kind


def config_items(source: Source) -> Iterator[tuple[ast.expr | None, ast.expr]]:
    """Keys and values of the dict that `get_config` returns."""
    for function in source.functions("get_config"):
        for node in ast.walk(function):
            if isinstance(node, ast.Dict):
                yield from zip(node.keys, node.values, strict=True)


@kind
def config_key_dropped(source: Source) -> Iterator[Edit]:
    """An argument that the config forgets."""
    for key, value in config_items(source):
        if key is not None:
            yield Edit(source.start(key), source.end_in_parentheses(value), "**{}")


@kind
def config_key_renamed(source: Source) -> Iterator[Edit]:
    """An argument under another name in the config."""
    for key, _ in config_items(source):
        if key is not None:
            yield source.put(key, f'"{ast.literal_eval(key)}_"')


@kind
def config_value(source: Source) -> Iterator[Edit]:
    """Another argument's value in the config, or a constant."""
    plain = [value for key, value in config_items(source) if key is not None]
    for number, value in enumerate(plain):
        others = [source.of(one) for one in plain[number + 1 :] + plain[:number]]
        yield source.put(value, others[0] if others else "None")
        if len(others) > 0:
            yield source.put(value, "None")


@kind
def config_of_base(source: Source) -> Iterator[Edit]:
    """A config without name, dtype and what else belongs to every layer."""
    for key, value in config_items(source):
        if key is None:
            yield source.put(value, "{}")


@kind
def restoring(source: Source) -> Iterator[Edit]:
    """What `from_config` does not make anew, or a `from_config` under another name."""
    for function in source.functions("from_config"):
        for node in bodies([function]):
            if called(node, "deserialize_keras_object"):
                yield source.put(node, source.of(node.args[0]))
        start = source.start(function) + len("def ")
        yield Edit(start, start + len("from_config"), "from_saved_config")


@kind
def registration(source: Source) -> Iterator[Edit]:
    """A class or function that Keras does not know when it loads a model."""
    for node in source.tree.body:
        for decorator in getattr(node, "decorator_list", ()):
            if called(decorator, "register_keras_serializable"):
                start = source.start(decorator) - len("@")
                yield Edit(start, source.end(decorator), "")


@kind
def base_arguments(source: Source) -> Iterator[Edit]:
    """`name`, `dtype` and the like that do not reach the base class."""
    for function in source.functions("__init__"):
        for node in bodies([function]):
            if (
                isinstance(node, ast.Call)
                and source.of(node) == "super().__init__(**kwargs)"
            ):
                yield source.put(node, "super().__init__()")
                yield source.put(node, 'super().__init__(name=kwargs.get("name"))')


@kind
def argument_ignored(source: Source) -> Iterator[Edit]:
    """An argument whose default is taken, whatever is given."""
    for function in source.functions("__init__"):
        defaults = with_defaults(function)
        for node in bodies([function]):
            if isinstance(node, ast.Assign) and is_self(node.targets[0]):
                for name in ast.walk(node.value):
                    if isinstance(name, ast.Name) and name.id in defaults:
                        default = defaults[name.id]
                        yield source.put(name, source.of(default) if default else "7")


def with_defaults(function: ast.FunctionDef) -> dict[str, ast.expr | None]:
    """The parameters of a function and their defaults, `self` left out."""
    names = [one.arg for one in function.args.args][1:]
    missing = len(names) - len(function.args.defaults)
    return dict(zip(names, [None] * missing + function.args.defaults, strict=True))


@kind
def default(source: Source) -> Iterator[Edit]:
    """Another default of an argument."""
    for function in [*source.functions("__init__"), *source.builders]:
        for name, value in with_defaults(function).items():
            if name not in ("name", "dtype") and isinstance(value, ast.Constant):
                yield source.put(value, other_default(name, value.value))


def other_default(name: str, value: object) -> str:
    """A legal other default."""
    if name.endswith("_initializer"):
        return '"zeros"' if value != "zeros" else '"ones"'
    if name.endswith("_regularizer"):
        return '"l1"'
    if name.endswith("_constraint"):
        return '"non_neg"'
    if isinstance(value, str):
        return '"elu"' if value != "elu" else '"tanh"'
    if isinstance(value, int):
        return repr(value + 1)
    return repr(value / 2 if isinstance(value, float) else 7)
