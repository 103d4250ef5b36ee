"""Each paragraph of `docs/spec.md` has a test: a comment `spec: name` says which.

The document gives every paragraph, list item and table an anchor. A test that holds what
a paragraph says names its anchor in a comment of its own; so does a spec whose emitted
tests hold it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from layergen import gallery
from layergen.language.naming import to_snake_case

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "spec.md"
FOLDERS = (ROOT / "tests", ROOT / "layergen" / "gallery")
KINDS = {".py", ".txt", ".yaml"}
ANCHOR = re.compile(r'<a id="([^"]*)"></a>')
NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
MARKER = re.compile(rf"#\s*spec: ({NAME}(?:, {NAME})*)\s*$", re.MULTILINE)


def anchors(document: str) -> list[str]:
    """The anchors of a document, in order."""
    return ANCHOR.findall(document)


def named(texts: Iterable[str]) -> set[str]:
    """The anchors that the marker comments of some texts name."""
    found = (match for text in texts for match in MARKER.findall(text))
    return {name for names in found for name in names.split(", ")}


def without_anchor(document: str) -> list[str]:
    """The paragraphs, list items and tables that have no anchor, by their first line."""
    prose = re.sub(r"^```.*?^```$", "", document, flags=re.DOTALL | re.MULTILINE)
    found: list[str] = []
    before = ""
    for block in re.split(r"\n\s*\n", prose.strip()):
        table = block.startswith("|")
        for part in [block] if table else re.split(r"\n(?=- )", block):
            bare = part.startswith("#") or bool(ANCHOR.match(part.removeprefix("- ")))
            if not bare and not (table and ANCHOR.fullmatch(before)):
                found.append(part.splitlines()[0])
        before = block
    return found


def texts() -> list[str]:
    """What tests and specs say."""
    files = (file for folder in FOLDERS for file in sorted(folder.rglob("*")))
    return [
        file.read_text("utf-8")
        for file in files
        if file.suffix in KINDS and file != Path(__file__).resolve()
    ]


def test_every_paragraph_has_a_test() -> None:
    tested = named(texts())
    assert [a for a in anchors(DOCUMENT.read_text("utf-8")) if a not in tested] == []


def test_every_name_is_an_anchor() -> None:
    assert sorted(named(texts()) - set(anchors(DOCUMENT.read_text("utf-8")))) == []


def test_every_paragraph_has_an_anchor() -> None:
    assert without_anchor(DOCUMENT.read_text("utf-8")) == []


def test_anchors_are_unique_and_well_formed() -> None:
    found = anchors(DOCUMENT.read_text("utf-8"))
    assert [name for name, count in Counter(found).items() if count > 1] == []
    assert [name for name in found if not re.fullmatch(NAME, name)] == []


def test_layers_of_the_document_are_those_of_the_gallery() -> None:
    """What is shown is generated, and its emitted test is run; a style may be left out, and
    the names of the paragraphs that a layer tests are."""
    blocks = re.findall(
        r"^```yaml\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.S | re.M
    )
    layers = [block for block in blocks if block.startswith("layer: ")]
    assert len(layers) > 1
    for block in layers:
        name = to_snake_case(block.splitlines()[0].removeprefix("layer: "))
        whole = [
            line
            for line in gallery.text(name).splitlines()
            if "style" not in line and not line.startswith("# spec: ")
        ]
        assert block.splitlines() == whole
        assert len(whole) <= 25


MADE_UP = """\
# Title

<a id="one"></a>A paragraph
of two lines.

```yaml
code: here
```

No anchor, though `<a id="x">` is mentioned.

- <a id="two"></a>An item.
- Another item.
  Its second line.

<a id="three"></a>

| a | b |
| --- | --- |

| c | d |
| --- | --- |
"""


def test_finds_what_a_document_lacks() -> None:
    assert anchors(MADE_UP) == ["one", "two", "three"]
    assert without_anchor(MADE_UP) == [
        'No anchor, though `<a id="x">` is mentioned.',
        "- Another item.",
        "| c | d |",
    ]


def test_finds_what_tests_name() -> None:
    tests = [
        "# spec: one, two-b\ndef test(): ...\n",
        "x = 1  # spec: three\n",
        "# A spec: four\n# spec: five and six\nspec: seven\n",
    ]
    assert named(tests) == {"one", "two-b", "three"}
    assert [a for a in anchors(MADE_UP) if a not in named(tests)] == ["two"]
