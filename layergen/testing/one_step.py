"""One step of Keras' own training, on one device or as `keras.distribution` spreads it.

The fresh process, which knows nothing of this package, takes the file by its path: it
imports Keras alone.
"""

import random
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import keras
import numpy as np

RATE = 2.0**-10  # A power of two: what it scales keeps its digits.
PARTS = (2, 3, 5, 7)  # Into how many parts an axis may be cut, a device for each.
IN_PARTS = "whether the weight is in parts"


class Trained(keras.Model):  # type: ignore[misc]
    """A model around another, whose loss its outputs are, and what calls add to it.

    Every float input is shifted by a weight, which begins as zeros: its gradient is the
    input's, summed up over the batch.
    """

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner
        self.shifts: list[Any] = []
        self.names: dict[int, str] = {}

    def build(self, input_shape: Any) -> None:
        """Makes the shifts; an axis that is left open has one for all."""
        for number, one in enumerate(self.inner.inputs):
            shift = None
            if keras.backend.is_float_dtype(one.dtype):
                shape = [size or 1 for size in one.shape[1:]]
                shift = self.add_weight(shape, "zeros", name=f"shift_{number}")
                self.names[id(shift)] = f"input {number}"
            self.shifts.append(shift)
        self.built = True

    def call(self, inputs: Any, training: Any = None) -> list[Any]:
        """The outputs of the model inside, flat."""
        flat = [
            one if shift is None else one + keras.ops.cast(shift, one.dtype)
            for one, shift in zip(keras.tree.flatten(inputs), self.shifts, strict=True)
        ]
        outputs = self.inner(flat[0] if len(flat) == 1 else flat, training=training)
        return list(keras.tree.flatten(outputs))

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, *rest: Any, **named: Any
    ) -> Any:
        """Weighted squares, none of which another can cancel, and the layer's losses."""
        total = sum((keras.ops.sum(one) for one in self.losses), keras.ops.zeros(()))
        for one in y_pred:
            if keras.backend.is_float_dtype(one.dtype):
                numbers = np.arange(np.prod(one.shape)).reshape(one.shape)
                weights = 1.0 + np.cos(numbers) / 2
                total += keras.ops.mean(
                    weights.astype("float32") * keras.ops.square(one)
                )
        return total


def step(
    load: Callable[[], Any], inputs: list[Any], seed: int
) -> tuple[Any, dict[str, Any]]:
    """Loads a model and trains it for one step; the model, and what there is then.

    That is, by name, the loss, gradients, states and seeds, and the outputs at inference
    after the step.
    """
    random.seed(seed)
    model = load()
    trained = Trained(model)
    optimizer = keras.optimizers.SGD(RATE, momentum=0.5)
    trained.compile(optimizer)
    found = {"the loss": np.asarray(trained.train_on_batch(inputs))}
    # The first momentum is the step itself.
    pairs = zip(trained.trainable_variables, optimizer.momentums, strict=True)
    for one, momentum in pairs:
        name = trained.names.get(id(one), named(one))
        found[f"the gradient of {name}"] = -numpy_of(momentum) / RATE
    for one in model.non_trainable_variables:
        found[named(one)] = numpy_of(one)
    given = inputs[0] if len(inputs) == 1 else inputs
    outputs = model.predict(given, batch_size=len(inputs[0]), verbose=0)
    for number, one in enumerate(keras.tree.flatten(outputs)):
        found[f"output {number}"] = np.asarray(one)
    return model, found


def named(variable: Any) -> str:
    """A variable's path below the outermost layer, whose name is the model's affair."""
    first, _, below = variable.path.partition("/")
    return f"`{below or first}`"


def numpy_of(variable: Any) -> Any:
    """A variable's values, from all devices that hold a part of it."""
    return np.array(keras.ops.convert_to_numpy(variable.value))


def largest_shard(model: Any) -> tuple[int, int, int] | None:
    """The largest weight that can be cut: its place, the axis and into how many parts.

    None where all sizes of all weights are 1, or have no small divisor.
    """
    weights = [*enumerate(model.weights)]
    for place, one in sorted(weights, key=lambda pair: -int(np.prod(pair[1].shape))):
        for parts in PARTS:
            for axis, size in reversed([*enumerate(one.shape)]):
                if size % parts == 0:
                    return place, axis, parts
    return None


def spread(
    load: Callable[[], Any],
    inputs: list[Any],
    seed: int,
    over: str | list[int],
    path: str,
) -> dict[str, Any]:
    """What one step leaves, by name, with devices as `over` says; the model is saved.

    "one": on one device; "batch": two of them share the batch; what `largest_shard` says:
    several share a weight, and `IN_PARTS` tells whether they still do.
    """
    # Names that Keras counts are then the same each time.
    keras.utils.clear_session(free_memory=False)
    distribution = data_parallel() if over == "batch" else None
    if isinstance(over, list):
        place, *cut = over
        distribution = model_parallel(load().weights[place], *cut)
        keras.utils.clear_session(free_memory=False)
    with distribution.scope() if distribution else nullcontext():
        model, found = step(load, inputs, seed)
        model.save(path)
    if isinstance(over, list):
        kept = model.weights[place].value
        found[IN_PARTS] = np.asarray(not kept.sharding.is_fully_replicated)
    return found


def data_parallel() -> Any:
    """Two devices that share the batch."""
    mesh = keras.distribution.DeviceMesh((2,), ["batch"], ["cpu:0", "cpu:1"])
    return keras.distribution.DataParallel(mesh)


def model_parallel(variable: Any, axis: int, parts: int) -> Any:
    """Devices that share one weight, cut along one of its axes."""
    devices = [f"cpu:{number}" for number in range(parts)]
    mesh = keras.distribution.DeviceMesh((1, parts), ["batch", "model"], devices)
    layout = keras.distribution.LayoutMap(mesh)
    axes: list[Any] = [None] * len(variable.shape)
    axes[axis] = "model"
    layout[variable.path] = tuple(axes)
    return keras.distribution.ModelParallel(layout_map=layout, batch_dim_name="batch")
