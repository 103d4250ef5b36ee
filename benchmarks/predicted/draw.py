"""Draws spec code that runs, each way to write equally often, and holds the analysis to it."""

from __future__ import annotations

import ast
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from layergen.forward.analyse import Forward, analyse
from layergen.forward.values import Tensor
from layergen.keras_tables import table
from predicted import compare, recipes, world
from predicted.oracle import Program, Ran, eager, symbolic, traced

What = tuple[str, str]
"""Where something to draw belongs, and its name."""

NOWHERE = ("vectorize",)
"""Functions that Keras does not have on TensorFlow."""

ALL: tuple[What, ...] = (
    *(("ops", name) for name in table.OPS if name not in NOWHERE),
    *(("image", name) for name in table.IMAGE),
    *(("random", name) for name in table.RANDOM),
    *(("code", name) for name in recipes.CODE),
)

TRIES = 40
"""Times that an expression is drawn anew that does not run."""
LINES = 6
"""Expressions of one program."""
LONGEST = 160
"""Characters of an expression that stands inside another."""

CONDITIONS = (
    "flag", "not flag", "training", "cut is None", "c is not None", "mode == 'mean'",
    "depth > 1", "units > 2", "len(sizes) > 2", "power in (1, 2)", "True",
)  # fmt: skip
NUMBERS = (
    "2",
    "0.5",
    "rate",
    "units",
    "features",
    "depth",
    "batch",
    "time",
    "True",
    "-1",
)
DIMS = ("units", "features", "2", "batch", "units + 1", "time", "double")
ALIASES = {"f2": "f", "f3": "f", "i2": "i", "x2": "x", "x3": "x", "x4": "x"}


@dataclass(frozen=True)
class Term:
    """An expression to draw from, with the shape and dtype of what it gives."""

    text: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def floating(self) -> bool:
        return "float" in self.dtype


@dataclass(frozen=True)
class Wrong:
    """A wrong prediction."""

    what: What
    how: str
    code: str
    node: str
    message: str
    said: str

    def __str__(self) -> str:
        return (
            f"{'.'.join(self.what)}, {self.how}: `{self.node}` {self.message}\n"
            f"  said: {self.said}\n  code:\n"
            + "    "
            + self.code.replace("\n", "\n    ")
        )


@dataclass
class Tally:
    """What came of the draws."""

    drawn: Counter[What] = field(default_factory=Counter)
    nodes: Counter[What] = field(default_factory=Counter)
    unknown: Counter[What] = field(default_factory=Counter)
    wrong: list[Wrong] = field(default_factory=list)
    refused: dict[What, str] = field(default_factory=dict)
    roots: Counter[str] = field(default_factory=Counter)

    @property
    def missing(self) -> list[What]:
        return [what for what in ALL if not self.drawn[what]]

    @property
    def share(self) -> float:
        """The share of nodes of which the analysis does not say all."""
        return sum(self.unknown.values()) / max(1, sum(self.nodes.values()))


class Drawer:
    """Draws programs, each held to so many `RUNS`; the same seed draws the same."""

    def __init__(self, seed: int, runs: int = 8) -> None:
        self.runs = runs
        self.chance = random.Random(seed)
        self.tally = Tally()
        self.queue: list[What] = []

    def program(self) -> None:
        """Draw one program line by line, and hold the analysis to it."""
        self.sizes = self.chance.choice(world.SIZES)
        self.lines: list[tuple[str, What]] = []
        self.terms = list(_inputs(self.sizes))
        for _ in range(LINES):
            self.line(self.next())
        check(self, self.code())

    def next(self) -> What:
        if not self.queue:
            self.queue = list(ALL)
            self.chance.shuffle(self.queue)
        return self.queue.pop()

    def code(self, *more: str) -> str:
        lines = [line for line, _ in self.lines]
        names = [f"v{i}" for i in range(len(lines) + len(more))]
        return "\n".join([*lines, *more, f"return ({', '.join(names)},)"])

    def line(self, what: What) -> None:
        """Draw until a line runs."""
        for attempt in range(TRIES):
            template = self.chance.choice(recipes.templates(*what))
            try:
                expression = self.filled(template)
            except LookupError:
                continue
            line = self.statement(expression, f"v{len(self.lines)}", attempt)
            ran = self.tried(what, self.code(line))
            if ran is None:
                continue
            self.lines.append((line, what))
            self.tally.drawn[what] += 1
            self.keep(expression, ran)
            return

    def tried(self, what: What, code: str) -> Ran | None:
        """What running some code with arrays gives, None where it does not run."""
        try:
            spec = world.with_code(code)
        except SyntaxError as error:
            self.tally.refused[what] = f"{error} {code}"
            return None
        forward, program = prepared(spec)
        if forward.faults:
            # The user is told to cast: it must be wrong in some precision.
            runs = [eager(program, self.sizes, policy) for policy in world.POLICIES]
            if all(ran.error is None for ran in runs):
                fault = forward.faults[0]
                self.wrong(what, "fault", code, fault.node, fault.message, "")
            return None
        ran = eager(program, self.sizes, "float32")
        if ran.error is None:
            return ran
        self.tally.refused[what] = f"{code.splitlines()[-2]}: {ran.error}"
        if forward.casts or forward.supplied:
            plain = prepared(spec, forward, plain=True)[1]
            if eager(plain, self.sizes, "float32").error is None:
                text = str({ast.unparse(n): d for n, d in forward.casts.items()})
                self.wrong(what, "cast", code, ran.at, str(ran.error)[:200], text)
        return None

    def wrong(
        self, what: What, how: str, code: str, node: Any, message: str, said: str
    ) -> None:
        text = ast.unparse(node) if node is not None else ""
        self.tally.wrong.append(Wrong(what, how, code, text, message, said))

    def keep(self, expression: str, ran: Ran) -> None:
        """Let later lines use what a line gave."""
        name = f"v{len(self.lines) - 1}"
        kept: list[Any] = []
        for node, values in ran.values.items():
            if isinstance(node, ast.Name) and node.id == name:
                kept = values
        for value in kept[-1:]:
            if compare.is_tensor(value):
                shape, dtype = tuple(value.shape), str(value.dtype.name)
                if len(shape) <= 5 and all(0 < one <= 64 for one in shape):
                    self.terms.append(Term(name, shape, dtype))
                    if len(expression) < LONGEST and ":=" not in expression:
                        self.terms.append(Term(f"({expression})", shape, dtype))

    # Parts

    def statement(self, expression: str, name: str, attempt: int) -> str:
        """A line that binds a name to an expression, in one of the ways there are."""
        way = self.chance.choice([*WAYS]) if attempt < TRIES // 2 else "plain"
        other = self.chance.choice([term.text for term in self.terms])
        condition = self.chance.choice(CONDITIONS)
        return WAYS[way].format(name=name, it=expression, other=other, c=condition)

    def filled(self, template: str) -> str:
        """A template with what is drawn for its placeholders.

        Raises:
            LookupError: If nothing fits.
        """
        drawn: dict[str, Term] = {}

        def fill(found: re.Match[str]) -> str:
            name = found[1]
            if name == "axis":
                [*_, first] = [one for one in drawn.values()] or [None]
                rank = len(first.shape) if first is not None else 1
                return str(self.chance.choice([*range(rank), -1]))
            if name == "c":
                return self.chance.choice(CONDITIONS)
            if name == "d":
                return self.chance.choice(DIMS)
            if name == "k":
                return str(self.chance.randrange(3))
            if name == "r":
                return self.chance.choice(NUMBERS)
            if name == "v":
                if self.chance.random() < 0.5:
                    return self.chance.choice(NUMBERS)
                name = "x"
            if name not in drawn:
                drawn[name] = self.term(name, drawn)
            return drawn[name].text

        text = re.sub(r"\{(\w+)\}", fill, template)
        return text.replace("{{", "{").replace("}}", "}")

    def term(self, name: str, drawn: dict[str, Term]) -> Term:
        """A tensor to draw for a placeholder."""
        terms = [term for term in self.terms if FITS[name](term)]
        first = next(iter(drawn.values()), None)
        if first is not None and name in ("y", "g", "j"):
            fitting = [term for term in terms if _broadcasts(term.shape, first.shape)]
            if self.chance.random() < 0.5:
                alike = [one for one in fitting if one.dtype == first.dtype]
                fitting = alike or fitting
            terms = fitting
        if not terms:
            raise LookupError(name)
        # What came last is taken more often, so that code grows deep.
        return self.chance.choice(terms[-6:] if self.chance.random() < 0.5 else terms)


WAYS = {
    "plain": "{name} = {it}",
    "still plain": "{name} = {it}",
    "once more": "{name} = {it}",
    "annotated": "{name}: object = {it}",
    "if": "if {c}:\n  {name} = {it}\nelse:\n  {name} = {other}",
    "if alone": "{name} = {other}\nif {c}:\n  {name} = {it}",
    "if else": "{name} = {it} if {c} else {other}",
    "none": "{name} = None\nif {c}:\n  {name} = {it}",
    "elif": "if {c}:\n  {name} = {it}\nelif flag:\n  {name} = {it}\nelse:\n  {name} = None",
    "loop": "for i in range(depth):\n  {name} = {it}",
    "loop of two": "{name} = {other}\nfor i in [1, 2]:\n  {name} = {it}",
    "loop that breaks": "{name} = {it}\nfor i in range(3):\n  if i > 1:\n    break\n  {name} = {it}",
    "while": "i = 0\nwhile i < 2:\n  i += 1\n  {name} = {it}",
    "function": "def g{name}(a, b=2):\n  return {it}\n{name} = g{name}({other})",
    "function of it": "def g{name}(a, b=2):\n  return a\n{name} = g{name}({it})",
    "lambda": "g{name} = lambda: {it}\n{name} = g{name}()",
    "listed": "{name}l = [{it}, {other}]\n{name} = {name}l[0]",
    "unpacked": "{name}, {name}r = {it}, {other}",
    "comprehension": "{name} = [{it} for i in range(2)][-1]",
    "appended": "{name}l = []\nfor i in range(2):\n  {name}l.append({it})\n{name} = {name}l[0]",
    "augmented": "{name} = {it}\n{name} += {other}",
    "scaled": "{name} = {it}\n{name} *= 2",
    "walrus": "{name} = (w{name} := {it})",
    "repeated": "{name} = {it}\nfor i in range(depth):\n  {name} = {name} * 0.5 + {it}",
    "grown": "{name} = {it}\nfor i in range(2):\n  {name} = ops.concatenate([{name}, {it}], axis=-1)",
    "nested": "for i in range(2):\n  for k in range(depth):\n    {name} = {it}\n    if k:\n      continue",
}
"""Ways to bind a name: `{it}` is the expression, `{other}` another tensor."""

FITS = {
    "x": lambda term: True,
    "y": lambda term: True,
    "f": lambda term: term.floating,
    "g": lambda term: term.floating,
    "i": lambda term: "int" in term.dtype,
    "j": lambda term: "int" in term.dtype,
    "b": lambda term: term.dtype == "bool",
    "f2": lambda term: term.floating and len(term.shape) >= 2,
    "f3": lambda term: term.floating and len(term.shape) == 3,
    "i2": lambda term: "int" in term.dtype and len(term.shape) >= 2,
    "x2": lambda term: len(term.shape) >= 2,
    "x3": lambda term: len(term.shape) >= 3,
    "x4": lambda term: term.floating and len(term.shape) >= 2,
    "m": lambda term: term.floating and len(term.shape) >= 2 and term.shape[-1] == term.shape[-2],
    "p": lambda term: term.floating and len(term.shape) == 4 and term.shape[1] >= 4 and term.shape[2] >= 4,
    "z": lambda term: term.text == "z",
}  # fmt: skip


def _broadcasts(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return all(a == b or 1 in (a, b) for a, b in pairs)


def _inputs(sizes: world.Sizes) -> Iterator[Term]:
    for name, (shape, dtype) in world.shapes(sizes).items():
        if not name.startswith("part") and name != "c":
            yield Term(name, shape, dtype or "float32")
    yield Term("x", (sizes.batch, sizes.time, sizes.features), "float32")
    yield Term("s", (sizes.batch, sizes.features), "float32")


def prepared(
    spec: Any, forward: Forward | None = None, plain: bool = False
) -> tuple[Forward, Program]:
    """What the analysis says of a spec, and the spec ready to run; `plain`: without casts."""
    forward = forward or analyse(spec)
    functions = {}
    for one in spec.functions:
        code = one.forward
        body = [ast.Return(code.expression)] if code.is_expression else code.body
        functions[one.name] = (one.args, body)
    casts, supplied = ({}, ()) if plain else (forward.casts, forward.supplied)
    return forward, Program(world.body(spec), casts, supplied, functions)


RUNS = (
    *((eager, policy) for policy in world.POLICIES),
    (traced, "float32"),
    (traced, "mixed_float16"),
    (symbolic, "float32"),
    (symbolic, "mixed_bfloat16"),
)


def check(drawer: Drawer, code: str) -> None:
    """Hold what the analysis says of a program to what it gives."""
    spec = world.with_code(code)
    forward, program = prepared(spec)
    places = _places(drawer)
    tally = drawer.tally
    for node in program.own:
        if node in forward.values and not isinstance(node, ast.JoinedStr):
            what = places.get(getattr(node, "lineno", 0))
            if what is not None:
                tally.nodes[what] += 1
                if compare.unknown(forward.at(node)):
                    tally.unknown[what] += 1
                    tally.roots[_root(forward, node)] += 1
    for how, policy in drawer.chance.sample(RUNS, drawer.runs):
        ran = how(program, drawer.sizes, policy)
        found = first_wrong(forward, ran, how is eager)
        if found is not None:
            node, message = found
            what = places.get(node.lineno, ("code", "names"))
            label = f"{how.__name__} {policy}"
            drawer.wrong(what, label, code, node, message, str(forward.at(node)))
            return


def _root(forward: Forward, node: ast.expr) -> str:
    """What makes a value unknown, "" where it is what it is made of."""
    for child in ast.walk(node):
        if child is not node and isinstance(child, ast.expr):
            if child in forward.values and compare.unknown(forward.at(child)):
                return ""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else type(node).__name__


def first_wrong(
    forward: Forward, ran: Ran, arrays: bool
) -> tuple[ast.expr, str] | None:
    """The first expression of a run of which the analysis says what is not so.

    With arrays what raises is wrong too, unless the analysis says nothing of it.
    """
    for node, values in ran.values.items():
        said = forward.at(node)
        if isinstance(node, ast.Compare) and isinstance(said, Tensor) and ran.is_open:
            if any(isinstance(value, bool) for value in values):
                return None  # Of symbolic tensors themselves `==` is Python's own.
        for value in values:
            message = compare.wrong(said, value, ran)
            if message:
                return node, message
    if arrays and ran.error is not None and ran.at is not None:
        if not compare.unknown(forward.at(ran.at)):
            return ran.at, f"raises {type(ran.error).__name__}: {str(ran.error)[:150]}"
    return None


def _places(drawer: Drawer) -> dict[int, What]:
    """What the lines of a program were drawn for."""
    found, number = {}, 1
    for text, what in drawer.lines:
        for _ in text.split("\n"):
            found[number] = what
            number += 1
    return found
