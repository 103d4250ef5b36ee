"""Long statements formatted by themselves, so that a text arrives as it is to be left."""

from __future__ import annotations

import pytest

from layergen import gallery
from layergen.layout.formatting import blackened
from layergen.layout.settling import settled
from layergen.loading import read_spec
from layergen.rendering import laid_out

LONG = ", ".join(f"argument_{index}" for index in range(9))


@pytest.mark.parametrize("width", [60, 88])
@pytest.mark.parametrize("name", gallery.names())
def test_gallery_arrives_as_black_leaves_it(name: str, width: int) -> None:
    spec = read_spec(gallery.text(name), f"{name}.yaml", name).spec
    assert spec is not None
    for text in laid_out(spec, line_length=width).values():
        arrived = settled(text.rstrip() + "\n", width, blackened)
        assert arrived == blackened(arrived, width)


@pytest.mark.parametrize(
    "text",
    [
        f"def f():\n    return g({LONG})\n",
        f"class A:\n    def f(self):\n        self.a = g({LONG})  # why\n",
        f"if f({LONG}):\n    x = 1\nelse:\n    x = g({LONG})\n",
        f"def f(x):\n    for i in ({LONG}):\n        pass\n",
        f'@f({LONG})\ndef g(x):\n    """{LONG} {LONG}"""\n    return x\n',
        f"with f({LONG}):\n    # why\n    x = 1\n",
        f"while True:\n    x = [\n        1, f({LONG}),\n    2]\n",
    ],
)
def test_long_statements_come_out_as_within_the_whole(text: str) -> None:
    seen = []

    def formatted(piece: str, width: int) -> str:
        seen.append(piece)
        return blackened(piece, width)

    arrived = settled(text, 88, formatted)
    assert len(seen) == 1 + ("else" in text)
    assert arrived == blackened(text, 88)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n",
        f"if a:\n    x = 1\nelif f({LONG}):\n    x = 2\n",
        f"if a: x = f({LONG})\n",
        f"def f():\n    x = 1; y = ({LONG})\n",
        f'def f():\n    """{LONG} {LONG}"""\n',
        f'x = """{LONG}\n  {LONG}\n"""\n',
        f'x = "{LONG}\\\n  {LONG}"\n',
        f"def f():\n    # {LONG} {LONG}\n    pass\n",
    ],
)
def test_code_is_the_same(text: str) -> None:
    assert blackened(settled(text, 88, blackened), 88) == blackened(text, 88)
