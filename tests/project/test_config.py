"""`[tool.layergen]`."""

import pytest

from layergen.errors import UserError
from layergen.project.config import Config, load_config


def configured(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    return load_config(tmp_path)


def test_bare_folder(tmp_path):
    assert load_config(tmp_path) == Config(None, 88, "layergen")


def test_all_keys(tmp_path):
    (tmp_path / "mine").mkdir()
    config = configured(
        tmp_path,
        '[tool.layergen]\ntemplates = "mine"\nline_length = 100\nregister_as = "us"\n',
    )
    assert config == Config((tmp_path / "mine").resolve(), 100, "us")


def test_found_from_a_folder_below(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    configured(tmp_path, '[tool.layergen]\nregister_as = "us"\n')
    assert load_config(tmp_path / "a" / "b").register_as == "us"


def test_the_nearest_file_counts(tmp_path):
    (tmp_path / "a").mkdir()
    configured(tmp_path, '[tool.layergen]\nregister_as = "us"\n')
    assert configured(tmp_path / "a", "[project]\n") == Config()


def test_line_length_of_black(tmp_path):
    black = "[tool.black]\nline-length = 100\n"
    assert configured(tmp_path, black + "[tool.layergen]\n").line_length == 100
    assert configured(tmp_path, black).line_length == 88
    own = black + "[tool.layergen]\nline_length = 70\n"
    assert configured(tmp_path, own).line_length == 70


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[tool.layergen]\nspecs = 'specs'\n", "has no key `specs`"),
        ("[tool.layergen]\nline_length = '88'\n", "positive integer"),
        ("[tool.layergen]\nline_length = true\n", "positive integer"),
        ("[tool.layergen]\nline_length = 0\n", "positive integer"),
        ("[tool.layergen]\nregister_as = 3\n", "register_as"),
        ("[tool.layergen]\nregister_as = 'a>b'\n", "register_as"),
        ("[tool.layergen]\ntemplates = 'none'\n", "a folder that exists"),
        ("[tool.layergen]\ntemplates = 3\n", "the name of a folder"),
        ("[tool.layergen]\n[tool.black]\nline-length = 'x'\n", "tool.black"),
        ("[tool]\nlayergen = 3\n", "must be a table"),
        ("[tool.layergen\n", "not valid TOML"),
    ],
)
def test_errors_name_the_file(tmp_path, text, wanted):
    with pytest.raises(UserError, match=wanted) as caught:
        configured(tmp_path, text)
    assert str(tmp_path / "pyproject.toml") in str(caught.value)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "pyproject.toml").write_bytes(b"\xff")
    with pytest.raises(UserError, match="not valid TOML"):
        load_config(tmp_path)
