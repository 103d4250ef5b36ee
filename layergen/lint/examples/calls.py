"""What runs at every call: gradients, tensors, masks, and what Keras has not."""

from __future__ import annotations

from layergen.lint.examples.parts import (
    BUILD,
    CALL_MASKED,
    CLOSING,
    CONFIG,
    GATE,
    INIT,
    NO_MASK,
    RETURN,
    SIMPLE,
    SUMMED,
    UPSTREAM,
    building,
    called,
    gated,
    layer,
)

EXAMPLES = (
    (
        "LG730",
        "a variable given to a custom gradient",
        gated(UPSTREAM, SUMMED, given="x, self.scale", build=BUILD),
        gated(
            UPSTREAM,
            SUMMED,
            given="x, ops.cast(self.scale, self.compute_dtype)",
            build=BUILD,
        ),
    ),
    (
        "LG731",
        "a custom gradient that closes over a weight",
        layer(BUILD, CLOSING.format("self.scale")),
        layer(INIT, CLOSING.format("self.factor"), CONFIG),
    ),
    (
        "LG732",
        "a custom gradient called by keyword",
        gated(UPSTREAM, RETURN, given="x, b=x"),
        GATE,
    ),
    (
        "LG733",
        "a gradient function that not every backend can call",
        gated(RETURN, grad="upstream"),
        GATE,
    ),
    (
        "LG734",
        "another number of gradients than of arguments",
        gated(UPSTREAM, "return upstream * b"),
        GATE,
    ),
    (
        "LG740",
        "a batch size read statically",
        called("return ops.reshape(x, (x.shape[0], -1))"),
        called("return ops.reshape(x, (ops.shape(x)[0], -1))"),
    ),
    (
        "LG741",
        "a Python loop over a tensor",
        called("return sum(column for column in ops.transpose(x))"),
        called("return ops.sum(x, axis=1)"),
    ),
    (
        "LG742",
        "items of a tensor assigned to",
        called("x[:, 0] = 0.0", "return x"),
        called("return ops.concatenate([ops.zeros_like(x[:, :1]), x[:, 1:]], axis=1)"),
    ),
    (
        "LG743",
        "Python's `if` on a tensor",
        called("return x if ops.sum(x) > 0 else -x"),
        called("return ops.where(ops.sum(x) > 0, x, -x)"),
    ),
    (
        "LG744",
        "NumPy on tensors",
        "import numpy as np\n" + called("return np.exp(ops.abs(x))"),
        called("return ops.exp(ops.abs(x))"),
    ),
    (
        "LG745",
        "a tensor turned into a number",
        called("return x / float(ops.sum(x))"),
        called("return x / ops.sum(x)"),
    ),
    (
        "LG746",
        "a `call` that returns nothing",
        called("y = ops.relu(x)"),
        called("return ops.relu(x)"),
    ),
    (
        "LG750",
        "a mask that is lost",
        layer(CALL_MASKED),
        layer(
            "def __init__(self, **kwargs):\n    super().__init__(**kwargs)\n"
            "    self.supports_masking = True\n",
            CALL_MASKED,
        ),
    ),
    (
        "LG751",
        "a mask that the tensor keeps",
        layer(NO_MASK, "def call(self, x):\n    return x"),
        layer(NO_MASK, "def call(self, x):\n    return ops.copy(x)"),
    ),
    (
        "LG760",
        "something that Keras 3 has not",
        layer("def call(self, x):\n    self.add_metric(x)\n    return x"),
        layer("def call(self, x):\n    self.add_loss(ops.mean(x))\n    return x"),
    ),
    (
        "LG761",
        "a shape used as an object of Keras 2",
        building(
            "size = input_shape.as_list()[-1]",
            'self.scale = self.add_weight(name="scale", shape=(size,))',
        ),
        SIMPLE,
    ),
    (
        "LG762",
        "a name that Keras 3 has not",
        called("return keras.layers.Merge()([x, x])"),
        called("return keras.layers.Add()([x, x])"),
    ),
)
"""A code, what it is of, and a module with it and one without."""
