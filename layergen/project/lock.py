"""`layergen.lock`: what was generated, from what, and what its saved models hold."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from layergen import __version__
from layergen.errors import UserError
from layergen.layout.formatting import Formatting
from layergen.project.conflict import refuse_conflict

NAME = "layergen.lock"
PENDING = ".layergen.lock.pending"
FORMAT = 1


class Written(Struct, frozen=True):
    """A generated file: the digest of its text, and of what it was made from."""

    sha256: str
    made_from: str


class Record(Struct, frozen=True):
    """A spec, by its digest, and what came of it.

    `files` are by their places; `exports` are the names that the module is imported for;
    `saved` are the variables in the order that files of trained models hold them, None
    where the module is not the generated one. The files of an `ejected` record are the
    user's, without digests.
    """

    layer: str
    sha256: str
    files: Mapping[str, Written | None]
    exports: tuple[str, ...] = ()
    saved: tuple[str, ...] | None = None
    ejected: bool = False


class Lock(Struct, frozen=True):
    """The records by the places of their specs; `version` is the layergen's that wrote it.

    `formatting` is how all was formatted at last; a lock may not say.
    """

    specs: Mapping[str, Record] = field(default_factory=dict)
    version: str = __version__
    formatting: Formatting | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The lock as JSON knows it."""
        specs = {spec: _data(record) for spec, record in self.specs.items()}
        data = {"format": FORMAT, "layergen": self.version, "specs": specs}
        return data | (
            {"formatting": asdict(self.formatting)} if self.formatting else {}
        )

    @property
    def text(self) -> str:
        """The file, sorted and a line for each thing, so that changes merge."""
        text = json.dumps(self.data, indent=2, sort_keys=True, ensure_ascii=False)
        return text + "\n"


def parsed(data: bytes, file: str) -> Lock:
    """The lock in a file's bytes.

    Raises:
        UserError: If it cannot be understood.
    """
    try:
        text = data.decode().replace("\r\n", "\n")
        refuse_conflict(text, file)
        found = json.loads(text)
        if isinstance(found, dict) and _newer(found.get("format")):
            raise UserError(
                f"{file} was written by a newer layergen "
                f"({_line(found['layergen'])}); this is {__version__}."
            )
        return _lock(found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if isinstance(error, UserError):
            raise
        where = f" in line {error.lineno}" if hasattr(error, "lineno") else ""
        raise UserError(
            f"{file} is damaged{where}: restore it from version control, or delete it "
            f"and run `layergen generate`, which takes over every file that is as "
            f"generated."
        ) from None


def notes(locks: Iterable[Lock]) -> str:
    """What runs were about to record when they were cut off, the oldest first."""
    return json.dumps([lock.data for lock in locks])


def noted(data: bytes) -> tuple[Lock, ...]:
    """What is in such notes; nothing if they cannot be read."""
    try:
        return tuple(map(_lock, json.loads(data)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()


def _newer(number: object) -> bool:
    return isinstance(number, int) and number > FORMAT


def _data(record: Record) -> dict[str, Any]:
    files = {
        path: {"from": file.made_from, "sha256": file.sha256} if file else {}
        for path, file in record.files.items()
    }
    data: dict[str, Any] = {
        "layer": record.layer,
        "sha256": record.sha256,
        "files": files,
        "exports": list(record.exports),
    }
    if record.saved is not None:
        data["saved"] = list(record.saved)
    if record.ejected:
        data["ejected"] = True
    return data


def _lock(data: dict[str, Any]) -> Lock:
    if data["format"] != FORMAT:
        raise ValueError
    specs = {}
    for spec, record in data["specs"].items():
        specs[_place(spec, ".yaml")] = Record(
            _line(record["layer"]),
            _line(record["sha256"]),
            {_place(p, ".py"): _written(file) for p, file in record["files"].items()},
            tuple(map(_name, record["exports"])),
            tuple(map(_line, record["saved"])) if "saved" in record else None,
            record.get("ejected", False) is True,
        )
    return Lock(specs, _line(data["layergen"]), _formatting(data.get("formatting")))


def _formatting(data: dict[str, Any] | None) -> Formatting | None:
    if data is None:
        return None
    return Formatting(
        *(_line(data[key]) for key in ("formatter", "version", "settings"))
    )


def _written(data: dict[str, Any]) -> Written | None:
    return Written(_line(data["sha256"]), _line(data["from"])) if data else None


def _place(path: str, suffix: str) -> str:
    """A path that stays in the project, and that could be one of ours.

    Modules are imported by such names in the package's exports.
    """
    *folders, name = _line(path).split("/")
    if not {"", ".", ".."}.isdisjoint(folders) or "\\" in path or "\0" in path:
        raise ValueError
    if not name.endswith(suffix) or not _name(name.removesuffix(suffix)):
        raise ValueError
    return path


def _name(value: object) -> str:
    """A name that may stand in an import statement."""
    name = _line(value)
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError
    return name


def _line(value: object) -> str:
    """A text that can be told and written: JSON can spell halves of characters as well."""
    if not isinstance(value, str):
        raise TypeError
    if not value.isprintable():
        raise ValueError
    return value
