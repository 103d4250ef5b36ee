"""Checks of how the parts of a spec fit together, one module per idea."""

from __future__ import annotations

from layergen.forward.analyse import Forward, analyse
from layergen.forward.checks.every_code import check_all_code
from layergen.forward.checks.layers import check_layers
from layergen.forward.checks.makers import check_makers
from layergen.forward.checks.states import check_states
from layergen.forward.checks.values import check_values
from layergen.language.checks.axes import check_axes
from layergen.language.checks.cells import check_cell
from layergen.language.checks.inputs import check_inputs
from layergen.language.checks.names import check_names
from layergen.language.checks.shapes import check_shapes
from layergen.language.context import Context
from layergen.language.model import Spec


def check(spec: Spec, context: Context) -> Forward:
    """Record everything that is wrong, and give the analysis of the code."""
    analysis = analyse(spec)
    check_names(spec, context)
    check_shapes(spec, context)
    check_axes(spec, context)
    check_inputs(spec, context)
    check_makers(spec, context)
    check_values(spec, context)
    check_layers(spec, context)
    check_states(spec, context)
    check_cell(spec, context)
    check_all_code(spec, analysis, context)
    return analysis
