"""`layergen generate`."""

from __future__ import annotations

from pathlib import Path

import click

from layergen.commands.common import (
    complain_of_files,
    finish,
    json_option,
    quiet_option,
    say,
    tell,
)

_EPILOG = """\b
Examples:
  layergen generate
  layergen generate swish_dense.yaml --diff
  layergen generate --check --out generated specs/*.yaml"""


@click.command(epilog=_EPILOG)
@click.argument("specs", nargs=-1, type=click.Path(path_type=Path), metavar="[SPEC]...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Put code and tests here instead of beside their specs.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file differs.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--dry-run", is_flag=True, help="Write nothing; list what would change.")
@click.option("--overwrite", is_flag=True, help="Replace also what others wrote.")
@json_option
@quiet_option
def generate(
    specs: tuple[Path, ...],
    out: Path | None,
    check: bool,
    diff: bool,
    dry_run: bool,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Write the layer and the test of each SPEC again.

    Without SPEC: of every layer spec in the current folder. A file that does not begin
    with layergen's header line is left as it is, and the exit code is 1. If any spec
    has an error, nothing is written.
    """
    modes = [
        name
        for name, asked in {"check": check, "diff": diff, "dry-run": dry_run}.items()
        if asked
    ]
    if len(modes) > 1:
        raise click.UsageError(f"--{modes[0]} and --{modes[1]} do not go together.")
    mode = modes[0] if modes else "write"
    finish(_generate(specs, out, mode, overwrite, as_json))


def _generate(
    specs: tuple[Path, ...],
    out: Path | None,
    mode: str,
    overwrite: bool,
    as_json: bool,
) -> int:
    from layergen.errors import UserError
    from layergen.project.build import build_all
    from layergen.project.config import load_config
    from layergen.project.plan import Plan
    from layergen.project.sink import run
    from layergen.project.source import find_specs

    config = load_config(Path())
    paths = list(dict.fromkeys(specs)) or find_specs(Path())
    if not paths:
        raise UserError("no layer spec here: no *.yaml with `layer:` at its top level.")
    builds, unread = build_all(paths, config)
    if unread or any(b.failed for b in builds):
        complain_of_files(unread)
        return tell(None, builds, as_json, "")
    plan = Plan()
    for b in builds:
        for name, text in b.files.items():
            folder = b.source.folder if out is None else out
            plan.add(folder, name, text, b.source.file)
    report = run(mode, plan.changes("anything" if overwrite else "generated"))
    code = tell(
        report,
        builds,
        as_json,
        "layergen did not generate it (--overwrite replaces it).",
    )
    if code == 0 and mode != "diff" and not report.lines and not as_json:
        say(f"{len(report.changes)} files are up to date.")
    return code
