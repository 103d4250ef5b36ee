"""Layers in which dtypes meet, each with what it computes, in NumPy.

`x` has the shape `[batch, time]`, `i` and `j` are integers and `keep` bools of that shape.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

FLOATS = "{x: [batch, time]}"
INTEGERS = "{i: {shape: [batch, time], dtype: int32}}"
BOTH = "{x: [batch, time], i: {shape: [batch, time], dtype: int32}}"
THREE = f"{BOTH[:-1]}, j: {{shape: [batch, time], dtype: int32}}}}"
MASKED = "{x: [batch, time], keep: {shape: [batch, time], dtype: bool}}"


@dataclass(frozen=True)
class Meeting:
    """A layer's inputs and code, what it computes, and what makes it."""

    inputs: str
    forward: str
    expected: Callable[..., np.ndarray]
    before: str = ""
    arguments: tuple[tuple[str, object], ...] = ()
    outputs: str = "[batch, time]"

    @property
    def text(self) -> str:
        forward = self.forward.strip()
        code = f"|\n  {forward}" if "\n" in forward else f'"{forward}"'
        return (
            f"layer: Meeting\ninputs: {self.inputs}\noutputs: {self.outputs}\n"
            f"{self.before}forward: {code}\nexample: {{time: 5}}\n"
        )


RATES = np.arange(5) / 4


def ramp(start: float, stop: float, count: int) -> np.ndarray:
    return np.array([start + (stop - start) * k / (count - 1) for k in range(count)])


def hot(i: np.ndarray, depth: int) -> np.ndarray:
    found = np.zeros((*i.shape, depth))
    for index in np.ndindex(*i.shape):
        if 0 <= i[index] < depth:
            found[(*index, i[index])] = 1.0
    return found


def mean(x: np.ndarray) -> np.ndarray:
    return np.array([[sum(row) / len(row)] for row in x])


FUNCTIONS = """\
functions:
  mean: {args: [h, n], forward: "ops.sum(h, axis=1, keepdims=True) / n"}
  ramp:
    args: [h, n]
    forward: |
      steps = n - 1
      steps += h
      return steps - h + ops.linspace(0.0, 1.0, 5) * h / ops.sqrt(4)
"""
COUNTED = 'functions: {share: {args: [i, h], forward: "i * 0.5 + h / ops.sum(i)"}}\n'
WHOLE = "gradient: {code: d_x = upstream}\n"

MEETINGS = {
    "size": Meeting(FLOATS, "x / time + time * x", lambda x: x / 5 + 5 * x),
    "size_by_local_name": Meeting(
        FLOATS,
        "count = time\n  count = count * 2\n  return x - x / count",
        lambda x: x - x / 10,
    ),
    "size_that_is_augmented": Meeting(
        FLOATS,
        "total = time\n  total += x\n  total -= time * 2\n  return total",
        lambda x: x - 5,
    ),
    "size_of_the_batch": Meeting(
        FLOATS, "ops.sum(x) / batch - x", lambda x: x.sum() / 2 - x
    ),
    "size_in_comprehension": Meeting(
        FLOATS,
        "parts = [x / (time + k) for k in range(3)]\n"
        "  return ops.sum(ops.stack(parts), axis=0)",
        lambda x: x / 5 + x / 6 + x / 7,
    ),
    "size_as_root": Meeting(FLOATS, "x / ops.sqrt(time)", lambda x: x / 5**0.5),
    "root_of_argument": Meeting(
        FLOATS,
        "x / ops.sqrt(d)",
        lambda x: x / 3,
        "args: {d: int}\n",
        (("d", 9),),
    ),
    "size_beside_integers": Meeting(
        FLOATS,
        "x + ops.cast(ops.arange(time) - (time - 1), x.dtype)",
        lambda x: x + np.array([-4, -3, -2, -1, 0]),
    ),
    "size_beside_integers_beside_floats": Meeting(
        FLOATS,
        "x * (ops.arange(time) - time // 2)",
        lambda x: x * np.array([-2, -1, 0, 1, 2]),
    ),
    "size_as_slice_end": Meeting(
        FLOATS,
        "x[:, : time - cut] * (time - cut)",
        lambda x: x[:, :3] * 3,
        "args: {cut: int}\n",
        (("cut", 2),),
        "[batch, time - cut]",
    ),
    "size_as_slice_start": Meeting(
        FLOATS,
        "half = time // 2\n  return ops.concatenate([x[:, half:], x[:, :half]], axis=1)",
        lambda x: np.concatenate([x[:, 2:], x[:, :2]], axis=1),
    ),
    "size_in_a_function": Meeting(
        FLOATS,
        "x - mean(x, time) + ramp(x, time)",
        lambda x: x - mean(x) + 4 + ramp(0, 1, 5) * x / 2,
        FUNCTIONS,
    ),
    "integers_in_a_function": Meeting(
        BOTH, "share(i, x)", lambda x, i: i * 0.5 + x / i.sum(), COUNTED
    ),
    "size_compared": Meeting(
        FLOATS,
        "ops.where(x * 4 > time, x, time)",
        lambda x: np.where(x * 4 > 5, x, 5),
    ),
    "integers": Meeting(BOTH, "x * i + i", lambda x, i: x * i + i),
    "integers_divided": Meeting(
        THREE, "x * (i / j) - (i // j)", lambda x, i, j: x * (i / j) - i // j
    ),
    "integers_times_float": Meeting(
        INTEGERS,
        "i * scale",
        lambda i: i * 0.5,
        "args: {scale: float}\n",
        (("scale", 0.5),),
    ),
    "integers_alone": Meeting(
        THREE, "x + ops.cast(i - j * time, x.dtype)", lambda x, i, j: x + i - j * 5
    ),
    "integers_compared": Meeting(
        BOTH, "ops.where(i > x, x, i)", lambda x, i: np.where(i > x, x, i)
    ),
    "bools": Meeting(
        MASKED,
        "x * keep + ops.where(keep, x, 0.0)",
        lambda x, keep: np.where(keep, 2 * x, 0),
    ),
    "one_hot": Meeting(
        BOTH,
        "ops.one_hot(i, time) * x[..., None]",
        lambda x, i: hot(i, 5) * x[..., None],
        outputs="[batch, time, time]",
    ),
    "creations": Meeting(
        FLOATS,
        "x * ops.arange(0.0, time) + ops.linspace(0.0, 1.0, 5)"
        " + ops.zeros((time,)) + ops.eye(2)[0, 1] + ops.arange(0, 1, 0.2)",
        lambda x: x * np.arange(5) + ramp(0, 1, 5) + np.arange(0, 1, 0.2),
    ),
    "creation_in_a_loop": Meeting(
        FLOATS,
        "total = ops.zeros((time,))\n"
        "  for _ in range(3):\n"
        "      total = total + x\n"
        "  return total",
        lambda x: 3 * x,
    ),
    "creation_by_way_of_operations": Meeting(
        FLOATS,
        "steps = ops.exp(-ops.linspace(0.0, 1.0, 5))\n  return steps * x",
        lambda x: np.exp(-ramp(0, 1, 5)) * x,
    ),
    "list_of_products": Meeting(
        FLOATS,
        "ops.sum(x[..., None] - centers, axis=-1)",
        lambda x: 3 * x + 0.5 + 0.0 - 0.5,
        "args: {low: float = -0.5}\n"
        "derived: {centers: '[low * i - low for i in range(3)]'}\n",
    ),
    "list_of_integers_and_floats": Meeting(
        FLOATS,
        "x * mixed",
        lambda x: x * np.array([1, 0.5, 2, 3, 4]),
        "derived: {mixed: '[1, 0.5] + [2, 3, 4]'}\n",
    ),
    "list_of_floats_by_another_name": Meeting(
        FLOATS,
        "factors = rates\n  return x * factors / len(rates)",
        lambda x: x * np.array([0, 0.25, 0.5, 0.75, 1]) / 5,
        "derived: {rates: '[i / 4 for i in range(5)]'}\n",
    ),
    "list_by_its_name": Meeting(
        FLOATS,
        "y = x * ops.reshape(rates, (1, 5)) + ops.exp(ops.expand_dims(rates, 0)) * x\n"
        "  return y + x * ops.roll(rates, shift=1)",
        lambda x: x * (RATES + np.exp(RATES) + np.roll(RATES, 1)),
        "derived: {rates: '[i / 4 for i in range(5)]'}\n",
    ),
    "list_by_other_ways": Meeting(
        FLOATS,
        "parts, count = rates, 5\n"
        "  y = x * ops.reshape(parts, (1, 5)) + x * ops.stack([rates, rates])[0]\n"
        "  return y + ops.flip(list(rates)) * x * (len(rates) / count)",
        lambda x: x * (2 * RATES + RATES[::-1]),
        "derived: {rates: '[i / 4 for i in range(5)]'}\n",
    ),
    "list_that_is_both": Meeting(
        FLOATS,
        "y = ops.take(x, picks, axis=-1) + picks * x\n"
        "  for one in picks:\n"
        "      y = y + x[:, one : one + 1] * picks[1]\n"
        "  return y",
        lambda x: x[:, ::-1] + np.arange(4, -1, -1) * x + 3 * x.sum(1, keepdims=True),
        "derived: {picks: '[4 - i for i in range(5)]'}\n",
    ),
    "list_of_axes": Meeting(
        FLOATS,
        "ops.transpose(ops.reshape(x, sizes), axes)[0]",
        lambda x: x.T,
        "derived: {axes: '[0, 2, 1]', sizes: '[1, -1, 5]'}\n",
        outputs="[time, _]",
    ),
    "list_in_a_function": Meeting(
        FLOATS,
        "scaled(x)",
        lambda x: x * np.array([0, 0.25, 0.5, 0.75, 1]),
        "derived: {rates: '[i / 4 for i in range(5)]'}\n"
        "functions: {scaled: {args: [h], forward: h * rates}}\n",
    ),
    "list_in_a_function_that_loops": Meeting(
        FLOATS,
        "scaled(x)",
        lambda x: x * 2.5,
        "derived: {rates: '[i / 4 for i in range(5)]'}\n"
        "functions: {scaled: {args: [h], forward: 'sum([h * r for r in rates])'}}\n",
    ),
    "array": Meeting(
        FLOATS,
        "taps * 1 * x + taps[0] * x + steps[1] * taps.shape[0] + x[:, : steps[0]]",
        lambda x: x * np.array([1, 1.5, 2, 2.5, 3]) + 2 * 5 + x[:, :1],
        "args: {taps: Array, steps: {type: Array, dtype: int32}}\n",
        (("taps", np.linspace(0.5, 2.5, 5)), ("steps", np.array([1, 2]))),
    ),
    "clipped": Meeting(
        FLOATS,
        "x * ops.clip(ops.arange(5) - 1, 0, 2) + ops.clip(x * 4, 0, time)",
        lambda x: x * np.array([0, 0, 1, 2, 2]) + np.minimum(np.maximum(4 * x, 0), 5),
    ),
    "largest": Meeting(
        FLOATS,
        "values, index = ops.top_k(ops.cumsum(ops.abs(x) + 1, axis=1), 2)\n"
        "  return ops.sum(ops.one_hot(index, 5) * values[:, :, None], axis=1)",
        lambda x: np.cumsum(np.abs(x) + 1, axis=1) * np.array([0, 0, 0, 1, 1]),
    ),
    "counted_loops": Meeting(
        FLOATS,
        "y = ops.fori_loop(0, 3, lambda i, y: y + i * x, x)\n"
        "  n, z = ops.while_loop(lambda n, z: n < 3, lambda n, z: (n + 1, z + n * x), "
        "(0, x))\n"
        "  return y + z * ops.one_hot(0, 5)",
        lambda x: 4 * x + 4 * x * np.array([1, 0, 0, 0, 0]),
    ),
    "lists_of_an_argument": Meeting(
        FLOATS,
        "y = ops.multiply(x, rates)\n  for row in rows:\n    y = y + ops.multiply(x, row)"
        "\n  return y * rows[0] + rows[1]",
        lambda x: 4 * x * RATES * RATES + 2 * RATES,
        "args: {rates: 'list[float]', rows: 'list[list[float]]'}\n",
        (("rates", [*RATES]), ("rows", [[*RATES], [*(2 * RATES)]])),
    ),
    "lists_made_here": Meeting(
        FLOATS,
        "half = [i / 2 for i in range(5)]\n  y = ops.add(x, half) * [1, 2, 3, 4, 5]"
        "\n  return ops.where(y > 1, y, [0.5] * 5)",
        lambda x: np.where(
            (x + np.arange(5) / 2) * np.arange(1, 6) > 1,
            (x + np.arange(5) / 2) * np.arange(1, 6),
            0.5,
        ),
    ),
    "a_list_of_a_function": Meeting(
        FLOATS,
        "x * grid(5) + ops.multiply(x, grid(5))",
        lambda x: x * np.arange(5) / 2,
        "functions: {grid: {args: [n], forward: '[i / 4 for i in range(n)]'}}\n",
    ),
    "lists_that_functions_go_over": Meeting(
        FLOATS,
        "outer(x) + x * rates",
        lambda x: (x + RATES.sum()) * RATES + 2 * x * RATES,
        "derived: {rates: '[i / 4 for i in range(5)]'}\n"
        "functions:\n"
        "  looped:\n    args: [y]\n    forward: |\n"
        "      for rate in rates:\n        y = y + rate\n"
        "      return ops.multiply(y, rates)\n"
        "  outer: {args: [y], forward: looped(y) + y * rates}\n",
    ),
    "each_row": Meeting(
        FLOATS,
        "ops.vectorized_map(lambda r: r * ops.one_hot(ops.argmax(r), 5), x)",
        lambda x: x * np.eye(5)[np.argmax(x, axis=1)],
    ),
    "whole_gradient": Meeting(
        FLOATS,
        "x / time * ops.linspace(0.0, 1.0, 5)",
        lambda x: x / 5 * ramp(0, 1, 5),
        WHOLE,
    ),
}


@dataclass(frozen=True)
class Tensors:
    """What the layers are called on, by the names of the inputs."""

    x: np.ndarray
    i: np.ndarray
    j: np.ndarray
    keep: np.ndarray


def tensors() -> Tensors:
    draw = np.random.default_rng(3)
    # Quarters, which every dtype holds exactly.
    return Tensors(
        draw.integers(-8, 9, (2, 5)) / 4,
        draw.integers(0, 6, (2, 5)).astype("int32"),
        draw.integers(1, 4, (2, 5)).astype("int32"),
        draw.integers(0, 2, (2, 5)).astype(bool),
    )
