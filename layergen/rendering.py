"""A spec to the text of its files: the plan laid out by templates, then by Black."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import jinja2

from layergen import black_style
from layergen.language.model import Spec
from layergen.layer.plan import plan_layer
from layergen.proof.plan import plan_test
from layergen.resources import templates_folder
from layergen.source.literals import literal, wrapped
from layergen.source.rewrite import indented

Page = tuple[str, dict[str, object]]

WIDTH = 88
DOC_WIDTH = 80


def render(
    spec: Spec,
    style: str | None = None,
    *,
    register_as: str = "layergen",
    line_length: int = WIDTH,
    templates: Path | None = None,
    package: str = "",
) -> dict[str, str]:
    """The files of a layer: its module and its test, by name.

    `style` overrides the spec's; `register_as` is the Keras registration package;
    `templates` is a folder whose files stand in for the shipped ones of the same name;
    `package` is the Python package that the module becomes part of, if any.

    Raises:
        SpecError: If the spec is valid but cannot be rendered.
    """
    environment = _environment(templates)
    pages = _pages(
        replace(spec, style=style or spec.style, package=package), register_as
    )
    return {
        name: _formatted(
            environment.get_template(f"layer/{template}.py.j2").render(plans),
            line_length,
        )
        for name, (template, plans) in pages.items()
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


def _environment(templates: Path | None) -> jinja2.Environment:
    folder = templates.absolute() if templates else None
    return _compiled(folder, frozenset(folder.rglob("*.j2") if folder else ()))


@lru_cache(maxsize=8)
def _compiled(folder: Path | None, files: frozenset[Path]) -> jinja2.Environment:
    """The templates, each compiled once while a folder of own ones holds these files.

    Jinja2 sees when a file that it has read changes, but not one that comes to stand in
    for it.
    """
    folders = [folder] if folder else []
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, templates_folder()]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        # Jinja2's optimizer takes longer than it saves.
        optimized=False,
    )
    environment.filters |= {
        "literal": literal,
        "indented": _indented,
        "moved": _moved,
        "hanging": _hanging,
    }
    return environment


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


def _formatted(text: str, line_length: int) -> str:
    """Text in Black's style; Black itself is slow to import, and asked only where needed."""
    text = text.rstrip() + "\n"
    known = black_style.formatted(text, line_length)
    if known is not None:
        return known
    import black

    return black.format_str(text, mode=black.Mode(line_length=line_length))
