"""What each code of a hand-written layer's problems means, with a layer that has it and one
that has not. The meaning is what the rule itself says of its reason."""

from __future__ import annotations

from layergen.explanation import Explanation
from layergen.lint.examples import calls, construction, warned, weights
from layergen.lint.rules import RULES
from layergen.problems import UNREADABLE

_READING = "The file cannot be decoded, or Python itself could not parse it."
_WHY = {UNREADABLE: _READING, **{code: rule.why for code, rule in RULES.items()}}

LAYER_CODES: dict[str, Explanation] = {
    code: Explanation(code, title, _WHY[code], bad, good)
    for code, title, bad, good in sorted(
        (
            *construction.EXAMPLES,
            *weights.EXAMPLES,
            *calls.EXAMPLES,
            *warned.EXAMPLES,
        )
    )
}
