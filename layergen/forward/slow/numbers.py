"""Numbers that float16 does not hold, and copies that arithmetic does not need."""

from __future__ import annotations

import ast

from layergen.forward.slow.asking import Asking

FLOAT16_MAX = 65504
SPREADING = ("keras.ops.tile", "keras.ops.repeat", "keras.ops.broadcast_to")
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)


def literal(asking: Asking, node: ast.Constant) -> None:
    if isinstance(node.value, float) and FLOAT16_MAX < abs(node.value) < 1e400:
        _overflow(asking, node)


def operands(asking: Asking, node: ast.BinOp) -> None:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        match side:
            case ast.Constant(value=int(value)) if abs(value) > FLOAT16_MAX:
                if asking.is_tensor(other):
                    _overflow(asking, side)
            case ast.Call() if isinstance(node.op, ARITHMETIC):
                _copy(asking, side)


def _overflow(asking: Asking, node: ast.Constant) -> None:
    shown = ast.get_source_segment(asking.code.text, node)
    message = f"`{shown}` is past float16's largest number, {FLOAT16_MAX}"
    hint = "a mask can be `ops.where(keep, x, 0)`, or -3e4 for logits"
    asking.complain("LGW01", node, message, hint)


def _copy(asking: Asking, node: ast.Call) -> None:
    name = asking.called(node)
    if name in SPREADING:
        shown = name.removeprefix("keras.")
        message = f"`{shown}` makes a copy that arithmetic does not need"
        hint = "broadcasting does it: `ops.expand_dims`, or leave it out"
        asking.complain("LGW02", node, message, hint)
