"""The derived lists of numbers: where code reads a tensor made of one, and where the list.

`call` makes the tensor, and hands it to the functions of the spec as well. A function that
goes over a list, or does what else Python does with one, takes the list itself, and so does
whoever calls it; one with a gradient takes tensors.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from layergen.forward.analyse import Forward
from layergen.forward.result_dtypes import kind_in
from layergen.forward.wanted import Wanted, numbers_in
from layergen.language.model import Function, Spec
from layergen.source.code import Code

NONE: frozenset[str] = frozenset()


class Lists(Struct, frozen=True, dict=True):
    """What code of a spec reads of its derived lists."""

    spec: Spec
    analysis: Forward

    @cached_property
    def floating(self) -> Mapping[str, bool]:
        """The lists, each with whether its tensor has floats."""
        values = {one.name: self.analysis.names[one.name] for one in self.spec.derived}
        return {
            name: kind_in(value) not in ("int", "bool")
            for name, value in values.items()
            if numbers_in(value) is not None
        }

    @cached_property
    def kept(self) -> Mapping[str, frozenset[str]]:
        """The lists that each function takes as such."""
        found = {one.name: self._own(one) for one in self.spec.functions}
        for _ in self.spec.functions if any(found.values()) else ():
            for one in self.spec.functions:
                called = {node.id for node in one.forward.names.free} & found.keys()
                found[one.name] = found[one.name].union(*(found[n] for n in called))
        return found

    def _own(self, function: Function) -> frozenset[str]:
        """Those that a function does not want as tensors everywhere."""
        read = [one for one in function.forward.names.free if one.id in self.floating]
        if function.gradient or not read:
            return NONE
        wanted = Wanted(self.analysis, function.forward)
        return frozenset(one.id for one in read if not wanted.tensor(one))

    def kept_in(self, code: Code) -> frozenset[str]:
        """The lists that are such wherever a piece of code reads them."""
        for one in self.spec.functions:
            if code is one.forward:
                return self.kept[one.name]
        return NONE

    @cached_property
    def made(self) -> frozenset[ast.AST]:
        """What reads a tensor of the compute dtype that is made of a list of floats."""
        codes = [self.spec.forward, *(one.forward for one in self.spec.functions)]
        gradients = [self.spec.gradient, *(one.gradient for one in self.spec.functions)]
        codes += [one.code for one in gradients if one and one.code]
        floats = {name for name, floating in self.floating.items() if floating}
        return frozenset(
            node
            for code in (codes if floats else ())
            for node in code.names.free
            if node.id in floats - self.kept_in(code)
        )
