"""Weights, states, random numbers and layers that are held."""

from __future__ import annotations

from layergen.lint.examples.parts import (
    BUILD,
    BUILT,
    CALL_DENSE,
    DENSE,
    DRAWING,
    SHAPE,
    SIMPLE,
    building,
    called,
    layer,
)

EXAMPLES = (
    (
        "LG711",
        "a weight's name in the place of its shape",
        SIMPLE.replace('name="scale"', '"scale"'),
        SIMPLE,
    ),
    (
        "LG712",
        "a weight made in `call`",
        called('scale = self.add_weight(name="scale", shape=(4,))', "return x * scale"),
        SIMPLE,
    ),
    (
        "LG713",
        "a state in a Python attribute",
        called("self.mean = ops.mean(x)", "return x - self.mean"),
        layer(
            "def build(self, input_shape):\n"
            "    self.mean = self.add_weight(\n"
            '        name="mean", shape=(), initializer="zeros", trainable=False\n    )',
            "def call(self, x):\n    self.mean.assign(ops.mean(x))\n"
            "    return x - self.mean",
        ),
    ),
    (
        "LG714",
        "a raw `tf.Variable`",
        "import tensorflow as tf\n" + building("self.scale = tf.Variable(1.0)"),
        SIMPLE,
    ),
    (
        "LG715",
        "one initializer object for several weights of one shape",
        building(
            'first = initializers.get("glorot_uniform")',
            'self.scale = self.add_weight(name="scale", initializer=first)',
            'self.shift = self.add_weight(name="shift", initializer=first)',
        ),
        building(
            'first = "glorot_uniform"',
            'self.scale = self.add_weight(name="scale", initializer=first)',
            'self.shift = self.add_weight(name="shift", initializer=first)',
        ),
    ),
    (
        "LG716",
        "several weights of one name",
        building(
            'self.scale = self.add_weight(name="scale")',
            'self.shift = self.add_weight(name="scale")',
        ),
        building(
            'self.scale = self.add_weight(name="scale")',
            'self.shift = self.add_weight(name="shift")',
        ),
    ),
    (
        "LG717",
        "a layer made in `call`",
        called("return layers.Dense(4)(x)"),
        BUILT,
    ),
    (
        "LG718",
        "a tensor of a weight that `build` keeps",
        layer(
            BUILD.replace(
                "(input_shape[-1],))",
                "(input_shape[-1],))\n    self.size = ops.abs(self.scale)",
            ),
            "def call(self, x):\n    return x * self.size",
        ),
        layer(BUILD, "def call(self, x):\n    return x * ops.abs(self.scale)"),
    ),
    (
        "LG719",
        "a trained weight that `call` assigns to",
        layer(
            BUILD,
            "def call(self, x):\n    self.scale.assign(ops.abs(self.scale))\n"
            "    return x * self.scale",
        ),
        layer(BUILD, "def call(self, x):\n    return x * ops.abs(self.scale)"),
    ),
    (
        "LG720",
        "a sublayer that `build` does not build",
        layer(DENSE, BUILD, CALL_DENSE),
        BUILT,
    ),
    (
        "LG721",
        "`compute_output_shape` without `build`",
        layer(DENSE, CALL_DENSE, SHAPE),
        BUILT,
    ),
    (
        "LG722",
        "a sublayer without the dtype policy",
        BUILT.replace(", dtype=self.dtype_policy", ""),
        BUILT,
    ),
    (
        "LG723",
        "a sublayer in a plain object",
        layer(
            DENSE.replace("layers.Dense", "Box(layers.Dense").replace(
                "dtype_policy)", "dtype_policy))"
            ),
            "def build(self, input_shape):\n    self.dense.layer.build(input_shape)",
            "def call(self, x):\n    return self.dense.layer(x)",
            above="class Box:\n    def __init__(self, layer):\n"
            "        self.layer = layer",
        ),
        BUILT,
    ),
    (
        "LG770",
        "random numbers of Python or NumPy",
        "import numpy as np\n" + called("return x * np.random.uniform()"),
        DRAWING,
    ),
    (
        "LG771",
        "a draw without a seed generator",
        called("return x * keras.random.uniform(())"),
        DRAWING,
    ),
    (
        "LG772",
        "a draw with a constant seed",
        called("return x * keras.random.uniform((), seed=1)"),
        DRAWING,
    ),
    (
        "LG773",
        "a training flag that Keras does not set",
        layer(
            "def call(self, x, is_training=False):\n"
            "    return ops.relu(x) if is_training else x"
        ),
        layer(
            "def call(self, x, training=False):\n"
            "    return ops.relu(x) if training else x"
        ),
    ),
)
"""A code, what it is of, and a module with it and one without."""
