"""Draws public layers from what `finding.py` found: prints them, one a line of JSON.

    python finding.py IMPORT_NAME... > found.jsonl
    python drawing.py found.jsonl [SEED [NUMBER]]

All classes that can be made are shuffled by the seed, and taken in that order, at most
eight a project. The first `NUMBER` are the list. With a seed they are drawn of what
`layers.yaml` does not have yet.
"""

import json
import random
import sys
from collections import Counter
from pathlib import Path

import yaml

SEED = 20
MOST = 8
NUMBER = 125


def drawn(
    found: dict[str, dict[str, object]], seed: int, known: set[str]
) -> list[tuple[str, object]]:
    """The layers in the order in which they are drawn, with their arguments."""
    places = sorted({*(place for one in found.values() for place in one)} - known)
    random.Random(seed).shuffle(places)
    taken: Counter[str] = Counter()
    kept = []
    for place in places:
        top = place.split(".")[0].split(":")[0]
        taken[top] += 1
        if taken[top] <= MOST:
            kept.append((place, found[top][place]))
    return kept


def listed() -> set[str]:
    """What was drawn before, whether it was run or left out."""
    text = Path(__file__).with_name("layers.yaml").read_text(encoding="utf-8")
    return {one["layer"] for some in yaml.safe_load(text).values() for one in some}


def main() -> None:
    everything: dict[str, dict[str, object]] = {}
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        everything |= json.loads(line)
    known = listed() if sys.argv[2:] else set()
    seed, number = [*map(int, sys.argv[2:]), *(SEED, NUMBER)[len(sys.argv) - 2 :]]
    for place, args in drawn(everything, seed, known)[:number]:
        print(json.dumps({"layer": place, "args": args}))


if __name__ == "__main__":
    main()
