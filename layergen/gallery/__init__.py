"""The layers that ship with layergen, each a spec in this folder."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


def names() -> list[str]:
    """The names of the layers, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def text(name: str) -> str:
    """The spec of one of `names()`."""
    return (_FOLDER / f"{name}.yaml").read_bytes().decode().replace("\r\n", "\n")
