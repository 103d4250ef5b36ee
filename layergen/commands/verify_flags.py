"""Which option of `layergen verify` would say that what a check fails for is meant."""

from __future__ import annotations

import re

_FLAGS = {
    "gradient_equals_central_differences": "--gradient surrogate",
    "second_order_gradient_is_right": "--gradient surrogate",
    "everything_gets_a_gradient": "--zero-gradient {}, or --gradient none",
    "losses_have_their_gradient": "--gradient none",
    "rows_are_independent": "--mixes-rows",
    "batch_of_one_gives_the_same_row": "--mixes-rows",
    "batch_may_be_unknown": "--open-axis none",
    "one_trace_serves_every_batch": "--open-axis none",
    "graph_does_not_grow_with_batch": "--open-axis none",
    "training_equals_inference": "--training",
    "mask_is_passed_on": "--mask stop",
    "mask_is_used_up": "--mask pass",
    "call_adds_stated_losses": "--losses {}",
}
_NAMED = re.compile(r"(?:weight|input) `([^`\n]+)`|adds (\d+) losses")
_MISSING = re.compile(r"(__init__\(\) missing|missing a required) [^\n']*: '(\w+)'")


def flag(check: str, message: str) -> str:
    """The option, with what it has to say; "" where there is none."""
    if check == "can_be_called" and (lacks := _MISSING.search(message)):
        name = lacks[2]
        if lacks[1].startswith("__init__"):
            return f"--args '{{{name}: ...}}'"
        return f"--input '{name}: ...', or --call-args '{{{name}: ...}}'"
    named = _NAMED.search(message)
    return _FLAGS.get(check, "").format(
        next(filter(None, named.groups()), "NAME") if named else "NAME"
    )
