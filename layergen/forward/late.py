"""Whether a size may be known only when the layer runs, and then is a tensor."""

from __future__ import annotations

from enum import IntEnum


class Late(IntEnum):
    """`SURELY` is a size of an axis that the spec leaves open, `PERHAPS` one of which
    nothing is known: it is treated as a tensor where that does no harm."""

    NEVER = 0
    PERHAPS = 1
    SURELY = 2
