"""The tests that fail, each with what stands in the way."""

MISUSE = "no spec can refuse how Keras' merging layers are misused by hand"
LISTED = (
    "inputs come one by one: what a list of them may hold is not the layer's to refuse"
)
RENORM = "no state can be there only where an argument says so"
RANKS = "no weight can have as many axes as a list has items"

SHORTCOMINGS: dict[str, dict[str, str]] = {
    "activations.prelu_test": {"test_prelu": RANKS, "test_prelu_correctness": RANKS},
    "activations.softmax_test": dict.fromkeys(
        ("test_softmax_mask_shape_mismatch", "test_softmax_mask_too_many_dims"),
        "no spec can refuse ranks of an input of any rank",
    ),
    "attention.additive_attention_test": {"test_attention_errors": LISTED},
    "attention.attention_test": {"test_attention_errors": LISTED},
    "core.dense_test": {
        "test_dense_without_activation_set": "takes the activation away from a made layer",
    },
    "core.embedding_test": {
        "test_embedding_basics": "masks are supported or not whatever arguments say",
    },
    "merging.merging_test": {
        **dict.fromkeys(
            (
                "test_errors_add",
                "test_errors_average",
                "test_errors_concat",
                "test_errors_maximum",
                "test_errors_minimum",
                "test_errors_multiply",
                "test_errors_subtract",
            ),
            MISUSE,
        ),
        "test_concatenate_errors": "no spec can say that inputs agree but for one axis",
    },
    "normalization.batch_normalization_test": {
        **dict.fromkeys(
            (
                "test_renorm_basics",
                "test_renorm_correctness",
                "test_renorm_inference",
                "test_renorm_invalid_clipping_keys",
                "test_renorm_stddev_initializer",
                "test_serialization",
            ),
            RENORM,
        ),
        "test_trainable_behavior": "no spec can ask whether the layer is frozen",
    },
    "normalization.group_normalization_test": {
        "test_mixed_precision_large_input_no_nan": "inputs are always cast to the compute "
        "dtype before a layer sees them",
    },
    "normalization.layer_normalization_test": dict.fromkeys(
        ("test_invalid_axis", "test_ln_basics", "test_unsorted_axis"), RANKS
    ),
    "normalization.rms_normalization_test": {"test_unsorted_axis": RANKS},
    "preprocessing.category_encoding_test": {
        "test_category_encoding_with_unnecessary_count_weights": "no spec can refuse an "
        "optional input that an argument makes useless",
    },
    "regularization.dropout_test": {
        "test_validate_noise_shape_cast_to_a_tuple": "an argument that is a list stays one",
    },
}
