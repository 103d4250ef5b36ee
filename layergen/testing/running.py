"""Running one check, on one device where it is of several."""

from contextlib import nullcontext

import keras

from . import fresh
from .backend import backend
from .between_calls import leave_calls
from .case import LayerCase
from .checks.shapes import can_be_called  # Its package registers all checks.
from .context import context_of
from .outcomes import NotApplicable
from .registry import Check
from .scopes import repeatable

UNEXPECTED = "No check expects this: if the layer is right, the check is at fault."


def devices_of(one: Check) -> list[str]:
    """Where a check is to run; "" is where Keras runs."""
    return backend.devices() if one.trains else [""]


def run_check(one: Check, case: LayerCase, device: str = "") -> None:
    """Runs one check on one case; raises CheckFailure or NotApplicable.

    Where the layer cannot be called at all, `can_be_called` fails and no other is run.
    """
    fresh.start()
    leave_calls()
    context = context_of(case)
    place = keras.device(device) if device else nullcontext()
    draws = repeatable(case.seed, one.name)
    blame = context.blame(f"the check {one.name}", UNEXPECTED)
    with draws, blame, place:
        if context.flaw and one.body is not can_be_called:
            raise NotApplicable("not run, for can_be_called failed")
        one.body(context)
