"""Holds Keras' own layers to every check, and writes the table `builtins.md`.

Exits with 1 where a check fails that is not listed as a fault of Keras, or a listed one
passes.
"""

import multiprocessing
import os
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "testing"))

HEAD = """\
# Keras' own layers, held to every check

Made by `python benchmarks/builtins.py`, from the cases in
`tests/testing/builtin_layers.py`. What fails is a fault of Keras, listed in
`tests/testing/keras_gaps.py` with its reproduction in Keras alone.

| layer | passed | not applicable | failed |
| --- | --- | --- | --- |
"""


def outcome(name: str) -> tuple[int, list[tuple[str, str]]]:
    """How many checks a layer passes, and which it fails, each with its message."""
    from builtin_layers import BUILTINS

    from layergen.testing import check_layer

    warnings.simplefilter("ignore")
    report = check_layer(BUILTINS[name])
    return len(report.passed), [(one.check, one.message) for one in report.failures]


def main() -> int:
    from builtin_layers import BUILTINS
    from keras_gaps import GAPS

    from layergen.testing import CHECKS

    names, rows, alarms, total = sorted(BUILTINS), [], [], 0
    # TensorFlow does not survive a fork.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=spawn) as pool:
        for name, (passed, failures) in zip(
            names, pool.map(outcome, names), strict=True
        ):
            failed = [check for check, _ in failures]
            expected = GAPS[name].checks if name in GAPS else ()
            alarms += [f"{name}: {c}: {m}" for c, m in failures if c not in expected]
            alarms += [f"{name}: {c} passes" for c in expected if c not in failed]
            listed = ", ".join(f"`{check}`" for check in failed) or "-"
            rest = len(CHECKS) - passed - len(failed)
            rows.append(f"| {name} | {passed} | {rest} | {listed} |\n")
            total += passed
            print(rows[-1], end="", flush=True)
    foot = (
        f"\n{len(rows)} cases, {total} checks passed, {len(GAPS)} faults of Keras:\n\n"
    )
    foot += "".join(f"- {name}: {gap.fault}\n" for name, gap in sorted(GAPS.items()))
    (HERE / "builtins.md").write_text(HEAD + "".join(rows) + foot, "utf-8")
    print("\n".join(alarms), file=sys.stderr)
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
