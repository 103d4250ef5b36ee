"""Holds every class that layergen makes here to `layergen verify --strict` and `layergen lint`.

`python benchmarks/verify_generated.py [FOLDER/NAME...] [--jobs N] [--out FILE]`: all of
`generated_examples`, `tests/golden` and, rendered, `tests/unseen/specs` and
`tests/unseen/questions`, into the table `verify_generated.md`; or those named, such as
`golden/noisy`, whose table goes to standard output. Each class runs as
`layergen verify FILE.py:Class --strict` runs it, with what the first case of its emitted
test says, told by the command's options. Exits with 1 where a class fails a check, or lint
says of a file what it does not say of its spec.
"""

import argparse
import importlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
# Where specs lie, and where what they render to lies; None: nowhere yet.
FOLDERS = {
    "examples": ("layergen/gallery", "generated_examples"),
    "golden": ("tests/specs", "tests/golden"),
    "unseen": ("tests/unseen/specs", None),
    "questions": ("tests/unseen/questions", None),
}
LAYERGEN = (sys.executable, "-m", "layergen")

HEAD = """\
# Generated classes, held to verify and lint

Made by `python benchmarks/verify_generated.py`, which says what is run. An unproven class is
of a spec without `equivalent` or `reference`, of which `layergen verify SPEC --strict` says
so. What lint says of a spec's own code it says of the class too, and that is no alarm.

| class | proven | verify | lint |
| --- | --- | --- | --- |
"""


@dataclass
class Row:
    """What became of one class."""

    name: str
    proven: bool
    failed: dict[str, str] = field(default_factory=dict)
    not_run: str = ""
    lint: list[str] = field(default_factory=list)
    lint_of_spec: list[str] = field(default_factory=list)

    @property
    def is_alarm(self) -> bool:
        return bool(self.failed or (self.lint and not self.lint_of_spec))

    def __str__(self) -> str:
        verdict = ", ".join(f"`{one}`" for one in self.failed) or "silent"
        lint = ", ".join(self.lint) or "silent"
        if self.lint and self.lint_of_spec:
            lint = f"as of its spec: {lint}"
        proven = "yes" if self.proven else "no"
        return f"| {self.name} | {proven} | {self.not_run or verdict} | {lint} |"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="FOLDER/NAME")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def main() -> int:
    given = options()
    rows = []
    with tempfile.TemporaryDirectory() as made:
        for folder, (specs, files) in FOLDERS.items():
            paths = [
                one
                for one in sorted((ROOT / specs).glob("*.yaml"))
                if not given.names or f"{folder}/{one.stem}" in given.names
            ]
            if paths:
                place = ROOT / files if files else Path(made, folder)
                if not files:
                    subprocess.run(
                        [*LAYERGEN, "generate", "--out", place, *paths],
                        check=True,
                        capture_output=True,
                    )
                rows += rows_of(folder, paths, place, given.jobs)
    out = given.out or (
        None if given.names else ROOT / "benchmarks/verify_generated.md"
    )
    if out:
        out.write_text(table(rows), "utf-8")
    else:
        print(table(rows))
    return any(one.is_alarm for one in rows)


def rows_of(folder: str, specs: list[Path], files: Path, jobs: int) -> list[Row]:
    """What became of the classes of a folder, each told of as it comes."""
    made = [files / f"{one.stem}.py" for one in specs]
    of_specs = linted(specs)
    of_files = linted([*made, *(one.with_name(f"test_{one.name}") for one in made)])
    # TensorFlow does not survive a fork.
    spawn = multiprocessing.get_context("spawn")
    rows = []
    with ProcessPoolExecutor(jobs, mp_context=spawn) as pool:
        verified = pool.map(partial(outcome, folder), made)
        for spec, file, row in zip(specs, made, verified, strict=True):
            row.lint_of_spec = of_specs.get(spec.resolve(), [])
            row.lint = of_files.get(file.resolve(), [])
            rows.append(row)
            print(row, file=sys.stderr, flush=True)
            for check, message in row.failed.items():
                print(f"    {check}: {message}", file=sys.stderr, flush=True)
    return rows


def linted(files: list[Path]) -> dict[Path, list[str]]:
    """The codes of what lint says, by file."""
    command = [*LAYERGEN, "lint", "--json", *files]
    done = subprocess.run(command, capture_output=True, text=True)
    found: dict[Path, list[str]] = {}
    for one in json.loads(done.stdout):
        found.setdefault(Path(one["file"]).resolve(), []).append(one["code"])
    return found


def outcome(folder: str, file: Path) -> Row:
    """Verify the class in a file with what its emitted test says."""
    # With this import, the process has begun as that of the command begins.
    from layergen.commands import verify_checking
    from layergen.errors import UserError

    test = test_of(file)
    cases = [
        one
        for some in vars(test).values()
        if isinstance(some, list)
        for one in some
        if type(one).__name__ == "LayerCase"
    ]
    row = Row(f"{folder}/{file.stem}", any(c.reference or c.equivalent for c in cases))
    if not cases[0].is_class:
        row.not_run = "no class"
        return row
    started = time.monotonic()

    def tell(kind: str, data: Any) -> None:
        if kind == "error":
            row.failed["error"] = data
        if kind == "finding" and data["outcome"] == "failed":
            row.failed[data["check"]] = data["message"]

    try:
        verify_checking.run(request(file, cases[0]), tell)
    except UserError as error:
        row.failed["error"] = str(error)
    print(f"{time.monotonic() - started:.0f} s {row.name}", file=sys.stderr, flush=True)
    return row


def test_of(file: Path) -> Any:
    """The emitted test of a generated file, as a module."""
    sys.path.insert(0, str(file.parent))
    return importlib.import_module(f"test_{file.stem}")


def request(file: Path, case: Any) -> Any:
    """What a user types who knows what the spec says."""
    from layergen.commands.verify_apart import Request

    axes = tuple(str(one) for one in case.unknown) or ("none",)
    if case.gradient is None or case.gradient == "numeric":
        gradient = None if case.gradient else "none"
    else:
        gradient = "surrogate"
    return Request(
        f"{file}:{case.name}",
        args=json.dumps({name: plain(one) for name, one in case.args.items()}),
        inputs=tuple(texts_of_inputs(case)),
        call_args=json.dumps(case.call_args) if case.call_args else None,
        mask=case.mask if isinstance(case.mask, str) else None,
        open_axes=() if axes == ("0",) else axes,
        mixes_rows=not case.rows_independent,
        training=case.training is True,
        random=case.random is True,
        gradient=gradient,
        zero_gradients=tuple(case.zero_gradient),
        losses=case.losses,
        strict=True,
    )


def plain(value: Any) -> Any:
    """An argument as YAML has it."""
    import keras
    import numpy as np

    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, keras.layers.Layer):
        made = keras.saving.serialize_keras_object(value)
        return {"class_name": made["class_name"], "config": made["config"]}
    return value


def texts_of_inputs(case: Any) -> Iterator[str]:
    """The inputs as `--input` states them; a list of tensors is a text for each of them.

    Of several that a call takes in one list, none has a name.
    """
    for key, value in case.inputs.items():
        name = "" if case.inputs_as == "list" else f"{key}: "
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield f"{name}{text_of_tensor(one)}"


def text_of_tensor(value: Any) -> str:
    from layergen.testing import Input

    stated = value if isinstance(value, Input) else Input(value)
    text = f"{', '.join(map(str, stated.shape))} {stated.dtype}"
    if stated.min is not None or stated.max is not None:
        text += " {:g}..{:g}".format(*both_ends(stated))
    return text


def both_ends(stated: Any) -> tuple[float, float]:
    """The range of an input of which one end may be open: the command knows closed ones."""
    span = 2 if "float" in stated.dtype else 1
    low = stated.max - span if stated.min is None else stated.min
    return low, low + span if stated.max is None else stated.max


def table(rows: list[Row]) -> str:
    """The table, and below it what was found in how many classes."""
    run = [one for one in rows if not one.not_run]
    failing = sum(bool(one.failed) for one in run)
    unproven = sum(not one.proven for one in rows)
    alarms = sum(bool(one.lint) and not one.lint_of_spec for one in rows)
    foot = (
        f"\n{len(rows)} files, {len(run)} of them with a class: verify is silent of "
        f"{len(run) - failing}, lint of {len(rows) - alarms} where it is of the spec. "
        f"{unproven} are unproven.\n"
    )
    return HEAD + "".join(f"{one}\n" for one in rows) + foot


if __name__ == "__main__":
    sys.exit(main())
