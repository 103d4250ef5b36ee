"""The built-in layers that hold the weights of a model in functional style."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from msgspec import Struct

from layergen.forward.scope import Scope
from layergen.functional.lowering import Lowering
from layergen.functional.products import Use
from layergen.language.exposed import ROLES, argument_name
from layergen.language.model import Weight
from layergen.layer.facts import Facts
from layergen.layer.initializers import copied, copies, initializer_argument
from layergen.layer.weights import made, maker_arguments
from layergen.source.bodies import expression, sized
from layergen.source.code import Size
from layergen.source.literals import literal
from layergen.source.rewrite import Bind
from layergen.source.written import Written

NAMES = {"Dense": "dense", "EinsumDense": "einsum_dense", "Embedding": "embedding"}
# What Keras calls the weights of these layers, and what it makes them by.
KERNELS = {"Dense": "kernel", "EinsumDense": "kernel", "Embedding": "embeddings"}
DEFAULTS = {"kernel": "glorot_uniform", "bias": "zeros", "embeddings": "uniform"}


class WeightLayer(Struct, frozen=True):
    """A layer with the weights it holds and the places where it is called."""

    name: str
    weight: Weight
    bias: Weight | None
    uses: tuple[Use, ...]

    @property
    def use(self) -> Use:
        return self.uses[0]

    @property
    def once(self) -> bool:
        """Whether it is called once."""
        return len(self.uses) == 1 and not self.use.repeats

    @property
    def apart(self) -> bool:
        """Whether it is made before it is called: more than once, or deep inside."""
        return not (self.once and self.use.whole)

    @property
    def weights(self) -> tuple[Weight, ...]:
        """Its weights in Keras' order."""
        return (self.weight, self.bias) if self.bias else (self.weight,)


def weight_layers(facts: Facts, lowering: Lowering) -> tuple[WeightLayer, ...]:
    """A layer for each weight that is no bias, in the order of the first calls."""
    grouped: dict[str, list[Use]] = {}
    for use in lowering.uses:
        grouped.setdefault(use.weight, []).append(use)
    scope, found = facts.scope, []
    for name, uses in grouped.items():
        called = _name(facts, uses[0], len(grouped) == 1, scope)
        scope = scope.beside([called])
        bias = facts.weights[uses[0].bias] if uses[0].bias else None
        found.append(WeightLayer(called, facts.weights[name], bias, tuple(uses)))
    return tuple(found)


def layer_text(
    facts: Facts, layer: WeightLayer, bind: Bind, activation: str | None
) -> str:
    """The call that makes a layer."""
    arguments = [
        *_sizes(facts, layer, bind),
        *([f"activation={activation}"] if activation else []),
        *_bias(layer, bind),
        *_makers(facts, layer, bind),
        *_trainable(layer, bind),
        "dtype=dtype",
        f"name={literal(layer.name)}",
    ]
    code = f"keras.layers.{layer.use.layer}({', '.join(arguments)})"
    return Written(code, arguments)


def _name(facts: Facts, use: Use, alone: bool, scope: Scope) -> str:
    """A name that neither the spec nor Keras gives to anything else in the function."""
    name = NAMES[use.layer]
    given = any(arg.type.is_layer for arg in facts.spec.args)
    if alone and not facts.spec.layers and not given and scope.fresh(name) == name:
        return name
    weight = use.weight.removesuffix("_kernel").removesuffix("_embeddings")
    return scope.fresh(f"{weight}_{name}")


def _sizes(facts: Facts, layer: WeightLayer, bind: Bind) -> Iterator[str]:
    dims = [d for d in layer.weight.shape.dims or () if isinstance(d, Size)]
    texts = [sized(dim, bind) for dim in dims]
    match layer.use.layer:
        case "Dense":
            yield texts[1]
        case "Embedding":
            yield from texts
        case _:
            yield literal(layer.use.equation)
            sizes = [*_einsum_shape(facts, layer, texts, bind)]
            shape = f"{', '.join(sizes)}{'' if len(sizes) > 1 else ','}"
            yield Written(f"output_shape=({shape})", sizes)


def _einsum_shape(
    facts: Facts, layer: WeightLayer, texts: Iterable[str], bind: Bind
) -> Iterator[str]:
    """The sizes of the result but the batch: the kernel's, or else the tensor's own."""
    first, _, rest = layer.use.equation.partition(",")
    letters, _, result = rest.partition("->")
    known = dict(zip(letters, texts, strict=True))
    tensor = _tensor(facts, layer, bind)
    front = len(first.removeprefix("...")) if first.startswith(".") else 0
    own = result.strip(".") if result.startswith(".") else result[1:].strip(".")
    for letter in own:
        if letter not in first:
            yield known[letter]
        else:
            # Left as None, a size that is known would be unknown in the result.
            at = first.strip(".").index(letter) - front
            yield f"{tensor}.shape[{at}]" if tensor else "None"


def _tensor(facts: Facts, layer: WeightLayer, bind: Bind) -> str:
    """The variable that holds what the layer is called on, where it is made."""
    inner = layer.use.inner
    if not isinstance(inner, ast.Name):
        return ""
    changed = inner.id in facts.spec.forward.names.local
    if inner.id in facts.inputs and not changed:
        return bind(inner.id)
    return "" if layer.apart else inner.id


def _bias(layer: WeightLayer, bind: Bind) -> Iterator[str]:
    if layer.use.layer == "EinsumDense":
        if layer.bias is not None:
            count = len(layer.bias.shape.dims or ())
            axes = literal(layer.use.equation[-count:])
            text = f"bias_axes={axes}"
            if layer.bias.when:
                when = expression(layer.bias.when, bind)
                text = Written(f"{text} if {when} else None", when)
            yield text
    elif layer.use.layer == "Dense":
        if layer.bias is None:
            yield "use_bias=False"
        elif layer.bias.when is not None:
            when = expression(layer.bias.when, bind)
            yield Written(f"use_bias={when}", when)


def _makers(facts: Facts, layer: WeightLayer, bind: Bind) -> Iterator[str]:
    keras_names = (KERNELS[layer.use.layer], "bias")
    for role in ROLES:
        for name, weight in zip(keras_names, layer.weights, strict=False):
            text = _maker(facts, weight, role, bind)
            standard = role == "initializer" and text == literal(DEFAULTS[name])
            if text and not standard:
                yield Written(f"{name}_{role}={text}", text)


def _maker(facts: Facts, weight: Weight, role: str, bind: Bind) -> str:
    maker = getattr(weight, role)
    exposed = {maker.name for maker in maker_arguments(facts)}
    if (name := argument_name(weight.name, role)) in exposed:
        return name
    if maker is None:
        return literal("glorot_uniform") if role == "initializer" else ""
    match maker.kind:
        case "none":
            return ""
        case "identifier":
            return literal(maker.text)
        case "argument":
            text = bind(maker.text)
            if role == "initializer" and weight.name in copies(facts).variables:
                return copied(facts, maker.text, text)
            return text
    return made(facts, maker, role, bind)


def cloned_arguments(facts: Facts, layers: Iterable[WeightLayer]) -> set[str]:
    """The arguments of which a layer takes a copy, so that weights differ."""
    found = copies(facts)
    weights = [weight for layer in layers for weight in layer.weights]
    return {
        *found.named,
        *(initializer_argument(one) for one in weights if one.name in found.variables),
    }


def _trainable(layer: WeightLayer, bind: Bind) -> Iterable[str]:
    trainable = layer.weight.trainable
    if isinstance(trainable, str):
        return [Written(f"trainable={bind(trainable)}", reads=[trainable])]
    return [] if trainable else ["trainable=False"]
