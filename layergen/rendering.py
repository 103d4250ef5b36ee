"""A spec to the text of its files: the plans laid out by templates, then formatted.

A formatter may take all files of a run at once; what is to be formatted is a step by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from layergen.language.model import Spec
from layergen.layer.facts import Facts
from layergen.layer.plan import plan_layer
from layergen.layout.formatting import WIDTH, Black
from layergen.layout.header import headed
from layergen.layout.own_templates import OwnTemplates
from layergen.layout.templates import layout
from layergen.proof.plan import plan_test
from layergen.source.literals import comment_text

Page = tuple[str, dict[str, object]]


def render(spec: Spec, style: str | None = None, **how: Any) -> dict[str, str]:
    """The files of a layer as Black formats them, laid out as `laid_out` is told.

    Raises:
        SpecError: If the spec is valid but cannot be rendered.
    """
    files = laid_out(spec, style, **how)
    return Black(how.get("line_length", WIDTH)).formatted([files])[0]


def laid_out(
    spec: Spec,
    style: str | None = None,
    *,
    register_as: str = "layergen",
    line_length: int = WIDTH,
    templates: OwnTemplates | None = None,
    package: str = "",
) -> dict[str, str]:
    """The files of a layer, not yet formatted: its module, then its test, by name.

    `style` overrides the spec's; `register_as` is the Keras registration package;
    `templates` stand in for the shipped ones of the same name; `package` is the Python
    package that the module becomes part of, if any.

    Raises:
        SpecError: If the spec is valid but cannot be rendered.
    """
    spec = replace(spec, style=style or spec.style, package=package)
    source, lay_out = comment_text(f"{spec.stem}.yaml"), layout(templates)
    files = {}
    for name, (page, plans) in _pages(spec, register_as).items():
        text = lay_out(f"layer/{page}.py.j2", {**plans, "width": line_length})
        files[name] = headed(text, source, line_length)
    return files


def _pages(spec: Spec, register_as: str) -> dict[str, Page]:
    """The template of each file, by name, with the plans that it lays out."""
    facts = Facts(spec)
    module, test = f"{spec.stem}.py", f"test_{spec.stem}.py"
    if spec.style == "class":
        return {
            module: ("class", {"plan": plan_layer(facts, register_as)}),
            test: ("test", {"plan": plan_test(facts)}),
        }
    # A layer in the usual style has no use for what the functional one loads.
    from layergen.functional.plan import plan_both, plan_function
    from layergen.proof.function import plan_both_test, plan_function_test

    if spec.style == "both":
        layer, function = plan_both(facts, register_as)
        plan, of_function = plan_both_test(facts)
        return {
            module: ("both", {"plan": layer, "function": function}),
            test: ("both_test", {"plan": plan, "test": of_function}),
        }
    function = plan_function(facts)
    plan, of_function = plan_function_test(facts)
    return {
        module: ("functional", {"plan": function}),
        test: ("functional_test", {"plan": plan, "test": of_function}),
    }
