"""`layergen verify`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from layergen.commands import verify_report
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
    "--args",
    "args",
    metavar="YAML",
    help="Constructor arguments: '{units: 4}'; a layer among them is "
    "'{layer: {class_name: Dense, config: {units: 4}}}'.",
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
    import warnings
    from tempfile import TemporaryDirectory

    _import_keras()
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            cases = _cases(target, args, inputs, strict, Path(folder))
        except SpecError as error:
            complain_of(error.problems)
            finish(WRONG)
        checks = _chosen(cases, only, skip)
        finish(_run(cases, checks, as_json))


def _import_keras() -> None:
    """Import Keras without what its backend prints, unless it fails.

    Saving imports TensorFlow, where it is, under every backend.
    """
    from contextlib import suppress
    from tempfile import TemporaryFile

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with TemporaryFile() as log:
        screen = os.dup(2)
        os.dup2(log.fileno(), 2)
        try:
            import layergen.testing  # noqa: F401

            with suppress(ImportError):
                import tensorflow  # noqa: F401
        except ImportError as error:
            raise UserError(
                "verify runs layers, with Keras on TensorFlow or on JAX "
                f"(KERAS_BACKEND=tensorflow or KERAS_BACKEND=jax): {error}"
            ) from error
        finally:
            os.dup2(screen, 2)
            os.close(screen)


def _cases(
    target: str, args: str | None, inputs: tuple[str, ...], strict: bool, folder: Path
) -> list[LayerCase]:
    from layergen.commands import verify_inputs, verify_target

    if Path(target).suffix in (".yaml", ".yml"):
        if args is not None or inputs:
            raise click.UsageError("a spec has its own cases: no --args, no --input.")
        return verify_target.cases_of_spec(Path(target), folder)
    from layergen.testing import observing

    layer, given = verify_target.layer_at(target), verify_target.arguments(args)
    wanted = verify_inputs.inputs(
        inputs, observing.input_names(layer), _call_parameters(layer)
    )
    try:
        return [observing.observed_case(layer, given, wanted, strict)]
    except observing.NoInputs as refused:
        raise UserError(
            f"no input that was tried is accepted; state it with --input.\n{refused}"
        ) from None


def _call_parameters(layer: Any) -> list[str] | None:
    """The parameters of a layer's `call`; None where it takes any."""
    import inspect

    _, *parameters = inspect.signature(layer.call).parameters.values()
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        return None
    return [one.name for one in parameters]


def _chosen(
    cases: Iterable[LayerCase], only: tuple[str, ...], skip: tuple[str, ...]
) -> list[Check]:
    from layergen.testing import CHECKS

    names = {*CHECKS} | {one.group for one in CHECKS.values()}
    for name in (*only, *skip):
        if name not in names:
            raise UserError(f"there is no check {name!r}{nearest(name, names)}.")
    chosen = [
        one
        for one in CHECKS.values()
        if (not only or {one.name, one.group} & {*only})
        and not {one.name, one.group} & {*skip}
    ]
    if not chosen:
        raise UserError("no check is left to run: --skip leaves out all of them.")
    if not any(one.applies(case) for case in cases for one in chosen):
        raise UserError("no check is left to run: none of them applies to this layer.")
    return chosen


def _run(cases: list[LayerCase], checks: list[Check], as_json: bool) -> int:
    """Run checks on cases, telling of each as it ends; the exit code."""
    from layergen.testing.runner import results_of

    data, failed = [], 0
    for case in cases:
        results = []
        if not as_json:
            say(verify_report.title(case))
        for result in results_of(case, checks):
            results.append(result)
            if not as_json:
                say(verify_report.row(result))
        bad = [one for one in results if one.outcome == "failed"]
        failed += len(bad)
        data.append(verify_report.data(case, results))
        if not as_json:
            _sum_up(results, bad)
    if as_json:
        emit_json(data)
    return BROKEN if failed else OK


def _sum_up(results: list[Result], bad: list[Result]) -> None:
    passed = sum(one.outcome == "passed" for one in results)
    say(
        f"{passed} passed, {len(bad)} failed, "
        f"{len(results) - passed - len(bad)} not applicable"
    )
    for number, one in enumerate(bad):
        gap = "" if quiet() and not number else "\n"
        complain(f"{gap}{verify_report.name(one)}: {one.message}")
    if not quiet():
        put("\n")
