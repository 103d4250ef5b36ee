"""The checks that a layer makes of the arguments it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from layergen.language import dims
from layergen.language.model import Arg, Size
from layergen.layer.facts import Facts
from layergen.layer.shape_text import rank
from layergen.layer.validation import Bounds, allowed, bounds_of, refuses
from layergen.source.literals import Shown, literal, message
from layergen.source.rewrite import sized
from layergen.source.statements import (
    Assign,
    Branch,
    Check,
    Statement,
)

# What Keras looks up makes something of None as well.
LOOKED_UP = ("Activation", "Constraint", "DType", "Initializer", "Regularizer")


def argument_checks(facts: Facts, args: Iterable[Arg]) -> Iterator[Statement]:
    """A check for each argument that not every value will do for."""
    for arg in args:
        yield from _checks(facts, arg)


def argument_bounds(facts: Facts, arg: Arg) -> Bounds:
    """The bounds of an argument, with the one that its place in a shape implies."""
    if arg.type.name in ("Array", "Shape"):
        return Bounds()
    return bounds_of(arg, arg.type.name == "int" and arg.name in names_in_shapes(facts))


def names_in_shapes(facts: Facts) -> set[str]:
    """The names that stand in some shape of the spec."""
    spec = facts.spec
    shapes = [tensor.shape for tensor in spec.inputs]
    shapes += [output.shape for output in spec.outputs or ()]
    shapes += [weight.shape for weight in spec.weights]
    shapes += [state.shape for state in spec.states]
    shapes += [arg.shape for arg in spec.args if arg.shape]
    return {size.text for shape in shapes for size in dims.sizes(shape) if size.is_name}


def _checks(facts: Facts, arg: Arg) -> Iterator[Statement]:
    if arg.type.name == "Array":
        yield from _array_checks(facts, arg)
        return
    bounds = argument_bounds(facts, arg)
    wrong = refuses(arg.type, bounds, arg.name, facts.scope)
    if arg.type.name in LOOKED_UP and not arg.type.optional:
        wrong = f"{arg.name} is None"
    if wrong:
        said = f"`{arg.name}` must be {allowed(arg.type, bounds)}. Received: "
        yield Check(wrong, message(said, Shown(f"{arg.name}!r")))


def _array_checks(facts: Facts, arg: Arg) -> Iterator[Statement]:
    """An array is copied, so that what the caller does to theirs changes nothing here."""
    dtype = f", dtype={literal(arg.dtype)}" if arg.dtype else ""
    take: Statement = Assign(arg.name, f"np.array({arg.name}{dtype})")
    shape = arg.shape
    wrong = f'{arg.name}.dtype.kind not in "biuf"'
    said = f"`{arg.name}` must be an array of numbers"
    if shape and shape.dims is not None:
        kind, count = rank(shape)
        ranks = f"{arg.name}.ndim {'!=' if kind == 'ndim' else '<'} {count}"
        sizes = [
            f"{arg.name}.shape[{position}] != {sized(dim, facts.in_constructor)}"
            for position, dim in shape.axes
            if isinstance(dim, Size) and not _binds(facts, arg, position, dim)
        ]
        wrong = " or ".join([wrong, ranks, *sizes])
        said += f" of shape {shape}"
    shown = Shown(f"{arg.name}.shape"), ", dtype=", Shown(f"{arg.name}.dtype")
    check = Check(wrong, message(f"{said}. Received: shape=", *shown))
    if arg.type.optional:
        yield Branch(f"{arg.name} is not None", (take, check))
    else:
        yield from (take, check)


def _binds(facts: Facts, arg: Arg, position: int, dim: Size) -> bool:
    axis = facts.array_axes.get(dim.text)
    return axis == dims.Axis(arg.name, position, of_input=False)
