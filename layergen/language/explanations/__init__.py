"""What each code of a spec's problems means, with a spec that has it and one that has not."""

from layergen.explanation import Explanation
from layergen.language.explanations.code import NAMES
from layergen.language.explanations.functional import FUNCTIONAL
from layergen.language.explanations.history import HISTORY
from layergen.language.explanations.keys import KEYS
from layergen.language.explanations.shapes import SHAPES
from layergen.language.explanations.slow import SLOW, WARNINGS
from layergen.language.explanations.text import YAML

SPEC_CODES: dict[str, Explanation] = {
    explanation.code: explanation
    for explanation in (
        *YAML,
        *KEYS,
        *SHAPES,
        *NAMES,
        *SLOW,
        *WARNINGS,
        *FUNCTIONAL,
        *HISTORY,
    )
}
