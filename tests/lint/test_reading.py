"""What names hold in hand-written code: statements and attributes that specs have not."""

from __future__ import annotations

import ast

import pytest

from layergen.forward.sizes import Poly
from layergen.forward.values import Number, Tensor, Unknown, Value
from layergen.lint.read import read_module
from layergen.lint.source import parse

HEAD = """\
import keras
from keras import layers, ops
import tensorflow as tf

def outside(x, scale=1):
    return ops.exp(x) * scale

class Made(layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(3, 4))
        self.maybe = None
        if self.depth:
            self.maybe = layers.Dense(4)
        self.dense = layers.Dense(4)
        self.lstm = layers.LSTM(4, return_state=True)
        if self.depth:
            self.both = layers.Dense(4)
        else:
            self.both = layers.LSTM(4, return_state=True)
        self.either = layers.Dense(4)
        self.either = self.kernel

    def inside(self, x, y=None):
        return ops.exp(x)

    def nothing(self, x):
        raise NotImplementedError

    @staticmethod
    def still(x):
        return ops.exp(x)

    @property
    def asked(self):
        return ops.zeros(3)

    def call(self, x):
"""


def returned(*lines: str) -> Value:
    """What `call` returns with these lines before its end, as far as is known."""
    body = "\n".join(lines).strip("\n").replace("\n", "\n        ")
    source = parse(f"{HEAD}        x.shape\n        {body}\n", "made.py")
    [analysis] = read_module(source).analyses
    last = returns(source.tree)[-1]
    assert last in analysis.values
    return analysis.at(last)


def returns(tree: ast.AST) -> list[ast.expr]:
    """What is returned, in the order of the text."""
    found = [one for one in ast.walk(tree) if isinstance(one, ast.Return) and one.value]
    found.sort(key=lambda one: one.lineno)
    return [one.value for one in found if one.value]


TENSORS = {
    "a weight": "return self.kernel",
    "a sublayer's result": "return self.dense(x)",
    "one that may be None": "return self.maybe(x)",
    "a method's": "return self.inside(x)",
    "a static method's": "return self.still(x)",
    "a function's": "return outside(x, scale=2)",
    "TensorFlow's": "return tf.nn.softmax(tf.concat([x, x], 0))",
    "of arguments that are not followed": "return ops.concatenate(*self.parts)",
    "in a context": "with tf.name_scope('a') as scope:\n    y = ops.exp(x)\nreturn y",
    "whatever is caught": "y = x\ntry:\n    z = self.a()\nexcept E:\n    pass\nreturn y",
    "in the end": "try:\n    z = self.a()\nfinally:\n    y = ops.exp(x)\nreturn y",
    "in every case": "match x.shape:\n    case [a]:\n        y = x\n    case _:\n        y = x\n"
    "return y",
    "after others": "del self.cache\nglobal other\nimport math\nreturn x",
    "put into an attribute": "self.cache['a'] = None\nreturn self.kernel",
}
UNKNOWN = {
    "an argument": "return self.depth",
    "what is assigned twice": "return self.either",
    "a sublayer of several results": "return self.lstm(x)",
    "one of several results or not": "return self.both(x)",
    "several of arguments that are not followed": "return ops.split(*self.parts)",
    "where a size is None": "y = x\nsize = x.shape[1]\nif size is None:\n    y = [x]\n"
    "return y",
    "a property": "return self.asked",
    "what others write": "return self.nothing(x)",
    "an inner generator": "def f():\n    yield x\nreturn f()",
    "an inner class": "class x:\n    pass\nreturn x",
    "decorated": "@self.change\ndef f():\n    return ops.exp(1)\nreturn f()",
    "deleted": "y = x\ndel y\nreturn y",
    "what a context gives": "with self.a() as x:\n    pass\nreturn x",
    "what a context may keep from being": "y = [x]\nwith self.a():\n    y = x\nreturn y",
    "bound where it is caught": "try:\n    x = self.a()\nexcept E as x:\n    pass\nreturn x",
    "half done": "y = x\ntry:\n    y = [x]\n    y = x\nexcept E:\n    return y",
    "captured": "match self.depth:\n    case [x]:\n        pass\nreturn x",
    "nonlocal": "y = x\ndef f():\n    nonlocal y\n    y = 1\nself.run(f)\nreturn y",
    "global": "global y\ny = x\nself.run()\nreturn y",
    "async": "async def x():\n    pass\nreturn x",
}


@pytest.mark.parametrize("name", TENSORS)
def test_is_a_tensor(name: str) -> None:
    assert isinstance(returned(TENSORS[name]), Tensor)


@pytest.mark.parametrize("name", UNKNOWN)
def test_is_unknown(name: str) -> None:
    assert isinstance(returned(UNKNOWN[name]), Unknown)


def test_tensors_share_no_axes_without_names() -> None:
    value = returned("return ops.zeros((1, *ops.shape(x)[1:]))")
    assert isinstance(value, Tensor) and value.shape is None


def test_sizes_of_one_name_may_differ() -> None:
    inner = "def size(x):\n    return x.shape[1]"
    one = returned(inner, "return size(x)")
    both = returned(inner, "a, b = size(x), size(ops.exp(x))", "return a - b")
    assert isinstance(one, Number) and isinstance(one.value, Poly)
    assert isinstance(both, Number) and both.value is None


def test_what_is_too_much_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layergen.lint.analysis.FIRST_STEPS", 3)
    monkeypatch.setattr("layergen.lint.analysis.STEPS", 0)
    source = parse(f"{HEAD}        x.shape\n        return x\n", "made.py")
    [analysis] = read_module(source).analyses
    assert not analysis.values
