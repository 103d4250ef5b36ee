"""The operations of a program that PyTorch has captured: nodes of its graphs."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import torch

# Keras' own loops, in the places that PyTorch keeps of each operation.
LOOPS = re.compile(
    r'torch[/\\](rnn\.py"|core\.py", line \d+, in '
    r"(scan|map|fori_loop|while_loop|associative_scan|scatter|scatter_update)\b)"
)
# Operations that move values, and compute nothing.
MOVING = {
    *("getattr", "getitem", "to", "clone", "copy_", "detach", "contiguous", "size"),
    *("reshape", "view", "permute", "transpose", "swapaxes", "movedim", "flip", "roll"),
    *("squeeze", "unsqueeze", "expand", "broadcast_to", "expand_as", "repeat", "tile"),
    *("cat", "stack", "unbind", "split", "arange", "zeros", "ones", "full", "eye"),
    *("zeros_like", "ones_like", "full_like", "as_tensor", "_set_grad_enabled"),
}
STEPS = {"round", "floor", "ceil", "sign", "argmax", "argmin"}


def nodes_of(graphs: Iterable[Any]) -> list[Any]:
    """All nodes of some graphs, and of the graphs inside of them."""
    modules = [one for graph in graphs for one in graph.modules()]
    return [
        node for one in modules if hasattr(one, "graph") for node in one.graph.nodes
    ]


def count(nodes: Iterable[Any]) -> int:
    """How many operations there are, without the rounds of Keras' loops after the first,
    which PyTorch unrolls."""
    called = [one for one in nodes if one.op.startswith("call")]
    places = [one.meta.get("stack_trace") or "" for one in called]
    looped = [one for one in places if LOOPS.search(one)]
    return len(places) - len(looped) + len({*looped})


def traits(node: Any) -> Iterator[str]:
    """What is particular about an operation that was captured."""
    name = getattr(node.target, "__name__", node.target)
    made = _dtype(node)
    if name == "autograd_function_apply":
        yield "custom gradient"
    if name == "detach":
        yield "stopped gradient"
    taken = _dtype(node.args[0]) if name == "to" and node.args else None
    whole = made and not made.is_floating_point
    if name in STEPS or (whole and taken and taken.is_floating_point):
        yield "rounding"
    if (taken, made) == (torch.float64, torch.float32):
        yield "narrowed"
    if name == "topk" and node.kwargs.get("sorted") is False:
        yield "free order"
    single = made in (torch.float32, torch.complex64)
    if node.op.startswith("call") and name not in MOVING and single:
        yield "float32"


def keeps_values(node: Any) -> bool:
    """Whether a gradient function takes more than its operation does."""
    if getattr(node.target, "__name__", "") != "autograd_function_apply":
        return False
    forward, backward = (
        {
            one.name
            for one in node.graph.owning_module.get_submodule(part.target).graph.nodes
            if one.op == "placeholder"
        }
        for part in node.args[:2]
    )
    return any(not one.startswith("grad_") for one in backward - forward)


def _dtype(node: Any) -> Any:
    """The dtype of what an operation makes; None where that is no tensor."""
    meta = getattr(node, "meta", {})
    return getattr(meta.get("example_value"), "dtype", None)
