"""Says where in a spec the code stands that a check found at fault, and, at the end of a
pytest run, where layers were trained.

It imports neither Keras nor `layergen.testing`, and of layergen nothing before a check has
failed: every run of pytest loads it where layergen is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from layergen.project.origins import Origin

_PROPERTY = "layergen.trained_on"


def pytest_runtest_setup(item: Any) -> None:
    """Note the device of a check that trains; the note travels from worker to main."""
    callspec = getattr(item, "callspec", None)
    check = callspec.params.get("check") if callspec else None
    device = getattr(check, "device", "") if _is_ours(check) else ""
    if device:
        import keras

        place = f"{device} ({keras.backend.backend()})"
        item.user_properties.append((_PROPERTY, place))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: Any) -> Iterator[None]:
    """Say of a check that fails where in a spec the code at fault stands."""
    try:
        return (yield)
    except pytest.fail.Exception as failure:
        callspec = getattr(item, "callspec", None)
        if callspec and _is_ours(callspec.params.get("check")):
            module = sys.modules[callspec.params["case"].layer.__module__]
            file = Path(module.__file__ or "")
            if origin := _origin(file):
                there = {one.name: one.read_text("utf-8") for one in (file, item.path)}
                failure.msg = origin.told(failure.msg or "", there)
        raise


@lru_cache(maxsize=8)
def _origin(module: Path) -> Origin | None:
    from layergen.project.origins import origin_beside

    return origin_beside(module)


def _is_ours(check: object) -> bool:
    """Whether a parameter is a check of the battery, told without importing it."""
    return type(check).__module__ == "layergen.testing.runner"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List the devices of all tests that were run."""
    reports = [one for some in terminalreporter.stats.values() for one in some]
    places = {
        value
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == _PROPERTY
    }
    if places:
        terminalreporter.write_line(f"layergen: trained on {', '.join(sorted(places))}")
