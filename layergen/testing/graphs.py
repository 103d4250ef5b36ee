"""The inputs of a case, and its layers called as graphs and on symbolic tensors."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import keras

from . import backend
from .case import Array
from .numerics import is_float
from .scopes import np_dtype
from .still import still
from .weights import Weights


class Graphs(Weights):
    """Draws the inputs of a case, and makes graphs for their shapes."""

    @cached_property
    def inputs(self) -> list[Array]:
        """The case's inputs, floats as float32."""
        return self.cast(self.case.sample(), "float32")

    def other_inputs(self, attempt: int) -> list[Array]:
        """Other inputs of the same kind, floats as float32."""
        return self.cast(self.case.sample(attempt), "float32")

    @cached_property
    def inputs64(self) -> list[Array]:
        """The case's inputs, floats as float64."""
        return self.cast(self.case.sample(), "float64")

    def cast(self, flat: Sequence[Array], dtype: str) -> list[Array]:
        """The arrays with the floats among them in another dtype."""
        return [one.astype(np_dtype(dtype)) if is_float(one) else one for one in flat]

    @cached_property
    def open_shapes(self) -> list[tuple[int | None, ...]]:
        """The inputs' shapes with None for what may be unknown until run time."""
        return self.with_open(*self.case.unknown)

    def with_open(self, *axes: int) -> list[tuple[int | None, ...]]:
        """The inputs' shapes with None for the sizes of some axes."""
        return [
            tuple(None if axis in axes else size for axis, size in enumerate(shape))
            for shape in self.case.shapes
        ]

    def compiled(
        self,
        layer: Any,
        shapes: Sequence[Sequence[int | None]] | None = None,
        xla: bool = False,
        **kwargs: Any,
    ) -> backend.Compiled:
        """A layer as one graph for inputs of these shapes; the case's by default."""
        return self.graph_of(
            layer, lambda flat: self.call(layer, flat, **kwargs), shapes, xla
        )

    def graph_of(
        self,
        layer: Any,
        function: backend.Function,
        shapes: Sequence[Sequence[int | None]] | None = None,
        xla: bool = False,
    ) -> backend.Compiled:
        """A function that calls a layer as one graph, which leaves the layer still."""
        dtypes = [str(one.dtype) for one in self.inputs]
        shapes = shapes or self.case.shapes
        return backend.Compiled(
            function, layer, shapes, dtypes, xla, lambda: still(layer)
        )

    def symbolic(self, layer: Any, shapes: Sequence[Sequence[int | None]]) -> list[Any]:
        """Calls a layer on symbolic inputs of these shapes."""
        return self.call(
            layer,
            [
                keras.KerasTensor(tuple(shape), dtype=str(one.dtype))
                for shape, one in zip(shapes, self.inputs, strict=True)
            ],
        )
