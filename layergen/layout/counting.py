"""Templates compiled so that what they do is counted.

The sandbox of Jinja2 sees calls, attributes and operators. Loops, literals, comparisons
and what is printed are given filters here, by which its environment sees them as well.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

# No template can call filters of such names.
MADE, TURNS = "what is made", "turns of a loop"


class _Counting(NodeTransformer):
    """Puts filters that count around what the sandbox of Jinja2 does not see."""

    def __init__(self, fail: Callable[[str, int], object]) -> None:
        self._fail = fail

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = _filtered(node.iter, TURNS)
        return node

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:
        # Plain text is counted as it is printed, like everything that is.
        return nodes.Const(node.data, lineno=node.lineno, environment=node.environment)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        first, *others = (_filtered(part, "string") for part in node.nodes)
        joined: nodes.Expr = first
        for other in others:
            joined = nodes.Add(
                joined, other, lineno=node.lineno, environment=node.environment
            )
        return joined

    def visit_Operand(self, node: nodes.Operand) -> nodes.Node:
        self.generic_visit(node)
        node.expr = _filtered(node.expr, MADE)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        node.expr = _filtered(node.expr, MADE)
        return node

    def _literal(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        return node if getattr(node, "ctx", "") == "store" else _filtered(node, MADE)

    visit_List = visit_Tuple = visit_Dict = _literal

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(node, MADE) if isinstance(node.arg, nodes.Slice) else node

    def visit_ScopedEvalContextModifier(self, node: nodes.Node) -> nodes.Node:
        self._fail("Python is not escaped as HTML is", node.lineno)
        return node


class CountingGenerator(CodeGenerator):
    """Compiles templates so that what they do is counted."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        super().visit_Template(_Counting(self.fail).visit(node), frame)


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(
        node,
        name,
        [],
        [],
        None,
        None,
        lineno=node.lineno,
        environment=node.environment,
    )
