"""Code that stands beside `forward` and `functions`: masks, gradients, values at build."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from layergen.forward.environment import Environment
from layergen.forward.frames import Frame, Names, together
from layergen.forward.interpreter import Interpreter
from layergen.forward.values import OPEN, Many, Tensor, Value, joined, there
from layergen.language.model import Gradient, Spec
from layergen.source.code import Code
from layergen.source.trees import statements


def run_beside(reader: Interpreter, environment: Environment, end: Frame) -> None:
    """Go through it after `forward`, which came to its `end`."""
    spec, inputs = environment.lookup.spec, environment.inputs
    late, reader.late = reader.late, None
    for code in (
        *(one.code for one in spec.derived),
        *(one.condition for one in spec.require),
    ):
        reader.run(statements(code), dict(inputs))
    reader.late = late
    if isinstance(spec.mask, Code):
        # One that is missing counts as all true, but for inputs that may be left out, and
        # where code asks for it.
        asks = asks_for_masks(spec)
        masks = {
            mask: there(reader.world[mask]) if asks else _all_there(reader.world[mask])
            for tensor in spec.inputs
            for mask in [spec.masks[tensor.name]]
            if not tensor.optional and (tensor.many or not asks)
        }
        reader.run(statements(spec.mask), inputs | masks)
    names = together(*end.ends)
    if spec.gradient and names is not None:
        result, *others = [value for _, value in end.returned]
        for one in others:
            result = joined(result, one)
        _gradient(reader, spec.gradient, names, result)
    for function in spec.functions:
        if function.gradient:
            for names, result in reader.ways_through(function.name):
                _gradient(reader, function.gradient, names, result)


def asks_for_masks(spec: Spec) -> bool:
    """Whether the code of `mask` asks itself whether a mask is None, or one of a list."""
    optional = {tensor.name for tensor in spec.inputs if tensor.optional}
    for node in spec.mask.nodes if isinstance(spec.mask, Code) else ():
        match node:
            case ast.Compare(left=left, comparators=[ast.Constant(value=None)]):
                if not (isinstance(left, ast.Name) and left.id in optional):
                    return True
    return False


def _all_there(mask: Value) -> Value:
    """A mask that is not None; of several tensors, none of theirs is."""
    found = there(mask)
    if isinstance(found, Many):
        return replace(found, element=there(found.element))
    return found


def _gradient(
    reader: Interpreter, gradient: Gradient, names: Names, result: Value
) -> None:
    """A gradient sees what `forward` does at its end, and what comes from above: a tensor
    like the result."""
    if gradient.code is not None:
        like = there(result)
        upstream = like if isinstance(like, Tensor) else Tensor(None, OPEN)
        reader.run(statements(gradient.code), {**names, "upstream": upstream})
