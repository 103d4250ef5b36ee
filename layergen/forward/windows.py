"""Where a spec's code moves a window over axes, which must be as long as the window."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from layergen.forward.analyse import Forward
from layergen.forward.shapes import REST
from layergen.forward.sizes import Dim, Poly, value_of
from layergen.forward.values import Module, Tensor
from layergen.keras_tables.layers import layer as keras_layer
from layergen.keras_tables.operations import op
from layergen.keras_tables.parameters import Parameter
from layergen.language.evaluate import Unknown, evaluate
from layergen.language.model import Spec

SIZES = ("kernel_size", "pool_size")


class Window(Struct, frozen=True):
    """Axes that a window moves over; its sizes are known, or told by code."""

    axes: tuple[Dim, ...]
    sizes: tuple[Dim, ...] | ast.expr
    dilation: ast.expr | None

    @property
    def names(self) -> frozenset[str]:
        """The names that the sizes of its axes rest on."""
        atoms = (one.atoms for one in self.axes if isinstance(one, Poly))
        return frozenset(n for found in atoms for n in found if isinstance(n, str))

    def fits(self, values: Mapping[str, Any]) -> bool:
        """Whether it does with some values, as far as that can be told."""
        gaps = _each(self.dilation, values, len(self.axes))
        if isinstance(self.sizes, tuple):
            sizes = [None if n is None else value_of(n, values) for n in self.sizes]
        else:
            sizes = _each(self.sizes, values, len(self.axes))
        axes = [None if one is None else value_of(one, values) for one in self.axes]
        return not any(
            size is not None and axis is not None and (size - 1) * (gap or 1) >= axis
            for axis, size, gap in zip(axes, sizes, gaps, strict=False)
        )


def windows(spec: Spec, analysis: Forward) -> Iterator[Window]:
    """The windows of functions, and of sublayers of Keras' own classes."""
    for node in analysis.values:
        if isinstance(node, ast.Call):
            function = analysis.at(node.func)
            known = isinstance(function, Module) and op(
                function.path.rpartition(".")[2]
            )
            axes = _axes(analysis, node)
            if known and axes:
                yield from _window(node, known.parameters, axes, analysis)
    made = {one.name: one.make.expression for one in spec.layers if not one.loop}
    for call in analysis.calls:
        expression, axes = made.get(call.name), _axes(analysis, call.node)
        match expression:
            case ast.Call(func=ast.Name(id=kind)) if axes:
                layer = keras_layer(kind)
                if layer:
                    yield from _window(expression, layer.parameters, axes, analysis)


def _window(
    call: ast.Call,
    parameters: tuple[Parameter, ...],
    axes: tuple[Dim, ...],
    analysis: Forward,
) -> Iterator[Window]:
    places = [one.name for one in parameters if one.how == "any"]
    given = dict(zip(places, call.args, strict=False))
    given |= {one.arg: one.value for one in call.keywords if one.arg}
    stated = next((given[name] for name in SIZES if name in given), None)
    dilation = given.get("dilation_rate")
    if stated is not None:
        yield Window(axes, stated, dilation)
    elif "kernel" in given:
        kernel = analysis.at(given["kernel"])
        if isinstance(kernel, Tensor) and isinstance(kernel.shape, tuple):
            if REST not in kernel.shape:
                yield Window(axes, kernel.shape[: len(axes)], dilation)


def _axes(analysis: Forward, call: ast.Call) -> tuple[Dim, ...]:
    """The axes of what a call is given first, without those of samples and channels."""
    value = analysis.at(call.args[0]) if call.args else None
    if not isinstance(value, Tensor) or not isinstance(value.shape, tuple):
        return ()
    return () if REST in value.shape else value.shape[1:-1]


def _each(
    code: ast.expr | None, values: Mapping[str, Any], count: int
) -> list[int | None]:
    """The whole numbers that code gives for some axes; None where they are not known."""
    try:
        found = None if code is None else evaluate(code, values)
    except Unknown:
        found = None
    each = found if isinstance(found, list | tuple) else [found] * count
    return [one if isinstance(one, int) else None for one in each]
