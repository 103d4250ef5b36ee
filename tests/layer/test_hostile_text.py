"""Whatever a spec's texts hold, its files have the statements that they have of calm text.

The texts are found by a walk over the fields of the model, so that one added later is
tried as well; texts that become names are tried by way of the reader, which refuses them.

Statements are looked at as layergen lays them out. What Black makes of such texts is seen
where each payload stands in every field at once.
"""

from __future__ import annotations

import ast
import builtins
import doctest
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from field_walk import CALM, NAMES, UNSEEN, Leaf, everywhere, leaves, text_fields
from stub_keras import stub_keras

from layergen.cli import cli
from layergen.language.model import Spec
from layergen.layout.formatting import Black
from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import laid_out, render

RAN = "hostile_text_ran"
ACT = f"import builtins; builtins.{RAN} = True"
SHOWN = f'setattr(__import__("builtins"), "{RAN}", True)'
HARMLESS = "calm words"
CASES = Path(__file__).parent.parent / "hostile"

PAYLOADS = {
    "three double quotes": f'"""; {ACT}; """',
    "three double quotes on lines": f'"""\n{ACT}\n"""',
    "three single quotes": f"'''; {ACT}; '''",
    "both quotes": f'"; {ACT}; \' \'\'\' """ "',
    "quotes in a row": '"' * 7,
    "one quote": '"',
    "a backslash": "\\",
    "a backslash before quotes": f'\\"""; {ACT} #\\',
    "escapes": "C:\\new \\N{BULLET} \\x41 \\u0041 \\",
    "a line": f"a\n{ACT}\n    {ACT}\n",
    "lines of an example": f"a\n\n    >>> {ACT}\n",
    "a carriage return": f"a\r{ACT}\r\n",
    "other line breaks": "".join(
        f"a{c}{ACT}" for c in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
    ),
    "braces": f"{{{SHOWN}}} {{x}} {{ {{}} }} }}{{",
    "template syntax": "{{ plan }} {% raw %} {% if x %} #} {# {%- endif -%} }}",
    "direction": "\u202e } \u2066if admin\u2069 \u2066 begin \u061c",
    "not seen": "\u200b\u2060\ufeff\u00ad\U000e0041 \u200d",
    "no characters": "\x00\x07\x1b[31m \ud800",
    "words of the code": "Input(keras.x) compute_dtype start.clone() Dropout self ops",
    "a comment": f"# {ACT}",
    "much text": f'{{ """ {ACT} ' * 9,
}
ALL = "\n".join(PAYLOADS.values())

LAYER = f"""
layer: Holds
doc: calm
args:
  units: {{type: int, doc: calm}}
  label: {{type: str, default: calm, doc: calm}}
  title: str
  mode: Literal["one", "two"] = "one"
  way: {{type: 'Literal["here", "there"]', doc: calm}}
  tags: list[str]
  plan: {{type: dict, default: {{key: {{deep: [calm]}}}}}}
  kinds: {{type: 'list[str]', default: [calm, still]}}
  table: {{type: Array, shape: [3], dtype: float32}}
  kept: DType = "float32"
  inner: Layer
  start: {{type: Initializer, default: zeros}}
call_args:
  note: {{type: str, default: calm, doc: calm}}
inputs: {{x: {{shape: [batch, units], dtype: float32}}}}
outputs: {{shape: [batch, units], dtype: float32}}
weights:
  scale:
    shape: [units]
    initializer: 'Mine("{CALM}")'
    regularizer: L2(1e-3)
    constraint: non_neg
    dtype: float32
    when: 'title != "{CALM}"'
    doc: calm
  shift: {{shape: [units], initializer: start, doc: calm}}
  other: {{shape: [units], initializer: start, regularizer: 'Mine("{CALM}")'}}
states:
  total: {{shape: [units], dtype: float32, aggregation: mean, doc: calm}}
layers:
  one: {{make: 'Dense(units, name="{CALM}")', when: 'title != "{CALM}"'}}
  more: {{make: Dense(units), for: 'name in ["{CALM}"]'}}
derived:
  twice: '2 * units if title != "{CALM}" else 2 * units'
functions:
  bent:
    args: [y]
    forward: 'ops.tanh(y) if kept != "{CALM}" else y'
    gradient: 'upstream if kept != "{CALM}" else 2 * upstream'
    doc: calm
  soft: {{args: [y], forward: ops.tanh(y), doc: calm}}
activation: swish
mask: 'mask if title != "{CALM}" else None'
require:
  'units > (0 if title != "{CALM}" else 1)': calm
  len(title) < 99999 + len(note): calm
forward: |
  # A comment.
  total = total + ops.mean(ops.cast(x, "float32"), axis=0)
  y = bent(x) * shift * other * soft(x) * len(label) * len(plan) * len(kinds)
  y = y * ops.sum(table)
  for layer in more:
      y = layer(y)
  if title == "{CALM}" or mode == "two" or way == "here" or tags or note:
      y = inner(y) * twice
  return y if scale is None else one(y) * ops.cast(scale, y.dtype)
reference: 'x if title != "{CALM}" else 2 * x'
example: {{title: calm, way: there, tags: [calm, still], inner: 'Dense(4, name="{CALM}")'}}
imports: from pathlib import PurePath as Mine
"""
BUILT_IN = f"""
layer: Same
doc: calm
args:
  units: {{type: int, doc: calm}}
  mode: str = "calm"
inputs: [batch, features]
outputs: [batch, units]
weights:
  kernel: {{shape: [features, units], doc: calm}}
  bias: {{shape: [units], initializer: zeros}}
functions:
  soft: {{args: [y], forward: ops.tanh(y), doc: calm}}
activation: soft
require:
  units > 0: calm
  features > 0: calm
equivalent: 'Dense(units, name="{CALM}")'
forward: x @ kernel + bias
example: {{mode: calm}}
"""
CELL = """
layer: Turns
kind: cell
doc: calm
args: {units: {type: int, doc: calm}, mode: str}
inputs: [batch, features]
outputs: [batch, units]
weights: {kernel: [features, units]}
states: {h: {shape: [units], doc: calm}}
forward: |
  h = x @ kernel + h if mode else h
  return h
"""
WHOLE = f"""
layer: Whole
doc: calm
args: {{way: str}}
inputs: [batch, d]
outputs: [batch, d]
forward: x * 2
gradient: {{code: '2 * upstream if way != "{CALM}" else upstream', surrogate: true}}
require: {{d > 1: calm}}
"""
TWO = f"""
layer: Two
args: {{way: str}}
inputs: {{x: [batch, d], y: [batch, d]}}
inputs_as: dict
outputs: {{sum: [batch, d], one: {{shape: [batch, d], when: 'way != "{CALM}"'}}}}
outputs_as: dict
methods:
  back:
    inputs: {{h: [batch, d]}}
    args: {{word: {{type: str, default: calm, doc: calm}}}}
    outputs: [batch, d]
    forward: 'h if word == "{CALM}" else ops.tanh(h)'
    reference: 'h if word == "{CALM}" else np.tanh(h)'
    doc: calm
properties:
  held: {{forward: 'ops.ones(2) if way == "{CALM}" else 0.0', reference: 'np.ones(2) if way == "{CALM}" else 0.0', doc: calm}}
forward: x + y, x
reference: x + y, x
"""


@dataclass(frozen=True)
class Kind:
    """A spec and a style to render it in."""

    name: str
    text: str
    style: str

    def spec(self) -> Spec:
        reading = read_spec(self.text, "made.yaml")
        assert reading.spec is not None, "\n".join(map(str, reading.problems))
        return reading.spec

    def files(self, spec: Spec, package: str = "layergen") -> dict[str, str]:
        return laid_out(spec, self.style, register_as=package)


KINDS = [
    Kind("layer", LAYER, "class"),
    Kind("cell", CELL, "class"),
    Kind("whole", WHOLE, "class"),
    Kind("two", TWO, "class"),
    Kind("built in", BUILT_IN, "functional"),
    Kind("built in", BUILT_IN, "both"),
]
BY_STYLE = [pytest.param(kind, id=f"{kind.name} as {kind.style}") for kind in KINDS]


class _Blank(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node


def statements(text: str) -> str:
    """The syntax tree of a module, all of its strings left out."""
    return ast.dump(_Blank().visit(ast.parse(text)))


def run(text: str) -> None:
    """Import a module beside a stub of Keras; fail if anything of its text happened."""
    assert not hasattr(builtins, RAN)
    try:
        with stub_keras():
            exec(compile(text, "made.py", "exec"), {"__name__": "made"})
        assert not hasattr(builtins, RAN)
    finally:
        vars(builtins).pop(RAN, None)


def compare(hostile: dict[str, str], harmless: dict[str, str]) -> None:
    """The files have the same statements, and importing the module does nothing."""
    assert [*hostile] == [*harmless]
    for name, text in hostile.items():
        assert statements(text) == statements(harmless[name]), name
    module, _ = hostile.values()
    run(module)


def missing(root: type, found: set[str]) -> list[str]:
    """What to do about each field of the model in which the walk finds no text."""
    needed = text_fields(root) - NAMES.keys() - UNSEEN.keys() | {"Spec.mask"}
    return [
        f"{field}: give it a text in one of the specs of this file, or list it in "
        "`NAMES` if the reader takes nothing but names for it"
        for field in sorted(needed - found)
    ]


def test_the_walk_finds_a_text_in_every_field() -> None:
    found = {leaf.field for kind in KINDS for leaf in leaves(kind.spec())}
    assert missing(Spec, found) == []
    assert NAMES.keys() | UNSEEN.keys() <= text_fields(Spec)


def test_the_walk_asks_for_a_field_that_it_cannot_fill() -> None:
    @dataclass(frozen=True)
    class Longer(Spec):
        motto: str | None = None

    found = {leaf.field for kind in KINDS for leaf in leaves(kind.spec())}
    assert [line.split(":")[0] for line in missing(Longer, found)] == ["Longer.motto"]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("kind", BY_STYLE)
def test_a_payload_in_every_field(kind: Kind, payload: str) -> None:
    hostile, harmless = _everywhere(kind, PAYLOADS[payload]), _everywhere(
        kind, HARMLESS
    )
    compare(hostile, harmless)
    [formatted] = Black().formatted([hostile])
    compare(formatted, harmless)


@lru_cache
def _everywhere(kind: Kind, text: str) -> dict[str, str]:
    return kind.files(everywhere(kind.spec(), text), package=text)


def _each_leaf() -> Iterator[Any]:
    for kind in KINDS:
        for leaf in leaves(kind.spec()):
            yield pytest.param(kind, leaf, id=f"{kind.name} as {kind.style}{leaf.path}")


@pytest.mark.parametrize(("kind", "leaf"), [*_each_leaf()])
def test_every_payload_in_one_field(kind: Kind, leaf: Leaf) -> None:
    compare(kind.files(leaf.put(ALL)), kind.files(leaf.put(HARMLESS)))


BROKEN = {
    "a docstring": ("layer.docstring.docstring_text", str, "Arg.doc"),
    "a function's docstring": ("layer.functions.docstring_text", str, "Function.doc"),
    "a helper's docstring": ("functional.plan.docstring_text", str, "Function.doc"),
    "a message": ("source.literals._escaped", str, "Requirement.message"),
    "a default": ("layer.constructor.literal", '"{}"'.format, "Arg.default"),
    "an example": ("example.values.literal", '"{}"'.format, "Spec.example"),
    "a choice": (
        "language.types.kinds.plain.literal",
        '"{}"'.format,
        "Literal.choices",
    ),
    "a data type": ("layer.weights.literal", '"{}"'.format, "Weight.dtype"),
}


@pytest.mark.parametrize("door", BROKEN)
def test_a_broken_door_is_noticed(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, broken, field = BROKEN[door]
    monkeypatch.setattr(f"layergen.{name}", broken)
    [kind] = [k for k in KINDS if (k.style == "functional") == ("helper" in door)][:1]
    found = [leaf for leaf in leaves(kind.spec()) if leaf.field == field]
    with pytest.raises((AssertionError, SyntaxError)):
        for leaf in found:
            for text in (PAYLOADS["both quotes"], PAYLOADS["braces"]):
                compare(kind.files(leaf.put(text)), kind.files(leaf.put(HARMLESS)))


def test_what_an_open_docstring_lets_run_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("layergen.layout.filters.docstring_text", str)
    spec = read_spec((CASES / "evil_gate.yaml").read_text("utf-8"), "f.yaml").spec
    assert spec is not None
    text = PAYLOADS["three double quotes"]
    mode = tuple((name, text if name == "mode" else one) for name, one in spec.example)
    module, _ = render(replace(spec, example=mode)).values()
    with pytest.raises(AssertionError):
        run(module)
    assert not hasattr(builtins, RAN)


# A file can hold all of these; the second is code as well.
WRITTEN = [
    "\n".join(
        text
        for name, text in PAYLOADS.items()
        if name not in ("direction", "not seen", "no characters", "much text")
    ),
    PAYLOADS["three single quotes"],
]


def _places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the keys and values of YAML data stand; a key's place ends in `None`."""
    if isinstance(tree, dict):
        for key, inner in tree.items():
            yield (*path, key, None)
            yield from _places(inner, (*path, key))
    elif isinstance(tree, list):
        for index, inner in enumerate(tree):
            yield from _places(inner, (*path, index))
    else:
        yield path


def _with(tree: Any, path: tuple[Any, ...], text: str) -> Any:
    """Data with a text at a place."""
    if not path:
        return text
    at, *rest = path
    if rest == [None]:
        return {text if key == at else key: inner for key, inner in tree.items()}
    if isinstance(tree, dict):
        return {**tree, at: _with(tree[at], (*rest,), text)}
    return [*tree[:at], _with(tree[at], (*rest,), text), *tree[at + 1 :]]


WRITABLE = [
    pytest.param(kind, path, id=f"{kind.name}: {' '.join(map(str, path))}")
    for kind in KINDS
    if kind.style != "functional"
    for path in _places(yaml.safe_load(kind.text))
]


@pytest.mark.parametrize(("kind", "path"), WRITABLE)
def test_a_text_in_the_file_is_refused_or_inert(
    kind: Kind, path: tuple[Any, ...]
) -> None:
    tree = yaml.safe_load(kind.text)
    for text in WRITTEN:
        written = yaml.safe_dump(_with(tree, path, text), sort_keys=False)
        reading = read_spec(written, "made.yaml")
        try:
            files = kind.files(reading.spec) if reading.spec else None
            problems = reading.problems
        except SpecError as error:
            files, problems = None, error.problems
        if files is not None:
            compare(files, _calm(kind, path))
        else:
            assert problems
        lines = written.split("\n")
        for problem in problems:
            assert problem.place.column <= len(lines[problem.place.line - 1]) + 1


@lru_cache(1)
def _calm(kind: Kind, path: tuple[Any, ...]) -> dict[str, str]:
    """The files of a spec with harmless text, or such code, at a place."""
    tree = yaml.safe_load(kind.text)
    for text in (HARMLESS, repr(HARMLESS)):
        written = yaml.safe_dump(_with(tree, path, text), sort_keys=False)
        if spec := read_spec(written, "made.yaml").spec:
            return kind.files(spec)
    raise AssertionError("hostile text is accepted where harmless text is not")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_such_text_names_a_module(payload: str) -> None:
    reading = read_spec(BUILT_IN, "made.yaml", stem=PAYLOADS[payload])
    assert "LG206" in {problem.code for problem in reading.problems}
    assert reading.spec is None


@pytest.mark.parametrize(
    "stem", ["evil_gate", "evil_list", "evil_safe_dict", "lit", "esc"]
)
def test_a_spec_whose_text_would_close_a_docstring(
    stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = [str(CASES / f"{stem}.yaml"), "--out", "."]
    result = CliRunner().invoke(cli, ["generate", *made])
    assert result.exit_code == 0, result.output
    module = (tmp_path / f"{stem}.py").read_text("utf-8")
    run(module)
    ast.parse((tmp_path / f"test_{stem}.py").read_text("utf-8"))
    assert {path.name for path in tmp_path.iterdir()} >= {f"{stem}.py"}
    assert not [*tmp_path.glob("PWNED*")]


# What the examples in these specs give, and what is chosen from `Literal`.
SHOWN_VALUES = {
    "evil_gate": {"mode": '"""; import os; os.system("touch PWNED"); """'},
    "evil_list": {"tags": ['"""; import os; os.system("touch PWNED"); """']},
    "evil_safe_dict": {"opts": {'"""; import os; os.system("touch PWNED"); """': 1}},
    "lit": {"mode": '"""; import os; os.system("touch PWNED2"); """'},
    "esc": {"sep": "C:\\new"},
}


@pytest.mark.parametrize("stem", SHOWN_VALUES)
def test_a_docstring_shows_the_value_itself(stem: str) -> None:
    spec = read_spec((CASES / f"{stem}.yaml").read_text("utf-8"), stem, stem).spec
    assert spec is not None
    module, _ = render(spec).values()
    [layer] = [n for n in ast.parse(module).body if isinstance(n, ast.ClassDef)]
    shown = ast.get_docstring(layer) or ""
    typed = doctest.DocTestParser().get_examples(shown)[0].source
    given = eval(typed.removeprefix("layer = "), {spec.layer: dict})
    assert {name: given[name] for name in SHOWN_VALUES[stem]} == SHOWN_VALUES[stem]


def test_a_docstring_says_what_the_spec_says() -> None:
    doc = 'Says """this""" and \\that.\n\nA line "at the end"\\\nC:\\new \\N{BULLET} {{ x }}'
    spec = replace(KINDS[0].spec(), doc=doc)
    module, _ = KINDS[0].files(spec).values()
    [layer] = [n for n in ast.parse(module).body if isinstance(n, ast.ClassDef)]
    assert (ast.get_docstring(layer) or "").startswith(doc)
