"""A function of the module with a gradient of its own.

A custom gradient follows rules that were found by running Keras: the function takes its
tensors by position (eager TensorFlow drops the gradient of what comes by keyword), what
is no tensor by closure, and every backend can call its `grad`. TensorFlow records the
forward pass, and would keep what is between its arguments and its result; JAX keeps
nothing, and differentiates that pass where a gradient is differentiated once more.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from layergen.forward.dtypes import UPSTREAM
from layergen.forward.scope import Scope
from layergen.language.collector import Collector
from layergen.language.model import Gradient
from layergen.layer.casts import casting_outside, with_casts
from layergen.layer.facts import Facts
from layergen.layer.function_calls import added_arguments
from layergen.problems import SpecError
from layergen.source.bodies import function_body
from layergen.source.code import Code
from layergen.source.functions import (
    BROADCAST,
    UNBROADCAST,
    Body,
    Function,
)
from layergen.source.literals import NO_TEXT, DocText
from layergen.source.rewrite import Bind
from layergen.source.statements import Assign, Branch, Run, Statement
from layergen.source.written import Written

DECORATORS = (Written("@ops.custom_gradient", reads=["ops"]),)
ON_TENSORFLOW = 'keras.backend.backend() == "tensorflow"'
SHORT = 76
UNPACKED = "if upstream is None:\n    (upstream,) = {}"


class Definition(Struct, frozen=True):
    """A function to be made of spec code.

    `tensors` are what a gradient is taken by; `constants` are the other parameters, of
    which those in `arrays` take part in broadcasting. `bind` says what the spec's names
    are called in it.
    """

    name: str
    tensors: tuple[str, ...]
    constants: tuple[str, ...]
    forward: Code
    gradient: Gradient | None = None
    arrays: tuple[str, ...] = ()
    doc: DocText = NO_TEXT
    bind: Bind = str

    @property
    def shares_locals(self) -> bool:
        """Whether the gradient's code reads local variables of forward's."""
        code = self.gradient.code if self.gradient else None
        names = code.names.free if code else []
        return not self.forward.names.local.isdisjoint(n.id for n in names)

    @property
    def is_broadcast(self) -> bool:
        """Whether the gradient is derived, and has to be summed where tensors spread."""
        derived = self.gradient is not None and self.gradient.code is None
        return derived and len(self.tensors) + len(self.arrays) > 1


def define(facts: Facts, what: Definition, decorators: tuple[str, ...]) -> Function:
    """The function of the module."""
    parameters = (*what.tensors, *what.constants)
    if what.gradient is None:
        body: Body = (Run(_body(facts, what)),)
        return Function(what.name, parameters, body, decorators, what.doc)
    core, forward = _core(facts, what), _stopped_forward(facts, what)
    if not (decorators or what.constants or what.is_broadcast):
        body = (*forward, *core.body)
        return replace(core, name=what.name, body=body, doc=what.doc)
    body = (*forward, core, Run(f"return {core.name}({', '.join(what.tensors)})"))
    if what.is_broadcast:
        names = ", ".join((*what.tensors, *what.arrays))
        body = (Assign(names, f"{BROADCAST}({names})"), *body)
    return Function(what.name, parameters, body, decorators, what.doc)


def _core(facts: Facts, what: Definition) -> Function:
    """The function of tensors alone that has the gradient."""
    scope = _scope(what)
    grad = _grad(facts, what, scope.fresh("grad"))
    name, parameters = scope.fresh("with_gradient"), what.tensors
    if what.shares_locals:
        body = _around_gradient(facts, what, grad)
        return Function(name, parameters, body, DECORATORS)
    stopped = ", ".join(f"ops.stop_gradient({tensor})" for tensor in what.tensors)
    if len(what.tensors) > 2:
        stopped = f"*map(ops.stop_gradient, ({', '.join(what.tensors)}))"
    kept = "# Nothing between the arguments and the result is kept for `grad`.\n"
    forward, given = scope.fresh("forward"), ", ".join(what.tensors)
    plain = Written(f"return {forward}({given}), {grad.name}")
    # JAX differentiates the forward pass itself at second order.
    apart = Written(f"{kept}return {forward}({stopped}), {grad.name}", reads=["ops"])
    told = Branch(Written(ON_TENSORFLOW, reads=["keras"]), (Run(apart),))
    return Function(name, parameters, (grad, told, Run(plain)), DECORATORS)


def _stopped_forward(facts: Facts, what: Definition) -> Body:
    """What is computed, as a function of its own: it runs outside of differentiation."""
    if what.shares_locals:
        return ()
    name = _scope(what).fresh("forward")
    return (Function(name, what.tensors, (Run(_body(facts, what)),)),)


def _around_gradient(facts: Facts, what: Definition, grad: Function) -> Body:
    """Forward's code with `grad`, which uses its locals, before the last `return`."""
    text = _body(facts, what, f"{{}}, {grad.name}")
    last = ast.parse(_as_function(text)).body[0]
    assert isinstance(last, ast.FunctionDef)
    *before, final = last.body
    lines = text.splitlines()
    start = final.lineno - 2
    if not isinstance(final, ast.Return) or any(
        (statement.end_lineno or 0) - 2 >= start for statement in before
    ):
        return grad, Run(text)
    while lines[start - 1].lstrip()[:1] in ("", "#"):
        start -= 1
    first, second = "\n".join(lines[:start]), "\n".join(lines[start:])
    return Run(Written(first, text)), grad, Run(Written(second, text))


def _as_function(text: str) -> str:
    return "def _():\n" + "\n".join(f" {line}" for line in text.splitlines())


def _grad(facts: Facts, what: Definition, name: str) -> Function:
    assert what.gradient is not None
    args = _scope(what).fresh("args")
    body: list[Statement] = [Run(UNPACKED.format(args))]
    code = what.gradient.code
    if code is None:
        body += _derived(facts, what)
    else:
        further = added_arguments(facts, what.bind, what.tensors)
        made = casting_outside(facts, code, (UPSTREAM, *what.tensors), what.bind)

        def extra(call: ast.Call) -> tuple[str, ...]:
            return made.extra(call) or further(call)

        text = function_body(
            code, str, extra=extra, around=made.around, instead=made.instead
        )
        body.append(Run(text))
        if not code.is_expression:
            results = ", ".join(f"d_{tensor}" for tensor in what.tensors)
            body.append(Run(f"return {results}"))
    return Function(name, (f"*{args}", "upstream=None"), tuple(body))


def _derived(facts: Facts, what: Definition) -> Iterator[Statement]:
    """The statements of a gradient that is derived from the code of `what`."""
    from layergen.gradient.derive import derive
    from layergen.gradient.formula import Underivable
    from layergen.gradient.text import UPSTREAM

    names = {*what.tensors, *what.constants, *facts.functions, *facts.spec.imported}
    dtype = f"{UPSTREAM}.dtype"
    code = with_casts(facts, what.forward, dtype)
    functions = {
        name: dataclasses.replace(
            function, forward=with_casts(facts, function.forward, dtype)
        )
        for name, function in facts.functions.items()
    }
    try:
        if code is not what.forward:
            # A problem has its place in the code as it was written.
            derive(what.forward, what.tensors, facts.functions, names)
        found = derive(code, what.tensors, functions, names)
    except Underivable as error:
        collector = Collector(facts.spec.file, facts.spec.text)
        message = f"the gradient of `{what.name}` cannot be derived: {error.reason}"
        hint = "write the gradient's code instead of `auto`"
        collector.add("LG418", error.place, message, hint)
        raise SpecError(collector.problems) from None
    for name, value in found.assignments:
        yield Assign(name, value)
    results = dict(zip(what.tensors, found.results, strict=True))
    if not what.is_broadcast:
        [(tensor, text)] = results.items()
        text = text or Written(f"ops.zeros_like({tensor})", reads=["ops"])
        yield Run(
            Written(f"return {_as_dtype(what, text, tensor)}", text, reads=["ops"])
        )
        return
    yield from _reduced(results, Scope.of(names, dict(found.assignments)))


def _reduced(results: Mapping[str, str | None], scope: Scope) -> list[Statement]:
    """The statements that return gradients, each summed to the shape of its tensor."""
    local = {name: scope.fresh(f"d_{name}") for name in results}

    def returned(texts: Mapping[str, str]) -> Run:
        values = [
            (
                f"{UNBROADCAST}({texts[name]}, {name})"
                if result
                else f"ops.zeros_like({name})"
            )
            for name, result in results.items()
        ]
        read = [*texts.values()]
        return Run(Written(f"return {', '.join(values)}", read, reads=["ops"]))

    known = {name: result for name, result in results.items() if result}
    short = returned(known)
    if len(short.text) <= SHORT:
        return [short]
    return [*(Assign(local[n], text) for n, text in known.items()), returned(local)]


def _as_dtype(what: Definition, text: str, tensor: str) -> str:
    return f"ops.cast({text}, {tensor}.dtype)" if _makes_tensors(what) else text


def _makes_tensors(what: Definition) -> bool:
    """Whether forward may compute in another dtype than its argument's."""
    for node in what.forward.nodes:
        if isinstance(node, ast.Call):
            inner = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            if "ops" in inner and not inner & {*what.tensors}:
                return True
            if isinstance(node.func, ast.Attribute) and node.func.attr == "cast":
                return True
    return False


def _body(facts: Facts, what: Definition, wrap: str = "{}") -> str:
    further = added_arguments(facts, what.bind, what.tensors)
    made = casting_outside(facts, what.forward, what.tensors, what.bind)

    def extra(call: ast.Call) -> tuple[str, ...]:
        return made.extra(call) or further(call)

    return function_body(
        what.forward, str, wrap, extra, around=made.around, instead=made.instead
    )


def _scope(what: Definition) -> Scope:
    """The names that mean something in the function."""
    pieces = [what.forward]
    if what.gradient and what.gradient.code:
        pieces.append(what.gradient.code)
    read = (node.id for code in pieces for node in code.names.free)
    stored = (name for code in pieces for name, _ in code.names.bound)
    return Scope.of(what.tensors, what.constants, [what.name], read, stored)
