"""What is warned of."""

from __future__ import annotations

from layergen.lint.examples.parts import (
    BUILD,
    DRAWING,
    DROPOUT,
    PLAIN,
    SIMPLE,
    called,
    layer,
)

EXAMPLES = (
    (
        "LGW71",
        "a mask that overflows float16",
        called("return ops.softmax(x + (1.0 - ops.sign(x)) * -1e9)"),
        called("return ops.softmax(x + (1.0 - ops.sign(x)) * -1e4)"),
    ),
    (
        "LGW72",
        "a weight's arguments by position",
        SIMPLE.replace("shape=(input_shape[-1],)", "shape=(4,)").replace(
            'name="scale", shape=(4,)', '(4,), name="scale"'
        ),
        SIMPLE,
    ),
    (
        "LGW73",
        "a function made in a loop that reads the loop's variable",
        PLAIN.replace(
            "self.factor = factor",
            "self.factor = factor\n"
            "        self.powers = [lambda x: x**n for n in range(3)]",
        ),
        PLAIN.replace(
            "self.factor = factor",
            "self.factor = factor\n"
            "        self.powers = [lambda x, n=n: x**n for n in range(3)]",
        ),
    ),
    (
        "LGW74",
        "a Python loop over an axis",
        called("return sum(x[:, i] for i in range(x.shape[1]))"),
        called("return ops.sum(x, axis=1)"),
    ),
    (
        "LGW75",
        "a mask that is never used",
        layer(
            "supports_masking = True\n",
            "def call(self, x, mask=None):\n    return ops.relu(x)",
        ),
        layer(
            "supports_masking = True\n", "def call(self, x):\n    return ops.relu(x)"
        ),
    ),
    (
        "LGW76",
        "`training=True`, written out",
        layer(DROPOUT, "def call(self, x):\n    return self.dropout(x, training=True)"),
        layer(
            DROPOUT,
            "def call(self, x, training=None):\n"
            "    return self.dropout(x, training=training)",
        ),
    ),
    (
        "LGW77",
        "a trained weight behind what has no gradient",
        layer(BUILD, "def call(self, x):\n    return ops.round(x * self.scale)"),
        layer(
            BUILD,
            "def call(self, x):\n    y = x * self.scale\n"
            "    return y + ops.stop_gradient(ops.round(y) - y)",
        ),
    ),
    (
        "LGW78",
        "an option that nothing reads",
        PLAIN.replace("factor=2.0", "factor=2.0, use_bias=True")
        .replace(
            "self.factor = factor",
            "self.factor = factor\n        self.use_bias = use_bias",
        )
        .replace(
            '"factor": self.factor', '"factor": self.factor, "use_bias": self.use_bias'
        ),
        PLAIN,
    ),
    (
        "LGW79",
        "a draw inside a branch or a loop of the graph",
        DRAWING.replace(
            "return x * keras.random.uniform((), dtype=x.dtype, seed=self.seed_generator)",
            "noise = lambda: keras.random.normal((4,), seed=self.seed_generator)\n"
            "        return ops.cond(ops.sum(x) > 0, noise, lambda: ops.zeros((4,)))",
        ).replace("import keras\n", "import keras\nfrom keras import ops\n"),
        DRAWING,
    ),
)
"""A code, what it is of, and a module with it and one without."""
