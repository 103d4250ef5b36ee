"""Shapes that Keras' layers give: the rules that are written by hand.

A rule takes the question for an argument that the layer was made with, `argument("units")`,
and the shapes that it is called on; it gives a shape, or None where it cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from layergen.keras_tables import layer_place_rules, layer_window_rules
from layergen.keras_tables.shape_parts import Answer, Shape

Argument = Callable[[str], Any]
Rule = Callable[..., Answer]


def same(argument: Argument, x: Shape, *others: Shape) -> Answer:
    """That of the first input."""
    return x


def dense(argument: Argument, x: Shape) -> Answer:
    return (*x[:-1], argument("units"))


def embedding(argument: Argument, x: Shape) -> Answer:
    return (*x, argument("output_dim"))


def recurrent(argument: Argument, x: Shape, *states: Shape) -> Answer:
    if argument("return_state"):
        return None
    if argument("return_sequences"):
        return (*x[:2], argument("units"))
    return (x[0], argument("units"))


def attention(argument: Argument, query: Shape, *others: Shape) -> Answer:
    return None if argument("output_shape") is not None else query


BUILT_BY_ALL = frozenset(("GroupQueryAttention", "MultiHeadAttention"))
"""Layers of which `build` takes the shapes of all tensors that they are called on."""

RULES: dict[str, Rule] = {
    **layer_place_rules.RULES,
    **layer_window_rules.RULES,
    "Rescaling": same,
    **dict.fromkeys(("Activation", "ActivityRegularization", "AlphaDropout"), same),
    **dict.fromkeys(("BatchNormalization", "Dropout", "ELU", "GaussianDropout"), same),
    **dict.fromkeys(("GaussianNoise", "GroupNormalization", "Identity"), same),
    **dict.fromkeys(("LayerNormalization", "LeakyReLU", "Masking", "PReLU"), same),
    **dict.fromkeys(("RMSNormalization", "ReLU", "Softmax"), same),
    **dict.fromkeys(("SpatialDropout1D", "SpatialDropout2D"), same),
    **dict.fromkeys(("SpatialDropout3D", "UnitNormalization"), same),
    **dict.fromkeys(("GRU", "LSTM", "SimpleRNN"), recurrent),
    "Dense": dense,
    "Embedding": embedding,
    "GroupQueryAttention": same,
    "MultiHeadAttention": attention,
}
