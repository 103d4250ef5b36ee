"""What is kept from call to call, and functions kept on a layer."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from layergen.forward.values import UNKNOWN, Number, Text
from layergen.keras_tables.names import READ_ONLY, TRACKED
from layergen.language.collector import listing
from layergen.lint.analysed import Analysis
from layergen.lint.facts import Assignment, LayerClass, Method, Module
from layergen.lint.registry import Finding, rule
from layergen.lint.sizes import is_shape
from layergen.lint.walk import attribute_of

_LOCAL = "use a local variable"
_SHAPE = f"{_LOCAL}: `compute_output_shape` is given the shape of the input"
_STATE = "make a weight with `trainable=False` in `build`, and `assign` to it"


@rule("LG713")
def python_state(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """In a graph, Python in `call` runs once, when it is traced: an attribute keeps a
    symbolic tensor of that graph, or stands still."""
    analysis = module.analysis(layer)
    for made in layer.assignments:
        if made.method in layer.only_in_call and _is_state(made):
            if made.attribute in layer.weight_attributes:
                message = f"the weight `{made.attribute}` is replaced by a tensor"
                hint = f"`self.{made.attribute}.assign(...)`"
            else:
                message = f"`{made.attribute}` is kept as a Python attribute in `call`"
                hint = _LOCAL if _begins_anew(made, layer) else _STATE
                if _is_size(made, analysis):
                    hint = _LOCAL if not _is_of_shape(made, layer) else _SHAPE
            yield Finding(made.site.node, message, hint)
    for name in sorted(layer.only_in_call & layer.own.keys()):
        for node, attribute in _filled(layer.own[name], analysis):
            if attribute in _containers(layer):
                message = f"`{attribute}` keeps what every call puts there"
                yield Finding(node, message, _LOCAL)


def _containers(layer: LayerClass) -> set[str]:
    """The attributes that are lists or dictionaries before any call, and in calls are
    given nothing else."""
    found, other = set[str](), set[str]()
    for made in layer.all_assignments():
        empty = isinstance(made.value, ast.List | ast.Dict)
        before = made.method in layer.before_calls
        (found if empty and before else other).add(made.attribute)
    return found - other


def _filled(method: Method, analysis: Analysis) -> Iterator[tuple[ast.AST, str]]:
    """Where a method puts what are no numbers into a container under an attribute."""
    for site in method.sites:
        match site.node:
            case ast.Call(func=ast.Attribute(value=owner, attr="append"), args=[one]):
                value = one
            case ast.Assign(targets=[ast.Subscript(value=owner)], value=value):
                pass
            case _:
                continue
        if not isinstance(analysis.at(value), Number | Text):
            yield site.node, attribute_of(owner, method.this)


def _is_size(made: Assignment, analysis: Analysis) -> bool:
    """Whether what is kept is a size, or a shape, of what the call is given."""
    value = analysis.at(made.value) if made.value is not None else UNKNOWN
    return is_shape(value) or any(analysis.sizes.of(value))


def _is_of_shape(made: Assignment, layer: LayerClass) -> bool:
    """Whether what is kept is for `compute_output_shape` to read."""
    method = layer.method("compute_output_shape")
    return method is not None and made.attribute in method.uses


def _begins_anew(made: Assignment, layer: LayerClass) -> bool:
    """Whether every call gives an attribute its value before anything reads it, and
    nothing else speaks of it: nothing is kept for the next call."""
    methods = [method for one in layer.lineage for method in one.own.values()]
    speaking = {
        method.name: [*_mentions(method, made.attribute)]
        for method in methods
        if any(_mentions(method, made.attribute))
    }
    if speaking.keys() != {made.method} or made.augmented or made.value is None:
        return False
    inside = {*ast.walk(made.value)}
    first = min(speaking[made.method], key=lambda one: (one.lineno, one.col_offset))
    begun = (
        isinstance(one, ast.Assign) and first in one.targets
        for method in methods
        for one in method.node.body
    )
    return any(begun) and not inside & {*speaking[made.method]}


def _mentions(method: Method, attribute: str) -> Iterator[ast.Attribute]:
    """Where a method speaks of an attribute."""
    for site in method.sites:
        if isinstance(site.node, ast.Attribute):
            if attribute_of(site.node, method.this) == attribute:
                yield site.node


def _is_state(made: Assignment) -> bool:
    if isinstance(made.value, ast.Constant) and not made.augmented:
        return False
    # What makes weights, layers and lambdas there has codes of its own.
    return made.attribute not in READ_ONLY | TRACKED and not isinstance(
        made.value, ast.Lambda
    )


@rule("LGW73")
def reads_loop_variable(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A function reads a loop's variable when it is called, not when it is made: of those
    that a loop makes and a layer keeps, all see its last value."""
    for method in layer.own.values():
        for loop, body in _loops(method):
            turning = {
                n.id for t in loop for n in ast.walk(t) if isinstance(n, ast.Name)
            }
            defined = {
                one.name: one for one in body if isinstance(one, ast.FunctionDef)
            }
            for made in body:
                for function in _kept(made, method.this, defined):
                    late = turning & _read_late(function)
                    if late:
                        yield Finding(
                            function,
                            f"what is made here reads {listing(sorted(late))} when it "
                            "is called: all of them see the last value",
                            _bound(function, late),
                        )


def _loops(method: Method) -> Iterator[tuple[list[ast.expr], list[ast.AST]]]:
    """What each loop of a method binds, and what it goes through."""
    for site in method.sites:
        match site.node:
            case ast.For(target=target, body=body):
                yield [target], [*body]
            case ast.Assign(targets=[target], value=ast.ListComp() as made):
                if attribute_of(target, method.this):
                    yield [one.target for one in made.generators], [made.elt]


def _kept(
    made: ast.AST, this: str, defined: Mapping[str, ast.FunctionDef]
) -> Iterator[ast.Lambda | ast.FunctionDef]:
    """The functions that a layer keeps of what a loop goes through; `defined` are those
    that the loop makes by `def`."""
    match made:
        case ast.Lambda():
            yield made
        case ast.Name(id=name) if name in defined:
            yield defined[name]
        case ast.Call(func=ast.Attribute(attr="append", value=owner), args=[one]):
            if attribute_of(owner, this):
                yield from _kept(one, this, defined)
        case ast.Call(func=ast.Attribute(attr="Lambda"), args=[one, *_]):
            yield from _kept(one, this, defined)
        case ast.Expr(value=value):
            if isinstance(value, ast.Call):
                yield from _kept(value, this, defined)
        case ast.Assign(targets=[ast.Subscript(value=owner)], value=value):
            if attribute_of(owner, this):
                yield from _kept(value, this, defined)
        case ast.If(body=body, orelse=orelse):
            for statement in (*body, *orelse):
                yield from _kept(statement, this, defined)


def _bound(function: ast.Lambda | ast.FunctionDef, late: set[str]) -> str:
    """How a function keeps what these names are when it is made."""
    given = ", ".join(f"{name}={name}" for name in sorted(late))
    if isinstance(function, ast.FunctionDef):
        return f"`def {function.name}(x, {given}):`"
    return f"`lambda x, {given}: ...`"


def _read_late(function: ast.Lambda | ast.FunctionDef) -> set[str]:
    """The names that a function reads when it is called, its own left out."""
    body = function.body if isinstance(function.body, list) else [function.body]
    own = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    names = [n for one in body for n in ast.walk(one) if isinstance(n, ast.Name)]
    own |= {one.id for one in names if isinstance(one.ctx, ast.Store)}
    return {one.id for one in names} - own
