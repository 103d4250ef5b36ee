"""What became of Keras' own tests, as text: a table for readers, with every failure."""

from __future__ import annotations

import ast
import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .drawn import DRAWN
from .not_applicable import NOT_APPLICABLE
from .run import FAILED, PASSED, SKIPPED, Outcomes, test_file
from .shortcomings import SHORTCOMINGS

LEAST, MOST = 0.95, 0.15
"""How much of what applies is to pass, and how much may not apply."""

HEAD = """\
# Keras' own unit tests on generated layers

Written by `python benchmarks/keras_tests`: the tests that the wheel of Keras ships, on layers
that layergen generates from `specs/`, put where Keras has its own. `calling.py` changes names
and calling form, `wording.py` says what a message says in Keras' words and in ours, and lists
equal tuples. Whether a layer without weights is built before it is called is not asked: Keras'
own say so by a private method. Tests that Keras skips here are not counted.

At first sight is the first run of the specs as they were first accepted, with the adapter as
it is: `first_sight.csv`, to which a run only adds.

| tests | layers | run | not applicable | passed at first sight | pass |
| --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Row:
    """What became of the tests of a module."""

    module: str
    outcomes: Outcomes

    def named(self, outcome: str) -> list[str]:
        return sorted(n for n, (found, _) in self.outcomes.items() if found == outcome)

    @property
    def run(self) -> int:
        return len(self.outcomes) - len(self.named(SKIPPED))

    @property
    def passed(self) -> int:
        return len(self.named(PASSED))

    @property
    def away(self) -> list[str]:
        """What fails and is listed as not applicable."""
        return [name for name in self.named(FAILED) if self._entry(name)]

    @property
    def failed(self) -> list[str]:
        return [name for name in self.named(FAILED) if not self._entry(name)]

    def _entry(self, case: str) -> str:
        """The entry of the list that a case falls under, or ""."""
        listed = NOT_APPLICABLE.get(self.module, {})
        return next((n for n in (case, function(self.module, case)) if n in listed), "")

    def problems(self) -> list[str]:
        """What is not as the lists say."""
        reasons = SHORTCOMINGS.get(self.module, {})
        used = {self._entry(name) for name in self.named(FAILED)}
        listed = NOT_APPLICABLE.get(self.module, {})
        return [
            *(
                f"{self.module}: {name}: {self.outcomes[name][1]}"
                for name in self.failed
                if name not in reasons
            ),
            *(f"{self.module}: {n} passes" for n in reasons if n not in self.failed),
            *(f"{self.module}: {n} applies" for n in listed if n not in used),
        ]


def function(module: str, case: str) -> str:
    """The test function that a case belongs to."""
    tree = ast.parse(test_file(module).read_text("utf-8"))
    names = [n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    return max((n for n in names if case.startswith(n)), key=len, default=case)


def first_sight(file: Path, rows: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """How many passed of how many at first sight; what is new there is written down."""
    found = {}
    if file.exists():
        with file.open(newline="") as lines:
            found = {m: (int(p), int(of)) for m, p, of in csv.reader(lines)}
    found |= {
        row.module: (row.passed, row.run - len(row.away))
        for row in rows
        if row.module not in found
    }
    with file.open("w", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(
            (module, *found[module]) for module in sorted(found)
        )
    return found


def page(rows: Sequence[Row], first: Mapping[str, tuple[int, int]]) -> str:
    """The whole page."""
    lines = [HEAD]
    for row in rows:
        applies = row.run - len(row.away)
        before = "{} of {}".format(*first[row.module])
        names = ", ".join(DRAWN[row.module])
        lines.append(
            f"| `{row.module}` | {names} | {row.run} | {len(row.away)} | {before} "
            f"| {row.passed} of {applies} |\n"
        )
    run, away, passed = totals(rows)
    seen, of = (sum(one[place] for one in first.values()) for place in (0, 1))
    layers = sum(map(len, DRAWN.values()))
    lines.append(
        f"\n{layers} layers, {run} tests, {away} of them not applicable "
        f"({away / run:.1%}). Of the rest {passed} of {run - away} pass "
        f"({passed / (run - away):.1%}), {seen} of {of} at first sight ({seen / of:.1%}).\n"
    )
    lines.append("\n## What fails\n\n")
    for row in rows:
        for name in row.failed:
            reason = SHORTCOMINGS.get(row.module, {}).get(name, "?")
            lines.append(f"- `{row.module}`, `{name}`: {reason}.\n")
    lines.append("\n## What is not applicable\n\n")
    reasons = Counter(
        NOT_APPLICABLE[row.module][row._entry(name)]
        for row in rows
        for name in row.away
    )
    lines += [f"- {number}: {reason}.\n" for reason, number in reasons.most_common()]
    return "".join(lines)


def totals(rows: Sequence[Row]) -> tuple[int, int, int]:
    """How many tests ran, do not apply, and pass."""
    return (
        sum(row.run for row in rows),
        sum(len(row.away) for row in rows),
        sum(row.passed for row in rows),
    )
