"""Keras' layers that attend, recur, wrap, draw and merge, each as a case."""

import numpy as np
from builtin_forms import IMAGE, SEQUENCE, image, of, soft, steps
from keras import layers

from layergen.testing import Input, LayerCase

TOKENS = Input((2, 5), "int32", 0, 9)
FILMS = (2, 4, 6, 5, 3)
PAIR = [SEQUENCE, SEQUENCE]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_step(x, h, c, kernel, recurrent_kernel, bias, **_):
    parts = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, -1)
    enter, forget, value, leave = parts
    c = sigmoid(forget) * c + sigmoid(enter) * np.tanh(value)
    h = sigmoid(leave) * np.tanh(c)
    return h, h, c


def rnn_step(x, h, kernel, recurrent_kernel, bias, **_):
    h = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    return h, h


def dot_attention(inputs, **_):
    query, value = inputs
    return soft(query @ value.transpose(0, 2, 1)) @ value


def pair(layer, outputs, reference, args=None, shapes=PAIR, **stated):
    """A case of a layer that merges a list of two tensors."""
    reads = {"reference": lambda inputs, **_: reference(*inputs)} if reference else {}
    return LayerCase(
        layer,
        args or {},
        {"inputs": shapes},
        outputs,
        unknown=(0, 1),
        **reads,
        **stated,
    )


def attention(layer, args, **stated):
    inputs = {"query": SEQUENCE, "value": (2, 7, 4)}
    return LayerCase(layer, args, inputs, SEQUENCE, unknown=(0, 1), **stated)


def two(layer, **stated):
    """A case of a layer that takes query and value as a list."""
    inputs = {"inputs": [SEQUENCE, (2, 7, 4)]}
    return LayerCase(layer, {}, inputs, SEQUENCE, unknown=(0, 1), **stated)


def cell(layer, states, args=None, **stated):
    args = {"units": 3} if args is None else args
    return steps(layer, (2, 5, 3), args, states=states, **stated)


SEQUENCES = {
    "Embedding": of(
        layers.Embedding,
        TOKENS,
        (2, 5, 3),
        {"input_dim": 10, "output_dim": 3},
        unknown=(0, 1),
        weights={"embeddings": (10, 3)},
        reference=lambda x, embeddings, **_: embeddings[x],
    ),
    "Masking": steps(layers.Masking, SEQUENCE),
    "Attention": two(layers.Attention, reference=dot_attention),
    "AdditiveAttention": two(layers.AdditiveAttention, weights={"scale": (4,)}),
    "MultiHeadAttention": attention(
        layers.MultiHeadAttention,
        {"num_heads": 2, "key_dim": 3},
        weights={},
        mask="pass",
    ),
    "GroupQueryAttention": attention(
        layers.GroupQueryAttention,
        {"num_query_heads": 4, "num_key_value_heads": 2, "head_dim": 3},
    ),
    "LSTM": steps(layers.LSTM, (2, 3), {"units": 3}, weights={}, mask="stop"),
    "LSTM (sequences)": steps(
        layers.LSTM, (2, 5, 3), {"units": 3, "return_sequences": True}, mask="pass"
    ),
    "GRU": steps(layers.GRU, (2, 3), {"units": 3}, weights={}, mask="stop"),
    "GRU (states)": steps(
        layers.GRU,
        ((2, 3), (2, 3)),
        {"units": 3, "return_state": True, "reset_after": False},
    ),
    "SimpleRNN": steps(layers.SimpleRNN, (2, 3), {"units": 3}, weights={}, mask="stop"),
    "LSTMCell": cell(
        layers.LSTMCell,
        {"h": (3,), "c": (3,)},
        weights={"kernel": (4, 12), "recurrent_kernel": (3, 12), "bias": (12,)},
        reference=lstm_step,
    ),
    "GRUCell": cell(layers.GRUCell, {"h": (3,)}),
    "SimpleRNNCell": cell(layers.SimpleRNNCell, {"h": (3,)}, reference=rnn_step),
    "RNN": steps(
        layers.RNN,
        (2, 3),
        {"cell": layers.GRUCell(3)},
        weights={},
        mask="stop",
    ),
    "StackedRNNCells": cell(
        layers.StackedRNNCells,
        None,
        {"cells": [layers.LSTMCell(4), layers.SimpleRNNCell(3)]},
    ),
    "Bidirectional": steps(
        layers.Bidirectional, (2, 6), {"layer": layers.SimpleRNN(3)}, mask="stop"
    ),
    "TimeDistributed": steps(
        layers.TimeDistributed, (2, 5, 7), {"layer": layers.Dense(7)}
    ),
    "ConvLSTM1D": of(
        layers.ConvLSTM1D,
        (2, 4, 6, 3),
        (2, 4, 2),
        {"filters": 2, "kernel_size": 3},
    ),
    "ConvLSTM2D": of(
        layers.ConvLSTM2D,
        FILMS,
        (2, 6, 5, 2),
        {"filters": 2, "kernel_size": 3, "padding": "same"},
    ),
    "Dropout": steps(
        layers.Dropout,
        SEQUENCE,
        {"rate": 0.5},
        training=True,
        mask="pass",
        reference=lambda x, **_: x,
    ),
    "AlphaDropout": steps(
        layers.AlphaDropout, SEQUENCE, {"rate": 0.5}, training=True, mask="pass"
    ),
    "GaussianDropout": steps(
        layers.GaussianDropout, SEQUENCE, {"rate": 0.5}, training=True, mask="pass"
    ),
    "GaussianNoise": steps(
        layers.GaussianNoise, SEQUENCE, {"stddev": 0.3}, training=True, mask="pass"
    ),
    "SpatialDropout1D": steps(
        layers.SpatialDropout1D, SEQUENCE, {"rate": 0.5}, training=True
    ),
    "SpatialDropout2D": image(
        layers.SpatialDropout2D, IMAGE, {"rate": 0.5}, training=True
    ),
    "ActivityRegularization": steps(
        layers.ActivityRegularization, SEQUENCE, {"l2": 0.1}, losses=1, mask="pass"
    ),
    "Add": pair(layers.Add, SEQUENCE, np.add),
    "Subtract": pair(layers.Subtract, SEQUENCE, np.subtract),
    "Multiply": pair(layers.Multiply, SEQUENCE, np.multiply),
    "Average": pair(layers.Average, SEQUENCE, lambda x, y: (x + y) / 2),
    "Maximum": pair(layers.Maximum, SEQUENCE, np.maximum),
    "Minimum": pair(layers.Minimum, SEQUENCE, np.minimum),
    "Concatenate": pair(
        layers.Concatenate,
        (2, 5, 7),
        lambda x, y: np.concatenate([x, y], -1),
        shapes=[SEQUENCE, (2, 5, 3)],
    ),
    "Dot": pair(
        layers.Dot,
        (2, 5, 5),
        lambda x, y: np.einsum("btf,bsf->bts", x, y),
        {"axes": 2},
    ),
}
