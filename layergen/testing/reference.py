"""The reference page of the checks, made from their docstrings.

`python -m layergen.testing.reference > docs/checks.md` writes it.
"""

import inspect
import sys
import textwrap
from itertools import groupby

from . import checks  # noqa: F401  (registers the checks)
from .registry import CHECKS, Check

HEAD = """\
# The checks

`layergen.testing` holds any Keras layer, generated or written by hand, to one contract.
`layergen verify` runs it from the command line; in tests it is

```python
from layergen.testing import LayerCase, parametrize_checks
from swish_dense import SwishDense

CASES = [LayerCase(SwishDense, {"units": 7}, inputs={"x": (2, 3)}, outputs=(2, 7))]


@parametrize_checks(CASES)
def test_contract(case, check):
    check(case)
```

Each check is one test. A check that does not apply to a case is not listed; one that finds
while running that the layer has nothing to look at is skipped, with the reason. Where
`can_be_called` fails, no other check is run. What a backend lacks is skipped by name: only
TensorFlow serves a SavedModel and has a `MirroredStrategy`, and under JAX no graph leaves sizes
open; `keras.distribution` spreads layers over devices under JAX alone. On PyTorch a graph is what `torch.compile` captures, with what it cannot capture run in
between, and stands for XLA what Inductor makes of that, if there is a C++ compiler. Keras' own
loops are unrolled there; the rounds after the first do not count as growth.

A fault is told of once. A check that fails is stopped by another where it waits for that one
(files wait for a config that makes a layer, compiled programs for a graph, all that compares
two calls for calls that agree), and where both end in the same exception: the first of them
fails and names the others, which pytest skips. A message says what was seen, the line of the
layer's source that it came from, what to do, and the smallest input tried that shows the same.

What is known to fail is stated, `LayerCase(..., expected_failures={"check": "reason"})`: it is
told of apart (`xfailed` in pytest), and an error once it passes. A layer is held to more than
Keras' own layers are (to refusing wrong arguments and shapes, and to states that agree across
replicas) where its case says `strict=True`. What a case states it is held to, strict or not.

`layergen verify` runs the layer in a process of its own. What its module prints goes to
standard error; with `--json`, JSON alone is on standard output. A module that ends the process
(`sys.exit()`, `os._exit(0)`, a crash) fails the check that it does so in, `can_be_called` if it
is in none, and no other is run: the exit code is 1. What nobody states is observed; `--mask`,
`--open-axis`, `--mixes-rows`, `--training`, `--random`, `--gradient`, `--zero-gradient`,
`--losses`, `--call-args` and `--expect` state it, and a failure names the one that would apply.

This page is made from the checks' docstrings.
"""


def page() -> str:
    """The page in Markdown: a table of all checks, then each with its reasons."""
    listed = sorted(CHECKS.values(), key=lambda one: list(_groups()).index(one.group))
    rows = [
        f"| {one.group} | [`{one.name}`](#{one.name}) | {_first(one)} |"
        for one in listed
    ]
    parts = [HEAD, "| group | check | guards against |\n| --- | --- | --- |", *rows]
    text = "\n".join(parts)
    for group, members in groupby(listed, key=lambda one: one.group):
        text += f"\n\n## {group.capitalize()}\n"
        text += "".join(
            f"\n### `{one.name}`\n\n{_paragraphs(one)}\n" for one in members
        )
    return text.rstrip("\n") + "\n"


def _groups() -> dict[str, None]:
    return dict.fromkeys(one.group for one in CHECKS.values())


def _first(one: Check) -> str:
    """What a check guards against: the first sentence of its docstring."""
    return " ".join(one.doc.split("\n\n")[0].split()).removeprefix("Guards against ")


def _paragraphs(one: Check) -> str:
    paragraphs = inspect.cleandoc(one.doc).split("\n\n")
    return "\n\n".join(textwrap.fill(" ".join(p.split()), 96) for p in paragraphs)


if __name__ == "__main__":
    sys.stdout.write(page())
