"""What is built and installed works where there is no checkout near."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "layergen"
TEMPLATES = ROOT / "templates"


def run(*command, cwd, code=0):
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def built(target, source, folder):
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        target,
        "-d",
        folder,
        cwd=source,
    )
    [file] = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel made from the source distribution."""
    folder = tmp_path_factory.mktemp("package")
    with tarfile.open(built("sdist", ROOT, folder / "sdist")) as archive:
        archive.extractall(folder, filter="data")
    [source] = folder.glob("layergen-*")
    return built("wheel", source, folder / "wheel")


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs where the wheel is installed, and its site-packages.

    The environment borrows the dependencies of this one; its own layergen goes first.
    """
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    paths = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    scripts = Path(sysconfig.get_path("scripts", "venv", vars=paths))
    python = scripts / "python"
    pip = [sys.executable, "-m", "pip", "--python", python]
    run(*pip, "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=home)
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return scripts, site


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
