"""The shapes that are told of Keras' layers, against the layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import keras
import pytest

from layergen.keras_tables import layer_rules
from layergen.keras_tables.layers import layer

Made = dict[str, Any]
Given = tuple[Any, ...]
"""Shapes that a layer is called on, a list of them for several tensors."""

LINE, PLANE, SPACE = (2, 9, 3), (2, 9, 8, 3), (2, 9, 8, 7, 3)
ANY = [({}, shape) for shape in (LINE, PLANE)]
PAIR = [LINE, LINE]


def windows(*shapes: Given, name: str, **more: Any) -> list[tuple[Made, Any]]:
    ways: list[Made] = [
        {name: 2},
        {name: 3, "padding": "same"},
        {name: 2, "strides": 2},
        {name: 3, "strides": 2, "padding": "same"},
        {name: 2, "data_format": "channels_last"},
    ]
    return [(way | more, shape) for shape in shapes for way in ways]


def by_dimensions(*names: str, name: str, **more: Any) -> dict[str, Any]:
    ends = zip(("1D", "2D", "3D"), (LINE, PLANE, SPACE), strict=True)
    return {
        one + end: windows(shape, name=name, **more)
        for end, shape in ends
        for one in names
    }


def changed(*names: str, **ways: list[Made]) -> dict[str, Any]:
    ends = zip(("1D", "2D", "3D"), (LINE, PLANE, SPACE), strict=True)
    return {
        one + end: [(way, shape) for way in ways["all_of"] + ways.get(f"of_{end}", [])]
        for end, shape in ends
        for one in names
    }


RECURRENT = [({"units": 4}, LINE), ({"units": 4, "return_sequences": True}, LINE)]
SAME = (
    *("Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization"),
    *("Dropout", "ELU", "GaussianDropout", "GaussianNoise", "GroupNormalization"),
    *("Identity", "LayerNormalization", "LeakyReLU", "Masking", "PReLU", "ReLU"),
    *("RMSNormalization", "Rescaling", "Softmax", "SpatialDropout1D"),
    *("SpatialDropout2D", "SpatialDropout3D", "UnitNormalization"),
)
NEEDED: dict[str, Made] = {
    "Activation": {"activation": "tanh"},
    "GaussianNoise": {"stddev": 0.5},
    "GroupNormalization": {"groups": 1},
    "Rescaling": {"scale": 2.0},
    **{
        name: {"rate": 0.5}
        for name in SAME
        if name.endswith(("Dropout", "Dropout1D", "Dropout2D", "Dropout3D"))
    },
}
OWN_RANK = {
    "SpatialDropout1D": LINE,
    "SpatialDropout2D": PLANE,
    "SpatialDropout3D": SPACE,
}

CASES: dict[str, list[tuple[Made, Any]]] = {
    **{
        name: [(NEEDED.get(name, {}), OWN_RANK.get(name, LINE))]
        + ([] if name in OWN_RANK else [(NEEDED.get(name, {}), PLANE)])
        for name in SAME
    },
    **by_dimensions("Conv", "Convolution", name="kernel_size", filters=5),
    **{
        name: [*windows(LINE, name="kernel_size", filters=5)]
        + [({"kernel_size": 3, "filters": 5, "dilation_rate": 2}, LINE)]
        for name in ("SeparableConv1D", "SeparableConvolution1D")
    },
    **{
        name: windows(PLANE, name="kernel_size", filters=5)
        for name in ("SeparableConv2D", "SeparableConvolution2D")
    },
    "DepthwiseConv1D": windows(LINE, name="kernel_size", depth_multiplier=2),
    "DepthwiseConv2D": windows(PLANE, name="kernel_size"),
    **by_dimensions(
        *("AveragePooling", "AvgPool", "MaxPooling", "MaxPool"), name="pool_size"
    ),
    **changed(
        *("GlobalAveragePooling", "GlobalMaxPooling", "GlobalAvgPool", "GlobalMaxPool"),
        all_of=[{}, {"keepdims": True}],
    ),
    **changed(
        "Cropping",
        all_of=[{}, {"cropping": 1}],
        of_1D=[{"cropping": (1, 2)}],
        of_2D=[{"cropping": (1, 2)}, {"cropping": ((1, 2), (0, 1))}],
    ),
    **changed(
        "ZeroPadding",
        all_of=[{}, {"padding": 2}],
        of_1D=[{"padding": (1, 2)}],
        of_2D=[{"padding": (1, 2)}, {"padding": ((1, 2), (0, 1))}],
    ),
    **changed("UpSampling", all_of=[{}, {"size": 3}], of_2D=[{"size": (2, 3)}]),
    **dict.fromkeys(("GRU", "LSTM", "SimpleRNN"), RECURRENT),
    **dict.fromkeys(
        ("Add", "Average", "Maximum", "Minimum", "Multiply"),
        [({}, PAIR), ({}, [LINE, (2, 1, 3)]), ({}, [LINE, LINE, (2, 9, 1)])],
    ),
    "Subtract": [({}, PAIR), ({}, [LINE, (2, 1, 3)])],
    **dict.fromkeys(
        ("AdditiveAttention", "Attention"),
        [({}, PAIR), ({}, [LINE, (2, 5, 3), (2, 5, 3)])],
    ),
    "Concatenate": [({}, PAIR), ({"axis": 1}, [LINE, (2, 4, 3)])],
    "Dense": [({"units": 4}, LINE), ({"units": 4}, (2, 3))],
    "EinsumDense": [
        ({"equation": "ab,bc->ac", "output_shape": 4}, (2, 3)),
        ({"equation": "abc,cd->abd", "output_shape": (None, 4)}, LINE),
        ({"equation": "...x,xy->...y", "output_shape": 4}, LINE),
        ({"equation": "abc,cde->abde", "output_shape": (None, 4, 5)}, LINE),
        ({"equation": "abc,bd->adc", "output_shape": (4, 3)}, LINE),
    ],
    "Embedding": [({"input_dim": 9, "output_dim": 4}, (2, 3))],
    "Flatten": [({}, LINE), ({}, PLANE), ({}, (2,))],
    "MultiHeadAttention": [({"num_heads": 2, "key_dim": 4}, (LINE, (2, 5, 3)))],
    "GroupQueryAttention": [
        (
            {"head_dim": 4, "num_query_heads": 2, "num_key_value_heads": 2},
            (LINE, (2, 5, 3)),
        )
    ],
    "Permute": [({"dims": (2, 1)}, LINE), ({"dims": (3, 1, 2)}, PLANE)],
    "RepeatVector": [({"n": 4}, (2, 3))],
    "Reshape": [
        ({"target_shape": (3, 9)}, LINE),
        ({"target_shape": (-1,)}, LINE),
        ({"target_shape": (3, -1)}, PLANE),
    ],
}
"""Ways to make each layer, each with the shapes that it is called on."""


def tensors(given: Any, is_open: bool) -> Any:
    if isinstance(given, list):
        return [tensors(one, is_open) for one in given]
    return keras.KerasTensor((None, *given[1:]) if is_open else given)


def opened(given: Any) -> Any:
    if isinstance(given, list):
        return [opened(one) for one in given]
    return (None, *given[1:])


def mistakes(name: str, cases: list[tuple[Made, Any]]) -> Iterator[str]:
    """What is told wrong of a layer, or not told though all is known."""
    row, rule = layer(name), layer_rules.RULES[name]
    assert row is not None
    for made, shape in cases:
        several = (
            shape
            if isinstance(shape, tuple) and isinstance(shape[0], tuple)
            else (shape,)
        )

        def argument(asked: str, made: Made = made) -> Any:
            if asked in made:
                return made[asked]
            defaults = {one.name: one.default for one in row.parameters}
            return ast.literal_eval(defaults[asked] or "None")

        for is_open in (False, True):
            one = getattr(keras.layers, name)(**made)
            found = one(*(tensors(given, is_open) for given in several))
            asked = [opened(given) for given in several] if is_open else several
            told = rule(argument, *asked)
            if told is None or not fits(told, found.shape):
                yield f"{made} on {asked}: {told}, and Keras says {found.shape}"
            if not is_open and None in (told or ()):
                yield f"{made} on {asked}: {told} leaves sizes open"


def fits(told: Any, shape: Any) -> bool:
    pairs = zip(told, shape, strict=False)
    return len(told) == len(shape) and all(a == b or None in (a, b) for a, b in pairs)


def test_every_rule_has_a_case() -> None:
    assert layer_rules.RULES.keys() - CASES.keys() == set()


@pytest.mark.parametrize("name", sorted(layer_rules.RULES.keys() & CASES.keys()))
def test_layers_give_these_shapes(name: str) -> None:
    assert list(mistakes(name, CASES[name])) == []


@pytest.mark.parametrize("name", ["Dense", "Conv2D", "Concatenate", "GRU", "Flatten"])
def test_a_wrong_rule_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(layer_rules.RULES, name, lambda argument, *given: (7, 7))
    assert list(mistakes(name, CASES[name]))
