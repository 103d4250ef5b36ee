"""TensorFlow: tapes, traced functions, XLA, SavedModel.

What each function is for, `Backend` says.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from ..inputs import Array
from ..outcomes import NotApplicable

Function = Callable[[list[Any]], list[Any]]


def prepare() -> None:
    """Makes float32 mean float32: comparisons are finer than TensorFloat-32."""
    if tf.config.list_physical_devices("GPU"):
        tf.config.experimental.enable_tensor_float_32_execution(False)


def devices() -> list[str]:
    gpus = tf.config.list_logical_devices("GPU")
    return ["cpu:0", *(f"gpu:{i}" for i in range(len(gpus)))]


def is_eager() -> bool:
    return bool(tf.executing_eagerly())


def tensor(value: Array) -> Any:
    return tf.constant(value)


def to_numpy(value: Any) -> Array:
    return np.asarray(value.numpy() if hasattr(value, "numpy") else value)


def is_tensor(value: Any) -> bool:
    return isinstance(value, tf.Tensor | tf.SparseTensor | tf.RaggedTensor)


def is_raw_variable(value: Any) -> bool:
    return isinstance(value, tf.Variable)


def require_replicas() -> None:
    """There is one."""


def require_distribution() -> None:
    raise NotApplicable("TensorFlow spreads layers by MirroredStrategy alone")


def require_compiler() -> None:
    """XLA compiles by itself."""


def attributes(layer: Any) -> dict[str, Any]:
    return dict(vars(layer))


def gradients(
    function: Function,
    inputs: Sequence[Array],
    variables: Sequence[Any],
    upstream: Callable[[list[Any]], list[Array]],
) -> tuple[list[Array], list[Any]]:
    """A gradient is None where the output is not connected."""
    tensors = [tf.constant(value) for value in inputs]
    sources = [one for one in tensors if one.dtype.is_floating]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for one in (*sources, *(variable.value for variable in variables)):
            tape.watch(one)
        outputs = function(tensors)
    floats = [one for one in outputs if one.dtype.is_floating]
    cotangents = [
        tf.cast(one, output.dtype)
        for one, output in zip(upstream(floats), floats, strict=True)
    ]
    found = tape.gradient(
        floats, [*sources, *(variable.value for variable in variables)], cotangents
    )
    return [to_numpy(one) for one in outputs], [_dense(one) for one in found]


def curvature(
    function: Function,
    inputs: Sequence[Array],
    variables: Sequence[Any],
    upstream: Sequence[Array],
    directions: Sequence[Array],
) -> tuple[float, list[Any]]:
    """A gradient is None where the slope does not depend on the argument."""
    tensors = [tf.constant(value) for value in inputs]
    sources = [one for one in tensors if one.dtype.is_floating]
    sources += [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as outer:
        outer.watch(sources)
        with tf.GradientTape(watch_accessed_variables=False) as inner:
            inner.watch(sources)
            floats = [one for one in function(tensors) if one.dtype.is_floating]
        first = inner.gradient(floats, sources, [tf.constant(one) for one in upstream])
        slope = tf.add_n(
            [tf.zeros([], floats[0].dtype)]
            + [
                tf.cast(
                    tf.reduce_sum(tf.convert_to_tensor(gradient) * direction),
                    floats[0].dtype,
                )
                for gradient, direction in zip(first, directions, strict=True)
                if gradient is not None
            ]
        )
    second = outer.gradient(slope, sources)
    return float(slope), [_dense(one) for one in second]


def _dense(gradient: Any) -> Any:
    return None if gradient is None else to_numpy(tf.convert_to_tensor(gradient))


def compiled(
    function: Function,
    layer: Any,
    shapes: Sequence[Sequence[int | None]],
    dtypes: Sequence[str],
    xla: bool,
) -> "Compiled":
    """A traced function; it holds the layer's variables weakly."""
    specs = [
        tf.TensorSpec(shape, dtype) for shape, dtype in zip(shapes, dtypes, strict=True)
    ]
    # A concrete function cannot be traced again behind the caller's back.
    return Compiled(
        tf.function(
            lambda *tensors: function(list(tensors)), jit_compile=True if xla else None
        ).get_concrete_function(*specs)
    )


@dataclass(frozen=True)
class Compiled:
    """A concrete function."""

    concrete: Any

    def __call__(self, inputs: Sequence[Array]) -> list[Array]:
        outputs = self.concrete(*(tf.constant(value) for value in inputs))
        return [to_numpy(one) for one in outputs]

    @property
    def size(self) -> int:
        return len(self._nodes)

    @property
    def stops_second_gradient(self) -> str:
        """It is wrong where `tf.nn.moments` is called.

        That stops the gradient of the mean inside the variance: right at first order,
        for the terms cancel, but not at second.
        """
        stops = any(
            one.op == "StopGradient" and "moments" in one.name for one in self._nodes
        )
        why = "TensorFlow's `moments` stops a gradient, and has no right second one"
        return why if stops else ""

    @property
    def traits(self) -> frozenset[str]:
        return frozenset(trait for one in self._nodes for trait in _traits(one))

    @property
    def _nodes(self) -> list[Any]:
        graph = self.concrete.graph.as_graph_def()
        called = [node for one in graph.library.function for node in one.node_def]
        return [*graph.node, *called]


# Operations that move values, and compute nothing.
MOVING = {
    *(
        "Cast",
        "Const",
        "Identity",
        "IdentityN",
        "Placeholder",
        "ReadVariableOp",
        "Shape",
    ),
    *(
        "StopGradient",
        "Fill",
        "Reshape",
        "StridedSlice",
        "Pack",
        "ExpandDims",
        "Squeeze",
    ),
    *("Transpose", "ConcatV2", "NoOp", "Range"),
}
COMPARING = {"Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual"}
# Operations whose result is float32, whatever they are given.
FLOAT32_ALONE = {
    *("ResizeBilinear", "ResizeBicubic", "ResizeArea", "ScaleAndTranslate"),
    "CropAndResize",
}
STEPS = {"Round", "Rint", "Floor", "Ceil", "Sign", "ArgMax", "ArgMin"}


def _traits(node: Any) -> Iterator[str]:
    """What is particular about a node of a graph."""
    if node.op == "StopGradient":
        yield "stopped gradient"
    if node.attr["_gradient_op_type"].s.startswith(b"CustomGradient"):
        yield "custom gradient"
    whole = not tf.as_dtype(node.attr["DstT"].type or tf.float32).is_floating
    if node.op in STEPS or (
        node.op == "Cast" and whole and tf.as_dtype(node.attr["SrcT"].type).is_floating
    ):
        yield "rounding"
    if node.op in COMPARING and tf.as_dtype(node.attr["T"].type).is_floating:
        yield "comparison"
    if node.op in ("TensorListReserve", "TensorListFromTensor"):
        yield "list of steps"
    if node.op == "TopKV2" and not node.attr["sorted"].b:
        yield "free order"
    if node.op in FLOAT32_ALONE or (
        node.op not in MOVING and node.attr["T"].type == tf.float32.as_datatype_enum
    ):
        yield "float32"
    if node.op == "Cast" and _narrows(node):
        yield "narrowed"


def _narrows(node: Any) -> bool:
    """Whether a cast takes float64 to float32."""
    ends = node.attr["SrcT"].type, node.attr["DstT"].type
    return ends == (tf.float64.as_datatype_enum, tf.float32.as_datatype_enum)


def symbolic(function: Function, given: list[Any]) -> list[Any]:
    return function(given)


def refuses_none(error: BaseException | None) -> bool:
    return "Non-tensor received: None" in str(error)


def lacks_dtype(error: BaseException | None) -> bool:
    unmade = "is not in the list of allowed values" in str(error)
    return isinstance(error, tf.errors.InvalidArgumentError) and unmade


def lacks_length(error: BaseException | None) -> bool:
    unknown = "requires a fixed tensor list size" in str(error)
    return isinstance(error, tf.errors.InvalidArgumentError) and unknown


def lacks_kernel(error: BaseException | None) -> bool:
    absent = "Could not find device for node" in str(error)
    return isinstance(error, tf.errors.NotFoundError) and absent


def serve(model: Any, path: str, inputs: Any) -> list[Array]:
    model.export(path, verbose=False)
    # The loaded object must outlive the call: its functions hold variables weakly.
    loaded = tf.saved_model.load(path)
    answer = loaded.serve(tf.nest.map_structure(tf.constant, inputs))
    return [to_numpy(one) for one in tf.nest.flatten(answer)]
