"""Mutants that compute what the unbroken layer computes, each with the reason.

None is taken at its word: `observe` calls both modules, and what it sees must agree.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np

from layergen.testing import LayerCase
from layergen.testing.backend import backend
from layergen.testing.checks.masks import mask_of
from layergen.testing.context import Context
from layergen.testing.drawing import cast
from layergen.testing.numerics import is_float, random_like

from .emitted import put_in_place
from .forks import Answer, Task
from .gallery import module_files
from .mutate import Mutant

LAST_AXIS_ALONE = "a `Dense` is built from the last axis of its input alone"
EQUIVALENT: dict[str, str] = {
    "codebook_decoder, stopped gradient: `ops.take(codebook, code, axis=0)` → "
    "`keras.ops.stop_gradient(ops.take(codebook, code, axis=0))`": "there is no weight "
    "and no float input that a gradient could reach",
    "gated_neuron_stack, known axis: `0` → `-1`": LAST_AXIS_ALONE,
    "moving_center, stopped gradient: `center` → "
    "`keras.ops.stop_gradient(center)`": "it is a state as it was, of which no gradient "
    "is asked",
    "noisy, stopped gradient: `random.normal( ops.shape(x), "
    "dtype=self.compute_dtype, se...` → `keras.ops.stop_gradient(random.normal( "
    "ops.shape(x), dtyp...`": "what is drawn rests on no weight and no input",
    "pooled_neuron_stack, mask handling: `self.supports_masking = True` → `pass`": "a "
    "layer that overrides `compute_mask` supports masking by default",
    "pooled_neuron_stack, known axis: `0` → `-1`": LAST_AXIS_ALONE,
    "sine_gate, stopped gradient: `ops.sigmoid(x) * ops.sin(x)` → "
    "`keras.ops.stop_gradient(ops.sigmoid(x) * ops.sin(x))`": "the function has a "
    "gradient of its own, and asks what it computes for none",
    "squeeze_excite, known axis: `0` → `-1`": LAST_AXIS_ALONE,
}
POLICIES = ("float32", "float64", "mixed_bfloat16")
CLOSE = 1e-12


def observe(layer: str, text: str, folder: Path) -> dict[str, Any]:
    """What the layers of a module do in all cases of its emitted test.

    For three dtype policies, and with initial and with moved weights: outputs, losses,
    states after the call and gradients of three sets of inputs, in training and not;
    the config, and the weights' names, shapes and values to begin with.
    """
    put_in_place(layer, text, folder)
    module = importlib.import_module(f"test_{layer}")
    cases = [*module.CASES, *getattr(module, "FUNCTION_CASES", [])]
    return {
        f"case {number}, {policy}, weights {'moved' if moved else 'initial'}": seen(
            case, policy, moved
        )
        for number, case in enumerate(cases)
        for policy in POLICIES
        for moved in (False, True)
    }


def seen(case: LayerCase, policy: str, moved: bool) -> dict[str, Any]:
    """What one layer is made of and does."""
    keras.utils.set_random_seed(case.seed)
    ctx = Context(case)
    layer = ctx.build.new(policy)
    if moved:
        ctx.weights.perturb(layer)
    found: dict[str, Any] = {
        "config": written(layer.get_config()),
        "weights": [
            [one.path.split("/")[-1], list(one.shape)] for one in layer.weights
        ],
        "values": [listed(one) for one in layer.weights],
    }
    for attempt in range(3):
        inputs = ctx.draws.others(attempt, "float64")
        for training in [{}, case.in_training] if case.in_training else [{}]:
            found[f"inputs {attempt}, {training}"] = called(
                ctx, layer, inputs, training
            )
    return found


def called(
    ctx: Context,
    layer: Any,
    inputs: list[Any],
    training: dict[str, Any],
    mask: Any = None,
) -> dict[str, Any]:
    """Outputs and their masks, gradients, losses and states of a call."""
    masks: list[Any] = []

    def call(tensors: list[Any]) -> list[Any]:
        if mask is not None:
            tensors[0]._keras_mask = keras.ops.convert_to_tensor(mask)
        outputs = ctx.call.flat(layer, tensors, **training)
        masks[:] = [mask_of(one) for one in outputs]
        return outputs

    dtype = "float64" if layer.compute_dtype == "float64" else "float32"
    flat = cast(inputs, dtype)
    rng = ctx.draws.rng(99)
    outputs, gradients = backend.gradients(
        call,
        flat,
        layer.trainable_weights,
        lambda tensors: [
            random_like(np.zeros(one.shape, dtype), rng) for one in tensors
        ],
    )
    losses = [listed(one) for one in layer.losses]
    before = [backend.to_numpy(one).copy() for one in layer.weights]
    ctx.call.step(layer, flat, **training)
    states = [listed(one) for one in layer.weights]
    for one, value in zip(layer.weights, before, strict=True):
        one.assign(value)
    return {
        "outputs": [listed(one) for one in outputs],
        "masks": [None if one is None else listed(one) for one in masks],
        "gradients": [None if one is None else listed(one) for one in gradients],
        "losses": losses,
        "states": states,
    }


def listed(value: Any) -> Any:
    """An array as nested lists."""
    array = backend.to_numpy(value)
    return array.astype("float64").tolist() if is_float(array) else array.tolist()


def written(config: dict[str, Any]) -> Any:
    """A config as plain data, names that Keras counts up left out."""
    plain = keras.saving.serialize_keras_object(config)
    text = json.dumps({**plain, "name": ""}, sort_keys=True, default=repr)
    return json.loads(text)


def first_difference(one: Any, other: Any, place: str = "") -> str | None:
    """Where two observations differ; None where they agree."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(f"{place}, {key}", one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [
            (f"{place}[{i}]", *both)
            for i, both in enumerate(zip(one, other, strict=True))
        ]
    elif isinstance(one, float) and isinstance(other, float):
        same = abs(one - other) <= CLOSE * max(1.0, abs(one)) or one != one != other
        return None if same else f"{place.lstrip(', ')}: {one} and {other}"
    else:
        return None if one == other else f"{place.lstrip(', ')}: {one} and {other}"
    found = (first_difference(a, b, where) for where, a, b in pairs)
    return next((problem for problem in found if problem), None)


def observations(mutants: Iterable[Mutant]) -> list[Task]:
    """For each mutant a task for the unbroken module, and one for the mutant."""
    return [
        partial(observe, one.layer, text)
        for one in mutants
        for text in (module_files()[one.layer].read_text("utf-8"), one.text)
    ]


def verdicts(answers: list[Answer]) -> list[str | None]:
    """For each pair of answers the difference, None where there is none."""
    said = [
        one.said if one.said is not None else {"failed": one.log} for one in answers
    ]
    return [
        "the unbroken layer fails" if "failed" in one else first_difference(one, other)
        for one, other in zip(said[::2], said[1::2], strict=True)
    ]
