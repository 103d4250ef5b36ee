"""Methods and properties: what a built layer computes beside `call`.

Keras casts nothing outside of `__call__`: what they are given and the weights that they
read are brought to the compute dtype, as a call has them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.language.methods import sizes_kept, within
from layergen.language.model import Input, Method, Output
from layergen.layer.arguments import argument_checks
from layergen.layer.axes import kept
from layergen.layer.call import sizes
from layergen.layer.casts import casting
from layergen.layer.constants import (
    as_tensor,
    left_in_python,
    read_in_call,
    tensor_constants,
)
from layergen.layer.docstring import argument_doc
from layergen.layer.facts import Facts, FixedAxis
from layergen.layer.function_calls import added_arguments
from layergen.layer.joined import words
from layergen.layer.shape_checks import check_shapes
from layergen.layer.shape_text import documented, shape_in_call
from layergen.source.bodies import function_body
from layergen.source.functions import Function, method
from layergen.source.literals import (
    DocText,
    Shown,
    docstring_text,
    literal,
    message,
    wrapped,
)
from layergen.source.statements import Assign, Branch, Check, Run, Statement
from layergen.source.written import Written

DOC_WIDTH = 72


class MethodFacts(Facts, frozen=True, dict=True):
    """A method's code with its names looked up: the sizes that `build` has found are where
    the layer keeps them."""

    layer: Facts

    @property
    def held(self) -> Input | None:
        return None

    @property
    def kept_axes(self) -> tuple[FixedAxis, ...]:
        return ()

    @cached_property
    def told_axes(self) -> tuple[str, ...]:
        return ()

    @cached_property
    def scanned(self) -> tuple[str, ...]:
        return ()

    @cached_property
    def _kept(self) -> dict[str, str]:
        found = {fixed.dimension: fixed.attribute for fixed in kept(self.layer)}
        return {
            name: found[name] for name in sizes_kept(self.layer.spec) if name in found
        }

    def shape_name(self, tensor: str) -> str:
        one = self.inputs[tensor]
        if one.many or one.optional:
            return self.layer.scope.fresh(f"{tensor}_shape")
        return f"{tensor}.shape"

    def in_method(self, name: str) -> str:
        return self._kept.get(name) or super().in_method(name)


def method_functions(facts: Facts) -> Iterator[Function]:
    """The methods, then the properties, each refused before the layer is built."""
    for one in facts.spec.methods:
        yield _method(MethodFacts(within(facts.spec, one), facts), one)
    for one in facts.spec.properties:
        found = _method(MethodFacts(within(facts.spec, one), facts), one)
        yield Function(
            found.name, found.parameters, found.body, ("@property",), found.doc
        )


def _method(facts: MethodFacts, one: Method) -> Function:
    keywords = [
        arg.name if arg.required else f"{arg.name}={literal(arg.default)}"
        for arg in one.args
    ]
    parameters = [f"{t.name}=None" if t.optional else t.name for t in one.inputs]
    parameters += ["*", *keywords] if keywords else []
    body = (*_refusals(facts, one), *_given(facts, one), *_computed(facts))
    return method(one.name, parameters, body, _doc(facts, one))


def _refusals(facts: MethodFacts, one: Method) -> Iterator[Statement]:
    """A layer that is not built has no weights; of a symbolic tensor Keras would compute
    with the weights as they are at that moment."""
    verb = "read" if one.is_property else "called"
    said = f" must be built before `{one.name}` is {verb}: call it on data first."
    yield Check("not self.built", message(Shown("self.name"), said))
    if one.is_property:
        return
    names = ", ".join(tensor.name for tensor in one.inputs)
    symbolic = f"keras.utils.is_keras_tensor({names})"
    if len(one.inputs) > 1 or one.inputs[0].many:
        flat = f"keras.tree.flatten([{names}])"
        symbolic = f"any(map(keras.utils.is_keras_tensor, {flat}))"
    said = (
        f": `{one.name}` takes no symbolic tensors. Use it in the `call` of a layer or a "
        "model of your own."
    )
    yield Check(symbolic, message(Shown("self.name"), said))


def _given(facts: MethodFacts, one: Method) -> Iterator[Statement]:
    """What comes in as tensors, held to its shapes, and checked arguments."""
    item = facts.layer.scope.fresh("one")
    for tensor in one.inputs:
        floats = tensor.dtype is None or tensor.dtype in FLOAT_DTYPES
        dtype = "self.compute_dtype" if floats else literal(tensor.dtype)
        made = Written(f"ops.convert_to_tensor({tensor.name}, {dtype})", reads=["ops"])
        if tensor.many:
            text = (
                f"[ops.convert_to_tensor({item}, {dtype}) for {item} in {tensor.name}]"
            )
            made = Written(text, reads=["ops"])
        held = Assign(tensor.name, made)
        yield Branch(f"{tensor.name} is not None", (held,)) if tensor.optional else held
    checks = None if one.is_property else check_shapes(facts)
    if checks:
        read = words(part for part in checks.body if not isinstance(part, Function))
        for tensor in one.inputs:
            name = facts.shape_name(tensor.name)
            if name in read:
                yield Assign(name, shape_in_call(tensor, item))
        yield from (part for part in checks.body if not isinstance(part, Function))
    for arg in facts.spec.scalars:  # Of NumPy's numbers Keras makes tensors in a call.
        looks = f"isinstance({arg.name}, (np.generic, np.ndarray))"
        made = Written(f"ops.convert_to_tensor({arg.name})", reads=["ops"])
        yield Branch(Written(looks, reads=["np"]), (Assign(arg.name, made),))
    yield from argument_checks(facts, one.args)


def _computed(facts: MethodFacts) -> Iterator[Statement]:
    """The method's code, with the names that it reads."""
    spec, compute = facts.spec, "self.compute_dtype"
    read = read_in_call(facts)
    constants = {c.name: as_tensor(c) for c in tensor_constants(facts, read)}
    weights = {
        weight.name: _weight(weight.name, weight.when is not None)
        for weight in spec.weights
        if weight.name in read and weight.dtype is None
    }
    yield from sizes(facts, read)
    yield from (Assign(name, value) for name, value in (constants | weights).items())
    local = {*facts.axes, *facts.counts, *facts.rests, *constants, *weights}
    bind = facts.with_locals(local)
    further = added_arguments(facts, bind, bind_list=facts.in_method)
    made = casting(facts, spec.forward, compute, bind)

    def extra(call: ast.Call) -> tuple[str, ...]:
        return made.extra(call) or further(call)

    left: dict[ast.AST, str] = {
        node: facts.in_method(node.id) for node in left_in_python(facts, constants)
    }
    code = function_body(
        spec.forward,
        bind,
        extra=extra,
        around=made.around,
        apart=left,
        instead=made.instead,
    )
    yield Run(code)


def _weight(name: str, may_be_missing: bool) -> Written:
    made = f"ops.cast(self.{name}, self.compute_dtype)"
    missing = f"None if self.{name} is None else " if may_be_missing else ""
    return Written(missing + made, reads=["ops"])


def _doc(facts: MethodFacts, one: Method) -> DocText:
    """A docstring in Keras' sections; a property has a summary alone."""
    summary = (one.doc or "").strip() or (
        f"The layer's `{one.name}`." if one.is_property else f"Computes `{one.name}`."
    )
    found = [summary]
    if not one.is_property:
        taken = [_tensor_doc(tensor) for tensor in one.inputs]
        taken += [f"{arg.name}: {argument_doc(facts, arg)}" for arg in one.args]
        outputs = one.outputs or ()
        found += _section("Args", taken)
        found += _section("Returns", [_returned(output) for output in outputs])
    return docstring_text("\n".join(found))


def _section(title: str, entries: list[str]) -> list[str]:
    lines = [f"    {wrapped(entry, DOC_WIDTH - 4, '        ')}" for entry in entries]
    return ["", f"{title}:", *lines] if lines else []


def _tensor_doc(tensor: Input) -> str:
    kind = "List of tensors" if tensor.many else "Tensor"
    kind += f" of {tensor.dtype}" if tensor.dtype else ""
    shaped = f", `{documented(tensor.shape.dims)}`" if tensor.shape.dims else ""
    return f"{tensor.name}: {kind}{shaped}{', or `None`' if tensor.optional else ''}."


def _returned(output: Output) -> str:
    shaped = f", `{documented(output.shape.dims)}`" if output.shape.dims else ""
    name = f"`{output.name}`: tensor" if output.name else "Tensor"
    return f"{name}{f' of {output.dtype}' if output.dtype else ''}{shaped}."
