"""Where random numbers come from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.forward.operations import bound
from layergen.forward.values import Function, Items
from layergen.keras_tables import tensorflow
from layergen.keras_tables.operations import op, random
from layergen.lint.analysed import Analysis
from layergen.lint.evidence import kept_alone
from layergen.lint.facts import LayerClass, Method, Module
from layergen.lint.registry import Finding, given, module_rule, rule, shown
from layergen.lint.walk import attribute_of

_OF_PYTHON = ("random", "numpy.random", "secrets")
_OWN = (
    "make `self.seed_generator = keras.random.SeedGenerator(seed)` in the constructor, "
    "and draw from `keras.random` with `seed=self.seed_generator` and "
    "`dtype=self.compute_dtype`"
)


@rule("LG770")
def python_random(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """In a graph, Python in `call` runs once, when it is traced: what Python or NumPy
    draws there is the same number at every later call."""
    makers = {
        id(made.value)
        for made in layer.all_assignments()
        if isinstance(made.value, ast.Call)
        and _of_python(module.names.resolve(made.value.func))
    }
    generators = kept_alone(layer, makers)
    for name in sorted(layer.only_in_call & layer.own.keys()):
        method = layer.own[name]
        for call in method.calls():
            drawn = module.names.resolve(call.func)
            if _of_python(drawn) or _is_method_of(call, generators, method):
                message = f"`{shown(call.func)}` draws once, while the graph is made"
                yield Finding(call, message, _OWN)


def _of_python(path: str) -> bool:
    return path.rpartition(".")[0] in _OF_PYTHON


def _is_method_of(call: ast.Call, attributes: set[str], method: Method) -> bool:
    """Whether a call is of a method of what an attribute holds."""
    match call.func:
        case ast.Attribute(value=owner):
            return attribute_of(owner, method.this) in attributes
    return False


@module_rule("LG771")
def unseeded(module: Module) -> Iterator[Finding]:
    """A draw without a seed generator of the layer's own is none of its state: it cannot
    be repeated or saved, and no other backend can compile it."""
    for analysis, node in module.nodes_at_calls():
        if isinstance(node, ast.Call):
            path = analysis.path(node.func)
            seed = _seed(path, node)
            if tensorflow.draws(path) or (seed is not None and _is_none(seed)):
                message = f"`{shown(node.func)}` draws without a seed generator"
                yield Finding(node, message, _OWN)


@module_rule("LG772")
def constant_seed(module: Module) -> Iterator[Finding]:
    """An integer as seed gives the same numbers at every call; only a seed generator goes
    on to others."""
    for analysis, node in module.nodes_at_calls():
        if isinstance(node, ast.Call):
            seed = _seed(analysis.path(node.func), node)
            if seed is not None and _is_constant(analysis, seed):
                message = f"`{shown(seed)}` as seed draws the same at every call"
                yield Finding(seed, message, _OWN)


@module_rule("LGW79")
def in_a_branch(module: Module) -> Iterator[Finding]:
    """A draw moves its generator on. On JAX, one inside a branch or a loop of the graph
    leaks out of it, and the layer cannot be trained there."""
    for analysis, node in module.nodes_at_calls():
        if not isinstance(node, ast.Call):
            continue
        head, _, name = analysis.path(node.func).rpartition(".")
        found = op(name) if head == "keras.ops" else None
        if found is None or not found.takes_function or name == "vectorized_map":
            continue
        for inner in (part for one in given(node) for part in _inside(analysis, one)):
            seed = _seed(analysis.path(inner.func), inner)
            if seed is not None and not _is_none(seed):
                yield Finding(
                    inner,
                    f"`{shown(inner.func)}` draws inside a function of `ops.{name}`",
                    "draw before it, and let the function choose",
                )


def _inside(analysis: Analysis, node: ast.expr) -> Iterator[ast.Call]:
    """The calls in the functions that an argument is, or holds."""
    found = analysis.at(node)
    functions = found.items if isinstance(found, Items) else (found,)
    for one in functions:
        if isinstance(one, Function):
            yield from (n for n in ast.walk(one.node) if isinstance(n, ast.Call))


def _seed(path: str, node: ast.Call) -> ast.expr | None:
    """What a draw of Keras is given as its seed, `None` where it is given none; no
    expression where that is unknown."""
    head, _, name = path.rpartition(".")
    found = random(name) if head == "keras.random" else None
    arguments = bound(found, node) if found is not None else None
    if arguments is None:
        return None
    seed = arguments.get("seed", ast.Constant(None))
    return seed if isinstance(seed, ast.expr) else None


def _is_none(seed: ast.expr) -> bool:
    return isinstance(seed, ast.Constant) and seed.value is None


def _is_constant(analysis: Analysis, seed: ast.expr) -> bool:
    """Whether a seed is the same at every call: a number, or a generator made anew."""
    match seed:
        case ast.Constant(value=int()):
            return True
        case ast.Call(func=func):
            return analysis.path(func) == "keras.random.SeedGenerator"
    return False
