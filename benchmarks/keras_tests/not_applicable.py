"""The tests that say nothing of a layer which is not Keras' own, each with the reason.

An entry is a test function, or one of its cases; what passes all the same counts as passed.
"""

OWN_METHODS = (
    "quantization, LoRA, and files of older versions of Keras: methods that Keras' own layer "
    "has besides what a layer is"
)
SPARSE = "sparse or ragged tensors: what a spec speaks of is dense"
PRIVATE = "calls a private method of Keras' own layer"
INSTALLED = "needs `grain`, which is not installed"
LEGACY = "an argument that Keras keeps for older versions of itself"

QUANTIZED = (
    "test_enable_lora",
    "test_enable_lora_when_already_enabled",
    "test_enable_lora_with_alpha",
    "test_int4_block_size_serialization",
    "test_int4_block_size_with_lora",
    "test_int4_grouped_vs_perchannel_scale_shapes",
    "test_int4_perchannel_no_g_idx",
    "test_int4_quantization_block_size",
    "test_int4_subchannel_g_idx_created",
    "test_int4_subchannel_g_idx_serialization",
    "test_legacy_load_own_variables",
    "test_lora_rank_argument",
    "test_quantize_by_setting_dtype_policy",
    "test_quantize_dtype_argument",
    "test_quantize_int",
    "test_quantize_invalid_mode",
    "test_quantize_lora_integration",
    "test_quantize_on_subclass",
    "test_quantize_when_already_quantized",
)

NOT_APPLICABLE: dict[str, dict[str, str]] = {
    "attention.attention_test": dict.fromkeys(
        (
            "test_attention_calculate_score_mask_no_causal_no_vmask",
            "test_attention_calculate_score_mask_with_causal_and_vmask",
            "test_attention_calculate_score_mask_with_causal_no_vmask",
            "test_attention_calculate_scores_with_scale",
        ),
        PRIVATE,
    ),
    "convolutional.conv_test": dict.fromkeys(
        (
            "test_enable_lora",
            "test_enable_lora_with_alpha",
            "test_lora_rank_argument",
            "test_lora_weight_name",
        ),
        OWN_METHODS,
    ),
    "core.dense_test": dict.fromkeys(
        (
            *QUANTIZED,
            "test_awq_kernel_packing",
            "test_awq_serialization",
            "test_dense_int4_custom_quantizer",
            "test_dense_int8_custom_quantizer",
            "test_dense_int8_weight_only_quantizer",
            "test_dense_quantize_config",
            "test_enable_lora_on_unbuilt_layer",
            "test_enable_lora_with_kernel_constraint",
            "test_gptq_kernel_packing",
            "test_gptq_serialization",
            "test_int4_awq_kernel_returns_unpacked_form",
            "test_int4_gptq_kernel_returns_unpacked_form",
            "test_int4_kernel_returns_unpacked_form",
            "test_lora_weight_name",
            "test_quantize_float8",
            "test_quantize_float8_fitting",
            "test_quantize_float8_inference",
        ),
        OWN_METHODS,
    ),
    "core.embedding_test": {
        **dict.fromkeys(
            (
                *QUANTIZED,
                "test_embedding_int8_custom_quantizer",
                "test_embedding_quantize_config",
                "test_enable_lora_with_embeddings_constraint",
            ),
            OWN_METHODS,
        ),
        "test_ragged": SPARSE,
        "test_sparse": SPARSE,
        "test_weights_constructor_arg": LEGACY,
    },
    "core.identity_test": {"test_identity_basics_sparse": SPARSE},
    "merging.merging_test": {"test_sparse": SPARSE},
    "preprocessing.category_encoding_test": {
        **dict.fromkeys(
            (
                "test_batched_count_output_sparse",
                "test_batched_multi_hot_sparse",
                "test_batched_one_hot_sparse",
                "test_count_output_sparse",
                "test_count_weighted_output_sparse",
                "test_multi_hot_sparse",
                "test_one_hot_sparse",
            ),
            SPARSE,
        ),
        "test_encode_one_hot_batched_samples": PRIVATE,
        "test_encode_one_hot_single_sample": PRIVATE,
    },
    "preprocessing.rescaling_test": {"test_grain_compatibility": INSTALLED},
    "reshaping.flatten_test": {"test_flatten": SPARSE},
}
