"""Checks of how the parts of a spec fit together, one module per idea."""

from __future__ import annotations

from layergen.spec.check_cells import check_cell
from layergen.spec.check_code import check_all_code
from layergen.spec.check_inputs import check_inputs
from layergen.spec.check_layers import check_layers
from layergen.spec.check_makers import check_makers
from layergen.spec.check_names import check_names
from layergen.spec.check_shapes import check_shapes
from layergen.spec.check_states import check_states
from layergen.spec.check_values import check_values
from layergen.spec.context import Context
from layergen.spec.model import Spec


def check(spec: Spec, context: Context) -> None:
    """Record everything that is wrong."""
    check_names(spec, context)
    check_shapes(spec, context)
    check_inputs(spec, context)
    check_makers(spec, context)
    check_values(spec, context)
    check_layers(spec, context)
    check_states(spec, context)
    check_cell(spec, context)
    check_all_code(spec, context)
