"""Plans laid out by templates: the shipped ones, or those of a project in their place."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jinja2

from layergen.layout.filters import FORMATTING, OF_TEXT, OTHERS
from layergen.layout.own_templates import OwnTemplates
from layergen.resources import templates_folder

FORMATTING_COST = 20
Layout = Callable[[str, dict[str, object]], str]

SETTINGS: dict[str, Any] = {
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
    # Jinja2's optimizer takes longer than it saves.
    "optimized": False,
}


@lru_cache(maxsize=8)
def layout(own: OwnTemplates | None) -> Layout:
    """What lays out plans by a template, each compiled once.

    Templates of the user's own are not trusted.
    """
    if own is not None:
        from layergen.layout.sandbox import Sandbox

        own_first = jinja2.ChoiceLoader([jinja2.FunctionLoader(own.source), _shipped()])
        sandbox = Sandbox(loader=own_first, **SETTINGS)
        sandbox.add_of_text(OF_TEXT)
        sandbox.add(OTHERS)
        sandbox.add(FORMATTING, FORMATTING_COST)
        return sandbox.lay_out
    return lambda name, plans: plain().get_template(name).render(plans)


@lru_cache(maxsize=1)
def plain() -> jinja2.Environment:
    """The environment of the shipped templates."""
    from layergen.layout.compiled import Compiled

    environment = jinja2.Environment(
        loader=_shipped(), bytecode_cache=Compiled(SETTINGS), **SETTINGS
    )
    environment.filters |= {**OF_TEXT, **OTHERS, **FORMATTING}
    return environment


def _shipped() -> jinja2.FileSystemLoader:
    return jinja2.FileSystemLoader(templates_folder())
