"""constraints.txt pins all that layergen and its extras need, and nothing of this place."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "constraints.txt").read_text("utf-8")
LINES = [line.partition(" #")[0].strip() for line in TEXT.splitlines()]
PINS = [Requirement(line) for line in LINES if line and line[0] != "#"]


def needed() -> dict[str, list[Requirement]]:
    """All that layergen with every extra needs here, and what needs it of it."""
    found: dict[str, list[Requirement]] = {}
    waiting = [("layergen", "dev")]
    seen = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        try:
            lines = requires(name) or []
        except PackageNotFoundError:
            continue  # One of the extra dev; its own pin is looked at.
        for line in lines:
            one = Requirement(line)
            if one.marker is not None and not one.marker.evaluate({"extra": extra}):
                continue
            known = canonicalize_name(one.name)
            found.setdefault(known, []).append(one)
            more = {(known, one_extra) for one_extra in {"", *one.extras}} - seen
            seen |= more
            waiting += more
    return found


def test_each_line_pins_one_version():
    for one in PINS:
        [bound] = one.specifier
        assert bound.operator == "==" and not bound.version.endswith("*"), one
        assert not one.url and not one.extras


def test_every_needed_package_is_pinned_as_it_is_needed():
    everything = needed()
    here = {
        canonicalize_name(one.name): next(iter(one.specifier)).version
        for one in PINS
        if one.marker is None or one.marker.evaluate()
    }
    assert len(everything) > 50
    for name, wanted in everything.items():
        for one in wanted:
            assert name in here, f"{name} is not pinned: run .ci/constraints"
            assert one.specifier.contains(here[name], prereleases=True), one


def test_says_how_it_is_made_and_nothing_of_where_it_was():
    assert ".ci/constraints\n" in TEXT
    assert not re.search(r"://|--(extra-)?index|--find-links|(^|\s)/", TEXT)


@pytest.mark.parametrize("change", ["none", "no line", "another version"])
def test_a_package_that_is_not_pinned_is_seen(tmp_path, change):
    """In an environment of two packages, one of which is looked for."""
    (tmp_path / ".ci").mkdir()
    script = tmp_path / ".ci/pinned"
    script.write_text((ROOT / ".ci/pinned").read_text())
    lines = {"none": "dotted.name==1.0\n", "another version": "dotted-name==1.1\n"}
    pins = "other==3 ; python_version < '3'\n" + lines.get(change, "")
    (tmp_path / "constraints.txt").write_text(pins)
    site = tmp_path / "site"
    for name in ("Dotted_Name", "layergen"):
        folder = site / f"{name}-1.0.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n")
    # All that the script imports beside the standard library is packaging.
    import packaging

    libraries = Path(packaging.__file__).parents[1]
    code = (
        "import runpy, sys; import packaging.requirements, packaging.utils\n"
        f"sys.path = [p for p in sys.path if p != {str(libraries)!r} "
        f"and 'site-packages' not in p] + [{str(site)!r}]\n"
        f"runpy.run_path({str(script)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    told = "Dotted_Name==1.0 is installed, but not pinned in constraints.txt\n"
    assert (done.returncode, done.stderr) == (
        (0, "") if change == "none" else (1, told)
    )
