"""What a derived gradient keeps between forward and backward, and how long both take.

    python benchmarks/gradient_memory.py [MILLIONS]

Compares two functions with `gradient: auto` with plain autodiff of the same code, on a
tensor of so many million float32 numbers. Printed are derived / autodiff: the tensors of
the argument's size that are held after forward (the result among them, the argument
not), their bytes, and the time of forward and backward together; the two run in turn.
Under XLA forward and backward are two programs here, and XLA copies what it hands over.
"""

from __future__ import annotations

import gc
import math
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import black
import keras
import numpy as np
import tensorflow as tf

from layergen.api import load
from layergen.layer.facts import Facts
from layergen.layer.functions import module_functions
from layergen.rendering import _environment

LAYOUT = '{% from "layer/functions.j2" import functions %}{{ functions(all) }}'
CODES = {
    "sine_gate": "ops.sigmoid(x) * ops.sin(x)",
    "mish": "x * ops.tanh(ops.softplus(x))",
}
SPEC = """\
layer: Measured
inputs: [...]
functions:
  {name}:
    args: [x]
    forward: {code}
    gradient: auto
forward: {name}(x)
"""
MODES: dict[str, Callable[[Any], Any]] = {
    "eager": lambda function: function,
    "graph": tf.function,
    "XLA": lambda function: tf.function(function, jit_compile=True),
}


def main(millions: int, repeats: int = 15) -> None:
    """Print two lines for each function and mode."""
    x = tf.random.normal((millions * 1_000_000,))
    for name, code in CODES.items():
        derived, plain = derived_function(name, code), plain_function(code)
        for mode, wrap in MODES.items():
            held = [kept(wrap(function), x) for function in (derived, plain)]
            times = compared(wrap(both(derived)), wrap(both(plain)), x, repeats)
            size = 4 * millions
            print(
                f"{name}, {mode}: held {held[0]} / {held[1]} tensors "
                f"({held[0] * size} / {held[1] * size} MB) "
                f"= {held[0] / held[1]:.2f}; time {times[0] * 1000:.1f} / "
                f"{times[1] * 1000:.1f} ms = {times[0] / times[1]:.2f}"
            )


def derived_function(name: str, code: str) -> Any:
    """The function that layergen makes of the code."""
    functions = module_functions(Facts(load(SPEC.format(name=name, code=code))), "")
    text = _environment(None).from_string(LAYOUT).render(all=functions)
    return executed(black.format_str(text, mode=black.Mode()), name)


def plain_function(code: str) -> Any:
    """The code as it stands."""
    return executed(f"def plain(x):\n    return {code}\n", "plain")


def executed(text: str, name: str) -> Any:
    found: dict[str, Any] = {"keras": keras, "ops": keras.ops, "math": math}
    exec(text, found)
    return found[name]


def both(function: Any) -> Any:
    """Forward and backward in one."""

    def gradient(x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            result = function(x)
        return tape.gradient(result, x)

    return gradient


def kept(function: Any, x: Any) -> int:
    """The tensors of the size of `x` that are held after forward, `x` left out.

    Tensors that share memory count once.
    """
    with tf.GradientTape() as tape:
        tape.watch(x)
        result = function(x)
    gc.collect()
    tensors = [o for o in gc.get_objects() if isinstance(o, type(x))]
    held = {address(tensor) for tensor in tensors if tensor.shape == x.shape}
    del tape, result
    return len(held - {address(x)})


def address(tensor: Any) -> int:
    return int(np.asarray(memoryview(tensor)).ctypes.data)


def compared(first: Any, second: Any, x: Any, repeats: int) -> tuple[float, float]:
    """The medians of the seconds that two functions take, called in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(repeats + 1):
        for function, found in zip((first, second), times, strict=True):
            start = time.perf_counter()
            function(x)[:1].numpy()
            if turn:  # the first turn traces and compiles
                found.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
