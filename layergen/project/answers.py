"""What is asked of a new project: the variables of its template, and what they may hold.

The template is the one that plain `cookiecutter` takes. The parts of cookiecutter that
are used here read and write nothing in the user's home: no configuration, no replay.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from layergen.errors import UserError
from layergen.language.words import MODULES
from layergen.nearest import aside
from layergen.resources import templates_folder

TEMPLATE = templates_folder() / "project"


def variables() -> dict[str, str | list[str]]:
    """The template's variables with their defaults; a list holds all allowed values."""
    text = (TEMPLATE / "cookiecutter.json").read_text("utf-8")
    return {k: v for k, v in json.loads(text).items() if not k.startswith("_")}


def parse(assignments: Iterable[str]) -> dict[str, str]:
    """`KEY=VALUE` texts as a dictionary of known variables."""
    known, given = variables(), dict[str, str]()
    for text in assignments:
        key, equals, value = text.partition("=")
        if not equals:
            raise UserError(f"{text!r} is not of the form KEY=VALUE.")
        if key not in known:
            raise UserError(f"there is no variable {key!r}{_choice(key, known)}.")
        if key in given:
            raise UserError(f"{key} is given twice.")
        allowed = known[key]
        if isinstance(allowed, list) and value not in allowed:
            raise UserError(f"{key} cannot be {value!r}{_choice(value, allowed)}.")
        given[key] = value
    for fault in faults(given).values():
        raise UserError(fault)
    return given


def answered(given: Mapping[str, str], ask: bool) -> dict[str, Any]:
    """What the template is rendered with; `ask` on the terminal for what it says."""
    from cookiecutter.generate import generate_context
    from cookiecutter.prompt import prompt_for_config

    context: dict[str, Any] = generate_context(
        str(TEMPLATE / "cookiecutter.json"), extra_context=dict(given)
    )
    context["cookiecutter"].update(prompt_for_config(context, no_input=not ask))
    return context


def faults(answers: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the answers, by variable, in the order of the template."""
    found = {}
    for key in filter(answers.__contains__, variables()):
        fault = _unfit_text(answers[key])
        if not fault and key == "project_name":
            fault = _unfit_project(answers[key], answers.get("__slug"))
        if not fault and key == "package_name":
            fault = _unfit_package(answers[key])
        if fault:
            found[key] = f"{key} cannot be {answers[key]!r}: {fault}."
    return found


def _choice(wrong: str, known: Collection[str]) -> str:
    """The nearest known name, and all of them, for a message."""
    return f"{aside(wrong, known)}; there are {', '.join(known)}"


def _unfit_text(value: str) -> str:
    if not value.isprintable():
        return "it must be one line of text"
    # cookiecutter renders values as templates.
    mark = re.search(r"\{[{%#]", value)
    return f"`{mark[0]}` begins a template's expression" if mark else ""


def _unfit_project(name: str, slug: str | None) -> str:
    if slug == "" or set(name) & set('"\\'):
        return "it needs a letter or digit, and no quotation mark or backslash"
    if slug and slug.replace("-", "_") in MODULES:
        return "to pip that is another project"
    return ""


def _unfit_package(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return (
            "use letters, digits and underscores, a letter first, such as `my_layers`"
        )
    if keyword.iskeyword(name):
        return "that is a word of Python's own"
    if name == "tests":
        return "the folder of the tests has that name"
    if name in MODULES | sys.stdlib_module_names:
        return "it would hide the module of that name"
    return ""
