"""What an exception of a layer rests on: one cause, however it shows."""

import linecache
import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from .saying import innermost

# Where Keras, its backends and the checks themselves lie, and what they run.
_HERE = str(Path(__file__).parent)
_LIBRARIES = re.compile(
    r"[/\\](keras|tensorflow|jax|jaxlib|numpy|h5py|torch|ml_dtypes)[/\\]"
    r"|^<|__autograph_generated_file"
)
_STANDARD = sysconfig.get_paths()["stdlib"]
_FILE = re.compile(r'File "([^"\n]+)", line (\d+), in (\w+)')
# What differs from one way of calling a layer to another, though the cause is one.
_VARYING = re.compile(r"\b(float|bfloat|double|half|int|uint)\d*\b|\d+|\bNone\b")


@dataclass(frozen=True)
class Cause:
    """What a failure rests on; all failures of one cause have the same `key`.

    `said` is the exception in a few words, `line` the line of the user's own source
    that it came from, where one is to blame.
    """

    key: str
    said: str
    line: str = ""


def cause_of(error: BaseException) -> Cause:
    """The cause that an exception tells of."""
    said = f"{type(error).__name__}: {innermost(str(error))}"
    place = _place(error)
    return Cause(place or key_of(said), said, place)


def key_of(said: str) -> str:
    """What messages of one cause have in common."""
    _, _, message = said.partition(": ")
    return _VARYING.sub("#", message or said)


def _place(error: BaseException) -> str:
    """The innermost line of the user's that an exception came through."""
    found = [
        (path, line, name)
        for one in _chain(error)
        for path, line, name in [*_frames(one.__traceback__), *_written(str(one))]
        if not _is_foreign(path)
    ]
    if not found:
        return ""
    path, line, name = found[-1]
    text = linecache.getline(path, line).strip()
    where = f"{Path(path).name}:{line}, in {name}"
    return f"{where}: {text}" if text else where


def _is_foreign(path: str) -> bool:
    """Whether a file is none of the user's; packages may lie in the library's folder."""
    standard = path.startswith(_STANDARD) and "-packages" not in path
    return standard or path.startswith(_HERE) or bool(_LIBRARIES.search(path))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it came of, the outermost first."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _frames(traceback: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield code.co_filename, traceback.tb_lineno, code.co_name
        traceback = traceback.tb_next


def _written(text: str) -> Iterator[tuple[str, int, str]]:
    """The frames in a message of AutoGraph's, which has no others of converted code."""
    if text.lstrip().startswith("in user code:"):
        for path, line, name in _FILE.findall(text):
            yield path, int(line), name
