"""What goes into a layer: drawn inputs and weights, and what must come out."""

from __future__ import annotations

import copy
import zlib
from types import ModuleType
from typing import Any

import keras
import ml_dtypes
import numpy as np
import tensorflow as tf

TOLERANCE = {"float32": 1e-4, "mixed_bfloat16": 3e-2}
flatten = keras.tree.flatten


def generator(name: str) -> np.random.Generator:
    return np.random.default_rng([0, zlib.crc32(name.encode())])


def drawn(given: Any, name: str) -> Any:
    """An array, or a list of them, as `INPUTS` and `MASKS` say."""
    if isinstance(given, list):
        return [drawn(one, f"{name} {i}") for i, one in enumerate(given)]
    rng = generator(name)
    if callable(given):
        return rounded(np.asarray(given(rng)))
    if isinstance(given, np.ndarray):
        return rounded(given)
    shape, dtype, *bounds = given
    if dtype == "bool":
        return rng.random(shape) < 0.5
    return rounded(between(rng, shape, dtype, *(bounds or (-1, 1))))


def between(rng: Any, shape: Any, dtype: str, low: float, high: float) -> np.ndarray:
    if "int" in dtype:
        return rng.integers(low, high, shape).astype(dtype)
    return rng.uniform(low, high, shape).astype("float32")


def rounded(array: np.ndarray) -> np.ndarray:
    """Floats in float32, with values that bfloat16 has too."""
    if not np.issubdtype(array.dtype, np.floating):
        return array.astype("int32") if array.dtype == np.int64 else array
    return array.astype(ml_dtypes.bfloat16).astype("float32")


def in_float64(array: Any) -> Any:
    is_float = np.issubdtype(array.dtype, np.floating)
    return array.astype("float64") if is_float else array.copy()


class Trial:
    """A class of layers, its values, what goes in, and a policy."""

    def __init__(self, layer: Any, module: ModuleType, policy: str) -> None:
        self.layer, self.module, self.policy = layer, module, policy
        self.inputs = {k: drawn(v, k) for k, v in module.INPUTS.items()}
        masks = getattr(module, "MASKS", {})
        self.masks = {k: drawn(v, f"mask of {k}") for k, v in masks.items()}

    def args(self) -> dict[str, Any]:
        given = self.module.ARGS
        return given() if callable(given) else copy.deepcopy(given)

    def make(self) -> Any:
        """A new layer, not built."""
        keras.utils.clear_session()
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(self.policy)
        try:
            return self.layer(**self.args(), name="it")
        finally:
            keras.config.set_dtype_policy(before)

    def tensors(self) -> list[Any]:
        return [
            keras.tree.map_structure(tf.constant, one) for one in self.inputs.values()
        ]

    def mask_tensors(self) -> list[Any]:
        return [
            tf.constant(self.masks[name]) if name in self.masks else None
            for name in self.inputs
        ]

    def weights(self, layer: Any) -> dict[str, Any]:
        """The variables of a layer by the reference's path."""
        renamed, found = getattr(self.module, "PATHS", {}), {}
        for variable in layer.weights:
            path = variable.path.removeprefix(f"{layer.name}/")
            path = renamed.get(path, path)
            assert path not in found, f"two weights have the path {path}"
            found[path] = variable
        return found

    def fill(self, layer: Any) -> None:
        ranges = getattr(self.module, "WEIGHTS", {})
        variables = self.weights(layer)
        lost = ranges.keys() - variables.keys()
        assert not lost, f"no weights {sorted(lost)}, but {sorted(variables)}"
        for path, variable in variables.items():
            rng, given = generator(f"weight {path}"), ranges.get(path)
            shape, dtype = tuple(variable.shape), variable.dtype
            if callable(given):
                value = np.asarray(given(rng, shape))
            else:
                low, high = given or ((0, 4) if "int" in dtype else (-1, 1))
                value = np.asarray(between(rng, shape, dtype, low, high))
            variable.assign(rounded(value).astype(dtype))

    def expected(self, layer: Any, training: bool) -> dict[str, Any]:
        """What the reference says for the weights that a layer has."""
        inputs = keras.tree.map_structure(in_float64, self.inputs)
        inputs |= {f"{name}_mask": mask.copy() for name, mask in self.masks.items()}
        values = {k: v.numpy() for k, v in self.weights(layer).items()}
        weights = {k: in_float64(np.asarray(v)) for k, v in values.items()}
        given = self.module.reference(inputs, weights, self.args(), training)
        if not isinstance(given, dict):
            given = {"outputs": given}
        unknown = given.keys() - {"outputs", "states", "losses", "mask"}
        assert not unknown, f"the reference returns {sorted(unknown)}"
        states = values | given.get("states", {})
        assert states.keys() == values.keys(), f"no states {sorted(states)}"
        return {"losses": 0.0} | given | {"states": states}

    def wrong(self, want: Any, got: Any, where: str) -> str:
        """How values differ from those expected, beyond what is allowed."""
        want = [np.asarray(one) for one in flatten(want)]
        got = [np.asarray(one) for one in flatten(got)]
        if len(want) != len(got):
            return f"{where}: {len(got)} tensors, {len(want)} expected"
        for i, (right, value) in enumerate(zip(want, got, strict=True)):
            found = self.difference(right, value)
            if found:
                return f"{where} {i}: {found}" if len(want) > 1 else f"{where}: {found}"
        return ""

    def difference(self, want: np.ndarray, got: np.ndarray) -> str:
        if want.shape != got.shape:
            return f"shape {got.shape}, {want.shape} expected"
        if not want.size:
            return ""
        difference = np.abs(got.astype("float64") - want.astype("float64"))
        scale = np.max(np.abs(want)) or 1.0
        allowed = TOLERANCE[self.policy] * scale
        off = ~(difference <= allowed)
        flips = getattr(self.module, "FLIPS", 0) if self.policy != "float32" else 0
        if off.mean() <= flips:
            return ""
        place = np.unravel_index(
            np.argmax(np.nan_to_num(difference, nan=np.inf)), want.shape
        )
        return (
            f"largest difference {difference[place]:.3g} at {tuple(map(int, place))}, "
            f"{allowed:.2g} allowed, {off.mean():.0%} of the entries are off"
        )
