"""Digests of what goes into generated files and of what comes out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from msgspec.structs import astuple

from layergen import __version__
from layergen.project.config import Config

if TYPE_CHECKING:
    from layergen.layout.own_templates import OwnTemplates


def folded(data: bytes) -> bytes:
    """Bytes with LF for line endings that a checkout may have turned."""
    return data.replace(b"\r\n", b"\n") if b"\r" in data else data


def of_bytes(data: bytes) -> str:
    """The digest of a file, whatever its line endings."""
    return hashlib.sha256(folded(data)).hexdigest()


def of_text(text: str) -> str:
    """The digest of a text, as of the file that it would be."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def of_generator(config: Config) -> str:
    """The digest of all that files rest on beside their spec."""
    parts = [
        __version__,
        *astuple(config.formatter.formatting),
        config.register_as,
        config.style,
        config.package,
        *_of_templates(config.templates),
    ]
    return of_text("\0".join(parts))


def made_from(spec: str, generator: str) -> str:
    """What a file was made from: the digests of the spec and of all else."""
    return f"{spec[:24]} {generator[:24]}"


def _of_templates(own: OwnTemplates | None) -> list[str]:
    """The templates of the user's own: names and digests, sorted."""
    if own is None:
        return []
    return [part for name, text in own.texts for part in (name, of_text(text))]
