"""Breaks generated layers and counts how many breakages two kinds of tests see.

    python benchmarks/mutation [--count N] [--jobs N] [--sample [--seed N] | --equivalents]

The full run writes `results.md` and `results.csv` beside this file, and exits 1 where
fewer than 97 % of the mutants are killed, more than 5 % are equivalent, or one lives for
no reason that is given. With `--sample` a small choice of those that `results.csv` says
are killed, another for each seed, is held to the emitted tests alone; with `--equivalents` the mutants that are listed as equivalent are compared
with the unbroken layers. Both write nothing, and exit 1 where a mutant lives that should
not, or differs.
"""

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE = 30


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/mutation")
    parser.add_argument("--count", type=int, default=400, help="how many mutants")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--sample", action="store_true", help=f"{SAMPLE}, quickly")
    what.add_argument(
        "--equivalents", action="store_true", help="compare those that are listed"
    )
    return parser.parse_args()


def main() -> int:
    given = options()
    from mutation import whole

    if given.sample:
        return whole.sample(SAMPLE, given.seed, given.jobs, HERE)
    if given.equivalents:
        return whole.equivalents(given.jobs)
    return whole.everything(given.count, given.jobs, HERE)


if __name__ == "__main__":
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.path[0] = str(HERE.parent)
    sys.exit(main())
