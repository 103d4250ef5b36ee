"""What a value in `call` may be, as far as tensors go."""

from __future__ import annotations

import ast
from enum import Enum

from msgspec import Struct

from layergen.keras_tables.operations import op


class Kind(Enum):
    """`OTHER` is anything unknown; only what surely is a tensor is called one."""

    OTHER = "other"
    TENSOR = "a tensor"
    BATCHED = "a tensor that begins with the batch axis"
    SHAPE = "the static shape of such a tensor, or its first axes"
    BATCH = "the static size of the batch"
    SIZE = "the static size of another axis"
    DYNAMIC_SHAPE = "a shape whose sizes may be tensors"
    DYNAMIC = "a size that is a tensor in a graph"


class Value(Struct, frozen=True):
    """A kind; of a static batch size, with the expression that reads it."""

    kind: Kind
    origin: ast.expr | None = None

    @property
    def is_tensor(self) -> bool:
        return self.kind in (Kind.TENSOR, Kind.BATCHED)


OTHER = Value(Kind.OTHER)
TENSOR = Value(Kind.TENSOR)
BATCHED = Value(Kind.BATCHED)
SIZE = Value(Kind.SIZE)


def merged(one: Value, other: Value) -> Value:
    """What is certain of a value that is one of two."""
    if one == other:
        return one
    return TENSOR if one.is_tensor and other.is_tensor else OTHER


_TENSORFLOW = frozenset(
    "abs add argmax argmin boolean_mask broadcast_to cast clip_by_value concat constant"
    " convert_to_tensor cos divide einsum exp expand_dims gather gather_nd identity"
    " linspace matmul maximum minimum multiply norm one_hot ones ones_like pad pow range"
    " reduce_all reduce_any reduce_max reduce_mean reduce_min reduce_prod reduce_sum"
    " repeat reshape reverse roll scatter_nd sigmoid sign sin sqrt square squeeze stack"
    " stop_gradient subtract tanh tensordot tile transpose where zeros zeros_like".split()
)
_MORE_LISTS = frozenset("moments top_k weighted_moments l2_loss".split())
# Functions that need every size of a shape to be known.
SHAPED = frozenset(
    "reshape zeros ones full fill empty broadcast_to normal uniform"
    " truncated_normal".split()
)
# Functions that take sizes that are not known.
LENIENT = ("TensorShape", "ensure_shape", "KerasTensor", "print")


def result(name: str) -> Value:
    """What a function of `keras.ops`, `keras.random` or TensorFlow returns."""
    head, _, last = name.rpartition(".")
    if last in ("shape", "size") and head in (
        "keras.ops",
        "tensorflow",
        "keras.backend",
    ):
        return Value(Kind.DYNAMIC_SHAPE if last == "shape" else Kind.DYNAMIC)
    found = op(last)
    several = found is not None and found.returns != "tensor"
    if several or last in _MORE_LISTS:
        return TENSOR if name == "tensorflow.where" else OTHER
    if head in ("keras.ops", "keras.random", "tensorflow.math", "tensorflow.nn"):
        return TENSOR
    if head == "tensorflow" and last in _TENSORFLOW:
        return TENSOR
    return OTHER


def is_computation(name: str) -> bool:
    """Whether a function works on tensors, and so needs sizes that are numbers."""
    head, _, last = name.rpartition(".")
    known = ("keras.ops", "keras.random", "keras.backend", "tensorflow", "jax", "torch")
    inside = any(head == one or head.startswith(one + ".") for one in known)
    return inside and last not in LENIENT and "debugging" not in head
