"""What layers had in Keras 1 and 2, and have not in Keras 3."""

from __future__ import annotations

GONE_METHODS = {
    "add_metric": "keep a `keras.metrics.Metric` on the layer, and `update_state` it",
    "add_update": "assign to the weight in `call`: `self.count.assign(...)`",
    "get_input_at": "keep what the layer is called on",
    "get_input_shape_at": "keep what `build` is given",
    "get_output_at": "keep what the call of the layer returns",
    "get_output_shape_at": "use `compute_output_shape`",
    "get_updates_for": "assign to the weight in `call`",
    "get_losses_for": "use `self.losses`",
}
"""Methods that a layer has no more, with what to do instead."""

RENAMED_METHODS = {"get_output_shape_for": "compute_output_shape"}
"""Methods that Keras calls by another name."""
