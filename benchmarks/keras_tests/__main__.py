"""Runs Keras' own unit tests on layers generated from specs, and writes `results.md`.

    python benchmarks/keras_tests [MODULE ...] [--specs FOLDER] [--jobs N]

With names of test modules, such as `core.dense_test`, those alone are run, and nothing is
written. Exits 1 where a test fails for no reason that is given, a list says what is not so,
less than 95 % of what applies passes, or more than 15 % does not apply.
"""

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/keras_tests")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="tests to run")
    parser.add_argument("--specs", type=Path, default=HERE / "specs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def main() -> int:
    given = options()
    from keras_tests import table
    from keras_tests.drawn import DRAWN
    from keras_tests.whole import rows_of

    rows = rows_of(given.modules or [*DRAWN], given.specs, given.jobs)
    problems = [problem for row in rows for problem in row.problems()]
    print("\n".join(problems), file=sys.stderr)
    if not given.modules:
        first = table.first_sight(HERE / "first_sight.csv", rows)
        (HERE / "results.md").write_text(table.page(rows, first), "utf-8")
        run, away, passed = table.totals(rows)
        if passed < table.LEAST * (run - away) or away > table.MOST * run:
            return 1
    return 1 if problems else 0


if __name__ == "__main__":
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path[0] = str(HERE.parent)
    sys.exit(main())
