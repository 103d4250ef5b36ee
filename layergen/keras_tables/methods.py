"""Methods and attributes that tensors of other libraries have, and Keras' have not."""

from __future__ import annotations

MEANT = {
    "chunk": "split",
    "contiguous": "",
    "detach": "stop_gradient",
    "float": "cast",
    "int": "cast",
    "masked_fill": "where",
    "numel": "size",
    "permute": "transpose",
    "t": "transpose",
    "unbind": "unstack",
    "T": "transpose",
    "to": "cast",
    "type": "cast",
    "unsqueeze": "expand_dims",
    "view": "reshape",
    "astype": "cast",
}
"""What they are in `keras.ops`; "" for what there is no need of."""

SEVERAL = ("chunk", "split", "unbind", "unstack")
"""Those that give several tensors."""

TO_NUMPY = ("numpy", "item", "tolist")
"""What takes a tensor out of the graph, which is told as that."""
