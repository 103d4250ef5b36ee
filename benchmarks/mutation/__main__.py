"""Breaks generated layers and counts how many breakages two kinds of tests see.

    python benchmarks/mutation [--count N] [--jobs N] [--sample]

The full run writes `results.md` and `results.csv` beside this file. With `--sample` a
small fixed choice is held to the emitted tests alone, and nothing is written.
"""

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE = 30


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks/mutation")
    parser.add_argument("--count", type=int, default=420, help="how many mutants")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sample", action="store_true", help=f"{SAMPLE}, quickly")
    options = parser.parse_args()
    from mutation.equivalents import EQUIVALENT
    from mutation.gallery import all_mutants
    from mutation.mutate import chosen
    from mutation.run import (
        SURVIVED,
        own_expectations,
        unbroken_failures,
        under_emitted,
        under_own,
    )
    from mutation.table import rows, summary

    if options.sample:
        telling = [one for one in all_mutants() if one.name not in EQUIVALENT]
        outcomes = under_emitted(chosen(telling, SAMPLE), options.jobs)
        for one in outcomes:
            print(f"{one.mutant}: {one.emitted}")
        # Tests that cannot run at all would seem to kill everything.
        alive = unbroken_failures(options.jobs, "swish").get("swish", SURVIVED)
        print(f"swish, unbroken: {alive}")
        return alive != SURVIVED or any(one.survived for one in outcomes)
    if unfit := unbroken_failures(options.jobs):
        print(f"These fail before anything is broken: {unfit}")
        return 1
    outcomes = under_emitted(chosen(all_mutants(), options.count), options.jobs)
    expected = own_expectations(options.jobs)
    outcomes = under_own(outcomes, expected, options.jobs)
    reasons = {name: one["reason"] for name, one in expected.items() if "reason" in one}
    (HERE / "results.md").write_text(summary(outcomes, EQUIVALENT, reasons), "utf-8")
    (HERE / "results.csv").write_text(rows(outcomes), "utf-8")
    print((HERE / "results.md").read_text("utf-8"))
    return 0


if __name__ == "__main__":
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.path[0] = str(HERE.parent)
    sys.exit(main())
