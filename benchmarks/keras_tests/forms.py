"""Which of the drawn layers are called in another way than Keras' own, and how."""

from __future__ import annotations

import numpy as np

from .calling import Form, as_lists, data_format, pairs, times

PLAIN = Form()
IMAGES = Form(values={"data_format": data_format})
AXES = Form(values={"axis": times(1)})
SHAPED = Form(values={"noise_shape": as_lists})


def windowed(rank: int) -> Form:
    """What slides a window over so many axes."""
    window = ("kernel_size", "strides", "dilation_rate", "pool_size", "output_padding")
    return Form(
        values={**dict.fromkeys(window, times(rank)), "data_format": data_format}
    )


def edged(rank: int) -> Form:
    """What changes both ends of so many axes."""
    both = times(2) if rank == 1 else pairs(rank)
    return Form(
        values={"cropping": both, "padding": both}
        | ({} if rank == 1 else {"data_format": data_format})
    )


FORMS = {
    "Activation": Form(names={"activation": "activation_function"}),
    "AdditiveAttention": Form(listed=True),
    "AlphaDropout": SHAPED,
    "Attention": Form(listed=True),
    "AveragePooling1D": windowed(1),
    "AveragePooling2D": windowed(2),
    "AveragePooling3D": windowed(3),
    "Conv1D": windowed(1),
    "Conv1DTranspose": windowed(1),
    "Conv2D": windowed(2),
    "Conv2DTranspose": windowed(2),
    "Conv3D": windowed(3),
    "Conv3DTranspose": windowed(3),
    "Cropping1D": edged(1),
    "Cropping2D": edged(2),
    "Cropping3D": edged(3),
    "DepthwiseConv1D": windowed(1),
    "DepthwiseConv2D": windowed(2),
    "Dot": Form(values={"axes": times(2)}, listed=True),
    "Dropout": SHAPED,
    "Embedding": Form(names={"input_dim": "codes", "output_dim": "width"}),
    "Flatten": IMAGES,
    "GlobalAveragePooling1D": IMAGES,
    "GlobalAveragePooling2D": IMAGES,
    "GlobalAveragePooling3D": IMAGES,
    "GlobalMaxPooling1D": IMAGES,
    "GlobalMaxPooling2D": IMAGES,
    "GlobalMaxPooling3D": IMAGES,
    "MaxPooling1D": windowed(1),
    "MaxPooling2D": windowed(2),
    "MaxPooling3D": windowed(3),
    "Permute": Form(values={"dims": as_lists}),
    "Rescaling": Form(
        values={"scale": np.asarray, "offset": np.asarray, "data_format": data_format}
    ),
    "Reshape": Form(values={"target_shape": as_lists}),
    "SeparableConv1D": windowed(1),
    "SeparableConv2D": windowed(2),
    "Softmax": Form(values={"axis": times(1)}, mask="mask_of_values"),
    "SpatialDropout2D": IMAGES,
    "SpatialDropout3D": IMAGES,
    "UnitNormalization": AXES,
    "UpSampling2D": Form(values={"size": times(2), "data_format": data_format}),
    "UpSampling3D": Form(values={"size": times(3), "data_format": data_format}),
    "ZeroPadding1D": Form(values={"padding": times(2), "data_format": data_format}),
    "ZeroPadding2D": edged(2),
    "ZeroPadding3D": edged(3),
}

OF_CELLS = {
    "recurrent_initializer": "recurrent_kernel_initializer",
    "recurrent_regularizer": "recurrent_kernel_regularizer",
    "recurrent_constraint": "recurrent_kernel_constraint",
}
"""The arguments of Keras' recurrent layers that a cell has under other names."""
