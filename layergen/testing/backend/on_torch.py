"""PyTorch: autograd, programs that `torch.compile` captures, Inductor.

What each function is for, `Backend` says.
"""

import re
import shutil
from collections.abc import Callable, Sequence
from typing import Any

import keras
import ml_dtypes
import numpy as np
import torch
from keras.src.backend.common.dtypes import BIT64_TO_BIT32_DTYPE
from keras.src.backend.torch.core import compute_output_spec
from torch._inductor import config as inductor

from ..inputs import Array
from ..outcomes import NotApplicable
from .torch_nodes import count, keeps_values, nodes_of, traits

Tensors = list[Any]
Function = Callable[[Tensors], Tensors]


def prepare() -> None:
    """Makes float64 mean float64, and float32 float32 on a GPU too.

    Keras rounds to float32 what its operations make of float64 where two dtypes meet:
    gradients could not be held to central differences there.
    """
    BIT64_TO_BIT32_DTYPE["float64"] = "float64"
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.allow_tf32 = False


def devices() -> list[str]:
    # On "cpu:0" Keras' variables would be copies of parameters, which get no gradient.
    return ["cpu", *(f"gpu:{i}" for i in range(torch.cuda.device_count()))]


def is_eager() -> bool:
    return not torch.compiler.is_compiling()


def tensor(value: Array) -> Any:
    """A copy: a tensor would share the memory of the array."""
    return keras.ops.convert_to_tensor(np.array(value))


def to_numpy(value: Any) -> Array:
    if isinstance(value, keras.Variable):
        value = value.value
    if not is_tensor(value):
        return np.asarray(value)
    plain = value.detach().cpu()
    if plain.dtype == torch.bfloat16:
        return np.asarray(plain.float().numpy(), ml_dtypes.bfloat16)
    return np.array(plain.numpy())


def is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor)


def is_raw_variable(value: Any) -> bool:
    return isinstance(value, torch.nn.Parameter)


def require_replicas() -> None:
    raise NotApplicable("PyTorch has no MirroredStrategy")


def require_distribution() -> None:
    raise NotApplicable("keras.distribution does not spread layers on PyTorch")


def require_compiler() -> None:
    """Inductor writes C++."""
    if not any(map(shutil.which, filter(None, inductor.cpp.cxx))):
        raise NotApplicable("Inductor needs a C++ compiler, and there is none here")


def attributes(layer: Any) -> dict[str, Any]:
    """PyTorch keeps modules, parameters and buffers apart; all weights are in one."""
    apart = (vars(layer)[name] for name in ("_modules", "_parameters", "_buffers"))
    found = {name: one for kept in apart for name, one in kept.items()}
    found.pop("_torch_params", None)
    return {**vars(layer), **found}


def gradients(
    function: Function,
    inputs: Sequence[Array],
    variables: Sequence[Any],
    upstream: Callable[[list[Any]], list[Array]],
) -> tuple[list[Array], list[Any]]:
    """A gradient is None where the output is not connected."""
    tensors = [tensor(value) for value in inputs]
    sources = _sources(tensors, variables)
    outputs = function(tensors)
    floats = [one for one in outputs if one.is_floating_point()]
    cotangents = [
        tensor(one).to(output.dtype)
        for one, output in zip(upstream(floats), floats, strict=True)
    ]
    found = _pulled(floats, sources, cotangents)
    return [to_numpy(one) for one in outputs], [_array(one) for one in found]


def curvature(
    function: Function,
    inputs: Sequence[Array],
    variables: Sequence[Any],
    upstream: Sequence[Array],
    directions: Sequence[Array],
) -> tuple[float, list[Any]]:
    """A gradient is None where the slope does not depend on the argument."""
    tensors = [tensor(value) for value in inputs]
    sources = _sources(tensors, variables)
    floats = [one for one in function(tensors) if one.is_floating_point()]
    first = _pulled(floats, sources, [tensor(one) for one in upstream], again=True)
    slope = torch.zeros((), dtype=torch.float64)
    for gradient, direction in zip(first, directions, strict=True):
        if gradient is not None:
            slope = slope + (gradient * tensor(direction)).sum()
    try:
        second = _pulled([slope], sources, [torch.ones_like(slope)])
    except RuntimeError as error:
        if "derivative for" in str(error) and "is not implemented" in str(error):
            raise LookupError(str(error)) from error
        raise
    return float(slope.detach()), [_array(one) for one in second]


def _sources(tensors: Tensors, variables: Sequence[Any]) -> Tensors:
    """What gradients are asked of: the float inputs, then the variables."""
    floats = [one.requires_grad_() for one in tensors if one.is_floating_point()]
    return [*floats, *(one.value for one in variables)]


def _pulled(
    outputs: Tensors, sources: Tensors, cotangents: Tensors, again: bool = False
) -> Sequence[Any]:
    """Gradients of the outputs, which may be constants; `again` keeps their own."""
    pairs = [
        (output, one)
        for output, one in zip(outputs, cotangents, strict=True)
        if output.requires_grad
    ]
    if not pairs:
        return [None] * len(sources)
    kept, given = zip(*pairs, strict=True)
    asked = [one for one in sources if one.requires_grad]
    numbers = iter(
        torch.autograd.grad(kept, asked, given, create_graph=again, allow_unused=True)
    )
    return [next(numbers) if one.requires_grad else None for one in sources]


def _array(gradient: Any) -> Any:
    return None if gradient is None else to_numpy(gradient)


def compiled(
    function: Function,
    layer: Any,
    shapes: Sequence[Sequence[int | None]],
    dtypes: Sequence[str],
    xla: bool,
) -> "Compiled":
    """What `torch.compile` makes of a function, with Inductor where XLA is asked for.

    What it cannot capture runs between the parts that it can, as in `fit`.
    """
    if xla:
        require_compiler()
    if not layer.built:
        pairs = zip(shapes, dtypes, strict=True)
        given = [keras.KerasTensor(tuple(one), dtype=dtype) for one, dtype in pairs]
        compute_output_spec(function, given)
    return Compiled(function, layer, shapes, dtypes, xla)


class Compiled:
    """A program that is captured when it is first called."""

    def __init__(
        self,
        function: Function,
        layer: Any,
        shapes: Sequence[Sequence[int | None]],
        dtypes: Sequence[str],
        xla: bool,
    ) -> None:
        self.layer, self.xla = layer, xla
        self._is_open = any(size is None for shape in shapes for size in shape)
        self._shapes, self._dtypes = shapes, dtypes
        self._captured: list[Any] = []
        self._program = torch.compile(
            lambda *tensors: function(list(tensors)),
            backend=self._finished,
            dynamic=self._is_open,
            # Programs of other layers, made of the same functions, are none of its own.
            isolate_recompiles=True,
        )

    def _finished(self, graph: Any, examples: Tensors) -> Any:
        """What PyTorch runs for a part that it has captured."""
        self._captured.append(graph)
        if not self.xla:
            return graph.forward
        return torch._dynamo.lookup_backend("inductor")(graph, examples)

    def __call__(self, inputs: Sequence[Array]) -> list[Array]:
        tensors, before = [tensor(one) for one in inputs], len(self._captured)
        if self.xla:
            with torch.no_grad():
                outputs = self._program(*tensors)
        else:
            _sources(tensors, [])  # Else no gradient would be captured.
            outputs = self._program(*tensors)
        if self._is_open and 0 < before < len(self._captured):
            raise NotApplicable(
                "PyTorch compiles a program anew where a size asks for it"
            )
        return [to_numpy(one) for one in outputs]

    @property
    def size(self) -> int:
        return count(self._nodes)

    @property
    def stops_second_gradient(self) -> str:
        """It is wrong where a custom gradient reads what its forward pass computed.

        Keras runs that pass unrecorded on PyTorch: such a value is a constant there.
        """
        kept = any(map(keeps_values, self._nodes))
        why = "PyTorch differentiates no value that a custom gradient keeps, once more"
        return why if kept else ""

    @property
    def traits(self) -> frozenset[str]:
        return frozenset(trait for one in self._nodes for trait in traits(one))

    @property
    def _nodes(self) -> list[Any]:
        """All that was captured; calls the program where nothing has been yet."""
        if not self._captured:
            self._capture()
        return nodes_of(self._captured)

    def _capture(self) -> None:
        """Calls the program on zeros, and takes back what that changes."""
        before = [(one, to_numpy(one)) for one in self.layer.variables]
        sizes = [[size or 2 for size in one] for one in self._shapes]
        try:
            self([*map(np.zeros, sizes, self._dtypes)])
        except Exception:
            if not self._captured:  # Else zeros alone may be to blame.
                raise
        finally:
            for variable, value in before:
                variable.assign(value)


def symbolic(function: Function, given: Tensors) -> Tensors:
    """Where an axis is open, Keras calls a layer twice on PyTorch, and compares the shapes
    of all that it returns: of a None too, which the function itself leaves out."""
    try:
        return function(given)
    except AttributeError as error:
        if not refuses_none(error):
            raise
    return list(compute_output_spec(lambda *tensors: function([*tensors]), *given))


def refuses_none(error: BaseException | None) -> bool:
    return bool(NO_NONE.search(str(error)))


def lacks_dtype(error: BaseException | None) -> bool:
    return bool(UNMADE.search(str(error)))


def lacks_length(error: BaseException | None) -> bool:
    return False


def lacks_kernel(error: BaseException | None) -> bool:
    return bool(UNMADE.search(str(error)))


NO_NONE = re.compile("Non-tensor received: None|'NoneType' object has no .*'shape'")
# What PyTorch says where it has no kernel for a dtype on a device.
UNMADE = re.compile(r"not implemented for '\w+'")


def serve(model: Any, path: str, inputs: Sequence[Array]) -> list[Array]:
    raise NotApplicable("a SavedModel is served by TensorFlow")
