"""Python text in the style of a formatter, which is imported when it is needed."""

from __future__ import annotations


def blackened(text: str, line_length: int) -> str:
    """Text as Black lays it out for the Python versions that layergen itself runs on."""
    import black
    from black.mode import TargetVersion

    mode = black.Mode({TargetVersion.PY311}, line_length)
    return black.format_str(text.rstrip() + "\n", mode=mode)
