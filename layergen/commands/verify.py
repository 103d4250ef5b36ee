"""`layergen verify`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from layergen.commands.common import (
    BROKEN,
    OK,
    WRONG,
    complain,
    complain_of,
    emit_json,
    finish,
    json_option,
    put,
    quiet,
    quiet_option,
    say,
)
from layergen.errors import UserError, nearest
from layergen.problems import SpecError

if TYPE_CHECKING:
    from layergen.testing import Check, LayerCase
    from layergen.testing.runner import Result

_EPILOG = """\b
Examples:
  layergen verify swish_dense.yaml
  layergen verify package.module:Class --args '{units: 4}' --input "32, 16"
  layergen verify layers.py:Lookup --input "tokens: 2, 5 int32 0..9" --only saving"""


@click.command(epilog=_EPILOG)
@click.argument("target")
@click.option(
    "--args", "args", metavar="YAML", help="Constructor arguments: '{units: 4}'."
)
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="TEXT",
    help="An input's sizes, batch first: '32, 16'; 'tokens: 32, 16 int32 0..99'. Repeatable.",
)
@click.option(
    "--only", multiple=True, metavar="CHECK", help="A check or a group of them."
)
@click.option(
    "--skip", multiple=True, metavar="CHECK", help="A check or a group of them."
)
@click.option(
    "--strict",
    is_flag=True,
    help="Hold a class to refusing wrong input, and to replicas, as generated layers are.",
)
@json_option
@quiet_option
def verify(
    target: str,
    args: str | None,
    inputs: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    strict: bool,
    as_json: bool,
) -> None:
    """Hold a layer to the contract: every check, and what it finds.

    TARGET is a spec, whose generated layer runs through the cases of its test, or a
    layer class, package.module:Class or file.py:Class. Without --input, inputs of
    several ranks and dtypes are tried. The exit code is 1 if a check fails.
    """
    from tempfile import TemporaryDirectory

    _import_keras()
    with TemporaryDirectory() as folder:
        try:
            cases = _cases(target, args, inputs, strict, Path(folder))
        except SpecError as error:
            complain_of(error.problems)
            finish(WRONG)
        checks = _chosen(only, skip)
        finish(_run(cases, checks, as_json))


def _import_keras() -> None:
    """Import Keras without what its backend prints, unless it fails."""
    from tempfile import TemporaryFile

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with TemporaryFile() as log:
        screen = os.dup(2)
        os.dup2(log.fileno(), 2)
        try:
            import layergen.testing  # noqa: F401
        except ImportError as error:
            raise UserError(
                f"verify runs layers, with Keras and TensorFlow or JAX: {error}"
            ) from error
        finally:
            os.dup2(screen, 2)
            os.close(screen)


def _cases(
    target: str, args: str | None, inputs: tuple[str, ...], strict: bool, folder: Path
) -> list[LayerCase]:
    from layergen import verifying

    if Path(target).suffix in (".yaml", ".yml"):
        if args is not None or inputs:
            raise click.UsageError("a spec has its own cases: no --args, no --input.")
        return verifying.cases_of_spec(Path(target), folder)
    from layergen.testing import observing

    layer, given = verifying.layer_at(target), verifying.arguments(args)
    if not observing.is_layer(layer):
        raise UserError(f"{target} is no Keras layer class.")
    wanted = verifying.inputs(inputs, observing.input_names(layer))
    try:
        return [observing.observed_case(layer, given, wanted, strict)]
    except observing.NoInputs as refused:
        raise UserError(
            f"no input that was tried is accepted; state it with --input.\n{refused}"
        ) from None


def _chosen(only: Iterable[str], skip: Iterable[str]) -> list[Check]:
    from layergen.testing import CHECKS

    names = {*CHECKS} | {one.group for one in CHECKS.values()}
    only, skip = tuple(only), tuple(skip)
    for name in (*only, *skip):
        if name not in names:
            raise UserError(f"there is no check {name!r}{nearest(name, names)}.")
    return [
        one
        for one in CHECKS.values()
        if (not only or {one.name, one.group} & {*only})
        and not {one.name, one.group} & {*skip}
    ]


def _run(cases: list[LayerCase], checks: list[Check], as_json: bool) -> int:
    """Run checks on cases, telling of each as it ends; the exit code."""
    import warnings

    from layergen.testing.runner import results_of

    data, failed = [], 0
    for case in cases:
        results = []
        if not as_json:
            say(_title(case))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for result in results_of(case, checks):
                results.append(result)
                if not as_json:
                    say(_row(result))
        bad = [one for one in results if one.outcome == "failed"]
        failed += len(bad)
        data.append({**_statements(case), "checks": [vars(one) for one in results]})
        if not as_json:
            _sum_up(case, results, bad)
    if as_json:
        emit_json(data)
    return BROKEN if failed else OK


def _sum_up(case: LayerCase, results: list[Result], bad: list[Result]) -> None:
    passed = sum(one.outcome == "passed" for one in results)
    say(
        f"{passed} passed, {len(bad)} failed, "
        f"{len(results) - passed - len(bad)} not applicable"
    )
    for one in bad:
        complain(f"\n{_name(one)}: {one.message}")
    if not quiet():
        put("\n")


def _name(result: Result) -> str:
    return f"{result.check} on {result.device}" if result.device else result.check


def _row(result: Result) -> str:
    from layergen.testing import CHECKS

    said = "FAILED" if result.outcome == "failed" else result.outcome
    why = f": {result.message}" if result.outcome == "not applicable" else ""
    return f"  {CHECKS[result.check].group:<11} {_name(result):<46} {said}{why}"


def _statements(case: LayerCase) -> dict[str, object]:
    from layergen.testing.observing import shown

    stated = {
        "args": {name: repr(value) for name, value in case.args.items()},
        "inputs": shown({n: v for n, v in case.inputs.items() if v is not None}),
        "training": case.training,
        "losses": case.losses,
        "states": {name: list(shape) for name, shape in (case.states or {}).items()},
    }
    return {"layer": case.name, **stated}


def _title(case: LayerCase) -> str:
    stated = _statements(case)
    args = ", ".join(f"{name}={value!r}" for name, value in case.args.items())
    parts = [f"{case.name}({args})", str(stated["inputs"])]
    if case.training:
        parts.append("training differs from inference")
    if case.losses:
        parts.append(f"losses: {case.losses}")
    if case.states:
        parts.append(f"states: {', '.join(case.states)}")
    return "; ".join(parts)
