"""The layers of a case called without values: as graphs, and on symbolic tensors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras

from .backend import Function, Program, backend
from .calling import Call
from .case import Array, LayerCase
from .drawing import Draws
from .outcomes import CheckFailure, NotApplicable
from .scopes import still

Shapes = Sequence[Sequence[int | None]]


@dataclass(frozen=True)
class Graph:
    """A graph that calls a layer, which it keeps: a program may hold variables weakly."""

    program: Program
    layer: Any

    def __call__(self, inputs: Sequence[Array]) -> list[Array]:
        """Calls the graph; states and generators stay as they were."""
        with still(self.layer):
            return self.program(inputs)

    def step(self, inputs: Sequence[Array]) -> list[Array]:
        """Calls the graph, and lets states and generators move on."""
        return self.program(inputs)


@contextmanager
def _of_tensors_alone() -> Iterator[None]:
    """Ends a check of a layer that Keras puts into no functional model: one of whose
    outputs a part is None."""
    try:
        yield
    except (ValueError, CheckFailure) as error:
        if not backend.refuses_none(error):
            raise
        raise NotApplicable("Keras takes no None for an output of a model") from error


class Graphs:
    """Makes graphs of a case's layers, and calls them on symbolic tensors."""

    def __init__(self, case: LayerCase, call: Call, draws: Draws) -> None:
        self.case, self.call, self.draws = case, call, draws
        self._kept: dict[tuple[int, int | None, bool], Graph] = {}

    @property
    def open_shapes(self) -> list[tuple[int | None, ...]]:
        """The inputs' shapes with None for what may be unknown until run time."""
        return self.shapes(*self.case.unknown)

    def shapes(self, *unknown: int) -> list[tuple[int | None, ...]]:
        """The inputs' shapes with None for the sizes of some axes."""
        return [
            tuple(None if axis in unknown else size for axis, size in enumerate(shape))
            for shape in self.case.shapes
        ]

    @property
    def dtypes(self) -> list[str]:
        """The inputs' dtypes."""
        return [str(one.dtype) for one in self.draws.inputs]

    def of(
        self, layer: Any, shapes: Shapes | None = None, xla: bool = False, **kwargs: Any
    ) -> Graph:
        """A layer as one graph for inputs of these shapes; the case's by default."""
        return self.of_function(
            layer, lambda flat: self.call.flat_step(layer, flat, **kwargs), shapes, xla
        )

    def of_function(
        self,
        layer: Any,
        function: Function,
        shapes: Shapes | None = None,
        xla: bool = False,
        dtypes: Sequence[str] | None = None,
    ) -> Graph:
        """A function that calls a layer as one graph."""
        shapes, dtypes = shapes or self.case.shapes, dtypes or self.dtypes
        return Graph(backend.compiled(function, layer, shapes, dtypes, xla), layer)

    def kept(
        self, layer: Any, xla: bool = False, open_axis: int | None = None
    ) -> Graph:
        """A layer as one graph, made once, which may leave the size of an axis open."""
        key = (id(layer), open_axis, xla)  # The graph keeps the layer.
        if key not in self._kept:
            shapes = self.shapes(*([] if open_axis is None else [open_axis]))
            self._kept[key] = self.of(layer, shapes, xla)
        return self._kept[key]

    def symbolic(self, layer: Any, shapes: Shapes) -> list[Any]:
        """Calls a layer on symbolic inputs of these shapes."""
        pairs = zip(shapes, self.dtypes, strict=True)
        given = [keras.KerasTensor(tuple(one), dtype=dtype) for one, dtype in pairs]
        with _of_tensors_alone():
            return backend.symbolic(lambda flat: self.call.flat(layer, flat), given)

    def model(self, layer: Any) -> Any:
        """A functional model around a layer; a layer that is one, as it is."""
        if self.call.is_functional(layer):
            return layer
        pairs = zip(self.open_shapes, self.dtypes, strict=True)
        inputs = [keras.Input(batch_shape=one, dtype=dtype) for one, dtype in pairs]
        with (
            _of_tensors_alone(),
            self.call.blame.during(
                f"putting the layer into a functional model, {self.open_shapes}",
                "`call` must work on `keras.Input`: without values, with unknown sizes.",
            ),
        ):
            outputs = self.call.packed(layer, inputs)
            return keras.Model(inputs[0] if len(inputs) == 1 else inputs, outputs)
