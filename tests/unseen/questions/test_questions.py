"""Layers that people asked for compute what they asked for.

Each spec of this folder is generated anew and compared with the NumPy of `values.py`: eager,
as a compiled model with and without XLA, saved and loaded, in float32 and mixed_bfloat16.
`README.md` says who asked for what.
"""

import importlib.util
import sys
import zlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from unseen.questions.values import QUESTIONS, Question

import layergen

HERE = Path(__file__).parent
POLICIES = ("float32", "mixed_bfloat16")


def as_bfloat16(value: np.ndarray) -> np.ndarray:
    """The nearest number that bfloat16 holds; whole numbers as they are."""
    if value.dtype.kind in "iub":
        return value
    bits = np.asarray(value, "float32").view("uint32")
    return ((bits + 0x8000) & 0xFFFF0000).astype("uint32").view("float32")


def drawn(name: str, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return as_bfloat16(rng.normal(size=shape).astype("float32"))


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The class of a spec of this folder, generated once."""
    folder = tmp_path_factory.mktemp("questions")
    classes: dict[str, Any] = {}

    def of(name: str) -> Any:
        if name not in classes:
            spec = layergen.load(HERE / f"{name}.yaml")
            for file, text in layergen.render(spec).items():
                (folder / file).write_text(text, encoding="utf-8")
            found = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
            module = importlib.util.module_from_spec(found)
            sys.modules[name] = module
            found.loader.exec_module(module)
            classes[name] = getattr(module, spec.layer)
        return classes[name]

    return of


def made(question: Question, cls: Any, policy: str) -> keras.Layer:
    args = {
        name: (
            getattr(keras.layers, value[0])(**value[1], name=name, dtype=policy)
            if isinstance(value, tuple)
            else value
        )
        for name, value in question.args.items()
    }
    if question.cell:
        return keras.layers.RNN(
            cls(**args, dtype=policy), return_sequences=True, dtype=policy
        )
    return cls(**args, dtype=policy)


def inputs_of(name: str, question: Question) -> dict[str, Any]:
    def one(key: str, value: Any) -> Any:
        if isinstance(value, list):
            return [one(f"{key}{i}", item) for i, item in enumerate(value)]
        return drawn(f"{name} {key}", value) if isinstance(value, tuple) else value

    return {key: one(key, value) for key, value in question.inputs.items()}


def model_of(
    layer: keras.Layer, values: list[Any], mask: np.ndarray | None
) -> keras.Model:
    def tensor(value: Any) -> Any:
        if isinstance(value, list):
            return [tensor(item) for item in value]
        return keras.Input(value.shape[1:], dtype=str(value.dtype))

    tensors = [tensor(value) for value in values]
    given = keras.Input(mask.shape[1:], dtype="bool") if mask is not None else None
    outputs = layer(*tensors) if mask is None else layer(*tensors, mask=given)
    return keras.Model([*tensors, given] if mask is not None else tensors, outputs)


def set_weights(name: str, layer: keras.Layer) -> dict[str, np.ndarray]:
    weights = {}
    for weight in layer.weights:
        path = weight.path.split("/", 1)[1]
        if "seed" in path:
            continue
        path = path.split("/", 1)[1] if isinstance(layer, keras.layers.RNN) else path
        value = drawn(f"{name} {path}", tuple(weight.shape))
        if path in ("widths", "norm1/gamma", "norm2/gamma"):
            value = as_bfloat16(np.abs(value) + 0.5)
        weight.assign(value)
        weights[path] = value.astype("float64")
    return weights


def flat(values: Any) -> list[np.ndarray]:
    return [np.asarray(value, "float64") for value in keras.tree.flatten(values)]


def compare(got: Any, right: Any, tolerance: float, how: str) -> None:
    gots, rights = flat(keras.tree.map_structure(np.array, got)), flat(right)
    assert len(gots) == len(rights), how
    for value, wanted in zip(gots, rights, strict=True):
        np.testing.assert_allclose(
            value, wanted, rtol=tolerance, atol=tolerance, err_msg=how
        )


def widened(value: Any) -> Any:
    return keras.tree.map_structure(
        lambda item: item if item.dtype.kind in "iub" else item.astype("float64"), value
    )


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question(name, policy, generated, tmp_path):
    question = QUESTIONS[name]
    inputs = inputs_of(name, question)
    mask = next(iter(question.masks.values()), None)
    layer = made(question, generated(name.split("-")[0]), policy)
    model = model_of(layer, list(inputs.values()), mask)
    weights = set_weights(name, layer)
    right = question.right(*(widened(value) for value in inputs.values()), weights)
    tolerance = 2e-5 if policy == "float32" else question.tolerance
    given = [*inputs.values(), mask] if mask is not None else list(inputs.values())

    eager = [
        keras.tree.map_structure(keras.ops.convert_to_tensor, value)
        for value in inputs.values()
    ]
    kwargs = {} if mask is None else {"mask": keras.ops.convert_to_tensor(mask)}
    compare(as_float32(layer(*eager, **kwargs)), right, tolerance, "eager")
    flat_given = keras.tree.flatten(given)
    model.compile(jit_compile=False)
    compare(model.predict(flat_given, verbose=0), right, tolerance, "compiled")
    model.compile(jit_compile=True)
    compare(model.predict(flat_given, verbose=0), right, tolerance, "compiled with XLA")
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    compare(loaded.predict(flat_given, verbose=0), right, tolerance, "saved and loaded")


def as_float32(values: Any) -> Any:
    return keras.tree.map_structure(
        lambda value: keras.ops.cast(value, "float32"), values
    )
