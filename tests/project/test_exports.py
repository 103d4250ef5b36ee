"""The block of exports in a package's `__init__.py`."""

import subprocess
import sys

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project_folder import spec

from layergen.errors import UserError
from layergen.layout.formatting import Black
from layergen.project.exports import BEGIN, END, exported, split, with_exports

ONE = [("gate", ("Gate",))]
INIT = "src/ours/__init__.py"
NAMES = st.builds("a{}{}".format, st.integers(0, 99), st.sampled_from(["", "b" * 40]))


def made(text, exports=ONE, line_length=88):
    laid_out = Black(line_length).formatted_block
    return with_exports(text, "i.py", "ours", exports, laid_out)


def public(text):
    """What a module with this text makes public; imports are played."""
    names = {}
    code = "\n".join(
        (
            line.replace("from ours.", "").partition(" import ")[2] + " = 1"
            if line.startswith("from ours.")
            else line
        )
        for line in text.splitlines()
    )
    exec(code, names)
    return [*names["__all__"]] if "__all__" in names else None


def test_a_new_file():
    assert made(None) == (
        f'{BEGIN}\nfrom ours.gate import Gate\n\n__all__ = [\n    "Gate",\n]\n{END}\n'
    )
    assert made(None, []) is None


@pytest.mark.parametrize("text", ["", '"""Doc."""\n', "# Comment.", '"""Doc."""\n\n\n'])
def test_a_file_without_statements_has_the_block_at_its_end(text):
    assert made(text).startswith(text)
    assert made(made(text)) == made(text)
    assert split(made(text), "i.py")[1] == made(None)
    assert (
        made(text) == black.format_str(made(text), mode=black.Mode())
        or "\n\n\n" in text
    )


def test_what_stands_around_is_kept():
    above, below = "import a\nx = 1 #odd\n", "\n\ndef f( ):\n  return 1"
    text = f"{above}{BEGIN}\nfrom ours.old import Old\n{END}\n{below}"
    assert made(text) == above + made(None) + below
    assert made(text, []) == f"{above}{BEGIN}\n{END}\n{below}"


@pytest.mark.parametrize(
    ("above", "below", "wanted"),
    [
        ("", "", ["Gate"]),
        ('__all__ = ["a"]\n', "", ["a", "Gate"]),
        ('__all__: list[str] = ["a"]\n', "", ["a", "Gate"]),
        ('__all__ = ("a",)\n', "", ["a", "Gate"]),
        ("", '__all__ += ["z"]\n', ["Gate", "z"]),
        ("", '__all__ = ["z"]\n', ["z"]),
        ('__all__ = ["a"]\n', '__all__ += ["z"]\n', ["a", "Gate", "z"]),
    ],
)
def test_what_the_user_makes_public_stays_so(above, below, wanted):
    assert public(made(f"{above}{BEGIN}\n{END}\n{below}")) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "import os\n",
        "x = (\n",
        f"{BEGIN}\n",
        f"{END}\n",
        f"{END}\n{BEGIN}\n",
        f"{BEGIN}\n{BEGIN}\n{END}\n",
        f"{BEGIN}\n{END}\n{END}\n",
        f"{BEGIN[:-1]}\n{END}\n",
    ],
)
def test_where_the_block_is_cannot_be_told(text, project):
    with pytest.raises(UserError, match="must hold these two lines"):
        made(text)
    project.write(INIT, text)
    project.write("specs/gate.yaml", spec("Gate"))
    before = project.files()
    for command in ("generate", "new swish_dense", "generate --check"):
        code, _, err = project.run(*command.split())
        assert (code, INIT in err and BEGIN in err and END in err) == (2, True)
    assert project.files() == before


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(NAMES, st.lists(NAMES, min_size=1, max_size=2, unique=True)),
    st.integers(40, 120),
)
def test_it_is_as_black_has_it(exports, line_length):
    text = made("", [(m, tuple(names)) for m, names in exports.items()], line_length)
    assert black.format_str(text, mode=black.Mode(line_length=line_length)) == text
    pairs = {(module, name) for module, names in exports.items() for name in names}
    assert exported(text, "ours") == pairs


def test_edits_inside_the_block_are_kept(project):
    project.write("specs/gate.yaml", spec("Gate"))
    project.run("generate")
    text = (project / INIT).read_text().replace("Gate\n", "Gate  # noqa\n", 1)
    project.write(INIT, text)
    project.write("specs/door.yaml", spec("Door"))
    code, _, err = project.run("generate")
    assert (code, "edited by hand inside the block" in err) == (1, True)
    assert "\n-from ours.gate import Gate  # noqa\n" in err
    assert (project / INIT).read_text() == text
    assert project.states()[INIT] == "edited by hand"
    assert project.run("generate")[0] == project.run("generate", "--check")[0] == 1
    assert project.run("generate", "--overwrite")[0] == 0
    assert "noqa" not in (project / INIT).read_text()
    assert project.run("generate", "--check")[0] == 0


def test_edits_around_the_block_are_nobody_elses(project):
    project.write("specs/gate.yaml", spec("Gate"))
    project.run("generate")
    text = f"import os\n\n{(project / INIT).read_text()}\nHOME = os.curdir\n"
    project.write(INIT, text)
    assert project.run("generate", "--check")[0] == 0
    assert project.states()[INIT] == "current"
    project.write("specs/door.yaml", spec("Door"))
    assert project.run("generate")[0] == 0
    there = (project / INIT).read_text()
    assert there.startswith("import os\n\n") and there.endswith("\nHOME = os.curdir\n")


def test_a_merge_conflict(project):
    project.write("specs/gate.yaml", spec("Gate"))
    project.run("generate")
    text = (project / INIT).read_text()
    project.write(INIT, f"<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n")
    code, _, err = project.run("generate")
    assert (code, f"{INIT} holds the markers of a merge conflict" in err) == (2, True)


def test_not_in_utf8(project):
    project.write("specs/gate.yaml", spec("Gate"))
    (project / "src/ours").mkdir(parents=True)
    (project / INIT).write_bytes(b"# \xe9\n")
    code, _, err = project.run("generate")
    assert (code, "is not text in UTF-8" in err) == (2, True)


def test_modules_and_tests_import_each_other_in_the_package(project):
    """With a Keras of one line: what counts are the imports."""
    holder = spec("Holder").replace(
        "weights:\n  scale: [features]", "layers: {in_: Gate()}"
    )
    project.write("specs/gate.yaml", spec("Gate"))
    holder = holder.replace("x * scale", "in_(x)").replace("reference: scale * x\n", "")
    project.write("specs/holder.yaml", holder)
    assert project.run("generate")[0] == 0
    assert (
        "\nfrom ours.gate import Gate\n" in (project / "src/ours/holder.py").read_text()
    )
    project.write("src/keras.py", PLAYED)
    program = "import ours; print(ours.__all__, ours.Holder, ours.holder.Gate)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project / "src",
        capture_output=True,
        text=True,
    )
    assert done.stdout == (
        "['Gate', 'Holder'] <class 'ours.holder.Holder'> <class 'ours.gate.Gate'>\n"
    ), done.stderr


PLAYED = """\
class layers:
    class Layer: ...
class saving:
    register_keras_serializable = lambda package: lambda one: one
ops = initializers = None
"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("import Gate\n", "import Gate  # noqa\n"),
        ("import Gate\n", "import Gate as G\n"),
        ("ours.gate", "theirs.gate"),
        ('    "Gate",\n', ""),
        ('    "Gate",\n', '    "Gate",\n    "Door",\n'),
        (END, f"x = 1\n{END}"),
    ],
)
def test_what_is_no_block_of_ours(one, other):
    text = made(None)
    assert exported(text, "ours") == {("gate", "Gate")}
    assert one in text and exported(text.replace(one, other), "ours") is None


def test_an_export_of_ones_own_in_the_form_of_the_block_is_kept(project):
    project.write("specs/gate.yaml", spec("Gate"))
    project.run("generate")
    project.write("src/ours/helper.py", "def helper(): ...\n")
    text = made(None, [*ONE, ("helper", ("helper",))])
    project.write(INIT, text)
    assert project.run("generate")[0] == 1
    assert (project / INIT).read_text() == text
