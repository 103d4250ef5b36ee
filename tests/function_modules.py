"""Specs with functions, rendered to the functions alone and run."""

import functools
import math

import black
import keras
import numpy as np
import tensorflow as tf

from layergen.layer.facts import Facts
from layergen.layer.functions import module_functions
from layergen.layout import templates
from layergen.loading import read_spec

LAYOUT = '{% from "layer/functions.j2" import functions %}{{ functions(all, 88) }}'


def facts_of(text):
    reading = read_spec(text, "spec.yaml", "spec")
    assert reading.spec is not None, list(map(str, reading.problems))
    return Facts(reading.spec)


def text_of(text):
    """The functions of a spec as they stand in its module."""
    functions = module_functions(facts_of(text), "tests")
    laid_out = templates.plain().from_string(LAYOUT).render(all=functions)
    return black.format_str(laid_out, mode=black.Mode())


def namespace_of(text):
    """The functions of a spec by name."""
    found = {"keras": keras, "ops": keras.ops, "math": math}
    exec(compile(text_of(text), "functions", "exec"), found)
    return found


def spec_of(forward, args=("x",), gradient="auto", before=""):
    """A spec with a function `f` of this code."""
    block = "|\n" + "\n".join(f"      {line}" for line in forward.splitlines())
    inputs = ", ".join(f"{name}: [...]" for name in args)
    return (
        f"layer: Spec\n{before}inputs: {{{inputs}}}\nfunctions:\n  f:\n"
        f"    args: [{', '.join(args)}]\n    forward: {block}\n"
        f"    gradient: {gradient}\nforward: f({', '.join(args)})\n"
    )


@functools.cache
def function_of(forward, args=("x",), **options):
    """A function with this code and its derived gradient."""
    return namespace_of(spec_of(forward, args, **options))["f"]


def plain(forward, args=("x",), **constants):
    """The same code as a function whose gradient autodiff finds."""
    lines = forward.splitlines()
    if len(lines) == 1 and not forward.startswith("return"):
        lines = [f"return {forward}"]
    body = "\n".join(f"    {line}" for line in lines)
    found = {"keras": keras, "ops": keras.ops, "math": math, **constants}
    exec(f"def f({', '.join(args)}):\n{body}", found)
    return found["f"]


def gradients(function, *values):
    """The gradients of the sum of what a function returns."""
    tensors = [tf.convert_to_tensor(value) for value in values]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        result = function(*tensors)
    found = tape.gradient(result, tensors, unconnected_gradients="zero")
    return [np.asarray(gradient) for gradient in found]


def second(function, value):
    """The second derivative of an elementwise function."""
    x = tf.convert_to_tensor(value)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = function(x)
        first = inner.gradient(y, x)
    found = outer.gradient(first, x, unconnected_gradients="zero")
    return np.asarray(found)
