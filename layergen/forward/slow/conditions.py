"""Python deciding by the value of a tensor."""

from __future__ import annotations

import ast

from layergen.forward.slow.asking import Asking, shown


def branch(asking: Asking, node: ast.If | ast.IfExp) -> None:
    truth(asking, node.test, "if")


def filters(asking: Asking, node: ast.comprehension) -> None:
    for condition in node.ifs:
        truth(asking, condition, "if")


def negation(asking: Asking, node: ast.UnaryOp) -> None:
    if isinstance(node.op, ast.Not):
        truth(asking, node.operand, "not")


def connection(asking: Asking, node: ast.BoolOp) -> None:
    """`and` and `or` take the truth of every operand but the last."""
    word = "and" if isinstance(node.op, ast.And) else "or"
    for operand in node.values[:-1]:
        truth(asking, operand, word)


def comparison(asking: Asking, node: ast.Compare) -> None:
    sides = [node.left, *node.comparators]
    if isinstance(node.ops[0], (ast.In, ast.NotIn)):
        truth(asking, node.left, "in")
    elif len(node.ops) > 1 and any(map(asking.is_uncertain, sides)):
        message = "a chain of comparisons takes the truth of a tensor"
        hint = "`ops.logical_and(low < x, x < high)`"
        asking.complain("LG503", node, message, hint)


def truth(asking: Asking, test: ast.expr, word: str) -> bool:
    """Whether Python takes the truth of something that a graph does not know."""
    if asking.is_tensor(test):
        message = f"`{word}` on the value of a tensor, `{shown(test)}`"
        hint = "compute both and choose: `ops.where(condition, a, b)`"
        asking.complain("LG503", test, message, hint)
        return True
    if asking.is_late(test):
        message = f"`{word}` on a size that may be known only when the layer runs, "
        hint = "decide by an argument, or by a derived value, which fixes the size at "
        hint += "build; or use `ops.where` or `ops.cond`"
        asking.complain("LG503", test, f"{message}`{shown(test)}`", hint)
        return True
    return False
