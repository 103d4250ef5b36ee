"""One public battery of checks that any Keras layer can be held to."""

from .case import Input, LayerCase, Method
from .formulas import check_gradient
from .introspect import defaults_of
from .outcomes import CheckFailure, NotApplicable
from .registry import CHECKS, Check
from .report import Failure, Report
from .runner import check_layer, parametrize_checks

__all__ = [
    "CHECKS",
    "Check",
    "CheckFailure",
    "Failure",
    "Input",
    "LayerCase",
    "Method",
    "NotApplicable",
    "Report",
    "check_gradient",
    "check_layer",
    "defaults_of",
    "parametrize_checks",
]
