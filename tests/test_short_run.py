"""What a bare `pytest` leaves out, and that it says so; what runs everything."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import chance
import counted
import pytest
import short_run
import yaml

ROOT = Path(__file__).parents[1]
SPECS = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for folder in ("layergen/gallery", "tests/specs")
    for path in (ROOT / folder).glob("*.yaml")
}
[KEYS] = re.findall(
    r"<a id=\"keys-table\"></a>\n\n\| key .*\n\| --- .*\n((?:\| .*\n)+)",
    (ROOT / "docs/spec.md").read_text("utf-8"),
)


def test_the_layers_held_to_every_check_use_the_whole_language():
    specs = [SPECS[name] for name in short_run.WHOLE]
    keys = {row.split("`")[1] for row in KEYS.splitlines()}
    assert len(keys) > 15 and keys <= {key for spec in specs for key in spec}
    styles = {spec.get("style", "class") for spec in specs}
    assert styles == {"class", "functional", "both"}
    assert {spec.get("kind", "layer") for spec in specs} == {"layer", "cell"}
    masks = {spec["mask"] for spec in specs if "mask" in spec}
    assert masks > {"pass", "stop"}
    for word in ("training", "random", "add_loss"):
        assert any(re.search(rf"\b{word}\b", spec["forward"]) for spec in specs), word
    assert len(specs) <= 15


def test_what_is_left_out_is_there():
    for file, names in short_run.LONG.items():
        text = (ROOT / file).read_text("utf-8")
        for name in re.findall(r"test_\w+", names):
            assert re.search(rf"^def {name}", text, re.MULTILINE), name


def test_of_what_is_tried_in_many_ways_some_stay(request):
    """As far as the files are part of this run: the whole says something if it is bare."""
    ran = [
        (item.path.relative_to(ROOT).as_posix(), item.originalname)
        for item in request.session.items
        if hasattr(item, "originalname")
    ]
    files = {file for file, _ in ran}
    for file, names in short_run.LONG.items():
        for name in re.findall(r"(test_\w+)\\\[", names):
            assert file not in files or (file, name) in ran, name


EMITTED = """
import pytest

def {first}(case): pass
def weights_are_saved(case): pass
def is_called(case): pass
is_called.__name__ = "can_be_called"

@pytest.mark.parametrize("check", [{first}, weights_are_saved, is_called])
@pytest.mark.parametrize("case", [object(), object()])
def test_contract(case, check):
    check(case)

def test_defaults():
    pass
"""


TRAINS = "fit_lowers_the_loss"
# Without what takes long to start and is not needed here.
WITHOUT = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:layergen"]
PYTEST = [sys.executable, "-m", "pytest", *WITHOUT]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository with three emitted tests and one that takes long."""
    # This run may be counted; those in here are not part of it.
    monkeypatch.delenv("LAYERGEN_COUNT", raising=False)
    shutil.copy(short_run.__file__, tmp_path)
    shutil.copy(counted.__file__, tmp_path)
    files = {
        "conftest.py": 'pytest_plugins = ["counted", "short_run"]\n',
        "pytest.ini": "[pytest]\ntestpaths = tests generated_examples\npythonpath = .\n"
        "addopts = --import-mode=importlib\n",
        "generated_examples/test_swish_dense.py": EMITTED.format(first=TRAINS),
        "generated_examples/test_gate.py": EMITTED.format(first=TRAINS),
        "tests/golden/test_chain.py": EMITTED.format(first=TRAINS),
        "tests/mutation/test_sample.py": "def test_all(): pass\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def run(*args):
        done = subprocess.run(
            [*PYTEST, *args], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_bare_run_says_what_it_leaves_out(project, workers):
    # Of a chosen layer three checks on one case, one on the other, and what is no check;
    # of another that is shipped two on one case, of one that is not shipped one.
    out = project("-n", workers)
    assert re.search(r"\b10 passed, 12 deselected in ", out)
    assert "12 tests were left out: `pytest --exhaustive` runs all" in out


@pytest.mark.parametrize("workers", ["0", "2"])
def test_everything_runs_where_that_is_asked_for(project, workers):
    out = project("-n", workers, "--exhaustive")
    assert re.search(r"\b22 passed in ", out) and "left out" not in out


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_dozen_alone_of_emitted_tests(project, workers):
    # Three checks on one case, and what is no check; all of what no layer emitted.
    out = project("-n", workers, "--dozen", "tests", "generated_examples")
    assert re.search(r"\b5 passed, 17 deselected in ", out)
    assert "17 tests were left out" in out


@pytest.mark.parametrize(
    ("paths", "passed"),
    [
        (["generated_examples/test_gate.py"], 7),
        (["tests"], 8),
        (["tests", "generated_examples"], 22),
    ],
)
def test_what_is_named_runs_as_a_whole(project, paths, passed):
    assert re.search(rf"\b{passed} passed in ", project("-n", "1", *paths))


@pytest.mark.parametrize("workers", ["0", "2"])
def test_tests_that_ran_are_counted(project, tmp_path, monkeypatch, workers):
    monkeypatch.setenv("LAYERGEN_COUNT", str(tmp_path / "ran"))
    project("-n", workers)
    project("-n", workers, "tests")
    assert (tmp_path / "ran").read_text() == "10\n8\n"


def test_what_did_not_run_is_not_counted(project, tmp_path, monkeypatch):
    monkeypatch.setenv("LAYERGEN_COUNT", str(tmp_path / "ran"))
    (tmp_path / "test_more.py").write_text(
        "import pytest\n"
        "def test_skipped(): pytest.skip()\n"
        "@pytest.mark.skip\ndef test_marked(): pass\n"
        "@pytest.fixture\ndef broken(): pytest.skip()\n"
        "def test_fixture(broken): pass\n"
        "def test_passes(): pass\n"
    )
    project("-n", "0", "test_more.py")
    assert (tmp_path / "ran").read_text() == "1\n"


def test_a_seed_changes_the_random_examples(tmp_path):
    """The same for the same seed, others for another, the usual ones for none."""
    shutil.copy(chance.__file__, tmp_path)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["chance"]\n')
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    (tmp_path / "test_draws.py").write_text(
        "from hypothesis import given, strategies as st\nfound = []\n"
        "@given(st.integers())\ndef test_draws(number): found.append(number)\n"
        "def test_shows(): open('drawn', 'w').write(str(found))\n"
    )

    def drawn(*args):
        command = [sys.executable, "-m", "pytest", "-q", *args]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        return (tmp_path / "drawn").read_text()

    seeded = [f"--sample-seed={number}" for number in (5, 5, 6)]
    first, again, other, usual, usual_again = map(drawn, *[[*seeded, "-q", "-q"]])
    assert first == again and usual == usual_again
    assert len({first, other, usual}) == 3
