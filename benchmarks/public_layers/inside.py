"""Runs `layergen verify` on layers, one after the other, in this process.

    python benchmarks/public_layers/inside.py RESULTS < layers.jsonl

adds a line of JSON a layer to a file. Keras and the project are imported once.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from layergen.commands import verify_checking
from layergen.commands.verify_apart import Request

TICKS = os.sysconf("SC_CLK_TCK")


def cpu() -> float:
    """The CPU seconds of this process and of those that it started."""
    own = os.times()
    total = own.user + own.system + own.children_user + own.children_system
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            total += sum(map(int, fields[11:15])) / TICKS
    return total


def verified(layer: dict[str, Any]) -> dict[str, Any]:
    """What verify says of one layer."""
    events: list[tuple[str, Any]] = []
    request = Request(
        layer["layer"],
        args=json.dumps(layer.get("args", {})),
        inputs=tuple(layer.get("inputs", ())),
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in layer.get("options", {}).items()
        },
    )
    before = cpu()
    try:
        verify_checking.run(request, lambda kind, data: events.append((kind, data)))
    except Exception:
        events.append(("traceback", traceback.format_exc()))
    found = [data for kind, data in events if kind == "finding"]
    other = {kind: data for kind, data in events if kind in ("error", "traceback")}
    titles = [data["title"] for kind, data in events if kind == "case"]
    return {
        "layer": layer["layer"],
        "title": titles[0] if titles else "",
        "cpu": round(cpu() - before, 1),
        "passed": sum(one["outcome"] == "passed" for one in found),
        "failed": {
            one["name"] if "name" in one else one["check"]: one
            for one in found
            if one["outcome"] == "failed"
        },
        "stopped": {
            one["check"]: one["by"] for one in found if one["outcome"] == "stopped"
        },
        **other,
    }


def main() -> None:
    """Verify what comes on standard input."""
    results = Path(sys.argv[1])
    layers = [json.loads(line) for line in sys.stdin]
    began = time.process_time()
    verify_checking._import_keras()
    print(f"started in {time.process_time() - began + began:.1f} CPU seconds")
    for layer in layers:
        result = verified(layer)
        with results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
