"""Shipped templates are compiled once, and anew where anything about them is another."""

from __future__ import annotations

import os
import sys
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
import pytest

from layergen.layout import compiled
from layergen.layout.own_templates import OwnTemplates
from layergen.layout.sandbox import Sandbox
from layergen.layout.templates import layout, plain

NAME = "page.j2"


class Counting(jinja2.Environment):
    """Counts what it compiles."""

    def _generate(self, *args, **kwargs):
        counts.append(args)
        return super()._generate(*args, **kwargs)


counts: list[object] = []


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which code is kept in this test."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder = Path(cache_from_source(compiled.__file__)).parent
    folder.mkdir(parents=True)
    counts.clear()
    return folder


def shown(folder: Path, text: str = "{{ x }}", settings: object = "") -> str:
    """What a template in a folder makes of 1, rendered as by another run."""
    (folder / NAME).write_text(text)
    environment = Counting(
        loader=jinja2.FileSystemLoader(folder),
        bytecode_cache=compiled.Compiled(settings),
    )
    return environment.get_template(NAME).render(x=1)


def test_compiled_once(tmp_path: Path, kept: Path) -> None:
    assert [shown(tmp_path), shown(tmp_path)] == ["1", "1"]
    assert len(counts) == 1
    assert [path.suffix for path in kept.iterdir()] == [".pyc"]


def test_another_text_or_other_settings(tmp_path: Path, kept: Path) -> None:
    assert shown(tmp_path) == "1"
    assert shown(tmp_path, "{{ x + 1 }}") == "2"
    assert shown(tmp_path, "{{ x + 1 }}", "other") == "2"
    assert len(counts) == 3


def test_another_compiler(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown(tmp_path) == "1"
    other = tmp_path / "compiler.py"
    other.touch()
    monkeypatch.setattr(jinja2.compiler, "__file__", str(other))
    assert shown(tmp_path) == "1"
    assert len(counts) == 2


def test_damaged(tmp_path: Path, kept: Path) -> None:
    assert shown(tmp_path) == "1"
    [path] = kept.iterdir()
    whole = path.read_bytes()
    cut = range(0, len(whole), 7)
    for size in cut:
        path.write_bytes(whole[:size])
        assert shown(tmp_path) == "1"
    assert len(counts) == 1 + len(cut)
    assert path.read_bytes() == whole


def test_nowhere_to_keep_it(tmp_path: Path, kept: Path) -> None:
    kept.rmdir()
    assert [shown(tmp_path), shown(tmp_path)] == ["1", "1"]
    assert len(counts) == 2
    assert not os.path.exists(kept)


def test_told_to_keep_nothing(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert shown(tmp_path) == "1"
    assert not [*kept.iterdir()]
    monkeypatch.setattr(sys.implementation, "cache_tag", None)
    assert shown(tmp_path) == "1"


def test_only_shipped_templates_are_kept(tmp_path: Path, kept: Path) -> None:
    own = OwnTemplates(tmp_path, (("layer/class.py.j2", "x = 1\n"),))
    lay_out = layout(own)
    assert isinstance(lay_out.__self__, Sandbox)  # type: ignore[attr-defined]
    assert lay_out("layer/class.py.j2", {}) == "x = 1\n"
    assert not [*kept.iterdir()]
    plain.cache_clear()
    plain().get_template("layer/statements.j2")
    assert len([*kept.iterdir()]) == 1
