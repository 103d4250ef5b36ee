"""Keras between calls of layers, whatever became of the last one."""

from keras.src.backend.common.global_state import set_global_attribute


def leave_calls() -> None:
    """Ends calls that Keras takes to be going on still.

    One that fails before Keras runs `call` leaves all that come later inside of it: they
    train as it did, and their losses are kept.
    """
    set_global_attribute("current_call_ctx", None)
