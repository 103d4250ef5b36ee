"""The outcome of a run as text: a table for readers, and a row for every mutant."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence

from .mutate import Mutant
from .run import NOT_RUN, SURVIVED, Outcome

HEAD = [
    "# Mutants of generated layers",
    "",
    "Written by `python benchmarks/mutation`. Each mutant is a generated module with",
    "one place changed. It is killed where one of the layer's emitted tests fails, or",
    "where Keras' own `run_layer_test` raises, called with the arguments and inputs of",
    "the emitted tests' cases and told what to expect of the unbroken layer: output",
    "shape and dtype, numbers of weights, variables, seed generators and losses,",
    "masking.",
    "",
]
EQUIVALENTS = [
    "## Equivalent mutants",
    "",
    "They compute what the unbroken layer computes: `equivalents.py` compares",
    "outputs, gradients, states, losses and config of both.",
]


def killed(said: Iterable[str]) -> str:
    """How many were killed, of those that were run."""
    ran = [one for one in said if one != NOT_RUN]
    return f"{sum(one != SURVIVED for one in ran)} of {len(ran)}" if ran else "–"


def summary(
    outcomes: Sequence[Outcome],
    equivalent: Mapping[str, str],
    known: Mapping[str, str],
    reasons: Mapping[str, str],
) -> str:
    """The whole page.

    Args:
        outcomes: What became of every mutant.
        equivalent: The mutants shown to be equivalent, and why they are.
        known: What lets other mutants live.
        reasons: The layers that `run_layer_test` cannot be called on, and why.
    """
    survivors = [one for one in outcomes if one.survived]
    equal = [one for one in survivors if one.mutant.name in equivalent]
    missed = [one for one in survivors if one.mutant.name not in equivalent]
    lines = [
        *HEAD,
        *totals(outcomes, equal),
        *by("kind", outcomes, lambda one: one.mutant.kind),
        *by("layer", outcomes, lambda one: one.mutant.layer),
        *named(["## Survivors"], {one.mutant: known for one in missed}),
        *named(EQUIVALENTS, {one.mutant: equivalent for one in equal}),
        "## Layers that `run_layer_test` cannot be called on",
        "",
        *[f"- {name}: {reason}" for name, reason in reasons.items()],
        "",
    ]
    return "\n".join(lines)


def totals(outcomes: Sequence[Outcome], equal: Sequence[Outcome]) -> list[str]:
    """How many were killed in all, and which of them ended the process."""
    both = [one for one in outcomes if one.own != NOT_RUN]
    odd = [one for one in outcomes if one.emitted in ("crashed", "timed out")]
    return [
        "| | emitted tests | `run_layer_test` |",
        "| --- | --- | --- |",
        f"| all mutants | {killed(one.emitted for one in outcomes)} | – |",
        f"| without the {len(equal)} that are equivalent | "
        f"{killed(one.emitted for one in outcomes if one not in equal)} | – |",
        f"| those that `run_layer_test` can be called on | "
        f"{killed(one.emitted for one in both)} | {killed(one.own for one in both)} |",
        "",
        f"{len(odd)} of the killed ended the process or took too long"
        + (":" if odd else "."),
        *[f"- {one.mutant}: {one.emitted}" for one in odd],
        "",
    ]


def named(
    head: Sequence[str], reasons: Mapping[Mutant, Mapping[str, str]]
) -> list[str]:
    """A list of mutants, each with what is known of it."""
    lines = [f"- {one}: {known.get(one.name, '?')}" for one, known in reasons.items()]
    return [*head, "", *(lines or ["None."]), ""]


def by(
    what: str, outcomes: Sequence[Outcome], key: Callable[[Outcome], str]
) -> list[str]:
    """A table with a row for each kind or layer."""
    lines = [
        f"## By {what}",
        "",
        f"| {what} | mutants | emitted tests | `run_layer_test` |",
        "| --- | --- | --- | --- |",
    ]
    for name in sorted({key(one) for one in outcomes}):
        ours = [one for one in outcomes if key(one) == name]
        lines.append(
            f"| {name} | {len(ours)} | {killed(one.emitted for one in ours)} | "
            f"{killed(one.own for one in ours)} |"
        )
    return [*lines, ""]


def rows(outcomes: Sequence[Outcome]) -> str:
    """A line for every mutant, as comma-separated values."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["layer", "line", "kind", "change", "emitted", "run_layer_test"])
    for one in outcomes:
        mutant = one.mutant
        writer.writerow(
            [
                mutant.layer,
                mutant.line,
                mutant.kind,
                mutant.description,
                one.emitted,
                one.own,
            ]
        )
    return text.getvalue()


def killed_in(text: str) -> set[str]:
    """The names of the mutants of which none is alive in a table of `rows`."""
    alive: dict[str, bool] = {}
    for row in csv.DictReader(io.StringIO(text)):
        name = f"{row['layer']}, {row['kind']}: {row['change']}"
        alive[name] = alive.get(name, False) or row["emitted"] == SURVIVED
    return {name for name, lives in alive.items() if not lives}
