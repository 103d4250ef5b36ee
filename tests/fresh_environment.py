"""Environments of their own, with the built package and without the checkout."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*command, cwd, code=0, **variables):
    """Run a command without the checkout on its import path; its output."""
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def built(target, source, folder):
    """The distribution that a project's folder is built to: `wheel` or `sdist`."""
    hatchling = [sys.executable, "-m", "hatchling"]
    run(*hatchling, "build", "-t", target, "-d", folder, cwd=source)
    [file] = folder.iterdir()
    return file


def wheel_of_this(folder):
    """A wheel of this repository, made from its source distribution."""
    with tarfile.open(built("sdist", ROOT, folder / "sdist")) as archive:
        archive.extractall(folder, filter="data")
    [source] = folder.glob("layergen-*")
    return built("wheel", source, folder / "wheel")


def environment(wheel, folder):
    """An environment where the wheel is installed: its programs, its site-packages.

    It borrows all other packages, TensorFlow among them, from the one that runs: they
    are too big to be installed for a test. What it has itself goes first.
    """
    home = folder / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    paths = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    scripts = Path(sysconfig.get_path("scripts", "venv", vars=paths))
    pip = [sys.executable, "-m", "pip", "--python", scripts / "python"]
    run(*pip, "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=home)
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return scripts, site


def lend_programs(scripts, *modules):
    """Programs of borrowed packages, which the environment has without them."""
    for module in modules:
        program = scripts / module
        program.write_text(f'#!/bin/sh\nexec "{scripts}/python" -m {module} "$@"\n')
        program.chmod(0o755)
