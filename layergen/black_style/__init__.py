"""Black's style for the plain Python that templates make, without importing Black.

Black costs most of the time of a generation. `formatted` lays a text out as Black would
where it is sure to, and says that it is not sure everywhere else; it knows a part of the
language, and no comments or string literals that are hard to tell apart.
"""

from __future__ import annotations

from layergen.black_style.text import formatted, is_formatted

__all__ = ["formatted", "is_formatted"]
