"""The reference page of the rules: the table in `docs/lint.md`.

`python -m layergen.lint.rules_document docs/lint.md` brings it up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from layergen.lint.explanations import LAYER_CODES

BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"


def table() -> str:
    """A row for every code: what it finds, and why that matters in Keras."""
    rows = [
        f"| `{code}` | {explanation.title} | {explanation.meaning} |"
        for code, explanation in LAYER_CODES.items()
    ]
    return "\n".join(
        ["| code | finds | why it matters |", "| --- | --- | --- |", *rows]
    )


def with_table(page: str) -> str:
    """A page with the table between its two marks brought up to date."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_table(file.read_text("utf-8")), "utf-8")
