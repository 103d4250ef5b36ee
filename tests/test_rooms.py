"""The rooms know each other one way only, and no imports go in a circle."""

from __future__ import annotations

import doctest
import graphlib
import re
from pathlib import Path

import pytest
import rooms


def circle(graph: dict[str, set[str]]) -> list[str]:
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_every_module_is_in_a_known_room() -> None:
    assert {rooms.room(name) for name in rooms.modules()} <= set(rooms.ROOMS)


def test_no_import_leads_upward() -> None:
    assert not rooms.upward()


def test_no_imports_go_in_a_circle() -> None:
    found = rooms.imports()
    assert sum(map(len, found.values())) > 500
    assert not circle(found)


@pytest.mark.parametrize(
    "statement",
    [
        "from layergen.layer.b import B",
        "from layergen.layer import b",
        "def f():\n    from layergen.layer.b import B",
        "if TYPE_CHECKING:\n    import layergen.layer.b",
    ],
)
def test_circles_and_arrows_upward_are_seen(tmp_path: Path, statement: str) -> None:
    package = tmp_path / "layergen"
    files = {"source/a.py": statement, "layer/b.py": "import layergen.source.a"}
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    assert rooms.upward(package) == ["source.a imports layer.b"]
    assert circle(rooms.imports(package))


DOCUMENT = rooms.PACKAGE.parent / "docs" / "architecture.md"


def test_the_walk_is_as_it_is_written() -> None:
    result = doctest.testfile(str(DOCUMENT), module_relative=False, encoding="utf-8")
    assert result.attempted > 20
    assert not result.failed


def test_links_lead_somewhere_and_every_room_is_named() -> None:
    text = DOCUMENT.read_text("utf-8")
    links = set(re.findall(r"\]\(([^)#]+)\)", text))
    assert len(links) > 40
    assert [link for link in links if not (DOCUMENT.parent / link).exists()] == []
    small = {"resources", "explanation", "gallery", "codes", "api", "cli"}
    small |= {"__main__", "pytest_plugin"}
    linked = {link.split("layergen/")[-1].split("/")[0] for link in links}
    named = {name.removesuffix(".py") for name in linked}
    assert {rooms.room(name) for name in rooms.modules()} - small <= named
