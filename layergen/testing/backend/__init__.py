"""What is particular to Keras' backend: gradients, compiled functions, devices.

Both backends offer the same names. What one of them lacks raises `NotApplicable`, which
names it, where a check asks for it.
"""

import keras

if keras.backend.backend() == "tensorflow":
    from .on_tensorflow import (
        Compiled,
        Function,
        curvature,
        devices,
        gradients,
        is_eager,
        is_raw_variable,
        is_tensor,
        lacks_dtype,
        lacks_kernel,
        mask_of,
        prepare,
        require_replicas,
        serve,
        tensor,
        to_numpy,
        uses_moments,
        with_mask,
    )
elif keras.backend.backend() == "jax":
    from .on_jax import (  # type: ignore[assignment]
        Compiled,
        Function,
        curvature,
        devices,
        gradients,
        is_eager,
        is_raw_variable,
        is_tensor,
        lacks_dtype,
        lacks_kernel,
        mask_of,
        prepare,
        require_replicas,
        serve,
        tensor,
        to_numpy,
        uses_moments,
        with_mask,
    )
else:
    raise ImportError(
        "layergen.testing runs on TensorFlow and on JAX; KERAS_BACKEND is "
        f"{keras.backend.backend()!r}."
    )

__all__ = [
    "Compiled",
    "Function",
    "curvature",
    "devices",
    "gradients",
    "is_eager",
    "is_raw_variable",
    "is_tensor",
    "lacks_dtype",
    "lacks_kernel",
    "mask_of",
    "prepare",
    "require_replicas",
    "serve",
    "tensor",
    "to_numpy",
    "uses_moments",
    "with_mask",
]
