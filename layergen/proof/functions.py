"""The functions of an emitted test that compute the same by other means.

Each is called with more than it has use for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Set
from functools import partial

from layergen.example.values import called
from layergen.forward.vocabulary import kinds
from layergen.language.along import along, axis_arguments, lying_along
from layergen.language.axes import Shape
from layergen.language.model import Function as SpecFunction
from layergen.layer.casts import with_casts, with_sizes
from layergen.layer.constructor import Parameter, parameters
from layergen.layer.facts import Facts
from layergen.layer.function_calls import as_parameter, constants
from layergen.layer.gathered import gather
from layergen.layer.mask_code import MaskReads, missing
from layergen.layer.read_shapes import sizes_in
from layergen.layer.weights import maker_arguments
from layergen.source.bodies import (
    function_body,
    numpy_body,
    of_tensors,
    unchanged,
)
from layergen.source.code import Code
from layergen.source.functions import Function
from layergen.source.literals import literal
from layergen.source.scopes import names_of
from layergen.source.statements import Assign, Run, Statement
from layergen.source.written import Written


def proofs(facts: Facts) -> Iterator[Function]:
    """The functions for the spec's `equivalent` and `reference`."""
    if facts.spec.equivalent:
        code = facts.spec.equivalent
        made = called(facts, code)
        read = _arguments(facts, facts.reads(code))
        taken = (*(parameter.text for parameter in read), "**_")
        name = facts.scope.fresh("same_as_builtin")
        body = [
            *_as_read(facts, facts.reads(code)),
            Run(Written(f"return {made}", made)),
        ]
        yield Function(name, taken, tuple(body))
    if facts.spec.reference:
        yield reference_function(facts, facts.scope.fresh("reference"))
    if held_to_formula(facts):
        yield _surrogate(facts)
    if isinstance(facts.spec.mask, Code):
        yield _computed_mask(facts, facts.spec.mask)


def speaks_of(facts: Facts, code: Code, changed: Set[str]) -> bool:
    """Whether code that computes the same knows of every argument that was changed."""
    makers = {maker.name for maker in maker_arguments(facts)}
    makers |= {
        along(weight.shape)
        for name, weight in lying_along(facts.spec).items()
        if name in facts.reads(code)
    }
    return changed <= makers | facts.with_parts(facts.reads(code))


def reference_function(facts: Facts, name: str) -> Function:
    """NumPy code as a function; what it does not name comes as `weights` if it is read."""
    code = facts.spec.reference
    assert code
    chosen = facts.spec.leaves_out
    read = facts.with_parts(
        facts.reads(code) | (facts.reads(chosen) if chosen else set())
    )
    bound = {**facts.axes, **facts.array_axes}
    owners = {axis.owner for name, axis in bound.items() if name in read}
    owners |= {owner for name, owner in facts.rests.items() if name in read}
    axes = axis_arguments(facts.spec).keys() & read
    lying = lying_along(facts.spec)
    axes |= {along(lying[name].shape) for name in lying.keys() & read}
    owners |= {*axes, facts.first.name} if axes else set()
    # Inputs and states may be given new values, and then count as the code's own.
    named = {n.id for n in code.nodes if isinstance(n, ast.Name)}
    taken = read | owners | (named & {*facts.inputs, *facts.states})
    required = [t.name for t in facts.spec.inputs if t.name in taken and not t.optional]
    optional = [t.name for t in facts.spec.inputs if t.name in taken and t.optional]
    for weight in facts.spec.weights:
        if weight.name in taken:
            (optional if weight.when else required).append(weight.name)
    required += [state for state in facts.states if state in taken]
    required += [word for word in ("training", "add_loss") if word in named]
    optional += [name for name in facts.call_args if name in taken]
    arguments = _arguments(facts, taken)
    required += [one.text for one in arguments if one.required]
    defaults = [
        *(f"{name}=None" for name in optional),
        *(one.text for one in arguments if not one.required),
    ]
    together = gather(facts, str)
    body = (*_sizes(facts, read), Run(numpy_body(code, _activation_called, together)))
    by_path = "weights" in read and "weights" not in kinds(facts.spec)
    others = "**weights" if by_path else "**_"
    return Function(name, (*required, *defaults, others), body)


def held_to_formula(facts: Facts) -> bool:
    """Whether the gradient of the whole layer is the spec's formula and nothing else.

    An activation after it has a gradient of its own.
    """
    gradient = facts.spec.gradient
    plain = facts.spec.activation in (None, "linear")
    return bool(gradient and gradient.surrogate and gradient.code and plain)


def _surrogate(facts: Facts) -> Function:
    """The layer's gradient by name, as the spec's formula says."""
    spec = facts.spec
    assert spec.gradient and spec.gradient.code
    code = spec.gradient.code
    read = facts.reads(spec.forward) | facts.reads(code) | sizes_in(facts, code)
    read = facts.with_parts(read)
    tensors = [t.name for t in spec.inputs if t.dtype is None]
    tensors += [w.name for w in spec.weights if w.dtype is None]
    body = [*_sizes(facts, read)]
    code = of_tensors(with_casts(facts, code, "upstream.dtype"))
    if code.is_expression:
        body.append(Assign(f"d_{tensors[0]}", unchanged(code)))
    else:
        body += [*_formula(spec.forward, tensors, code)][:-1]
    found = ", ".join(f"{literal(name)}: d_{name}" for name in tensors)
    body.append(Run(f"return {{{found}}}"))
    arguments = _arguments(facts, read)
    values = [one.text for one in arguments if one.required]
    required = [*tensors, *values, "upstream"]
    defaults = [one.text for one in arguments if not one.required]
    name = facts.scope.fresh("surrogate")
    return Function(name, (*required, *defaults, "**_"), tuple(body))


def surrogates(facts: Facts) -> Iterator[tuple[SpecFunction, Function]]:
    """The functions with a surrogate gradient, each with its formula as a function."""
    further = constants(facts)
    for function in facts.spec.functions:
        gradient = function.gradient
        if gradient and gradient.surrogate and gradient.code:
            bind = partial(as_parameter, facts)
            taken = (*function.args, *map(bind, further[function.name]), "upstream")
            name = facts.scope.fresh(f"{function.name}_gradient")
            code = of_tensors(with_casts(facts, gradient.code, "upstream.dtype", bind))
            forward = with_sizes(facts, function.forward, bind)
            body = tuple(_formula(forward, function.args, code))
            yield function, Function(name, taken, body)


def _formula(forward: Code, tensors: Iterable[str], code: Code) -> Iterator[Statement]:
    """Forward's own locals, then what the gradient says."""
    last = forward.body[-1]
    if not forward.is_expression and last.lineno > 1:
        lines = forward.text.splitlines()[: last.lineno - 1]
        before = names_of(forward.body[:-1]).free
        yield Run(Written("\n".join(lines), reads=[node.id for node in before]))
    if code.is_expression:
        yield Run(Written(f"return {code.text}", unchanged(code)))
    else:
        yield Run(unchanged(code))
        yield Run(f"return {', '.join(f'd_{name}' for name in tensors)}")


def _computed_mask(facts: Facts, code: Code) -> Function:
    """The new mask from the first input's mask, the first input, and what else of inputs,
    masks and arguments it is made of, as the spec states it.

    The mask is `_` where it is not read, and need not be there. Other inputs are also those
    whose sizes derived values are made of.
    """
    read = facts.with_parts(facts.reads(code))
    reads = MaskReads.of(facts, code)
    first, mask = facts.first.name, facts.spec.masks[facts.first.name]
    owners = {*reads.tensors}
    owners |= {axis.owner for name, axis in facts.axes.items() if name in read}
    owners |= {axis.owner for name, axis in facts.array_axes.items() if name in read}
    arguments = _arguments(facts, read | owners)
    others = [name for name in facts.inputs if name in read | owners and name != first]
    others += [name for name in reads.masks if name != mask]
    taken = ["mask" if mask in read else "_", first, *others]
    body: list[Statement] = []
    if mask in read and mask != "mask":
        body.append(Assign(mask, "mask"))
    body += missing(facts, reads, _all_true)
    body += [*_sizes(facts, read), Run(function_body(code, lambda name: name))]
    taken += [a.text for a in arguments if a.required]
    taken += [a.text for a in arguments if not a.required]
    return Function(facts.scope.fresh("computed_mask"), tuple(taken), tuple(body))


def _all_true(tensor: str, _: Shape) -> Written:
    """A mask that masks nothing."""
    return Written(f"np.ones({tensor}.shape[:2], dtype=bool)", reads=["np"])


def _activation_called(name: str) -> str:
    """In a test the activation is an identifier; NumPy code calls what it stands for."""
    if name == "activation":
        return Written("keras.activations.get(activation)", reads=["keras"])
    return name


def _sizes(facts: Facts, read: set[str]) -> Iterator[Statement]:
    """The dimensions and derived values that the reference reads."""
    for name, axis in {**facts.axes, **facts.array_axes}.items():
        if name in read:
            many = axis.of_input and facts.inputs[axis.owner].many
            one = f"{axis.owner}[0]" if many else axis.owner
            yield Assign(name, f"{one}.shape[{axis.position}]")
    for name, owner in facts.rests.items():
        if name in read:
            shape = facts.inputs[owner].shape
            before = shape.rest or 0
            after = len(shape.dims or ()) - before - 1
            yield Assign(name, f"tuple(range({before}, {owner}.ndim - {after}))")
    yield from _as_read(facts, read)
    yield from _along(facts, read)
    for derived in facts.spec.derived:
        if derived.name in read:
            yield Assign(derived.name, unchanged(derived.code))


def _along(facts: Facts, read: set[str]) -> Iterator[Statement]:
    """The axes that arguments choose, and variables along them so that they broadcast."""
    first, one = facts.first.name, facts.scope.fresh("one")
    wide = {n: along(v.shape) for n, v in lying_along(facts.spec).items() if n in read}
    maybe = {weight.name for weight in facts.spec.weights if weight.when}
    for name, arg in axis_arguments(facts.spec).items():
        if name not in read and name not in wide.values():
            continue
        found = f"{name} % {first}.ndim"
        if not arg.type.is_size:
            found = f"tuple(sorted({one} % {first}.ndim for {one} in np.atleast_1d({name})))"
        missing = f"None if {name} is None else " if arg.type.optional else ""
        yield Assign(name, Written(missing + found, reads=["np"]))
    size = facts.scope.fresh("size")
    for variable, name in wide.items():
        chosen = f"{one} in np.atleast_1d({name})"
        sizes = (
            f"{size} if {chosen} else 1 for {one}, {size} in enumerate({first}.shape)"
        )
        missing = f"None if {variable} is None else " if variable in maybe else ""
        text = f"{missing}{variable}.reshape([{sizes}])"
        yield Assign(variable, Written(text, reads=["np"]))


def _as_read(facts: Facts, read: set[str]) -> Iterator[Statement]:
    """What makes of given arguments what code reads."""
    for arg in facts.spec.args:
        if arg.name in read:
            yield from arg.type.assigned(arg.name)


def _arguments(facts: Facts, read: set[str]) -> list[Parameter]:
    """The constructor's parameters among the names."""
    return [p for p in parameters(facts) if p.name in read]
