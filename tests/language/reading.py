"""What the tests of the language ask of a spec: its problems, and its texts."""

from __future__ import annotations

import re
from pathlib import Path

import layergen
from layergen.language.model import Spec
from layergen.loading import read_spec
from layergen.rendering import render

GALLERY = Path(layergen.__file__).parent / "gallery"
HEAD = "layer: Made\ninputs: [batch, d]\n"


def codes(text: str) -> list[str]:
    """The codes of a spec's problems, in order."""
    return [problem.code for problem in read_spec(text, "made.yaml").problems]


def messages(text: str) -> str:
    """The problems of a spec as they are shown."""
    return "\n".join(map(str, read_spec(text, "made.yaml").problems))


def spec_of(text: str) -> Spec:
    """A spec without errors."""
    reading = read_spec(text, "made.yaml")
    assert reading.spec is not None, messages(text)
    return reading.spec


def texts(text: str, style: str | None = None) -> tuple[str, str]:
    """Module and test that a spec renders to."""
    module, test = render(spec_of(text), style).values()
    return module, test


def module(text: str, style: str | None = None) -> str:
    return texts(text, style)[0]


def squeezed(text: str) -> str:
    """A text in one line, so that it reads the same however it was broken."""
    line = re.sub(r"([(\[]) ", r"\1", " ".join(text.split()))
    return re.sub(r",? ([)\]])", r"\1", line)


def gallery(name: str) -> str:
    """The text of a spec of the gallery."""
    return (GALLERY / f"{name}.yaml").read_text("utf-8")
