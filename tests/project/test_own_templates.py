"""Templates of a project's own: each is of use, and one that fails is named."""

import pytest
from project_folder import TABLE, spec

from layergen.resources import templates_folder

SHIPPED = templates_folder() / "layer"


@pytest.fixture
def own(project):
    """A generated project with a folder for templates of its own."""
    project.write("specs/gate.yaml", spec("Gate"))
    assert project.run("generate")[0] == 0
    project.write("pyproject.toml", f'{TABLE}templates = "mine"\n')
    (project / "mine").mkdir()
    return project


def refused(project, told):
    before = project.files()
    for command in ("generate", "status"):
        code, out, err = project.run(command)
        assert (code, out) == (2, "")
        assert err.startswith(f"Error: {told}"), err
    assert project.files() == before


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("class.py.j2", "layer/class.py.j2"),
        ("layer/clas.py.j2", "layer/class.py.j2"),
        ("layer/class.py", "layer/class.py.j2"),
        ("layer/class.py.jinja", "layer/class.py.j2"),
        ("layers/both.py.j2", "layer/both.py.j2"),
        ("templates/layer/test.py.j2", "layer/test.py.j2"),
    ],
)
def test_a_name_that_nothing_has(own, name, nearest):
    own.write(f"mine/{name}", (SHIPPED / "class.py.j2").read_text())
    told = f"mine/{name} stands in for no shipped template (did you mean `{nearest}`?"
    refused(own, told)


def test_a_name_like_no_other(own):
    own.write("mine/0", "")
    refused(
        own, "mine/0 stands in for no shipped template (there are layer/both.py.j2,"
    )


def test_what_another_template_includes(own):
    shipped = (SHIPPED / "class.py.j2").read_text()
    own.write("mine/README.md", "Ours.\n")
    own.write("mine/.hidden", "")
    own.write("mine/notice.j2", "# Ours.\n")
    own.write("mine/layer/class.py.j2", '{% include "notice.j2" %}\n' + shipped)
    assert own.run("generate")[0] == 0
    assert (own / "src/ours/gate.py").read_text().count("# Ours.") == 1
    own.write("mine/layer/class.py.j2", shipped)
    refused(own, "mine/notice.j2 stands in for no shipped template")


def test_what_only_others_of_no_use_include(own):
    own.write("mine/a.j2", '{% include "b.j2" %}')
    own.write("mine/b.j2", '{% include "a.j2" %}')
    refused(own, "mine/a.j2 stands in for no shipped template")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n{% if %}", ":2: Expected an expression, got 'end of statement block'"),
        ("\n\n{{ nobody }}", ":3: 'nobody' is undefined"),
        ("{{ plan.nothing }}", ":1: 'layergen."),
        ("{{ 1 // 0 }}", ":1: integer division or modulo by zero"),
        ('\n{% include "none.j2" %}', ":2: "),
    ],
)
def test_a_template_that_fails(own, text, told):
    own.write("mine/layer/class.py.j2", text)
    before = own.files()
    code, out, err = own.run("generate")
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: mine/layer/class.py.j2{told}"), err
    assert own.files() == before


def test_a_template_that_makes_no_python(own):
    own.write("mine/layer/class.py.j2", "class class:\n")
    code, _, err = own.run("generate")
    assert (code, err.startswith("Error: the templates in mine fail: ")) == (2, True)


def test_a_template_that_fails_is_named_beside_another(own):
    own.write("mine/layer/class.py.j2", "{% if %}")
    own.write("mine/notice.j2", "")
    refused(own, "mine/layer/class.py.j2:1: Expected an expression")
