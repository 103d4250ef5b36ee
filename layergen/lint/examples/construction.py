"""Constructors, registration and what is saved."""

from __future__ import annotations

from layergen.lint.examples.parts import (
    ADAPT,
    ADAPTED,
    BUILD,
    BUILD_STATE,
    BUILT,
    CALL,
    CALL_FACTOR,
    FROM_CONFIG,
    INIT,
    PLAIN,
    SIMPLE,
    layer,
)
from layergen.problems import UNREADABLE

EXAMPLES = (
    (UNREADABLE, "no Python that can be read", "def call(self, x:\n", PLAIN),
    (
        "LG701",
        "a layer that is not registered",
        layer(BUILD, CALL, head="class Scale(layers.Layer):\n"),
        SIMPLE,
    ),
    (
        "LG702",
        "a constructor without `**kwargs`",
        layer(
            "def __init__(self):\n    super().__init__()\n    self.factor = 2.0\n",
            "def call(self, x):\n    return x * self.factor\n",
        ),
        PLAIN,
    ),
    (
        "LG703",
        "a constructor without `super().__init__`",
        layer("def __init__(self, **kwargs):\n    self.factor = 2.0\n", BUILD, CALL),
        PLAIN,
    ),
    (
        "LG704",
        "an argument missing from `get_config`",
        layer(
            INIT,
            BUILD,
            CALL,
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
        BUILT.replace("dense", "_layers"),
        BUILT,
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
        PLAIN + FROM_CONFIG.format('name=config["name"]'),
        PLAIN + FROM_CONFIG.format("**config"),
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
        layer(ADAPT.format("self.factor = float(data.max())"), ADAPTED, CALL_FACTOR),
        layer(
            BUILD_STATE,
            ADAPT.format("self.factor.assign(ops.max(data))"),
            CALL_FACTOR,
        ),
    ),
    (
        "LG785",
        "an attribute that nothing sets",
        PLAIN.replace("x * self.scale", "x * self.scale * self.factors"),
        PLAIN,
    ),
)
"""A code, what it is of, and a module with it and one without."""
