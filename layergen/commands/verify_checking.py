"""The process that `layergen verify` runs layers in, seen from inside."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterable
from threading import Thread
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict, replace

from layergen import interrupts
from layergen.commands import verify_report, verify_statements
from layergen.commands.verify_apart import Request
from layergen.commands.verify_flags import flag
from layergen.errors import UserError
from layergen.nearest import aside

if TYPE_CHECKING:
    from layergen.testing import Check, LayerCase

Tell = Callable[[str, Any], None]


def main(request: dict[str, Any]) -> None:
    """Run checks, telling of them on what was standard output when this began."""
    pipe = os.dup(1)
    os.dup2(2, 1)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What is printed is seen even if the process is ended by force.
            stream.reconfigure(errors="backslashreplace", line_buffering=True)
    interrupts.leave_to_parent()

    def tell(kind: str, data: Any) -> None:
        line = f"{json.dumps((kind, data))}\n".encode()
        while line:
            line = line[os.write(pipe, line) :]

    run(Request(**request), tell)


def run(request: Request, tell: Tell) -> None:
    """Run the checks that are asked for, telling of each step and of what came of it."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _import_keras()
            _run(request, tell)
        except UserError as error:
            tell("error", str(error))


def _run(request: Request, tell: Tell) -> None:
    from layergen.testing import CHECKS, fresh_process
    from layergen.testing.judging import expecting
    from layergen.testing.runner import results_of

    Thread(target=fresh_process.end_with, args=(os.getppid(),), daemon=True).start()

    def begin(words: str) -> None:
        tell("step", asdict(verify_report.step(CHECKS["can_be_called"], words=words)))

    def check(one: Check, device: str) -> None:
        tell("step", asdict(verify_report.step(one, device)))

    known = verify_statements.expected(request.expect)
    cases = [expecting(one, known) for one in _cases(request, begin)]
    checks = _chosen(cases, request.only, request.skip)
    for case in cases:
        tell("case", asdict(verify_report.told(case)))
        for result in results_of(case, checks, check):
            group = CHECKS[result.check].group
            found = verify_report.Finding(group, **vars(result))
            if result.outcome == "failed" and not request.test:
                found = replace(found, flag=flag(result.check, result.message))
            tell("finding", asdict(found))
    tell("done", None)


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
                "verify runs layers, with Keras on TensorFlow, JAX or PyTorch "
                f"(KERAS_BACKEND=tensorflow, jax or torch): {error}"
            ) from error
        finally:
            os.dup2(screen, 2)
            os.close(screen)


def _cases(request: Request, begin: Callable[[str], None]) -> list[LayerCase]:
    from layergen.commands import verify_inputs, verify_target
    from layergen.testing import observing

    begin(f"importing {request.target.rpartition(':')[0] or request.target}")
    if request.test:
        return verify_target.cases_in(request.test, request.folder)
    layer = verify_target.layer_at(request.target)
    begin("")
    given = verify_target.arguments(request.args)
    names, known = observing.input_names(layer), _call_parameters(layer)
    wanted = verify_inputs.inputs(request.inputs, names, known)
    stated = verify_statements.statements(request)
    if verify_inputs.are_members(wanted or (), names, known):
        stated["inputs_as"] = "dict"
    try:
        return [observing.observed_case(layer, given, wanted, **stated)]
    except ValueError as error:
        raise UserError(str(error)) from error
    except observing.NoInputs as refused:
        raise UserError(
            f"no input that was tried is accepted; state it with --input.\n{refused}"
        ) from None


def _call_parameters(layer: Any) -> dict[str, Any] | None:
    """The parameters of a layer's `call` with their defaults; None where it takes any."""
    import inspect

    _, *parameters = inspect.signature(layer.call).parameters.values()
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        return None
    return {one.name: one.default for one in parameters}


def _chosen(
    cases: Iterable[LayerCase], only: tuple[str, ...], skip: tuple[str, ...]
) -> list[Check]:
    from layergen.testing import CHECKS

    names = {*CHECKS} | {one.group for one in CHECKS.values()}
    for name in (*only, *skip):
        if name not in names:
            raise UserError(f"there is no check {name!r}{aside(name, names)}.")
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
