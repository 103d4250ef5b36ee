"""What each code of a hand-written layer's problems means, with a layer that has it and one
that has not. The meaning is what the rule itself says of its reason."""

from __future__ import annotations

import textwrap

from layergen.explanation import Explanation
from layergen.lint.rules import RULES
from layergen.problems import UNREADABLE

_CLASS = """\
@keras.saving.register_keras_serializable(package="my_layers")
class Scale(layers.Layer):
"""
_INIT = """
def __init__(self, factor=2.0, **kwargs):
    super().__init__(**kwargs)
    self.factor = factor
"""
_BUILD = """
def build(self, input_shape):
    self.scale = self.add_weight(name="scale", shape=(input_shape[-1],))
"""
_CALL = """
def call(self, x):
    return x * self.scale
"""
_CONFIG = """
def get_config(self):
    return {**super().get_config(), "factor": self.factor}
"""
_DENSE = """
def __init__(self, **kwargs):
    super().__init__(**kwargs)
    self.dense = layers.Dense(4, dtype=self.dtype_policy)
"""
_CALL_DENSE = """
def call(self, x):
    return self.dense(x)
"""
_CALL_MASKED = """
def call(self, x, mask=None):
    if mask is None:
        return x
    return ops.where(mask[..., None], x, 0.0)
"""
_SHAPE = """
def compute_output_shape(self, input_shape):
    return (*input_shape[:-1], 4)
"""
_BUILD_DENSE = """
def build(self, input_shape):
    self.dense.build(input_shape)
"""
_DROPOUT = """
def __init__(self, **kwargs):
    super().__init__(**kwargs)
    self.dropout = layers.Dropout(0.5, dtype=self.dtype_policy)
"""
_NO_MASK = """
def compute_mask(self, x, mask=None):
    return None
"""
_FROM_CONFIG = """
    @classmethod
    def from_config(cls, config):
        return cls({0})
"""
_ADAPT = """
def adapt(self, data):
    {0}
"""
_ADAPTED = """
def __init__(self, **kwargs):
    super().__init__(**kwargs)
    self.factor = 2.0
"""
_BUILD_STATE = """
def build(self, input_shape=None):
    self.factor = self.add_weight(name="factor", shape=(), trainable=False)
"""
_CALL_FACTOR = """
def call(self, x):
    return x * self.factor
"""


def _layer(*methods: str, head: str = _CLASS, above: str = "") -> str:
    """A module with a layer that has these methods."""
    body = "\n".join(textwrap.indent(one.strip("\n") + "\n", "    ") for one in methods)
    code = (above.strip("\n") + "\n\n\n" if above else "") + head + body
    used = [name for name in ("initializers", "layers", "ops") if f"{name}." in code]
    return f"import keras\nfrom keras import {', '.join(used)}\n\n\n{code}"


def _call(*lines: str) -> str:
    return _layer("def call(self, x):\n" + "".join(f"    {line}\n" for line in lines))


def _build(*lines: str) -> str:
    code = "".join(f"    {line}\n" for line in lines)
    return _layer("def build(self, input_shape):\n" + code, _CALL)


def _gate(
    *lines: str,
    grad: str = "*args, upstream=None",
    given: str = "x, x",
    build: str = "",
) -> str:
    """A module with a custom gradient of two arguments, and a layer that calls it."""
    inner = f"    def grad({grad}):\n" + "".join(f"        {line}\n" for line in lines)
    above = f"@ops.custom_gradient\ndef gate(a, b):\n{inner}\n    return a * b, grad\n"
    call = f"def call(self, x):\n    return gate({given})"
    return _layer(*filter(None, (build, call)), above=above)


_DRAWING = _layer(
    "def __init__(self, **kwargs):\n    super().__init__(**kwargs)\n"
    "    self.seed_generator = keras.random.SeedGenerator(1)",
    "def call(self, x):\n"
    "    return x * keras.random.uniform((), dtype=x.dtype, seed=self.seed_generator)",
)
_UPSTREAM = "(upstream,) = args if upstream is None else (upstream,)"
_RETURN = "return upstream * b, upstream * a"
_SUMMED = "return upstream * b, ops.sum(upstream * a, axis=0)"
_GATE = _gate(_UPSTREAM, _RETURN)
_CLOSING = """
def call(self, x):
    @ops.custom_gradient
    def scaled(x):
        def grad(*args, upstream=None):
            (upstream,) = args if upstream is None else (upstream,)
            return upstream * {0}

        return x * {0}, grad

    return scaled(x)
"""

PLAIN = _layer(_INIT, _BUILD, _CALL, _CONFIG)
_SIMPLE = _layer(_BUILD, _CALL)
_BUILT = _layer(_DENSE, _BUILD_DENSE, _CALL_DENSE, _SHAPE)

_EXAMPLES = (
    (UNREADABLE, "no Python that can be read", "def call(self, x:\n", PLAIN),
    (
        "LG701",
        "a layer that is not registered",
        _layer(_BUILD, _CALL, head="class Scale(layers.Layer):\n"),
        _SIMPLE,
    ),
    (
        "LG702",
        "a constructor without `**kwargs`",
        _layer(
            "def __init__(self):\n    super().__init__()\n    self.factor = 2.0\n",
            "def call(self, x):\n    return x * self.factor\n",
        ),
        PLAIN,
    ),
    (
        "LG703",
        "a constructor without `super().__init__`",
        _layer("def __init__(self, **kwargs):\n    self.factor = 2.0\n", _BUILD, _CALL),
        PLAIN,
    ),
    (
        "LG704",
        "an argument missing from `get_config`",
        _layer(
            _INIT,
            _BUILD,
            _CALL,
            "def get_config(self):\n    return super().get_config()",
        ),
        PLAIN,
    ),
    (
        "LG705",
        "a key of the config that the constructor does not take",
        PLAIN.replace(
            '"factor": self.factor}', '"factor": self.factor, "scaled": True}'
        ),
        PLAIN,
    ),
    (
        "LG706",
        "a config without the parent's",
        PLAIN.replace("**super().get_config(), ", ""),
        PLAIN,
    ),
    (
        "LG707",
        "a lambda in the config",
        PLAIN.replace("factor=2.0", "factor=lambda x: x"),
        PLAIN,
    ),
    (
        "LG708",
        "an attribute that Keras reserves",
        PLAIN.replace("self.factor = factor", "self.factor = self.losses = factor"),
        PLAIN,
    ),
    (
        "LG709",
        "an attribute in which Keras keeps what it tracks",
        _BUILT.replace("dense", "_layers"),
        _BUILT,
    ),
    (
        "LG711",
        "a weight's name in the place of its shape",
        _SIMPLE.replace('name="scale"', '"scale"'),
        _SIMPLE,
    ),
    (
        "LG712",
        "a weight made in `call`",
        _call('scale = self.add_weight(name="scale", shape=(4,))', "return x * scale"),
        _SIMPLE,
    ),
    (
        "LG713",
        "a state in a Python attribute",
        _call("self.mean = ops.mean(x)", "return x - self.mean"),
        _layer(
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
        "import tensorflow as tf\n" + _build("self.scale = tf.Variable(1.0)"),
        _SIMPLE,
    ),
    (
        "LG715",
        "one initializer object for several weights of one shape",
        _build(
            'first = initializers.get("glorot_uniform")',
            'self.scale = self.add_weight(name="scale", initializer=first)',
            'self.shift = self.add_weight(name="shift", initializer=first)',
        ),
        _build(
            'first = "glorot_uniform"',
            'self.scale = self.add_weight(name="scale", initializer=first)',
            'self.shift = self.add_weight(name="shift", initializer=first)',
        ),
    ),
    (
        "LG716",
        "several weights of one name",
        _build(
            'self.scale = self.add_weight(name="scale")',
            'self.shift = self.add_weight(name="scale")',
        ),
        _build(
            'self.scale = self.add_weight(name="scale")',
            'self.shift = self.add_weight(name="shift")',
        ),
    ),
    (
        "LG717",
        "a layer made in `call`",
        _call("return layers.Dense(4)(x)"),
        _BUILT,
    ),
    (
        "LG718",
        "a tensor of a weight that `build` keeps",
        _layer(
            _BUILD.replace(
                "(input_shape[-1],))",
                "(input_shape[-1],))\n    self.size = ops.abs(self.scale)",
            ),
            "def call(self, x):\n    return x * self.size",
        ),
        _layer(_BUILD, "def call(self, x):\n    return x * ops.abs(self.scale)"),
    ),
    (
        "LG719",
        "a trained weight that `call` assigns to",
        _layer(
            _BUILD,
            "def call(self, x):\n    self.scale.assign(ops.abs(self.scale))\n"
            "    return x * self.scale",
        ),
        _layer(_BUILD, "def call(self, x):\n    return x * ops.abs(self.scale)"),
    ),
    (
        "LG720",
        "a sublayer that `build` does not build",
        _layer(_DENSE, _BUILD, _CALL_DENSE),
        _BUILT,
    ),
    (
        "LG721",
        "`compute_output_shape` without `build`",
        _layer(_DENSE, _CALL_DENSE, _SHAPE),
        _BUILT,
    ),
    (
        "LG722",
        "a sublayer without the dtype policy",
        _BUILT.replace(", dtype=self.dtype_policy", ""),
        _BUILT,
    ),
    (
        "LG723",
        "a sublayer in a plain object",
        _layer(
            _DENSE.replace("layers.Dense", "Box(layers.Dense").replace(
                "dtype_policy)", "dtype_policy))"
            ),
            "def build(self, input_shape):\n    self.dense.layer.build(input_shape)",
            "def call(self, x):\n    return self.dense.layer(x)",
            above="class Box:\n    def __init__(self, layer):\n"
            "        self.layer = layer",
        ),
        _BUILT,
    ),
    (
        "LG730",
        "a variable given to a custom gradient",
        _gate(_UPSTREAM, _SUMMED, given="x, self.scale", build=_BUILD),
        _gate(
            _UPSTREAM,
            _SUMMED,
            given="x, ops.cast(self.scale, self.compute_dtype)",
            build=_BUILD,
        ),
    ),
    (
        "LG731",
        "a custom gradient that closes over a weight",
        _layer(_BUILD, _CLOSING.format("self.scale")),
        _layer(_INIT, _CLOSING.format("self.factor"), _CONFIG),
    ),
    (
        "LG732",
        "a custom gradient called by keyword",
        _gate(_UPSTREAM, _RETURN, given="x, b=x"),
        _GATE,
    ),
    (
        "LG733",
        "a gradient function that not every backend can call",
        _gate(_RETURN, grad="upstream"),
        _GATE,
    ),
    (
        "LG734",
        "another number of gradients than of arguments",
        _gate(_UPSTREAM, "return upstream * b"),
        _GATE,
    ),
    (
        "LG740",
        "a batch size read statically",
        _call("return ops.reshape(x, (x.shape[0], -1))"),
        _call("return ops.reshape(x, (ops.shape(x)[0], -1))"),
    ),
    (
        "LG741",
        "a Python loop over a tensor",
        _call("return sum(column for column in ops.transpose(x))"),
        _call("return ops.sum(x, axis=1)"),
    ),
    (
        "LG742",
        "items of a tensor assigned to",
        _call("x[:, 0] = 0.0", "return x"),
        _call("return ops.concatenate([ops.zeros_like(x[:, :1]), x[:, 1:]], axis=1)"),
    ),
    (
        "LG743",
        "Python's `if` on a tensor",
        _call("return x if ops.sum(x) > 0 else -x"),
        _call("return ops.where(ops.sum(x) > 0, x, -x)"),
    ),
    (
        "LG744",
        "NumPy on tensors",
        "import numpy as np\n" + _call("return np.exp(ops.abs(x))"),
        _call("return ops.exp(ops.abs(x))"),
    ),
    (
        "LG745",
        "a tensor turned into a number",
        _call("return x / float(ops.sum(x))"),
        _call("return x / ops.sum(x)"),
    ),
    (
        "LG746",
        "a `call` that returns nothing",
        _call("y = ops.relu(x)"),
        _call("return ops.relu(x)"),
    ),
    (
        "LG750",
        "a mask that is lost",
        _layer(_CALL_MASKED),
        _layer(
            "def __init__(self, **kwargs):\n    super().__init__(**kwargs)\n"
            "    self.supports_masking = True\n",
            _CALL_MASKED,
        ),
    ),
    (
        "LG751",
        "a mask that the tensor keeps",
        _layer(_NO_MASK, "def call(self, x):\n    return x"),
        _layer(_NO_MASK, "def call(self, x):\n    return ops.copy(x)"),
    ),
    (
        "LG760",
        "something that Keras 3 has not",
        _layer("def call(self, x):\n    self.add_metric(x)\n    return x"),
        _layer("def call(self, x):\n    self.add_loss(ops.mean(x))\n    return x"),
    ),
    (
        "LG761",
        "a shape used as an object of Keras 2",
        _build(
            "size = input_shape.as_list()[-1]",
            'self.scale = self.add_weight(name="scale", shape=(size,))',
        ),
        _SIMPLE,
    ),
    (
        "LG762",
        "a name that Keras 3 has not",
        _call("return keras.layers.Merge()([x, x])"),
        _call("return keras.layers.Add()([x, x])"),
    ),
    (
        "LG770",
        "random numbers of Python or NumPy",
        "import numpy as np\n" + _call("return x * np.random.uniform()"),
        _DRAWING,
    ),
    (
        "LG771",
        "a draw without a seed generator",
        _call("return x * keras.random.uniform(())"),
        _DRAWING,
    ),
    (
        "LG772",
        "a draw with a constant seed",
        _call("return x * keras.random.uniform((), seed=1)"),
        _DRAWING,
    ),
    (
        "LG773",
        "a training flag that Keras does not set",
        _layer(
            "def call(self, x, is_training=False):\n"
            "    return ops.relu(x) if is_training else x"
        ),
        _layer(
            "def call(self, x, training=False):\n"
            "    return ops.relu(x) if training else x"
        ),
    ),
    (
        "LG780",
        "one name for every layer of a class",
        PLAIN.replace(
            "{**super().get_config(), ", '{**super().get_config(), "name": "scale", '
        ),
        PLAIN,
    ),
    (
        "LG781",
        "a `from_config` that leaves out an argument",
        PLAIN + _FROM_CONFIG.format('name=config["name"]'),
        PLAIN + _FROM_CONFIG.format("**config"),
    ),
    (
        "LG782",
        "a tensor in the config",
        PLAIN.replace("self.factor = factor", "self.factor = ops.abs(factor)").replace(
            "from keras import layers", "from keras import layers, ops"
        ),
        PLAIN,
    ),
    (
        "LG783",
        "an argument of `Layer.__init__` by position",
        PLAIN.replace("__init__(**kwargs)", "__init__(kwargs)"),
        PLAIN,
    ),
    (
        "LG784",
        "what `adapt` learns, in a Python attribute",
        _layer(
            _ADAPT.format("self.factor = float(data.max())"), _ADAPTED, _CALL_FACTOR
        ),
        _layer(
            _BUILD_STATE,
            _ADAPT.format("self.factor.assign(ops.max(data))"),
            _CALL_FACTOR,
        ),
    ),
    (
        "LG785",
        "an attribute that nothing sets",
        PLAIN.replace("x * self.scale", "x * self.scale * self.factors"),
        PLAIN,
    ),
    (
        "LGW71",
        "a mask that overflows float16",
        _call("return ops.softmax(x + (1.0 - ops.sign(x)) * -1e9)"),
        _call("return ops.softmax(x + (1.0 - ops.sign(x)) * -1e4)"),
    ),
    (
        "LGW72",
        "a weight's arguments by position",
        _SIMPLE.replace("shape=(input_shape[-1],)", "shape=(4,)").replace(
            'name="scale", shape=(4,)', '(4,), name="scale"'
        ),
        _SIMPLE,
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
        _call("return sum(x[:, i] for i in range(x.shape[1]))"),
        _call("return ops.sum(x, axis=1)"),
    ),
    (
        "LGW75",
        "a mask that is never used",
        _layer(
            "supports_masking = True\n",
            "def call(self, x, mask=None):\n    return ops.relu(x)",
        ),
        _layer(
            "supports_masking = True\n", "def call(self, x):\n    return ops.relu(x)"
        ),
    ),
    (
        "LGW76",
        "`training=True`, written out",
        _layer(
            _DROPOUT, "def call(self, x):\n    return self.dropout(x, training=True)"
        ),
        _layer(
            _DROPOUT,
            "def call(self, x, training=None):\n"
            "    return self.dropout(x, training=training)",
        ),
    ),
    (
        "LGW77",
        "a trained weight behind what has no gradient",
        _layer(_BUILD, "def call(self, x):\n    return ops.round(x * self.scale)"),
        _layer(
            _BUILD,
            "def call(self, x):\n    y = x * self.scale\n"
            "    return y + ops.stop_gradient(ops.round(y) - y)",
        ),
    ),
)

_READING = "The file cannot be decoded, or Python itself could not parse it."

LAYER_CODES: dict[str, Explanation] = {
    code: Explanation(
        code, title, RULES[code].why if code in RULES else _READING, bad, good
    )
    for code, title, bad, good in _EXAMPLES
}
