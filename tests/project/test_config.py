"""`[tool.layergen]`."""

import pytest

from layergen.errors import UserError
from layergen.layout.formatting import Black
from layergen.layout.own_templates import OwnTemplates
from layergen.project.config import Config, Project, load_config, load_project


def configured(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    return load_config(tmp_path)


def test_bare_folder(tmp_path):
    assert load_config(tmp_path) == Config(None, Black(88), "layergen", "class", "")
    assert load_project(tmp_path) == Project(tmp_path, tmp_path, Config())


def test_all_keys(tmp_path):
    (tmp_path / "mine").mkdir()
    config = configured(
        tmp_path,
        '[tool.layergen]\ntemplates = "mine"\nline_length = 100\nregister_as = "us"\n'
        'style = "both"\npackage = "src/ours"\nspecs = "a/b"\ntests = "."\n',
    )
    assert config == Config(
        OwnTemplates(tmp_path / "mine", ()), Black(100), "us", "both", "ours"
    )
    project = load_project(tmp_path)
    assert project == Project(tmp_path, tmp_path, config, "a/b", "src/ours", "")
    assert project.spec("gate") == "a/b/gate.yaml"
    assert [*project.files("gate").values()] == ["src/ours/gate.py", "test_gate.py"]


def test_what_a_package_alone_says(tmp_path):
    configured(tmp_path, '[tool.layergen]\npackage = "src/ours"\n')
    project = load_project(tmp_path)
    assert (project.specs, project.tests) == ("specs", "tests")
    assert (project.config.register_as, project.config.package) == ("ours", "ours")


def test_package_in_a_package(tmp_path):
    (tmp_path / "src" / "ours").mkdir(parents=True)
    (tmp_path / "src" / "ours" / "__init__.py").touch()
    config = configured(tmp_path, '[tool.layergen]\npackage = "src/ours/layers"\n')
    assert (config.package, config.register_as) == ("ours.layers", "layers")


def test_paths_as_the_user_would_type_them(tmp_path):
    below = tmp_path / "src" / "ours"
    below.mkdir(parents=True)
    configured(tmp_path, '[tool.layergen]\npackage = "src/ours"\n')
    project = load_project(below)
    assert project.root == tmp_path
    shown = [str(project.shown(path)) for path in project.files("gate").values()]
    assert shown == ["gate.py", "../../tests/test_gate.py"]


def test_found_from_a_folder_below(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    configured(tmp_path, '[tool.layergen]\nregister_as = "us"\n')
    assert load_config(tmp_path / "a" / "b").register_as == "us"


def test_the_nearest_file_with_the_table_counts(tmp_path):
    (tmp_path / "a").mkdir()
    configured(tmp_path, '[tool.layergen]\nregister_as = "us"\n')
    assert configured(tmp_path / "a", "[project]\n").register_as == "us"
    assert configured(tmp_path / "a", "[tool.layergen]\n") == Config()


def test_line_length_of_black(tmp_path):
    black = "[tool.black]\nline-length = 100\n"
    assert configured(tmp_path, black + "[tool.layergen]\n").formatter == Black(100)
    assert configured(tmp_path, black).formatter == Black(88)
    own = black + "[tool.layergen]\nline_length = 70\n"
    assert configured(tmp_path, own).formatter == Black(70)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[tool.layergen]\nspec = 'specs'\n", "has no key `spec`"),
        ("[tool.layergen]\nspecs = 'specs'\n", "but no `package`"),
        ("[tool.layergen]\ntests = 'tests'\n", "but no `package`"),
        ("[tool.layergen]\npackage = '../out'\n", "a folder in the project"),
        ("[tool.layergen]\npackage = '/out'\n", "a folder in the project"),
        ("[tool.layergen]\npackage = 'C:\\out'\n", "a folder in the project"),
        ("[tool.layergen]\npackage = 3\n", "a folder in the project"),
        ("[tool.layergen]\npackage = 'a\u202e'\n", "characters that can be seen"),
        ('[tool.layergen]\npackage = "a\\u0000b"\n', "characters that can be seen"),
        ("[tool.layergen]\npackage = 'a'\nspecs = 's\u200b'\n", "that can be seen"),
        ("[tool.layergen]\nregister_as = 'a\u2066'\n", "that can be seen"),
        ("[tool.layergen]\npackage = 'my-layers'\n", "Python can import"),
        ("[tool.layergen]\npackage = 'class'\n", "Python can import"),
        ("[tool.layergen]\npackage = '.'\n", "Python can import"),
        ("[tool.layergen]\npackage = 'a'\nspecs = 'a/../..'\n", "in the project"),
        ("[tool.layergen]\nstyle = 'klass'\n", "one of 'class', 'functional'"),
        ("[tool.layergen]\nline_length = '88'\n", "positive integer"),
        ("[tool.layergen]\nline_length = true\n", "positive integer"),
        ("[tool.layergen]\nline_length = 0\n", "positive integer"),
        ("[tool.layergen]\nregister_as = 3\n", "register_as"),
        ("[tool.layergen]\nregister_as = 'a>b'\n", "register_as"),
        ("[tool.layergen]\ntemplates = 'none'\n", "a folder that exists"),
        ("[tool.layergen]\ntemplates = 3\n", "the name of a folder"),
        ("[tool.layergen]\ntemplates = '../ours'\n", "the name of a folder in the pro"),
        ("[tool.layergen]\ntemplates = '/ours'\n", "the name of a folder in the pro"),
        ("[tool.layergen]\n[tool.black]\nline-length = 'x'\n", "tool.black"),
        ("[tool]\nlayergen = 3\n", "must be a table"),
        ("[tool.layergen\n", "not valid TOML"),
    ],
)
def test_errors_name_the_file(tmp_path, text, wanted):
    with pytest.raises(UserError, match=wanted) as caught:
        configured(tmp_path, text)
    assert str(caught.value).startswith("pyproject.toml")


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "pyproject.toml").write_bytes(b"\xff")
    with pytest.raises(UserError, match="not valid TOML"):
        load_config(tmp_path)
