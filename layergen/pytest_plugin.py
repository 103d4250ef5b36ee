"""Says at the end of a pytest run where layers were trained.

It imports neither Keras nor `layergen.testing`: every run of pytest loads it where
layergen is installed.
"""

from __future__ import annotations

from typing import Any

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
