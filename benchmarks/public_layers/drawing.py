"""Draws public layers from what `finding.py` found: prints them, one a line of JSON.

    python finding.py IMPORT_NAME... > found.jsonl
    python drawing.py found.jsonl

All classes that can be made are shuffled by the seed, and taken in that order, at most
eight a project. The first `NUMBER` are the list; those after it are the next to be drawn.
"""

import json
import random
import sys
from collections import Counter
from pathlib import Path

SEED = 20
MOST = 8
NUMBER = 125


def drawn(found: dict[str, dict[str, object]]) -> list[tuple[str, object]]:
    """The layers in the order in which they are drawn, with their arguments."""
    places = sorted(place for layers in found.values() for place in layers)
    random.Random(SEED).shuffle(places)
    taken: Counter[str] = Counter()
    kept = []
    for place in places:
        top = place.split(".")[0].split(":")[0]
        taken[top] += 1
        if taken[top] <= MOST:
            kept.append((place, found[top][place]))
    return kept


if __name__ == "__main__":
    everything: dict[str, dict[str, object]] = {}
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        everything |= json.loads(line)
    for place, args in drawn(everything)[:NUMBER]:
        print(json.dumps({"layer": place, "args": args}))
