"""Holds the analysis of spec code to Keras on code that is drawn at random.

    python benchmarks/predictions.py [COUNT] [SEED]

Draws COUNT programs, each function of Keras, operator and way to write equally often,
compares what the analysis says of every expression with what it gives, with arrays in four
precisions and symbolically with open axes, and prints a table. Exits with 1 where a
prediction is wrong or something was never drawn.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def main(arguments: list[str]) -> int:
    from predicted.draw import ALL, Drawer

    count, seed = (
        (int(one) for one in (*arguments, "200", "0")[:2])
        if len(arguments) != 1
        else (int(arguments[0]), 0)
    )
    drawer = Drawer(seed)
    for _ in range(count):
        drawer.program()
    tally = drawer.tally
    wrong = Counter(one.what for one in tally.wrong)
    print(f"{'':32} drawn  nodes unknown  wrong")
    for what in ALL:
        row = tally.drawn[what], tally.nodes[what], tally.unknown[what], wrong[what]
        print(f"{'.'.join(what):32} {row[0]:5} {row[1]:6} {row[2]:7} {row[3]:6}")
    print("Unknown by itself:", dict(tally.roots.most_common()))
    for one in tally.wrong:
        print(f"\n{one}")
    for what in tally.missing:
        print(f"never drawn: {'.'.join(what)}: {tally.refused.get(what, '')}"[:300])
    print(
        f"{sum(tally.nodes.values())} nodes, {tally.share:.1%} unknown, {len(tally.wrong)} wrong"
    )
    return 1 if tally.wrong or tally.missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
