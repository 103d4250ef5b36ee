"""What a module holds before its class: the spec's functions, and custom gradients."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.language.collector import Collector
from layergen.language.model import Function as SpecFunction
from layergen.language.model import (
    Gradient,
    Input,
    Weight,
)
from layergen.layer.constants import is_list
from layergen.layer.custom_gradient import Definition, define
from layergen.layer.facts import Facts
from layergen.layer.function_calls import as_parameter, check_calls, constants, in_order
from layergen.layer.read_shapes import sizes_in
from layergen.problems import SpecError
from layergen.source.functions import Function, broadcasting
from layergen.source.literals import docstring_text, literal
from layergen.source.rewrite import Bind
from layergen.source.written import Written


def module_functions(facts: Facts, register_as: str) -> tuple[Function, ...]:
    """The functions, each before those that call it.

    Raises:
        SpecError: If a gradient cannot be derived, or a function is called otherwise
            than generated code can call it.
    """
    check_calls(facts)
    further = constants(facts)
    definitions = [
        _definition(facts, function, further[function.name])
        for function in in_order(facts)
    ]
    made = [
        define(facts, what, _decorators(facts, what.name, register_as))
        for what in definitions
    ]
    if facts.spec.gradient:
        definitions.append(_whole(facts, facts.spec.gradient))
        made.append(define(facts, definitions[-1], ()))
    if any(what.is_broadcast for what in definitions):
        made = [*broadcasting(), *made]
    return tuple(made)


def _definition(
    facts: Facts, function: SpecFunction, further: tuple[str, ...]
) -> Definition:
    bind = partial(as_parameter, facts)
    return Definition(
        function.name,
        function.args,
        tuple(map(bind, further)),
        function.forward,
        function.gradient,
        tuple(name for name in further if _is_array(facts, name)),
        docstring_text((function.doc or "").strip()),
        bind,
    )


def _decorators(facts: Facts, name: str, register_as: str) -> tuple[str, ...]:
    """The activation is registered, so that it survives config and loading."""
    if name != facts.spec.activation:
        return ()
    package = literal(register_as)
    return (f"@keras.saving.register_keras_serializable(package={package})",)


def layer_function_name(facts: Facts) -> str:
    """The name of the function that is the whole of `forward`."""
    return facts.scope.fresh(f"{facts.spec.stem}_forward")


def layer_gradient_call(facts: Facts, bind: Bind) -> str:
    """The call of the function that is the whole of `forward`, for `call`.

    `bind` says how `call` reads a name; weights are handed over in the compute dtype.
    """
    assert facts.spec.gradient is not None
    what = _whole(facts, facts.spec.gradient)
    values = [_passed(facts, name, bind) for name in (*what.tensors, *what.constants)]
    return Written(f"{what.name}({', '.join(values)})", values)


def _passed(facts: Facts, name: str, bind: Bind) -> str:
    weight = facts.weights.get(name)
    if weight is None:
        return bind(name)
    if _is_float(weight.dtype):
        return Written(f"ops.cast({bind(name)}, self.compute_dtype)", reads=["ops"])
    return Written(f"ops.convert_to_tensor({bind(name)})", reads=["ops"])


def _whole(facts: Facts, gradient: Gradient) -> Definition:
    """`forward` as a function of floating inputs and weights, then of all else it reads."""
    spec = facts.spec
    pieces = [spec.forward, *([gradient.code] if gradient.code else [])]
    read = set().union(*map(facts.reads, pieces)) - {"upstream"}
    read |= {name.removesuffix(".shape") for name in read}
    further = constants(facts)
    read |= {name for called in read & further.keys() for name in further[called]}
    read = read.union(*(sizes_in(facts, piece) for piece in pieces))
    tensors = tuple(_differentiated(facts, gradient, read))
    _refuse_optional(facts, gradient, tensors)
    known = [*facts.inputs, *facts.weights, *facts.args, *facts.derived]
    known += [*facts.call_args, *facts.axes, *facts.counts, *facts.rests, "training"]
    known += [*facts.array_axes]
    rest = (name for name in dict.fromkeys(known) if name in read - {*tensors})
    others = tuple(rest)
    arrays = tuple(name for name in others if _is_array(facts, name))
    doc = docstring_text(f"What {spec.layer} computes, with its own gradient.")
    name = layer_function_name(facts)
    return Definition(name, tensors, others, spec.forward, gradient, arrays, doc)


def _differentiated(facts: Facts, gradient: Gradient, read: set[str]) -> Iterator[str]:
    """The floating inputs and weights; for a gradient that is derived, those in use."""
    tensors: tuple[Input | Weight, ...] = (*facts.spec.inputs, *facts.spec.weights)
    for tensor in tensors:
        if _is_float(tensor.dtype) and (gradient.code or tensor.name in read):
            yield tensor.name


def _refuse_optional(facts: Facts, gradient: Gradient, names: tuple[str, ...]) -> None:
    """A custom gradient takes tensors, and nothing in their place."""
    collector = Collector(facts.spec.file, facts.spec.text)
    for name in names:
        tensor, weight = facts.inputs.get(name), facts.weights.get(name)
        if tensor and (tensor.optional or tensor.many) or weight and weight.when:
            message = (
                f"`{name}` is not always one tensor, and the layer has a `gradient`"
            )
            hint = "give a function a gradient, and call it in `forward`"
            collector.add("LG418", gradient.place, message, hint)
    if collector.problems:
        raise SpecError(collector.problems)


def _is_array(facts: Facts, name: str) -> bool:
    """Whether a name stands for a tensor in `call`."""
    if name in facts.inputs or name in facts.weights:
        return True
    arg = facts.args.get(name)
    return bool(arg and arg.type.is_tensor) or is_list(facts, name)


def _is_float(dtype: str | None) -> bool:
    return dtype is None or dtype in FLOAT_DTYPES
