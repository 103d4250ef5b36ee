"""`python -m layergen.keras_tables.probe` writes the table anew; `--check` compares."""

from __future__ import annotations

import difflib
import os
import sys
import warnings
from pathlib import Path

TABLE = Path(__file__).parent.parent / "table.py"


def main(arguments: list[str]) -> int:
    """0, or 1 where `--check` finds a difference, 2 for other arguments."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m layergen.keras_tables.probe [--check]", file=sys.stderr)
        return 2
    # What the table says is what Keras says on TensorFlow, without any device.
    os.environ |= {"KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1"}
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.simplefilter("ignore")
    from layergen.keras_tables.probe.text import table

    found, committed = table(), TABLE.read_text("utf-8")
    if not arguments:
        TABLE.write_text(found, "utf-8")
        return 0
    lines = difflib.unified_diff(
        committed.splitlines(),
        found.splitlines(),
        "committed",
        "probed",
        n=0,
        lineterm="",
    )
    differences = list(lines)
    print("\n".join(differences) if differences else "The table is what Keras says.")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
