"""Lines of generated files lead to the lines of the spec that they came from."""

import ast
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from project_folder import TABLE, Folder

from layergen.project.config import Config, load_project
from layergen.project.origins import origin_beside, origin_of
from layergen.project.source import read_source
from layergen.project.wording import MENDS
from layergen.pytest_plugin import pytest_runtest_call
from layergen.rendering import render

ROOT = Path(__file__).parents[2]
GOLDEN = sorted((ROOT / "tests/specs").glob("*.yaml"))
SPEC = """\
layer: Traced
args: {units: {type: int, min: 1}}
inputs: [batch, features]
weights: {kernel: [features, units]}
states: {calls: [], seen: []}
functions:
  bent:
    args: [x]
    forward: |
      half = x / 2
      return half * ops.tanh(half)
forward: |
  calls = calls + 1
  seen = ops.max(x)
  y = (x
       @ kernel)
  for number in range(2):
    if number > 0:
      y = bent(y)
  return y / (1 + seen)
reference: |
  y = x @ kernel
  for _ in range(1):
    y = y / 2 * np.tanh(y / 2)
  return y / (1 + x.max())
"""
# Lines of the module and the test, and the lines of the spec that they come from.
LINES = {
    "self.calls.assign(self.calls + 1)": ("call", 13),
    "seen = ops.max(x)": ("call", 14),
    "self.seen.assign(seen)": ("call", 14),
    "y = ops.matmul(x, self.kernel)": ("call", 15),
    "for number in range(2):": ("call", 17),
    "if number > 0:": ("call", 18),
    "y = bent(y)": ("call", 19),
    "return y / (1 + seen)": ("call", 20),
    "half = x / 2": ("bent", 10),
    "return half * ops.tanh(half)": ("bent", 11),
    "y = y / 2 * np.tanh(y / 2)": ("reference", 24),
    "return y / (1 + x.max())": ("reference", 25),
}


# What the battery says, piece by piece.
STRINGS = [
    node.value
    for path in sorted((ROOT / "layergen/testing").rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
]


@pytest.fixture
def made(tmp_path):
    """A spec with its files beside it."""
    spec = tmp_path / "traced.yaml"
    spec.write_text(SPEC)
    origin = origin_of(read_source(spec), Config())
    for name, text in render(origin.spec, "class").items():
        (tmp_path / name).write_text(text)
    return tmp_path


def texts(folder):
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.py")}


def lines_of(there, line):
    return [
        (file, number)
        for file, text in there.items()
        for number, one in enumerate(text.splitlines(), 1)
        if one.strip() == line
    ]


@pytest.mark.parametrize("line", LINES)
def test_lines_lead_to_the_spec(made, line):
    function, expected = LINES[line]
    there = texts(made)
    places = [
        origin_beside(made / "traced.py").place(there, file, number, function)
        for file, number in lines_of(there, line)
    ]
    assert expected in [place.line for place in places if place]


def test_other_lines_lead_nowhere(made):
    there = texts(made)
    origin = origin_beside(made / "traced.py")
    [(file, number)] = lines_of(there, "features = input_shape[-1]")
    assert origin.place(there, file, number, "build") is None
    assert origin.place(there, file, number, "call") is None


def test_a_message_says_it_below_the_line(made):
    there = texts(made)
    [(file, number)] = lines_of(there, "y = bent(y)")
    said = f"Traced: raised\n{file}:{number}, in call: y = bent(y)\nMend it."
    first, line, place, last = (
        origin_beside(made / "traced.py").told(said, there).split("\n")
    )
    assert (first, last) == ("Traced: raised", "Mend it.")
    assert line == said.split("\n")[1]
    assert place.endswith("traced.yaml:19: y = bent(y)")


def test_a_message_without_a_line_says_where_the_whole_is(made):
    origin = origin_beside(made / "traced.py")
    said = origin.told("The outputs are not the reference's.", texts(made))
    assert "`forward` is at" in said and "traced.yaml:13: calls = calls + 1" in said
    assert "traced.yaml:22: y = x @ kernel" in said
    assert "`reference`" not in origin.told("Not finite.", texts(made))


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("Compare `call` with it.", "Compare `forward` with it."),
        ("Cast constants to `self.compute_dtype`.", "Cast constants to `x.dtype`."),
        ("`self.kernel` and `self.other`", "`kernel` and `self.other`"),
        ("It has none; else state `gradient=None`.", "It has none."),
        ("`bent` (line {}) has none.", "`bent` (traced.yaml:19) has none."),
    ],
)
def test_what_to_write_is_said_of_the_spec(made, said, instead):
    there = texts(made)
    [(_, number)] = lines_of(there, "y = bent(y)")
    origin = origin_beside(made / "traced.py")
    told = origin.told(said.format(number), there).splitlines()[0]
    assert told.replace(f"{origin.spec.file}:", "traced.yaml:") == instead
    edited = there["traced.py"].replace("range(2)", "range(3)")
    again = origin.told(said.format(number), {**there, "traced.py": edited})
    assert again.splitlines()[0] == said.format(number)


def test_what_nothing_is_to_be_written_for_is_left_out(made):
    told = origin_beside(made / "traced.py").told(
        "No gradient.\nState it in `zero_gradient` if that is right.", texts(made)
    )
    assert told.splitlines()[0] == "No gradient." and "zero_gradient" not in told


@pytest.mark.parametrize("words", [words for words, _ in MENDS])
def test_the_battery_says_what_is_said_otherwise(words):
    assert any(words in one for one in STRINGS)


def test_a_module_that_its_spec_does_not_render_to_has_no_places(made):
    spec = made / "traced.yaml"
    spec.write_text(SPEC.replace("forward: |\n  calls", "forward: |\n  x = x\n  calls"))
    there = texts(made)
    [(file, number)] = lines_of(there, "y = bent(y)")
    assert origin_beside(made / "traced.py").place(there, file, number, "call") is None


def test_what_is_not_generated_or_has_no_spec_has_no_origin(made):
    text = (made / "traced.py").read_text()
    (made / "own.py").write_text("x = 1\n")
    (made / "own.yaml").write_text(SPEC)
    (made / "alone.py").write_text(text)
    (made / "traced.yaml").write_text("layer: [")
    assert origin_beside(made / "own.py") is None
    assert origin_beside(made / "alone.py") is None
    assert origin_beside(made / "traced.py") is None
    assert origin_beside(made / "gone.py") is None


def test_in_a_project_the_spec_lies_where_the_project_says(made):
    folder = Folder(made / "project")
    folder.write("pyproject.toml", TABLE)
    project = load_project(folder.root)
    folder.write(project.spec("traced"), SPEC)
    module = folder.root / project.files("traced")["traced.py"]
    folder.write(str(module.relative_to(folder.root)), (made / "traced.py").read_text())
    assert origin_beside(module).spec.file.endswith(project.spec("traced"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_statement_of_forward_is_found(path):
    origin = origin_of(read_source(path), Config())
    name = f"{path.stem}.py"
    there = {name: (ROOT / "tests/golden" / name).read_text("utf-8")}
    count = len(there[name].splitlines())
    found = {origin.place(there, name, line, "call") for line in range(1, count + 1)}
    code = origin.spec.forward
    nodes = ast.walk(ast.parse(code.text))
    expected = {code.place(one) for one in nodes if isinstance(one, ast.stmt)}
    assert found - {None} == (set() if origin.spec.gradient else expected)


def test_pytest_says_it_of_a_check_that_fails(made, monkeypatch):
    there = texts(made)
    [(file, number)] = lines_of(there, "y = bent(y)")
    layer = type("Traced", (), {"__module__": "traced"})
    module = SimpleNamespace(__file__=str(made / "traced.py"))
    monkeypatch.setitem(sys.modules, "traced", module)
    check = type("_Run", (), {"__module__": "layergen.testing.runner"})()
    for of_check, found in ((check, True), (object(), False)):
        params = {"case": SimpleNamespace(layer=layer), "check": of_check}
        item = SimpleNamespace(
            callspec=SimpleNamespace(params=params), path=made / "test_traced.py"
        )
        run = pytest_runtest_call(item)
        next(run)
        with pytest.raises(pytest.fail.Exception) as caught:
            run.throw(pytest.fail.Exception(f"{file}:{number}, in call: y"))
        assert ("traced.yaml:19" in caught.value.msg) == found
