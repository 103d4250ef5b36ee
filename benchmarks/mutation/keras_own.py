"""The same mutants held to `run_layer_test`, the private test of Keras' own layers.

Each class of a layer's emitted test is called with the arguments and inputs of every one
of its cases. What is expected (output shape and dtype, numbers of weights, variables,
seed generators and losses, masking) is what the unbroken layer has.
"""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import Any

import keras
from keras.src.testing import TestCase

from layergen.testing import LayerCase

from .emitted import put_in_place
from .forks import Task

# What a layer cannot do under `run_layer_test` is switched off for it alone.
SWITCHES: tuple[dict[str, bool], ...] = (
    {},
    {"run_training_check": False},
    {"run_mixed_precision_check": False},
    {"run_training_check": False, "run_mixed_precision_check": False},
)


def cases_of(layer: str, text: str, folder: Path) -> list[LayerCase]:
    """The cases of a layer's class in its emitted test, on a module's text."""
    put_in_place(layer, text, folder)
    module = importlib.import_module(f"test_{layer}")
    return [one for one in module.CASES if one.is_class]


def arguments_of(case: LayerCase) -> dict[str, Any]:
    """How `run_layer_test` is to make and call the layer of a case."""
    made, args = case.layer, dict(case.args)
    if case.is_cell:
        made, args = keras.layers.RNN, {"cell": made(**args), "return_sequences": True}
    given: dict[str, Any] = {"layer_cls": made, "init_kwargs": args}
    values = {**dict(case.pack(case.sample())), **(case.call_args or {})}
    if all(isinstance(one, tuple) for one in case.inputs.values()):
        shapes = dict(case.inputs)
        given["input_shape"] = (
            shapes if len(shapes) > 1 else next(iter(shapes.values()))
        )
    else:
        given["input_data"] = values if len(values) > 1 else next(iter(values.values()))
    return given


def expected_of(given: dict[str, Any]) -> dict[str, Any]:
    """What `run_layer_test` is to expect: what the unbroken layer does."""
    layer = given["layer_cls"](**given["init_kwargs"])
    if "input_shape" in given:
        data = keras.tree.map_shape_structure(keras.ops.ones, given["input_shape"])
    else:
        data = given["input_data"]
    outputs = layer(**data) if isinstance(data, dict) else layer(data)
    tensors = keras.tree.map_structure
    seeds = [one for one in layer._flatten_layers() if hasattr(one, "seed_generator")]
    return {
        "expected_output_shape": tensors(lambda one: tuple(one.shape), outputs),
        "expected_output_dtype": tensors(lambda one: one.dtype.name, outputs),
        "expected_num_trainable_weights": len(layer.trainable_weights),
        "expected_num_non_trainable_weights": len(layer.non_trainable_weights),
        "expected_num_non_trainable_variables": len(layer.non_trainable_variables),
        "expected_num_seed_generators": len(seeds),
        "expected_num_losses": len(layer.losses),
        "supports_masking": layer.supports_masking,
    }


def own_test(case: LayerCase, expected: dict[str, Any]) -> None:
    """Holds the layer of a case to `run_layer_test`."""
    test = TestCase("run_layer_test")
    test.setUp()
    test.run_layer_test(**arguments_of(case), **expected)


def run_expected(layer: str, text: str, folder: Path) -> dict[str, Any]:
    """What to expect of each case, or why the unbroken layer cannot be tested so."""
    expected = []
    for case in cases_of(layer, text, folder):
        stated = expected_of(arguments_of(case))
        for switches in SWITCHES:
            try:
                own_test(case, {**stated, **switches})
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"
            else:
                expected.append({**stated, **switches})
                break
        else:
            return {"reason": reason}
    return {"expected": expected} if expected else {"reason": "it has no class"}


def as_tuples(value: Any) -> Any:
    """The same with tuples for lists, which is what JSON makes of tuples."""
    if isinstance(value, dict):
        return {name: as_tuples(one) for name, one in value.items()}
    return tuple(map(as_tuples, value)) if isinstance(value, list) else value


def run_own(
    layer: str, text: str, expected: list[dict[str, Any]], folder: Path
) -> dict[str, Any]:
    """Runs `run_layer_test` on a module's text; returns the error, None if none."""
    try:
        for case, stated in zip(cases_of(layer, text, folder), expected, strict=True):
            own_test(case, as_tuples(stated))
    except BaseException as error:
        return {"failed": type(error).__name__}
    return {"failed": None}


def own_task(layer: str, text: str, expected: list[dict[str, Any]]) -> Task:
    """The task that holds a module's text to `run_layer_test`."""
    return partial(run_own, layer, text, expected)
