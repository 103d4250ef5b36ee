"""Which checks wait for which: where one fails, the others only show the same again.

A check that fails is stopped by the first of its gates that fails too. What is not listed
here may still come of the same cause, where both end in the same exception.
"""

from collections.abc import Iterator

from .registry import CHECKS, Check

# What compares the outcomes of two calls, and cannot if equal ones differ.
_COMPARING = ("shapes", "values", "gradients", "precision", "compiling", "training")
_OF_CALLS = (*_COMPARING, "state", "devices", "masks", "losses", "cells", "randomness")
_IN_MODELS = (
    *("batch_may_be_unknown", "time_may_be_unknown", "keras_file_round_trip"),
    *("weights_file_round_trip", "loads_in_fresh_process", "states_are_saved"),
    *("saved_model_serves_same_values", "loaded_layer_draws_from_its_seed"),
)
_IN_GRAPHS = (
    *("batch_may_be_unknown", "time_may_be_unknown", "xla_agrees_with_eager"),
    *("works_in_graph_then_eagerly", "one_trace_serves_every_batch"),
    *("graph_does_not_grow_with_batch", "graph_does_not_grow_with_time"),
    *("fit_lowers_the_loss", "fit_with_xla_lowers_the_loss"),
    *("saved_model_serves_same_values", "losses_agree_in_graph", "losses_reach_fit"),
    *("states_agree_in_graph", "states_agree_under_xla", "states_agree_in_fit"),
    *("graph_draws_anew_in_every_step", "devices"),
)
_FROM_FILES = (
    *("keras_file_round_trip", "loads_in_fresh_process", "states_are_saved"),
    *("loaded_layer_draws_from_its_seed", "states_agree_across_replicas"),
    *("replicas_share_no_state_per_sample", "devices"),
)
_OTHER_GRADIENTS = (
    *("gradient_equals_central_differences", "second_order_gradient_is_right"),
    *("fit_lowers_the_loss", "fit_with_xla_lowers_the_loss"),
    *("gradients_equal_those_of_equivalent", "backward_pass_is_deterministic"),
)
_OTHER_DTYPES = (
    *("global_policy_is_followed", "float64_keeps_its_digits"),
    *("values_are_close_to_float64", "cell_states_are_as_stated"),
    "losses_have_their_gradient",
)
_ALL_DRAWS = (
    *("draws_anew_in_every_step", "graph_draws_anew_in_every_step"),
    *("same_seed_repeats", "loaded_layer_draws_from_its_seed"),
)

GATES: dict[str, tuple[str, ...]] = {
    "every_variable_is_tracked": (*_OF_CALLS, *_FROM_FILES, "weights_file_round_trip"),
    "calls_leave_trained_weights": _OF_CALLS,
    "equal_calls_agree": _OF_CALLS,
    "no_tensor_is_kept": ("gradients", "precision", *_IN_GRAPHS, *_FROM_FILES),
    "compute_output_shape_agrees": ("symbolic_call_agrees_with_eager", *_IN_MODELS),
    "symbolic_call_agrees_with_eager": _IN_MODELS,
    "graph_agrees_with_eager": _IN_GRAPHS,
    "batch_may_be_unknown": (*_IN_MODELS, *_IN_GRAPHS),
    "time_may_be_unknown": (*_IN_MODELS[2:], "graph_does_not_grow_with_time"),
    "outputs_are_finite": (
        *("values", "gradients", "precision", "losses"),
        *("fit_lowers_the_loss", "fit_with_xla_lowers_the_loss"),
    ),
    "config_survives_json": (
        *("config_keeps_what_every_layer_has", "clones_share_nothing"),
        *("config_differs_when_argument_differs", *_FROM_FILES),
    ),
    "build_creates_every_weight": (*_FROM_FILES, "weights_file_round_trip"),
    "weights_file_round_trip": _FROM_FILES,
    "keras_file_round_trip": ("loads_in_fresh_process", "devices"),
    "loads_in_fresh_process": ("devices",),
    "weight_paths_are_unique": ("devices",),
    "sublayers_follow_the_policy": (
        *("outputs_have_compute_dtype", *_OTHER_DTYPES),
        *("gradient_equals_central_differences", "second_order_gradient_is_right"),
    ),
    "everything_gets_a_gradient": _OTHER_GRADIENTS,
    "gradients_are_finite": _OTHER_GRADIENTS,
    "gradient_equals_central_differences": _OTHER_GRADIENTS[1:],
    "outputs_have_compute_dtype": _OTHER_DTYPES,
    "masks_fit_their_outputs": ("masks",),
    "rows_are_independent": ("batch_of_one_gives_the_same_row",),
    "generator_is_tracked": _ALL_DRAWS,
    "draws_anew_in_every_step": _ALL_DRAWS[1:],
    "fit_lowers_the_loss": ("fit_with_xla_lowers_the_loss", "devices"),
    "losses_reach_fit": ("devices",),
    "data_parallel_agrees_with_one_device": ("sharded_weight_agrees_with_one_device",),
}
"""Each gate with what waits for it: names of checks, or of groups of them."""


def gates_of(one: Check) -> Iterator[Check]:
    """The checks that one waits for, in the order in which they are to be looked at.

    A gate waits for those before it alone, so that none waits for itself.
    """
    for gate, waiting in GATES.items():
        if gate == one.name:
            return
        if {one.name, one.group} & {*waiting}:
            yield CHECKS[gate]
