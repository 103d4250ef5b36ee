"""What each problem code means, with an example that has the problem and one that has not."""

from __future__ import annotations

from layergen.explanation import Explanation
from layergen.language.explanations import SPEC_CODES
from layergen.lint.explanations import LAYER_CODES

CODES: dict[str, Explanation] = {**SPEC_CODES, **LAYER_CODES}

__all__ = ["CODES", "LAYER_CODES", "SPEC_CODES", "Explanation"]
