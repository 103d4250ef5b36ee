"""A spec to the text of its files: the plan laid out by templates, then by Black."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jinja2

from layergen import black_style
from layergen.language.model import Spec
from layergen.layer.plan import plan_layer
from layergen.project.plan import HEADER
from layergen.proof.plan import plan_test
from layergen.resources import templates_folder
from layergen.source.literals import wrapped
from layergen.source.rewrite import indented

if TYPE_CHECKING:
    from layergen.project.own_templates import OwnTemplates

Page = tuple[str, dict[str, object]]
Layout = Callable[[str, dict[str, object]], str]

WIDTH = 88
DOC_WIDTH = 80
_SETTINGS: dict[str, Any] = {
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
    # Jinja2's optimizer takes longer than it saves.
    "optimized": False,
}


def render(
    spec: Spec,
    style: str | None = None,
    *,
    register_as: str = "layergen",
    line_length: int = WIDTH,
    templates: OwnTemplates | None = None,
    package: str = "",
) -> dict[str, str]:
    """The files of a layer: its module and its test, by name.

    `style` overrides the spec's; `register_as` is the Keras registration package;
    `templates` stand in for the shipped ones of the same name; `package` is the Python
    package that the module becomes part of, if any.

    Raises:
        SpecError: If the spec is valid but cannot be rendered.
    """
    lay_out = _layout(templates)
    pages = _pages(
        replace(spec, style=style or spec.style, package=package), register_as
    )
    return {
        name: _formatted(
            _headed(lay_out(f"layer/{page}.py.j2", plans), spec.stem), line_length
        )
        for name, (page, plans) in pages.items()
    }


def _pages(spec: Spec, register_as: str) -> dict[str, Page]:
    """The template of each file, by name, with the plans that it lays out."""
    module, test = f"{spec.stem}.py", f"test_{spec.stem}.py"
    if spec.style == "class":
        return {
            module: ("class", {"plan": plan_layer(spec, register_as)}),
            test: ("test", {"plan": plan_test(spec)}),
        }
    # A layer in the usual style has no use for what the functional one loads.
    from layergen.functional.plan import plan_both, plan_function
    from layergen.proof.function import plan_both_test, plan_function_test

    if spec.style == "both":
        layer, function = plan_both(spec, register_as)
        plan, of_function = plan_both_test(spec)
        return {
            module: ("both", {"plan": layer, "function": function}),
            test: ("both_test", {"plan": plan, "test": of_function}),
        }
    function = plan_function(spec)
    plan, of_function = plan_function_test(spec)
    return {
        module: ("functional", {"plan": function}),
        test: ("functional_test", {"plan": plan, "test": of_function}),
    }


@lru_cache(maxsize=8)
def _layout(own: OwnTemplates | None) -> Layout:
    """What lays out plans by a template, each compiled once.

    Templates of the user's own are not trusted.
    """
    loader = jinja2.FileSystemLoader(templates_folder())
    if own is not None:
        from layergen.project.sandbox import Sandbox

        own_first = jinja2.ChoiceLoader([jinja2.FunctionLoader(own.source), loader])
        sandbox = Sandbox(loader=own_first, **_SETTINGS)
        sandbox.add_of_text(_FILTERS)
        return sandbox.lay_out
    environment = jinja2.Environment(loader=loader, **_SETTINGS)
    environment.filters |= _FILTERS
    return lambda name, plans: environment.get_template(name).render(plans)


def _headed(text: str, stem: str) -> str:
    """Text under the line that calls a file generated, by which layergen knows its own."""
    mark = HEADER.decode()
    if text.lstrip().startswith(mark):
        return text
    header = f"{mark}{stem}.yaml; change the spec, then run `layergen generate`."
    return f"{header}\n{text}"


def _indented(code: str, width: int) -> str:
    return indented(code.rstrip("\n"), " " * width)


def _moved(text: str, width: int) -> str:
    return "\n".join(
        " " * width + line if line.strip() else "" for line in text.splitlines()
    )


def _hanging(text: str, width: int) -> str:
    """A paragraph filled to the line, its later lines further in."""
    indent = " " * width
    return indent + wrapped(text, DOC_WIDTH - width, "    ").replace(
        "\n", f"\n{indent}"
    )


_FILTERS = {"indented": _indented, "moved": _moved, "hanging": _hanging}


def _formatted(text: str, line_length: int) -> str:
    """Text in Black's style; Black itself is slow to import, and asked only where needed."""
    text = text.rstrip() + "\n"
    known = black_style.formatted(text, line_length)
    if known is not None:
        return known
    import black

    return black.format_str(text, mode=black.Mode(line_length=line_length))
