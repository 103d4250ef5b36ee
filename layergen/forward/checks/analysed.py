"""What the analysis of a spec's code finds wrong."""

from __future__ import annotations

import ast

from layergen.forward.analyse import Forward
from layergen.forward.dtypes import unplaced
from layergen.language.collector import clipped
from layergen.language.context import NO_CODE, Context
from layergen.language.model import Spec
from layergen.limits import FLOW_STEPS
from layergen.problems import is_warning
from layergen.source.code import Code
from layergen.source.walk import nodes

HARMLESS = {"LG406", "LG407", "LG423"}
"""Errors of code of which the rest can be analysed: a name or a call that is not known
may be anything."""


def can_be_asked(spec: Spec, context: Context) -> bool:
    """Whether what the analysis says can be told: no other errors stand in its way."""
    codes = {code for _, code, _ in context.problems.found}
    errors = [code for code in codes - HARMLESS if not is_warning(code)]
    return not errors and spec.forward is not NO_CODE


def check_analysed(spec: Spec, found: Forward, context: Context) -> None:
    """Record what is surely wrong."""
    if not found.whole:
        message = f"what this code does takes more than {FLOW_STEPS:,} steps to follow"
        context.add(
            "LG430", spec.forward.lines[0], message, "write it in fewer branches"
        )
    for fault in found.faults:
        code = code_of(spec, fault.node)
        if code is not None:
            place = code.place(fault.node)
            context.add(fault.code, place, fault.message, fault.hint)
    for whose, code, node in unplaced(spec, found):
        message = f"`{clipped(ast.unparse(node))}` must have the compute dtype, and no"
        message += f" parameter of {whose} is surely a tensor that has it"
        hint = "write `ops.cast(...)` with the `dtype` of a tensor"
        context.add("LG443", code.place(node), message, hint)


def code_of(spec: Spec, node: ast.AST) -> Code | None:
    """The piece of code that has a node."""
    for code in (spec.forward, *(one.forward for one in spec.functions)):
        if any(one is node for one in nodes(code.body)):
            return code
    return None
