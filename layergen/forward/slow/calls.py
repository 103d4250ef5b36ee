"""Calls that need the value of a tensor, make variables, or cannot be compiled."""

from __future__ import annotations

import ast

from layergen.forward.asked import path
from layergen.forward.slow.asking import Asking, given, shown
from layergen.forward.slow.loops import LISTING, LOOP
from layergen.forward.untrained import untrained
from layergen.source.dotted import dotted

CASTS = ("float", "int", "bool", "complex", "str", "repr", "len")
REDUCING = ("sum", "any", "all", "min", "max")
ITERATING = (*REDUCING, *LISTING, "set", "map")
TO_NUMPY = ("numpy", "tolist", "item")
MAKERS = ("keras.layers.", "keras.Variable", "keras.Sequential", "keras.Model")
VARIABLES = ("tensorflow.Variable", "tensorflow.keras.Variable")
BETTER = {"len": "use `x.shape[0]`", "float": "use `ops.cast`", "int": "use `ops.cast`"}


def call(asking: Asking, node: ast.Call) -> None:
    name = asking.called(node)
    owner, _, last = name.rpartition(".")
    if owner == "builtins":
        _of_builtin(asking, node, last)
    elif owner == "math":
        _of_math(asking, node, last)
    elif owner == "keras.random":
        _of_random(asking, node, last)
    elif name.startswith("numpy.") and any(map(asking.is_tensor, given(node))):
        message = f"`{name}` takes a tensor out of the graph"
        asking.complain("LG504", node, message, "use `ops`")
    elif name.startswith(MAKERS) or name in VARIABLES:
        made = name.replace("tensorflow.", "tf.")
        message = f"`{made}` is made anew at every call of the layer"
        hint = "declare a variable under `weights`; use `ops` instead of a layer"
        asking.complain("LG505", node, message, hint)
    elif name == "keras.ops.convert_to_numpy":
        message = "`ops.convert_to_numpy` breaks graphs and gradients"
        asking.complain("LG504", node, message, "stay with `ops`")
    elif one := untrained(asking.analysis, node):
        message = f"TensorFlow cannot train `ops.{one.name}`{one.where} under XLA"
        asking.complain("LGW03", node, message, one.instead)
    elif isinstance(node.func, ast.Attribute):
        _of_method(asking, node, node.func)


def _of_random(asking: Asking, node: ast.Call, name: str) -> None:
    """The layer supplies the seed, to what is written as `random.normal(...)`."""
    written = dotted(node.func)
    if written != f"random.{name}" and not written.startswith("keras."):
        message = f"`{shown(node.func)}` draws without the layer's seed"
        hint = f"call it `random.{name}` in `forward`, which has it"
        asking.complain("LG421", node.func, message, hint)
    for keyword in node.keywords:
        if keyword.arg == "seed":
            message = f"`random.{name}` is given a seed, and the layer supplies its own"
            asking.complain("LG421", keyword.value, message, "leave `seed` out")


def _of_builtin(asking: Asking, node: ast.Call, name: str) -> None:
    uncertain = any(map(asking.is_uncertain, given(node)))
    if name in CASTS and uncertain:
        message = f"`{shown(node)}` needs the value of a tensor, which a graph has not"
        asking.complain("LG506", node, message, BETTER.get(name, "use `ops`"))
    elif name in ("min", "max") and len(node.args) > 1:
        if uncertain:
            message = f"`{shown(node)}` takes the truth of a comparison of tensors"
            asking.complain("LG503", node, message, f"use `ops.{name}imum`")
    elif name in ITERATING and any(map(asking.is_tensor, given(node))):
        message = f"`{shown(node)}` is a Python loop over an axis of a tensor"
        hint = f"use `ops.{name}`" if name in REDUCING else LOOP
        asking.complain("LG501", node, message, hint)


def _of_math(asking: Asking, node: ast.Call, name: str) -> None:
    if any(map(asking.is_uncertain, given(node))):
        message = f"`math.{name}` needs the value of a tensor, which a graph has not"
        asking.complain("LG506", node, message, f"use `ops.{name}`")


def _of_method(asking: Asking, node: ast.Call, func: ast.Attribute) -> None:
    owner, method = func.value, func.attr
    own = method == "numpy" and not path(asking.analysis, owner)
    if method in TO_NUMPY and (own or asking.is_tensor(owner)):
        message = f"`.{method}()` takes a tensor out of the graph"
        asking.complain("LG504", node, message, "stay with `ops`")
