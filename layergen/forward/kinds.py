"""What an expression of `forward` may be, as far as speed and safety go."""

from __future__ import annotations

import ast
from enum import Enum

from layergen.keras_tables.layers import layer as layer_of_keras
from layergen.keras_tables.operations import op
from layergen.language.dims import bindings, pinned
from layergen.language.model import Function, Spec
from layergen.source.dotted import dotted


class Kind(Enum):
    """`OTHER` is anything static or unknown; only certain tensors are called so."""

    OTHER = "other"
    TENSOR = "a tensor"
    TENSORS = "a list of tensors"
    SIZE = "a static size of an axis"
    DYNAMIC = "a size that may be a tensor"
    SHAPE = "a tuple of static sizes"
    DYNAMIC_SHAPE = "a tuple of sizes that may be tensors"
    RANGE = "a range over an axis"
    LAYER = "a layer or function that returns one tensor"
    LAYERS = "a list of such layers"


ELEMENT = {
    Kind.TENSOR: Kind.TENSOR,
    Kind.TENSORS: Kind.TENSOR,
    Kind.SHAPE: Kind.SIZE,
    Kind.DYNAMIC_SHAPE: Kind.DYNAMIC,
    Kind.LAYERS: Kind.LAYER,
}
STRENGTH = (Kind.TENSOR, Kind.DYNAMIC, Kind.SIZE)
UNCERTAIN = (Kind.TENSOR, Kind.DYNAMIC)

# Sizes, which are numbers or tensors.
SIZES = {"shape": Kind.DYNAMIC_SHAPE, "size": Kind.DYNAMIC}
RESULTS = {"tensor": Kind.TENSOR, "tensors": Kind.TENSORS}


def returned(name: str) -> Kind:
    """What a function of `keras.ops` returns."""
    found = op(name)
    return SIZES.get(name) or RESULTS.get(found.returns if found else "", Kind.OTHER)


def strongest(*kinds: Kind) -> Kind:
    """What arithmetic on values of these kinds gives."""
    for kind in STRENGTH:
        if kind in kinds:
            return kind
    for kind in (Kind.TENSORS, Kind.DYNAMIC_SHAPE, Kind.SHAPE):
        if kind in kinds:
            return kind
    return Kind.OTHER


def merged(one: Kind, other: Kind) -> Kind:
    """What a name is that is one thing on one path and another on the other."""
    return one if one is other else Kind.OTHER


def declared_kinds(spec: Spec) -> dict[str, Kind]:
    """The kinds of the names that a spec declares; those not here are `OTHER`."""
    found: dict[str, Kind] = {}
    fixed = pinned(spec)
    for name, axis in bindings(spec).items():
        if axis.of_input:
            found[name] = Kind.SIZE if name in fixed else Kind.DYNAMIC
    found |= array_kinds(spec)
    found |= {weight.name: Kind.TENSOR for weight in spec.weights}
    found |= {state.name: Kind.TENSOR for state in spec.states}
    found |= _layer_kinds(spec)
    found |= function_kinds(spec)
    for tensor in spec.inputs:
        found[tensor.name] = Kind.TENSORS if tensor.many else Kind.TENSOR
        if not tensor.many:
            found[spec.masks[tensor.name]] = Kind.TENSOR
    return found


def array_kinds(spec: Spec) -> dict[str, Kind]:
    return {arg.name: Kind.TENSOR for arg in spec.args if arg.type.is_tensor}


def function_kinds(spec: Spec) -> dict[str, Kind]:
    """The functions that surely return one tensor."""
    return {
        function.name: Kind.LAYER
        for function in spec.functions
        if function.gradient or function.name == spec.activation
    }


def parameter_kinds(spec: Spec, function: Function) -> dict[str, Kind]:
    """The names that a function sees; its parameters surely are tensors only for some."""
    found = array_kinds(spec) | function_kinds(spec)
    certain = function.name in found
    return found | dict.fromkeys(function.args, Kind.TENSOR if certain else Kind.OTHER)


def _layer_kinds(spec: Spec) -> dict[str, Kind]:
    found = {}
    for layer in spec.layers:
        call = layer.make.expression
        if isinstance(call, ast.Call):
            name = dotted(call.func).removeprefix("keras.layers.")
            asked = [one.arg or "" for one in call.keywords]
            several = any(one.startswith("return_") or not one for one in asked)
            made = layer_of_keras(name)
            if made and made.single and not several:
                found[layer.name] = Kind.LAYERS if layer.loop else Kind.LAYER
    return found
