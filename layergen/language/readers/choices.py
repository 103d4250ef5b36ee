"""`make:` of a sublayer where an argument decides which layer it is.

What is looked up by an argument's value is read as the conditional expression that says the
same, each layer on a line of its own, at its place in the file.
"""

from __future__ import annotations

import ast

from msgspec import Struct

from layergen.language.collector import clipped, listing
from layergen.language.context import Context
from layergen.language.model import Arg
from layergen.language.readers.code import read_expression
from layergen.language.types.kinds.plain import Literal
from layergen.language.yaml.nodes import Mapping, Node, is_null
from layergen.nearest import nearest
from layergen.problems import Place
from layergen.source.code import Code


class Choice(Struct, frozen=True):
    """What `make` says: the code that makes the layer, and when there is one."""

    make: Code
    when: Code | None = None


def read_choice(
    node: Node, by: str, name: str, args: tuple[Arg, ...], context: Context
) -> Choice | None:
    """A layer for each value of the argument `by`; null for none."""
    assert isinstance(node, Mapping)
    place = context.place("layers", name, "by")
    arg = next((one for one in args if one.name == by), None)
    type_ = arg.type if arg else None
    if not isinstance(type_, Literal) or type_.optional:
        message = f"the layer `{name}` is looked up `by: {by}`"
        hint = 'an argument of a type such as `Literal["layer", "batch"]`'
        context.add("LG226", place, message, hint)
        return None
    options = _options(node, name, {str(one): one for one in type_.choices}, context)
    if options is None:
        return None
    made = [(value, code) for value, code in options if code is not None]
    if not made:
        context.add("LG226", node.place, f"no value of `{by}` makes the layer `{name}`")
        return None
    missing = [value for value, code in options if code is None]
    tests = [f" if {by} == {value!r} else" for value, _ in made]
    ends = [*tests[:-1], tests[-1] + " None" if missing else ""]
    text = "\n".join(
        f"{code.text}{end}" for (_, code), end in zip(made, ends, strict=True)
    )
    lines = [line for _, code in made for line in code.lines]
    first = lines[0]
    lines[0] = Place(first.line, first.column - 1)
    whole = Code(f"({text})", tuple(lines))
    if not missing:
        return Choice(whole)
    other = f"!= {missing[0]!r}" if len(missing) == 1 else f"not in {tuple(missing)!r}"
    return Choice(whole, Code(f"{by} {other}", (place,)))


def _options(
    node: Mapping, name: str, choices: dict[str, object], context: Context
) -> list[tuple[object, Code | None]] | None:
    """Each value of the argument with what makes the layer then."""
    found: dict[str, Code | None] = {}
    whole = True
    for key, value in node.entries:
        if key.text not in choices:
            message = (
                f"`{clipped(key.text)}` is no value that decides the layer `{name}`"
            )
            near = nearest(key.text, choices, f"one of {listing(choices)}")
            context.add("LG226", key.place, message, near)
            whole = False
        elif is_null(value):
            found[key.text] = None
        else:
            code = read_expression(value, f"the layer `{name}`", context)
            whole = whole and code is not None
            found[key.text] = code
    left = [one for one in choices if one not in found]
    if left and whole:
        message = f"the layer `{name}` is not said for {listing(left)}"
        context.add("LG226", node.place, message, "null stands for no layer")
    return (
        None
        if left or not whole
        else [(choices[key], one) for key, one in found.items()]
    )


def with_condition(make: Code) -> Choice:
    """A conditional expression of which one side is None says when there is a layer."""
    match make.expression:
        case ast.IfExp(test=test, body=body, orelse=ast.Constant(value=None)):
            return Choice(_part(make, body), _part(make, test))
        case ast.IfExp(test=test, body=ast.Constant(value=None), orelse=orelse):
            negated = ast.unparse(ast.UnaryOp(ast.Not(), test))
            return Choice(_part(make, orelse), Code(negated, (make.place(test),)))
    return Choice(make)


def _part(code: Code, node: ast.expr) -> Code:
    """An expression inside of some code, in one line."""
    return Code(ast.unparse(node), (code.place(node),))
