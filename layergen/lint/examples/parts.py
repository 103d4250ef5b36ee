"""The parts that examples of layers are put together from."""

from __future__ import annotations

import textwrap

CLASS = """\
@keras.saving.register_keras_serializable(package="my_layers")
class Scale(layers.Layer):
"""
INIT = """
def __init__(self, factor=2.0, **kwargs):
    super().__init__(**kwargs)
    self.factor = factor
"""
BUILD = """
def build(self, input_shape):
    self.scale = self.add_weight(name="scale", shape=(input_shape[-1],))
"""
CALL = """
def call(self, x):
    return x * self.scale
"""
CONFIG = """
def get_config(self):
    return {**super().get_config(), "factor": self.factor}
"""
DENSE = """
def __init__(self, **kwargs):
    super().__init__(**kwargs)
    self.dense = layers.Dense(4, dtype=self.dtype_policy)
"""
CALL_DENSE = """
def call(self, x):
    return self.dense(x)
"""
CALL_MASKED = """
def call(self, x, mask=None):
    if mask is None:
        return x
    return ops.where(mask[..., None], x, 0.0)
"""
SHAPE = """
def compute_output_shape(self, input_shape):
    return (*input_shape[:-1], 4)
"""
BUILD_DENSE = """
def build(self, input_shape):
    self.dense.build(input_shape)
"""
DROPOUT = """
def __init__(self, **kwargs):
    super().__init__(**kwargs)
    self.dropout = layers.Dropout(0.5, dtype=self.dtype_policy)
"""
NO_MASK = """
def compute_mask(self, x, mask=None):
    return None
"""
FROM_CONFIG = """
    @classmethod
    def from_config(cls, config):
        return cls({0})
"""
ADAPT = """
def adapt(self, data):
    {0}
"""
ADAPTED = """
def __init__(self, **kwargs):
    super().__init__(**kwargs)
    self.factor = 2.0
"""
BUILD_STATE = """
def build(self, input_shape=None):
    self.factor = self.add_weight(name="factor", shape=(), trainable=False)
"""
CALL_FACTOR = """
def call(self, x):
    return x * self.factor
"""


def layer(*methods: str, head: str = CLASS, above: str = "") -> str:
    """A module with a layer that has these methods."""
    body = "\n".join(textwrap.indent(one.strip("\n") + "\n", "    ") for one in methods)
    code = (above.strip("\n") + "\n\n\n" if above else "") + head + body
    used = [name for name in ("initializers", "layers", "ops") if f"{name}." in code]
    return f"import keras\nfrom keras import {', '.join(used)}\n\n\n{code}"


def called(*lines: str) -> str:
    return layer("def call(self, x):\n" + "".join(f"    {line}\n" for line in lines))


def building(*lines: str) -> str:
    code = "".join(f"    {line}\n" for line in lines)
    return layer("def build(self, input_shape):\n" + code, CALL)


def gated(
    *lines: str,
    grad: str = "*args, upstream=None",
    given: str = "x, x",
    build: str = "",
) -> str:
    """A module with a custom gradient of two arguments, and a layer that calls it."""
    inner = f"    def grad({grad}):\n" + "".join(f"        {line}\n" for line in lines)
    above = f"@ops.custom_gradient\ndef gate(a, b):\n{inner}\n    return a * b, grad\n"
    call = f"def call(self, x):\n    return gate({given})"
    return layer(*filter(None, (build, call)), above=above)


DRAWING = layer(
    "def __init__(self, **kwargs):\n    super().__init__(**kwargs)\n"
    "    self.seed_generator = keras.random.SeedGenerator(1)",
    "def call(self, x):\n"
    "    return x * keras.random.uniform((), dtype=x.dtype, seed=self.seed_generator)",
)
UPSTREAM = "(upstream,) = args if upstream is None else (upstream,)"
RETURN = "return upstream * b, upstream * a"
SUMMED = "return upstream * b, ops.sum(upstream * a, axis=0)"
GATE = gated(UPSTREAM, RETURN)
CLOSING = """
def call(self, x):
    @ops.custom_gradient
    def scaled(x):
        def grad(*args, upstream=None):
            (upstream,) = args if upstream is None else (upstream,)
            return upstream * {0}

        return x * {0}, grad

    return scaled(x)
"""
PLAIN = layer(INIT, BUILD, CALL, CONFIG)
SIMPLE = layer(BUILD, CALL)
BUILT = layer(DENSE, BUILD_DENSE, CALL_DENSE, SHAPE)
