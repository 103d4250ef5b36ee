"""Texts that layergen lays out by itself are exactly what Black makes of them."""

import random
from pathlib import Path

import black
import pytest
from black_code import modules, outlines
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import specs

from layergen import rendering
from layergen.black_style import formatted, is_formatted
from layergen.loading import read_spec

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "generated_examples").glob("*.py"))
KEPT = [*SHIPPED, *sorted((ROOT / "tests" / "golden").glob("*.py"))]
SOURCES = [path.read_text("utf-8") for path in KEPT]
PIECES = [
    *(" ", "  ", ",", "\n", "\n\n", "\n\n\n", "(", ")", "[", "]", "{", "}", '"', "'"),
    *("#", "# why", "\\", ":", ";", "=", " = ", ".", "-", "not ", "**", "**2", " * "),
    *(" if a else b", " and x", "lambda: ", "f", "    ", '"""', "é", "世", "\t", "1e5"),
    *("\n# why\n", "return ", "x: int", "async ", "\n\nimport os\n", "\n    pass\n"),
]
LONG = "some_longer_name_of_something_that_fills_much_of_a_line"
KNOWN = [
    f"y = None if {LONG} is None else {LONG}\n",
    f"y = f({LONG} if {LONG} else 1)\n",
    f"y = ({LONG}, None if {LONG} is None else n)\n",
    f"y = g(a={LONG}, b=1 if {LONG} else 2 if {LONG} else 3)\n",
    f"y = [1 if {LONG} else 2 for i in {LONG}]\n",
    f"{LONG}, b = {LONG}(1)\n",
    f"_, {LONG}, {LONG} = ops.shape(x)\n",
    "(a,) = f(  x)\n",
    f"x[g(b)][f(a=1)] = {LONG}\n",
    "if x:\n    def f():\n        return 1\n    y = 1\n",
    "if x:\n    import a\n    y = 1\nz = 1\n",
    "def f():\n    def g():\n        return 1\n    # Why.\n    return g\n",
    'def f():\n    """Does."""\n    def g():\n        return 1\n    return g\n',
    'def f():\n    """"Does" it."""\n    return 1\n',
    'def f():\n    """Does \\\\"""\n    return 1\n',
    'def f():\n    """Does \\\\\n          it.\n    """\n    return 1\n',
]
LEFT_TO_BLACK = [
    *(
        "x = yield\n",
        "x = y = 1\n",
        "(a, b) = c\n",
        "x: int = 1\n",
        "x = f(\n 1  # why\n)\n",
    ),
    *("try:\n    f()\nfinally:\n    g()\n", "# fmt: off\nx=1\n", "x = 1;y = 2\n"),
    *(
        "if x:\n\n    y = 1\n",
        "# why\n\n\ndef f():\n    return 1\n",
        "x = '\\N{DASH}'\n",
    ),
]
widths = st.one_of(st.just(88), st.integers(60, 120))
SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))
HALF = SLOW.max_examples // 2


def by_black(text, width):
    try:
        return black.format_str(text, mode=black.Mode(line_length=width))
    except black.InvalidInput:
        return "not Python"


def check(text, width):
    """Whether the text is known; if it is, Black agrees."""
    found = formatted(text, width)
    if found is None:
        return False
    assert found == by_black(text, width)
    assert is_formatted(found, width) or formatted(found, width) is None
    return True


def rough(text):
    """What the templates make of a spec, before it is formatted."""
    reading = read_spec(text, "random.yaml")
    assert reading.spec
    texts = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "_formatted", lambda text, _: texts.append(text) or "")
        rendering.render(reading.spec)
    return [text.rstrip() + "\n" for text in texts]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_knows_the_shipped_examples(path):
    assert is_formatted(path.read_text("utf-8"), 88)


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "layergen/gallery").glob("*.yaml")),
    ids=lambda path: path.stem,
)
def test_lays_out_the_gallery_without_black(path):
    for text in rough(path.read_text("utf-8")):
        assert check(text, 88)


@pytest.mark.parametrize("text", KNOWN)
def test_knows(text):
    assert all(check(text, width) for width in (60, 88))


@pytest.mark.parametrize("text", LEFT_TO_BLACK)
def test_leaves_what_it_does_not_know_to_black(text):
    assert by_black(text, 88) != "not Python"
    assert formatted(text, 88) is None


def test_agrees_with_black_on_the_kept_files():
    assert sum(check(text, 88) for text in SOURCES) > 0.95 * len(SOURCES)
    for width in (60, 110):
        for text in SOURCES:
            check(text, width)


def test_agrees_with_black_on_random_specs():
    known = []

    @settings(SLOW, max_examples=HALF)
    @given(specs(), widths)
    def agrees(text, width):
        known.extend(check(made, width) for made in rough(text))

    agrees()
    assert sum(known) > 0.8 * len(known)


@SLOW
@given(modules(), widths)
def test_agrees_with_black_on_random_code(text, width):
    check(text, width)


@SLOW
@given(outlines(), widths)
def test_agrees_with_black_on_random_blocks(text, width):
    check(text, width)


@SLOW
@given(st.integers(0, 2**64), widths)
def test_agrees_with_black_on_damaged_text(seed, width):
    check(damaged(random.Random(seed)), width)


def damaged(dice):
    """A formatted file in which something was put, taken away, joined or split."""
    text = dice.choice(SOURCES)
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(text))
        match dice.randrange(6):
            case 0 | 1:
                text = text[:at] + dice.choice(PIECES) + text[at:]
            case 2:
                text = text[:at] + text[at + dice.randrange(1, 3) :]
            case 3:
                spots = [i for i, c in enumerate(text) if c in ' ,\n"()[]{}']
                at = dice.choice(spots)
                text = text[:at] + text[at + 1 :]
            case 4:
                spots = [i for i, c in enumerate(text) if c in " ,\n()[]{}"]
                at = dice.choice(spots) + dice.randrange(2)
                text = text[:at] + dice.choice(PIECES) + text[at:]
            case 5:
                lines = text.splitlines(keepends=True)
                first = dice.randrange(len(lines))
                lines[first : first + dice.randrange(3)] = dice.sample(
                    lines, dice.randrange(3)
                )
                text = "".join(lines)
    return text
