"""Holds public layers to every check again, and writes the table `results.md`.

    pip install --no-deps -r benchmarks/public_layers/requirements.txt
    python benchmarks/public_layers [PROJECT...]

The layers of a project run in one process, as `layergen verify` runs them, with what
`layers.yaml` states of them. `verdicts.yaml` says of each failure what it was found to be.
Exits with 1 where a check fails that it does not list, or one that it lists does not.
"""

import json
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

HERE = Path(__file__).parent
HEAD = """\
# Public layers, held to every check

Made by `python benchmarks/public_layers`, from the list in `layers.yaml`. What fails is a
fault of the layer; `docs/public_layers.md` has its reproduction. CPU seconds are those of
the checks: a process that starts and imports Keras takes some 8 more.

| layer | inputs | CPU s | passed | failed |
| --- | --- | --- | --- | --- |
"""


def project_of(layer: dict[str, Any]) -> str:
    """The name under which a layer's project is imported."""
    return str(layer["layer"]).split(":")[0].split(".")[0]


def results_of(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What verify says of the layers of one project.

    A layer that ends the process is passed over, and the rest run in another.
    """
    found: list[dict[str, Any]] = []
    with TemporaryDirectory() as folder:
        results = Path(folder, "results.jsonl")
        while len(found) < len(layers):
            waiting = layers[len(found) :]
            lines = "\n".join(json.dumps(one) for one in waiting)
            command = [sys.executable, str(HERE / "inside.py"), str(results)]
            subprocess.run(
                command, input=lines, text=True, check=False, capture_output=True
            )
            told = results.read_text("utf-8").splitlines() if results.exists() else []
            done = [json.loads(line) for line in told]
            if len(done) == len(found):
                ended = {"layer": waiting[0]["layer"], "error": "the process ended"}
                with results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(ended) + "\n")
                done.append(ended)
            found = done
    return found


def main() -> int:
    listed = yaml.safe_load((HERE / "layers.yaml").read_text("utf-8"))
    verdicts = yaml.safe_load((HERE / "verdicts.yaml").read_text("utf-8"))
    projects = defaultdict(list)
    for layer in [*listed["layers"], *listed["next"], *listed["last"]]:
        if not sys.argv[1:] or project_of(layer) in sys.argv[1:]:
            projects[project_of(layer)].append(layer)
    rows, alarms, seconds = [], [], []
    for layers in projects.values():
        for one in results_of(layers):
            place = one["layer"]
            known = verdicts.get(place, {})
            if "error" in one or "traceback" in one:
                said = one.get("traceback") or one["error"]
                alarms.append(f"{place}: {said}")
                continue
            seconds.append(one["cpu"])
            failed = one["failed"]
            alarms += [
                f"{place}: {name}: {told['message']}"
                for name, told in failed.items()
                if name not in known
            ]
            alarms += [
                f"{place}: {name} passes" for name in known if name not in failed
            ]
            shown = ", ".join(f"`{name}`" for name in failed) or "-"
            inputs = one["title"].partition("); ")[2].partition("; ")[0]
            rows.append(
                f"| {place.replace(':', ' ')} | {inputs} | {one['cpu']} "
                f"| {one['passed']} | {shown} |\n"
            )
    for alarm in alarms:
        print(alarm)
    if not sys.argv[1:]:
        total = (
            f"\n{len(rows)} layers of {len(projects)} projects; median "
            f"{statistics.median(seconds):.1f} CPU seconds, worst {max(seconds):.1f}.\n"
        )
        (HERE / "results.md").write_text(HEAD + "".join(rows) + total, encoding="utf-8")
    return 1 if alarms else 0


if __name__ == "__main__":
    raise SystemExit(main())
