"""What each problem code means, with an example that has the problem and one that has not."""

from __future__ import annotations

from layergen.codes.explanation import Explanation
from layergen.codes.layers import LAYER_CODES
from layergen.codes.specs import SPEC_CODES

CODES: dict[str, Explanation] = {**SPEC_CODES, **LAYER_CODES}

__all__ = ["CODES", "LAYER_CODES", "SPEC_CODES", "Explanation"]
