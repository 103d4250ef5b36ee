"""`layergen verify`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct, field
from msgspec.structs import asdict, replace

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
from layergen.commands.verify_report import (
    Finding,
    Step,
    Told,
    unknown,
)
from layergen.errors import UserError
from layergen.problems import SpecError

if TYPE_CHECKING:
    from layergen.commands.verify_apart import Event, Request
    from layergen.project.build import Build

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
    help="An input's sizes, batch first: '32, 16'; 'tokens: 32, 16 int32 0..99'. Repeatable: "
    "a name that is repeated has a list of tensors, and several of a `call` that takes one "
    "are its list, or with names its dict.",
)
@click.option(
    "--call-args",
    metavar="YAML",
    help="Arguments of call that are no tensors: '{factor: 2}'.",
)
@click.option(
    "--mask",
    type=click.Choice(["pass", "stop"]),
    help="Whether the input's mask is handed on or used up.",
)
@click.option(
    "--open-axis",
    "open_axes",
    multiple=True,
    metavar="AXIS",
    help="An axis, besides the batch, that may be of any size at run time; none: not "
    "even the batch. Repeatable.",
)
@click.option(
    "--mixes-rows", is_flag=True, help="A sample's output may depend on other samples."
)
@click.option("--training", is_flag=True, help="Training is to differ from inference.")
@click.option("--random", is_flag=True, help="Calls in training are to draw.")
@click.option(
    "--gradient",
    type=click.Choice(["surrogate", "none"]),
    help="The gradient is meant to differ from the derivative, or there is none.",
)
@click.option(
    "--zero-gradient",
    "zero_gradients",
    multiple=True,
    metavar="NAME",
    help="A weight or input whose gradient is rightly zero. Repeatable.",
)
@click.option(
    "--losses",
    type=click.IntRange(min=0),
    metavar="N",
    help="How many losses a call is to add.",
)
@click.option(
    "--expect",
    multiple=True,
    metavar="CHECK=REASON",
    help="A check that is known to fail; it is an error once it passes. Repeatable.",
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
    help="Hold a class to refusing wrong input, and to replicas, as generated layers are; "
    "fail for a spec that does not say what its values must be.",
)
@json_option
@quiet_option
def verify(target: str, as_json: bool, **asked: Any) -> None:
    """Hold a layer to the contract: every check, and what it finds.

    TARGET is a spec, whose generated layer runs through the cases of its test, or a
    layer class, package.module:Class or file.py:Class. Without --input, inputs of
    several ranks and dtypes are tried; what is not stated is observed. Checks that fail
    for one cause are told of together. The exit code is 1 if a check fails, or if the
    layer ends the process that it runs in. What its module prints goes to standard error.
    """
    from tempfile import TemporaryDirectory

    from layergen.commands import verify_apart, verify_statements

    request = verify_apart.Request(target, **asked)
    proven, strict = None, request.strict
    said: Callable[[str], str] = str
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if Path(target).suffix in (".yaml", ".yml"):
            if given := verify_statements.stated_of_a_class(request):
                raise click.UsageError(
                    f"a spec has its own cases: no {', no '.join(given)}."
                )
            request, build = _rendered(request, Path(folder, "layers"))
            proven, said = build.proven, _said_of_spec(build)
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        with verify_apart.running(request, scratch) as events:
            cases = _told(events, target, as_json, said)
    if as_json:
        emit_json([{**one.data, "proven": proven} for one in cases])
    elif proven is False:
        tell = complain if strict else say
        tell(
            f"unproven: without `equivalent` or `reference` in {target} nothing says what "
            "the values must be."
        )
    unproven = strict and proven is False
    finish(BROKEN if unproven or any(one.failed for one in cases) else OK)


def _rendered(request: Request, folder: Path) -> tuple[Request, Build]:
    """The request for the cases of a spec's test, which is rendered to a folder, and what
    came of the spec."""
    from layergen.commands.verify_target import render_to

    folder.mkdir()
    try:
        build = render_to(folder, Path(request.target))
    except SpecError as error:
        complain_of(error.problems)
        finish(WRONG)
    test = f"test_{build.source.stem}"
    return replace(request, test=test, folder=str(folder)), build


def _said_of_spec(build: Build) -> Callable[[str], str]:
    """How what is found of a generated layer is said of its spec."""

    def said(message: str) -> str:
        from layergen.project.config import Config
        from layergen.project.origins import origin_of

        origin = origin_of(build.source, Config())
        return origin.told(message, build.files) if origin else message

    return said


class _Case(Struct):
    """A case and what has been found of it so far."""

    told: Told
    findings: list[Finding] = field(default_factory=list)

    @property
    def failed(self) -> list[Finding]:
        return [one for one in self.findings if one.outcome == "failed"]

    @property
    def data(self) -> dict[str, Any]:
        return {**self.told.data, "checks": [asdict(one) for one in self.findings]}


def _told(
    events: Iterable[Event],
    target: str,
    as_json: bool,
    said: Callable[[str], str] = str,
) -> list[_Case]:
    """The cases that a process has checked, each told of as it comes, unless in JSON.

    A process that ends before it says that it is done has failed in its last step. What
    failed is told as `said` says its message.
    """
    cases: list[_Case] = []
    step, done = None, False

    def begin(told: Told) -> None:
        if cases and not as_json:
            _sum_up(cases[-1])
        cases.append(_Case(told))
        if not as_json:
            say(told.title)

    def add(finding: Finding) -> None:
        if finding.outcome == "failed":
            finding = replace(finding, message=said(finding.message))
        cases[-1].findings.append(finding)
        if not as_json:
            say(finding.row)

    for kind, data in events:
        match kind:
            case "error":
                raise UserError(data)
            case "step":
                step = Step(**data)
            case "case":
                begin(Told(**data))
            case "finding":
                add(Finding(**data))
            case "done":
                done = True
            case "ended" if step is None:
                raise UserError(f"the process that imports Keras ended ({data}).")
            case "ended" if step and not done:
                if not cases:
                    begin(unknown(target))
                add(step.ended(data))
    if not as_json:
        _sum_up(cases[-1])
    return cases


def _sum_up(case: _Case) -> None:
    results, bad = case.findings, case.failed
    counts = Counter(one.outcome for one in results)
    always = ("passed", "failed", "not applicable")
    order = ("passed", "failed", "stopped", "known", "not applicable")
    say(
        ", ".join(
            f"{counts[name]} {name}" for name in order if counts[name] or name in always
        )
    )
    for number, one in enumerate(bad):
        gap = "" if quiet() and not number else "\n"
        complain(gap + one.told(results))
    if not quiet():
        put("\n")
