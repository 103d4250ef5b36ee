"""JAX: stateless functions of values, one program for each shape, always XLA.

What each function is for, `Backend` says.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import keras
import numpy as np
from jax import numpy as jnp
from keras.src.backend.common.dtypes import BIT64_TO_BIT32_DTYPE

from ..inputs import Array
from ..outcomes import NotApplicable

Tensors = list[Any]
Function = Callable[[Tensors], Tensors]


def prepare() -> None:
    """Makes float64 mean float64, and float32 float32 on a GPU too.

    Whatever JAX may be told, Keras rounds to float32 what its operations make of
    float64: gradients could not be held to central differences there.
    """
    BIT64_TO_BIT32_DTYPE["float64"] = "float64"
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_default_matmul_precision", "highest")


def devices() -> list[str]:
    gpus = [one for one in jax.devices() if one.platform == "gpu"]
    return ["cpu:0", *(f"gpu:{i}" for i in range(len(gpus)))]


def is_eager() -> bool:
    return not isinstance(jnp.zeros(()), jax.core.Tracer)


def tensor(value: Array) -> Any:
    return jnp.asarray(value)


def to_numpy(value: Any) -> Array:
    return np.asarray(value.value if isinstance(value, keras.Variable) else value)


def is_tensor(value: Any) -> bool:
    return isinstance(value, jax.Array)


def is_raw_variable(value: Any) -> bool:
    return False  # JAX has none.


def require_replicas() -> None:
    raise NotApplicable("JAX has no MirroredStrategy")


def require_distribution() -> None:
    """There is one."""


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
    """A gradient is zero where the output is not connected."""
    places, floats = _floats(inputs)
    outputs: list[Any] = []

    def of_floats(values: Tensors, weights: Tensors) -> Tensors:
        flat = _replaced(inputs, places, values)
        outputs[:] = _stateless(function, variables, weights, flat)
        return [one for one in outputs if _is_float(one)]

    weights = [one.value for one in variables]
    found, pull = jax.vjp(of_floats, floats, weights)
    cotangents = [
        jnp.asarray(one, output.dtype)
        for one, output in zip(upstream(found), found, strict=True)
    ]
    of_inputs, of_weights = pull(cotangents)
    numbers = iter(found)
    return (
        [to_numpy(next(numbers) if _is_float(one) else one) for one in outputs],
        [to_numpy(one) for one in [*of_inputs, *of_weights]],
    )


def curvature(
    function: Function,
    inputs: Sequence[Array],
    variables: Sequence[Any],
    upstream: Sequence[Array],
    directions: Sequence[Array],
) -> tuple[float, list[Any]]:
    """A gradient is zero where the slope does not depend on the argument."""
    places, floats = _floats(inputs)

    def value(sources: Tensors) -> Any:
        flat = _replaced(inputs, places, sources[: len(places)])
        outputs = _stateless(function, variables, sources[len(places) :], flat)
        pairs = zip(filter(_is_float, outputs), upstream, strict=True)
        return sum(jnp.sum(output * one) for output, one in pairs)

    def slope(sources: Tensors) -> Any:
        pairs = zip(jax.grad(value)(sources), directions, strict=True)
        return sum(jnp.sum(gradient * one) for gradient, one in pairs)

    sources = [*floats, *(one.value for one in variables)]
    steepness, second = jax.value_and_grad(slope)(sources)
    return float(steepness), [to_numpy(one) for one in second]


def _is_float(value: Any) -> bool:
    return bool(jnp.issubdtype(value.dtype, jnp.floating))


def _floats(inputs: Sequence[Array]) -> tuple[list[int], Tensors]:
    """The places of the float inputs, and their tensors."""
    places = [i for i, one in enumerate(inputs) if _is_float(one)]
    return places, [jnp.asarray(inputs[i]) for i in places]


def _replaced(inputs: Sequence[Array], places: list[int], values: Tensors) -> Tensors:
    flat = [jnp.asarray(one) for one in inputs]
    for place, value in zip(places, values, strict=True):
        flat[place] = value
    return flat


def _stateless(
    function: Function, variables: Sequence[Any], values: Tensors, flat: Tensors
) -> Tensors:
    """Calls a function with other values of some variables; no variable changes."""
    mapping = list(zip(variables, values, strict=True))
    with keras.StatelessScope(mapping, collect_losses=True):
        return function(flat)


def compiled(
    function: Function,
    layer: Any,
    shapes: Sequence[Sequence[int | None]],
    dtypes: Sequence[str],
    xla: bool,
) -> "Compiled":
    """A program of a function and of the values of a layer's variables."""
    if any(size is None for shape in shapes for size in shape):
        raise NotApplicable("JAX compiles a program for each shape")
    given = [
        jax.ShapeDtypeStruct(tuple(shape), dtype)
        for shape, dtype in zip(shapes, dtypes, strict=True)
    ]
    if not layer.built:
        with keras.StatelessScope():
            jax.eval_shape(function, given)

    def program(values: Tensors, flat: Tensors) -> tuple[Tensors, Tensors]:
        variables = layer.variables
        mapping = list(zip(variables, values, strict=True))
        with keras.StatelessScope(mapping, collect_losses=True) as scope:
            outputs = [jnp.asarray(one) for one in function(flat)]
        return outputs, [scope.get_current_value(one) for one in variables]

    traced = jax.jit(program).trace([one.value for one in layer.variables], given)
    equations = [*_equations(traced.jaxpr.jaxpr.eqns)]
    traits = frozenset(trait for one in equations for trait in _traits(one))
    why = _without_second_gradient(equations)
    return Compiled(traced.lower().compile(), layer, len(equations), traits, why)


def _without_second_gradient(equations: Sequence[Any]) -> str:
    """Where a custom gradient's forward pass stops the gradients of its arguments, JAX
    takes what comes of it for a constant when it differentiates once more."""
    own = (one for one in equations if one.primitive.name.startswith("custom_vjp"))
    inner = _equations([*own])
    stops = any(one.primitive.name == "stop_gradient" for one in inner)
    why = "JAX differentiates no value past a custom gradient's stop_gradient once more"
    return why if stops else ""


@dataclass(frozen=True)
class Compiled:
    """A program of values, which takes and gives those of a layer's variables."""

    program: Any
    layer: Any
    size: int
    traits: frozenset[str]
    stops_second_gradient: str = ""

    def __call__(self, inputs: Sequence[Array]) -> list[Array]:
        variables = self.layer.variables
        outputs, values = self.program(
            [one.value for one in variables], [jnp.asarray(one) for one in inputs]
        )
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        return [to_numpy(one) for one in outputs]


def _equations(equations: Sequence[Any]) -> Iterator[Any]:
    """All operations, those of loops and branches included."""
    for equation in equations:
        yield equation
        for one in jax.tree.leaves(list(equation.params.values())):
            if hasattr(one, "eqns") or hasattr(one, "jaxpr"):
                yield from _equations((one if hasattr(one, "eqns") else one.jaxpr).eqns)


# Operations that move values, and compute nothing; `pjit` and its like hold others.
MOVING = {
    *("convert_element_type", "broadcast_in_dim", "reshape", "copy", "transpose"),
    *("slice", "squeeze", "concatenate", "pjit", "jit", "stop_gradient", "iota"),
}
COMPARING = {"gt", "ge", "lt", "le", "eq", "ne"}
STEPS = {"round", "floor", "ceil", "sign", "argmax", "argmin"}


def _traits(equation: Any) -> Iterator[str]:
    """What is particular about an operation."""
    name = equation.primitive.name
    made = [one.aval.dtype for one in equation.outvars if hasattr(one.aval, "dtype")]
    taken = [one.aval.dtype for one in equation.invars if hasattr(one.aval, "dtype")]
    if name.startswith("custom_vjp"):
        yield "custom gradient"
    if name == "stop_gradient":
        yield "stopped gradient"
    whole = not any(jnp.issubdtype(one, jnp.floating) for one in made)
    floats = any(jnp.issubdtype(one, jnp.floating) for one in taken)
    if name in STEPS or (name == "convert_element_type" and whole and floats):
        yield "rounding"
    if name in COMPARING and floats:
        yield "comparison"
    if name not in MOVING and jnp.float32 in made:
        yield "float32"
    if name == "convert_element_type" and jnp.float32 in made and jnp.float64 in taken:
        yield "narrowed"


def symbolic(function: Function, given: list[Any]) -> list[Any]:
    return function(given)


def refuses_none(error: BaseException | None) -> bool:
    return "Non-tensor received: None" in str(error)


def lacks_dtype(error: BaseException | None) -> bool:
    return False


def lacks_length(error: BaseException | None) -> bool:
    return False


def lacks_kernel(error: BaseException | None) -> bool:
    return False


def serve(model: Any, path: str, inputs: Any) -> list[Array]:
    raise NotApplicable("a SavedModel is served by TensorFlow")
