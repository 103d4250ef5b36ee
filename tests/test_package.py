"""What is built and installed works where there is no checkout near."""

import os
import zipfile
from pathlib import Path

import pytest
from fresh_environment import ROOT, environment, run, wheel_of_this

PACKAGE = ROOT / "layergen"
TEMPLATES = ROOT / "templates"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return wheel_of_this(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    return environment(wheel, tmp_path_factory.mktemp("installed"))


def test_wheel_holds_all_data_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {
        f"layergen/templates/{path.relative_to(TEMPLATES).as_posix()}"
        for path in TEMPLATES.rglob("*")
        if path.is_file()
    }
    gallery = {f"layergen/gallery/{p.name}" for p in PACKAGE.glob("gallery/*.yaml")}
    assert templates and gallery and templates | gallery <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"layergen"}


def test_installed_program(installed, tmp_path):
    scripts, site = installed
    found = run(
        scripts / "python", "-c", "import layergen as l; print(l.__file__)", cwd="/"
    )
    assert Path(found.strip()).is_relative_to(site)
    run(scripts / "layergen", "new", "swish_dense", cwd=tmp_path)
    run(scripts / "layergen", "generate", "--check", cwd=tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
    version = run(scripts / "layergen", "--version", cwd=tmp_path)
    assert f"layergen-{version.split()[1]}.dist-info" in os.listdir(site)


def test_installed_program_has_its_templates_from_the_wheel(installed, tmp_path):
    """Without the wheel's templates there are none: the checkout's are not used."""
    scripts, site = installed
    folder = site / "layergen" / "templates"
    folder.rename(site / "layergen" / "away")
    try:
        run(scripts / "layergen", "new", "swish_dense", cwd=tmp_path, code=1)
    finally:
        (site / "layergen" / "away").rename(folder)
    assert list(tmp_path.iterdir()) == []


def test_python_interface(tmp_path):
    import layergen

    text = (PACKAGE / "gallery" / "swish_dense.yaml").read_text()
    (tmp_path / "my_layer.yaml").write_text(text)
    spec = layergen.load(tmp_path / "my_layer.yaml")
    assert set(layergen.render(spec)) == {"my_layer.py", "test_my_layer.py"}
    assert set(layergen.render(layergen.load(text))) == {
        "swish_dense.py",
        "test_swish_dense.py",
    }
    with pytest.raises(layergen.SpecError) as caught:
        layergen.load("layer: Bad\nforwrd: x\n")
    assert caught.value.problems
    with pytest.raises(AttributeError):
        _ = layergen.nothing
