"""The first check: without it no other has anything to look at."""

from ..context import Context
from ..registry import CheckFailure, check


@check("shapes")
def can_be_called(ctx: Context) -> None:
    """Guards against a layer that cannot be made, built or called as the case states.

    Keras builds a layer inside its first call, so that a fault of the constructor, of
    `build` and of `call`, or a wrong shape in the case, all show there. Where this
    check fails, no other is run.
    """
    if ctx.flaw:
        raise CheckFailure(ctx.flaw)
