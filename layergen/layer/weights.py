"""The weights of a spec as constructor arguments and as `add_weight` calls."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

from msgspec import Struct

from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.language.along import along
from layergen.language.axes import Dim, Rest, Shape
from layergen.language.exposed import ROLES, argument_name, exposes
from layergen.language.model import Maker, State, Weight
from layergen.language.variables import created
from layergen.layer.facts import Facts
from layergen.layer.initializers import copied, copies
from layergen.source.bodies import expression, sized
from layergen.source.code import Code, Size
from layergen.source.literals import literal
from layergen.source.rewrite import Bind
from layergen.source.statements import (
    AddWeight,
    Assign,
    Branch,
    Statement,
)
from layergen.source.written import Written

# The roles in the order in which Keras' constructors list them.


class MakerArgument(Struct, frozen=True):
    """A constructor argument such as `kernel_initializer`.

    `default` is the identifier or None; `make` is the call that stands for a default of
    None, if any.
    """

    weight: Weight | State
    role: str
    default: object
    make: Code | None

    @property
    def name(self) -> str:
        return argument_name(self.weight.name, self.role)

    @property
    def module(self) -> str:
        """The module of Keras that looks such identifiers up."""
        return f"{self.role}s"


def maker_arguments(facts: Facts) -> tuple[MakerArgument, ...]:
    """The arguments that the variables add to the constructor, in Keras' order."""
    return tuple(
        found
        for role in ROLES
        for weight in created(facts.spec)
        if (found := maker_argument(facts, weight, role))
    )


def made(facts: Facts, maker: Maker, role: str, bind: Bind) -> Written:
    """The expression that makes an initializer, a regularizer or a constraint."""
    assert maker.code

    def bind_class(name: str) -> str:
        if facts.is_value(name):
            return bind(name)
        return Written(f"{role}s.{name}", reads=[f"{role}s"])

    return expression(maker.code, bind_class)


def made_if_none(facts: Facts, maker: MakerArgument, bind: Bind) -> Iterator[Statement]:
    """The statement that makes anew what a default of None stands for, if anything."""
    if maker.make:
        call = made(facts, Maker("call", code=maker.make), maker.role, bind)
        yield Branch(f"{maker.name} is None", (Assign(maker.name, call),))


def add_weights(facts: Facts, bind: Bind) -> Iterator[Statement]:
    """The statements that create every weight; one branch serves neighbours alike."""
    shared = copies(facts).variables
    condition = lambda weight: weight.when.text if weight.when else ""  # noqa: E731
    for _, group in itertools.groupby(facts.spec.weights, key=condition):
        weights = list(group)
        created = tuple(_add_weight(facts, weight, bind, shared) for weight in weights)
        when = weights[0].when
        if when is None:
            yield from created
        else:
            absent = tuple(Assign(f"self.{weight.name}", "None") for weight in weights)
            yield Branch(expression(when, bind), created, absent)


def shape_tuple(facts: Facts, shape: Shape, bind: Bind) -> str:
    """The shape of a variable as a tuple; `...` stands for axes of the first input."""
    if along(shape):
        return facts.sizes_along(along(shape))
    sizes = [_axes(facts, dim, bind) for dim in shape.written]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def _axes(facts: Facts, dim: Dim, bind: Bind) -> str:
    """What a dimension adds to a tuple of sizes."""
    if isinstance(dim, Size):
        return sized(dim, bind)
    if isinstance(dim, Rest) and dim.name in facts.args:
        return f"*{bind(dim.name)}"
    return f"*{facts.rest_sizes}"


def maker_argument(
    facts: Facts, weight: Weight | State, role: str
) -> MakerArgument | None:
    """The argument that a variable adds for a role, if it does."""
    maker: Maker | None = getattr(weight, role, None)
    default: object
    if not exposes(facts.spec, weight, role):
        return None
    if maker is None:
        floating = weight.dtype is None or weight.dtype in FLOAT_DTYPES
        drawn = floating and isinstance(weight, Weight)
        default = "glorot_uniform" if drawn else "zeros"
        return MakerArgument(weight, role, default, None)
    if maker.kind == "identifier":
        return MakerArgument(weight, role, maker.text, None)
    if maker.code and role != "initializer" and not _reads(facts, maker.code):
        # None means none here; what has no state may be shared by all layers.
        default = made(facts, maker, role, facts.in_constructor)
        return MakerArgument(weight, role, default, None)
    return MakerArgument(weight, role, None, maker.code)


def _reads(facts: Facts, code: Code) -> bool:
    """Whether a call rests on values of the layer."""
    return bool(facts.reads(code) & {*facts.args, *facts.axes, *facts.derived})


def _add_weight(
    facts: Facts, weight: Weight, bind: Bind, shared: Collection[str]
) -> AddWeight:
    arguments = [
        ("name", literal(weight.name)),
        ("shape", shape_tuple(facts, weight.shape, bind)),
    ]
    for role in ROLES:
        text = _maker(facts, weight, role, bind, shared)
        if text:
            arguments.append((role, text))
    if isinstance(weight.trainable, str):
        arguments.append(("trainable", bind(weight.trainable)))
    elif not weight.trainable:
        arguments.append(("trainable", "False"))
    if weight.dtype:
        arguments.append(("dtype", literal(weight.dtype)))
    if weight.dtype in FLOAT_DTYPES:
        # Under mixed precision Keras reads other floats in the compute dtype.
        arguments.append(("autocast", "False"))
    return AddWeight(weight.name, tuple(arguments))


def _maker(
    facts: Facts, weight: Weight, role: str, bind: Bind, shared: Collection[str]
) -> str:
    maker: Maker | None = getattr(weight, role)
    if maker and maker.kind == "argument":
        text = bind(maker.text)
        if role == "initializer" and weight.name in shared:
            return copied(facts, maker.text, text)
        return text
    if maker_argument(facts, weight, role):
        return f"self.{argument_name(weight.name, role)}"
    if maker is None or maker.kind == "none":
        return ""
    return (
        literal(maker.text)
        if maker.kind == "identifier"
        else made(facts, maker, role, bind)
    )
