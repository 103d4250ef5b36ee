"""Holds Keras' own layers to every check, and writes the table `builtins.md`.

Exits with 1 where a check fails that is not listed as a fault of Keras.
"""

import sys
import warnings
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


def main() -> int:
    from builtin_layers import BUILTINS
    from keras_gaps import GAPS

    from layergen.testing import CHECKS, check_layer

    warnings.simplefilter("ignore")
    rows, alarms = [], []
    for name in sorted(BUILTINS):
        report = check_layer(BUILTINS[name])
        failed = [one.check for one in report.failures]
        expected = [*GAPS[name].checks] if name in GAPS else []
        if sorted(failed) != sorted(expected):
            alarms += [f"{name}: {one.check}: {one.message}" for one in report.failures]
            alarms += [f"{name}: {one} passes" for one in expected if one not in failed]
        rest = len(CHECKS) - len(report.passed) - len(failed)
        listed = ", ".join(f"`{one}`" for one in failed) or "-"
        rows.append(f"| {name} | {len(report.passed)} | {rest} | {listed} |")
        print(rows[-1], flush=True)
    passed = sum(int(row.split("|")[2]) for row in rows)
    foot = (
        f"\n{len(rows)} cases, {passed} checks passed, {len(GAPS)} faults of Keras:\n\n"
    )
    foot += "".join(f"- {name}: {gap.fault}\n" for name, gap in sorted(GAPS.items()))
    (HERE / "builtins.md").write_text(HEAD + "\n".join(rows) + "\n" + foot, "utf-8")
    print("\n".join(alarms), file=sys.stderr)
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
