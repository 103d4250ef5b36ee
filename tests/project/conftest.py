"""Projects to work on, in temporary folders."""

import os

import pytest
from msgspec.structs import replace
from project_folder import TABLE, Folder

from layergen.project import build as building

_KNOWN = {}


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Waits for no disk: what is killed here is a process, not the machine."""
    monkeypatch.setattr(os, "fsync", lambda file: None)


@pytest.fixture(autouse=True)
def remembered(monkeypatch):
    """Renders each spec but once: what is told apart here are files."""
    real, known = building.build, _KNOWN

    def build(source, config):
        key = source.text, source.stem, config
        if config.templates or key not in known:
            known[key] = real(source, config)
        return replace(known[key], source=source)

    monkeypatch.setattr(building, "build", build)


@pytest.fixture
def project(tmp_path):
    """A project without a spec."""
    folder = Folder(tmp_path / "project")
    folder.write("pyproject.toml", TABLE)
    return folder


@pytest.fixture
def bare(tmp_path):
    """A folder that is no project."""
    folder = Folder(tmp_path / "bare")
    folder.root.mkdir()
    return folder
