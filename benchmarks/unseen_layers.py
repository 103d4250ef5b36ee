"""Holds layers that nobody here wrote to their values, and writes the table `unseen_layers.md`.

`python benchmarks/unseen_layers.py [NAME...] [--no-emitted] [--out FILE]`: all of `tests/unseen`, or
those named, whose table goes to standard output. Exits with 1 where one is not right.
"""

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

HEAD = """\
# Layers of papers and public projects, held to values in NumPy

Made by `python benchmarks/unseen_layers.py`, from `tests/unseen`, which says what the columns
compare. The emitted test is the one that is generated with the layer.

| name | accepted | float32 eager | compiled | saved | fit | bfloat16 | emitted test |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--no-emitted", action="store_true")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def main() -> int:
    from unseen import harness

    warnings.simplefilter("ignore")
    given = options()
    names = given.names or harness.names()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        results = []
        for name in names:
            results.append(harness.run(*harness.files(name), folder))
            said = "right" if results[-1].right else "WRONG"
            print(f"{said} {name}", file=sys.stderr, flush=True)
        accepted = [one.name for one in results if not one.refused]
        run = accepted and not given.no_emitted
        emitted = harness.emitted(folder, accepted) if run else {}
    text, wrong = table(results, emitted)
    out = given.out or (None if given.names else HERE / "unseen_layers.md")
    if out:
        out.write_text(text, "utf-8")
    else:
        print(text)
    return 1 if wrong else 0


def table(results: list, emitted: dict[str, str]) -> tuple[str, int]:
    """The table with what went wrong below it, and how many layers are not right."""
    from unseen.harness import COLUMNS

    rows, notes, wrong = [], [], 0
    for one in results:
        cells = [one.name, "no" if one.refused else "yes"]
        cells += [
            "-" if one.refused else mark(column in one.wrong) for column in COLUMNS
        ]
        failed = emitted.get(one.name)
        cells.append("-" if failed is None else mark(bool(failed)))
        rows.append(f"| {' | '.join(cells)} |\n")
        wrong += not one.right or bool(failed)
        notes += [
            f"- {one.wrong[column]}\n" for column in COLUMNS if column in one.wrong
        ]
        notes += [f"- {one.name}, emitted: {failed}\n"] if failed else []
        if one.refused:
            notes.append(f"- {one.name}, refused:\n\n```\n{one.refused}\n```\n\n")
    summary = (
        f"\n{len(results)} layers, {len(results) - wrong} right in every column.\n"
    )
    return (
        HEAD + "".join(rows) + summary + ("\n" + "".join(notes) if notes else ""),
        wrong,
    )


def mark(is_wrong: bool) -> str:
    return "WRONG" if is_wrong else "right"


if __name__ == "__main__":
    sys.exit(main())
