"""`layergen init`."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from errno import ENOSPC
from pathlib import Path

import pytest
from click.testing import CliRunner

from layergen.cli import cli
from layergen.commands import ask
from layergen.project.answers import variables

FILES = [
    ".github/workflows/ci.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "LICENSE",
    "README.md",
    "layergen.lock",
    "pyproject.toml",
    "specs/gated_dense.yaml",
    "src/my_layers/__init__.py",
    "src/my_layers/gated_dense.py",
    "tests/test_gated_dense.py",
]


def files(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    )


def project_table(folder):
    return tomllib.loads((folder / "pyproject.toml").read_text())["project"]


def test_project(layergen, here):
    result = layergen("init", "my_layers")
    assert result.exit_code == 0, result.output
    assert files(here / "my_layers") == FILES
    lines = result.stdout.splitlines()
    assert lines[: len(FILES)] == [f"created my_layers/{name}" for name in FILES]
    assert "Next:" in lines and "  cd my_layers" in lines
    assert os.listdir(here) == ["my_layers"]


def test_a_package_named_like_its_tests(layergen, here):
    for arguments in (["tests"], ["ours", "package_name=tests"]):
        result = layergen("init", *arguments, "--no-input")
        assert result.exit_code == 2
        assert (
            "package_name cannot be 'tests': the folder of the tests" in result.stderr
        )
    assert layergen("init", "tests", "--no-input", "package_name=ours").exit_code == 0


def test_a_folder_without_a_name(layergen, here):
    result = layergen("init", "", "--no-input", "project_name=ours")
    assert (result.exit_code, "DIR" in result.stderr) == (2, True)
    assert not os.listdir(here)


def test_layers_are_generated_at_once(layergen, here, monkeypatch):
    layergen("init", "my_layers")
    monkeypatch.chdir(here / "my_layers")
    assert layergen("generate", "--check").exit_code == 0
    exports = (here / "my_layers/src/my_layers/__init__.py").read_text()
    assert "from my_layers.gated_dense import GatedDense\n" in exports


def test_needs_no_keras(here):
    program = (
        "import sys\n"
        "from layergen.cli import cli\n"
        "cli.main(['init', 'my_layers', '--quiet'], standalone_mode=False)\n"
        "heavy = {'keras', 'tensorflow', 'numpy', 'sympy'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_names_come_of_the_folder(layergen, here):
    layergen("init", "deep/down/2 Good-Layers", "--quiet")
    folder = here / "deep/down/2 Good-Layers"
    assert project_table(folder)["name"] == "2-good-layers"
    assert (folder / "src/layers_2_good_layers/__init__.py").is_file()
    assert (folder / "README.md").read_text().startswith("# 2 Good-Layers\n")


def test_json(layergen, here):
    report = json.loads(layergen("init", "my_layers", "--json").stdout)
    assert report["files"] == [
        {"path": f"my_layers/{name}", "status": "created"} for name in FILES
    ]


def test_quiet(layergen, here):
    result = layergen("init", "my_layers", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert files(here / "my_layers") == FILES


def test_same_bytes_in_every_folder(layergen, here):
    texts = []
    for parent in ("one", "two"):
        layergen("init", f"{parent}/my_layers")
        folder = here / parent / "my_layers"
        texts.append({name: (folder / name).read_bytes() for name in files(folder)})
    assert texts[0] == texts[1]
    assert not any(str(here).encode() in text for text in texts[0].values())


@pytest.mark.parametrize("there", [[], [".git"]])
def test_current_folder(layergen, here, there):
    for name in there:
        (here / name).mkdir()
    before = here.stat().st_ino
    result = layergen("init", ".", "project_name=my_layers")
    assert result.exit_code == 0, result.output
    assert files(here) == FILES
    # The shell stays where it was.
    assert here.stat().st_ino == before
    assert "created LICENSE" in result.stdout and "  cd " not in result.stdout


def test_link_to_an_empty_folder(layergen, here):
    (here / "there").mkdir()
    (here / "my_layers").symlink_to("there")
    assert layergen("init", "my_layers").exit_code == 0
    assert (here / "my_layers").is_symlink()
    assert "README.md" in files(here / "there")


@pytest.mark.parametrize("value", ["MIT", "Apache-2.0", "BSD-3-Clause", "none"])
def test_licence(layergen, here, value):
    layergen("init", "my_layers", f"license={value}", "author_name=The lab")
    table = project_table(here / "my_layers")
    licence = here / "my_layers" / "LICENSE"
    assert table["authors"] == [{"name": "The lab"}]
    assert table.get("license", "none") == value
    assert licence.exists() == ("license-files" in table) == (value != "none")
    if value in ("MIT", "BSD-3-Clause"):
        assert "\nCopyright (c) The lab\n" in licence.read_text()


def test_no_author(layergen, here):
    layergen("init", "my_layers")
    assert "authors" not in project_table(here / "my_layers")
    text = (here / "my_layers" / "LICENSE").read_text()
    assert "\nCopyright (c) the authors of my_layers\n" in text


@pytest.mark.parametrize(
    "text", ['"""', "\\", "'''", "a\\", 'b"', "#", "\N{SPARKLES} \xe9", "[x]", ""]
)
def test_text_arrives_as_it_was_given(layergen, here, text):
    given = (f"description={text}", f"author_name={text}!")
    assert layergen("init", "my_layers", *given).exit_code == 0
    table = project_table(here / "my_layers")
    assert table["description"] == text
    assert table["authors"] == [{"name": f"{text}!"}]


def test_lowest_python(layergen, here):
    layergen("init", "my_layers", "minimum_python=3.12")
    assert project_table(here / "my_layers")["requires-python"] == ">=3.12"
    workflow = (here / "my_layers/.github/workflows/ci.yml").read_text()
    assert 'python-version: "3.12"' in workflow


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["pakage_name=x"], "did you mean `package_name`?"),
        (["pakage_name=x"], "project_name, package_name, description, author_name"),
        (["_new_lines=x"], "there is no variable '_new_lines'"),
        (["my_layers"], "'my_layers' is not of the form KEY=VALUE"),
        (["license=MIT", "license=none"], "license is given twice"),
        (["license=mit"], "did you mean `MIT`?"),
        (["license=GPL"], "MIT, Apache-2.0, BSD-3-Clause, none"),
        (["minimum_python=3.9"], "3.11, 3.12, 3.13"),
        (["package_name=my-layers"], "use letters, digits and underscores"),
        (["package_name=2d"], "a letter first"),
        (["package_name="], "a letter first"),
        (["package_name=caf\xe9"], "use letters"),
        (["package_name=../out"], "use letters"),
        (["package_name=class"], "a word of Python's own"),
        (["package_name=json"], "would hide the module"),
        (["package_name=keras"], "would hide the module"),
        (["package_name=layergen"], "would hide the module"),
        (["project_name=keras"], "to pip that is another project"),
        (["project_name=!"], "it needs a letter or digit"),
        (["project_name="], "it needs a letter or digit"),
        (['project_name=a"b'], "no quotation mark"),
        (["description=a\nb"], "one line of text"),
        (["description=a\udcffb"], "one line of text"),
        (["description={{ 1 }}"], "begins a template's expression"),
        (["author_name={% if"], "begins a template's expression"),
    ],
)
def test_bad_input_makes_nothing(layergen, here, args, said):
    result = layergen("init", "new", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert os.listdir(here) == []


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("keras", "project_name=..."),
        ("class", "package_name=..."),
        ("{{ x }}", "project_name=..."),
        ("a" * 300, "file name too long"),
        ("full", "it holds mine.txt"),
        ("full/mine.txt", "full/mine.txt: full/mine.txt is no folder."),
        ("full/mine.txt/deeper/down", "deeper/down: full/mine.txt is no folder."),
        ("loop", "a link to itself"),
    ],
)
def test_folder_that_will_not_do(layergen, here, folder, said):
    (here / "full").mkdir()
    (here / "full/mine.txt").write_text("mine")
    (here / "loop").symlink_to("loop")
    result = layergen("init", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert sorted(os.listdir(here)) == ["full", "loop"]
    assert os.listdir(here / "full") == ["mine.txt"]


def test_no_folder(layergen, here):
    result = layergen("init")
    assert (result.exit_code, "Missing argument 'DIR'" in result.stderr) == (2, True)


@pytest.mark.parametrize("failing", ["cookiecutter.generate.generate_file", "rename"])
@pytest.mark.parametrize("folder", ["new", "deep/new", "empty"])
def test_full_disk_leaves_nothing(layergen, here, monkeypatch, failing, folder):
    (here / "empty").mkdir()
    wanted = [".github", ".gitignore", "LICENSE"]
    real = Path.rename

    def fail(*_, **__):
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    def fail_late(self, target):
        return fail() if Path(target).name in ("LICENSE", "new") else real(self, target)

    if failing == "rename":
        monkeypatch.setattr(Path, "rename", fail_late)
        assert set(wanted) <= {Path(name).parts[0] for name in FILES}
    else:
        monkeypatch.setattr(failing, fail)
    result = layergen("init", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no space left on device" in result.stderr
    assert files(here) == []
    assert not [name for name in os.listdir(here) if name.startswith(".")]


def test_nothing_of_the_users_home(process, here, tmp_path):
    """cookiecutter's configuration, caches and replay files are none of its business."""
    home = tmp_path / "home"
    home.mkdir()
    rc = "default_context: {license: none, project_name: Other}\nreplay_dir: replays\n"
    (home / ".cookiecutterrc").write_text(rc)
    env = {"HOME": str(home), "COOKIECUTTER_CONFIG": str(home / ".cookiecutterrc")}
    done = process("init", "my_layers", env=env)
    assert done.returncode == 0, done.stderr
    assert files(here / "my_layers") == FILES
    assert os.listdir(home) == [".cookiecutterrc"]
    assert os.listdir(here) == ["my_layers"]


def test_asks_on_a_terminal(layergen, here, monkeypatch):
    monkeypatch.setattr(ask, "is_terminal", lambda: True)
    result = layergen("init", "my_layers", stdin="\nours\nLine.\nMe\n3\n2\n")
    assert result.exit_code == 0, result.output
    table = project_table(here / "my_layers")
    assert (table["name"], table["description"]) == ("my-layers", "Line.")
    assert (table["license"], table["requires-python"]) == ("BSD-3-Clause", ">=3.12")
    assert (here / "my_layers/src/ours").is_dir()
    assert "Name of its package" in result.stderr
    assert "Name of its package" not in result.stdout


def test_asks_again_for_what_will_not_do(layergen, here, monkeypatch):
    monkeypatch.setattr(ask, "is_terminal", lambda: True)
    first, second = "\nclass\nLine.\n\n\n\n", "\nours\n\n\n\n\n"
    result = layergen("init", "my_layers", stdin=first + second)
    assert result.exit_code == 0, result.output
    assert "Error: package_name cannot be 'class'" in result.stderr
    table = project_table(here / "my_layers")
    assert table["description"] == "Line."
    assert (here / "my_layers/src/ours").is_dir()


@pytest.mark.parametrize("stdin", ["", "\n\n"])
def test_end_of_input_at_a_question(layergen, here, monkeypatch, stdin):
    monkeypatch.setattr(ask, "is_terminal", lambda: True)
    result = layergen("init", "my_layers", stdin=stdin)
    assert result.exit_code == 1
    assert os.listdir(here) == []


def test_no_input_on_a_terminal(layergen, here, monkeypatch):
    monkeypatch.setattr(ask, "is_terminal", lambda: True)
    result = layergen("init", "my_layers", "--no-input", stdin="")
    assert (result.exit_code, result.stderr) == (0, "")
    assert files(here / "my_layers") == FILES


def test_interrupt_at_a_question(terminal, here):
    process, _ = terminal("init", "my_layers")
    seen = b""
    while b"Name of the project" not in seen:
        seen += process.stderr.read1()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, b"Traceback" in err) == (130, b"", False)
    assert err.endswith(b"Aborted!\n")
    assert os.listdir(here) == []


def test_help_names_every_variable():
    text = CliRunner().invoke(cli, ["init", "--help"]).output
    for key, default in variables().items():
        assert f"\n    {key} " in text
        if isinstance(default, list):
            assert f"{', '.join(default[:-1])} or {default[-1]}" in text
