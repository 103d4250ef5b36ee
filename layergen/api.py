"""layergen from Python."""

from __future__ import annotations

from pathlib import Path

from layergen.language.model import Spec
from layergen.limits import BYTES
from layergen.problems import SpecError
from layergen.project.source import decode
from layergen.reading import read_regular


def load(path_or_text: Path | str) -> Spec:
    """Read a spec from a file, or from a string that holds more than one line.

    Raises:
        SpecError: If the spec has errors; `problems` holds all of them.
        OSError: If the file cannot be read, is no regular file, or is larger than a MiB.
    """
    from layergen.loading import read_spec

    if isinstance(path_or_text, str) and "\n" in path_or_text:
        reading = read_spec(path_or_text, "<string>")
    else:
        path = Path(path_or_text)
        text = decode(read_regular(path, BYTES))
        reading = read_spec(text, str(path), path.stem)
    if reading.spec is None:
        raise SpecError(reading.problems)
    return reading.spec


def render(spec: Spec, style: str | None = None) -> dict[str, str]:
    """The files of a spec: name to text, the layer's module and its test.

    Raises:
        SpecError: If the spec cannot be rendered, or not in this style.
    """
    from layergen.rendering import render as render_spec

    return render_spec(spec, style)
