"""TensorFlow's functions on tensors, which hand-written layers call beside `keras.ops`."""

from __future__ import annotations

from layergen.keras_tables.operations import Operation, op, random

INSIDE = ("tensorflow.math", "tensorflow.nn")

MEANT = {
    "clip_by_value": "clip",
    "concat": "concatenate",
    "constant": "convert_to_tensor",
    "fill": "full",
    "gather": "take",
    "pow": "power",
    "range": "arange",
    "reduce_all": "all",
    "reduce_any": "any",
    "reduce_max": "max",
    "reduce_mean": "mean",
    "reduce_min": "min",
    "reduce_prod": "prod",
    "reduce_sum": "sum",
    "reverse": "flip",
}
"""Functions of `tensorflow` that `keras.ops` calls otherwise."""

SAME = frozenset(
    "abs add argmax argmin broadcast_to cast convert_to_tensor cos divide einsum exp"
    " expand_dims linspace matmul maximum minimum multiply norm one_hot ones"
    " ones_like pad repeat reshape roll sigmoid sign sin sqrt square squeeze stack"
    " stop_gradient subtract tanh tensordot tile transpose where zeros"
    " zeros_like".split()
)
"""Functions of `tensorflow` that do what those of `keras.ops` of the same name do."""

ALONE = frozenset("boolean_mask gather_nd identity scatter_nd".split())
"""Functions of `tensorflow` that take a tensor first and return one, and do what none of
Keras' does."""

OF_SEVERAL = frozenset("add_n".split())
"""Functions of `tensorflow.math` and `tensorflow.nn` that take several tensors first."""

SEVERAL = frozenset(
    "all_candidate_sampler approx_max_k approx_min_k compute_accidental_hits"
    " ctc_beam_search_decoder ctc_greedy_decoder fixed_unigram_candidate_sampler"
    " learned_unigram_candidate_sampler max_pool_with_argmax normalize_moments"
    " sufficient_statistics weighted_moments".split()
)
"""Those that return several, of which Keras has none."""

DRAWN = frozenset(("poisson",))
"""What `tensorflow.random` draws beside that which `keras.random` draws too."""


def meant(path: str) -> Operation | None:
    """The function of Keras that one of TensorFlow is like, by its full name; None where
    there is none."""
    owner, _, name = path.rpartition(".")
    if owner == "tensorflow":
        return op(MEANT.get(name, name if name in SAME else ""))
    if owner in INSIDE:
        return op(MEANT.get(name, name))
    return random(name) if owner == "tensorflow.random" else None


def gives_tensor(path: str) -> bool:
    """Whether a function of TensorFlow, by its full name, surely returns one tensor."""
    owner, _, name = path.rpartition(".")
    found = meant(path)
    if owner == "tensorflow":
        return found is not None or name in ALONE
    if owner in INSIDE:
        return name not in SEVERAL and (found is None or found.returns == "tensor")
    return False


def takes_tensor(path: str) -> bool:
    """Whether what a function of TensorFlow takes first surely is a tensor."""
    owner, _, name = path.rpartition(".")
    found = meant(path)
    if found is not None:
        return found.takes_tensor
    if owner == "tensorflow":
        return name in ALONE
    return owner in INSIDE and name not in OF_SEVERAL


def draws(path: str) -> bool:
    """Whether a function of TensorFlow, by its full name, draws from no seed of its
    caller's."""
    owner, _, name = path.rpartition(".")
    if owner == "tensorflow.random":
        return random(name) is not None or name in DRAWN
    return path == "tensorflow.nn.dropout"
