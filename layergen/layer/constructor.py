"""The constructor and the config: what the layer takes, checks, keeps and gives back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layergen.layer import axes
from layergen.layer.facts import Facts, rank
from layergen.layer.literals import Shown, literal, message
from layergen.layer.rewrite import expression, sized
from layergen.layer.statements import Assign, Branch, Check, Statement
from layergen.layer.validation import Bounds, allowed, bounds_of, refuses
from layergen.layer.weights import MakerArgument, made, maker_arguments
from layergen.spec import dims
from layergen.spec.model import Arg, Maker, Size

# Types that a Keras module looks up by identifier, serializes and deserializes.
IDENTIFIED = {
    "Initializer": "initializers",
    "Regularizer": "regularizers",
    "Constraint": "constraints",
    "Activation": "activations",
}
# Types whose value is an object of its own in the config.
SERIALIZED = ("Array", "Layer")


@dataclass(frozen=True)
class Parameter:
    """A parameter of the constructor; `default` is Python text, None where required."""

    name: str
    default: str | None


def parameters(facts: Facts) -> tuple[Parameter, ...]:
    """The parameters in Keras' order, without `**kwargs`."""
    spec = facts.spec
    found = [Parameter(arg.name, None) for arg in spec.args if arg.required]
    if spec.activation is not None:
        found.append(Parameter("activation", literal(spec.activation)))
    found += [
        Parameter(a.name, literal(a.default)) for a in spec.args if not a.required
    ]
    found += [Parameter(maker.name, maker.default) for maker in maker_arguments(facts)]
    return tuple(found)


def init_body(facts: Facts) -> tuple[Statement, ...]:
    """What follows `super().__init__(**kwargs)`."""
    bind = facts.in_constructor
    known = [r for r in facts.spec.require if facts.reads(r.condition) <= facts.static]
    early = [r for r in known if not facts.reads(r.condition) & set(facts.derived)]
    late = [r for r in known if r not in early]
    body: list[Statement] = [
        check for arg in facts.spec.args for check in _checks(facts, arg)
    ]
    body += [axes.requirement_check(facts, requirement, bind) for requirement in early]
    body += [
        kept for parameter in parameters(facts) for kept in _kept(facts, parameter.name)
    ]
    body += [
        Assign(f"self.{derived.name}", expression(derived.code, bind))
        for derived in facts.spec.derived
        if derived.name in facts.static
    ]
    body += [axes.requirement_check(facts, requirement, bind) for requirement in late]
    input_spec = axes.constructor_spec(facts)
    if input_spec:
        body.append(Assign("self.input_spec", input_spec))
    body += [Assign(fixed.attribute, "None") for fixed in facts.kept_axes]
    if facts.spec.mask == "pass":
        body.append(Assign("self.supports_masking", "True"))
    return tuple(body)


def config(facts: Facts) -> tuple[tuple[str, str], ...]:
    """The entries that `get_config` adds, each with its expression."""
    makers = {maker.name: maker for maker in maker_arguments(facts)}
    return tuple(
        (parameter.name, _config_value(facts, parameter.name, makers))
        for parameter in parameters(facts)
    )


def deserialized(facts: Facts) -> tuple[str, ...]:
    """The arguments that `from_config` must turn back into objects."""
    return tuple(arg.name for arg in facts.spec.args if arg.type.name in SERIALIZED)


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
    shapes += [arg.shape for arg in spec.args if arg.shape]
    return {
        name for shape in shapes for size in dims.sizes(shape) for name in size.names
    }


def _checks(facts: Facts, arg: Arg) -> Iterator[Statement]:
    if arg.type.name == "Array":
        yield from _array_checks(facts, arg)
        return
    bounds = argument_bounds(facts, arg)
    wrong = refuses(arg.type, bounds, arg.name)
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


def _kept(facts: Facts, name: str) -> Iterator[Statement]:
    """The statements that keep a constructor argument as an attribute."""
    makers = {maker.name: maker for maker in maker_arguments(facts)}
    if name in makers:
        yield from _kept_maker(facts, makers[name])
    elif name == "activation" and name not in facts.args:
        yield Assign("self.activation", "activations.get(activation)")
    else:
        yield Assign(f"self.{name}", _kept_value(facts.args[name]))


def _kept_maker(facts: Facts, maker: MakerArgument) -> Iterator[Statement]:
    name = maker.name
    if maker.make:
        call = made(
            facts, Maker("call", code=maker.make), maker.role, facts.in_constructor
        )
        yield Branch(f"{name} is None", (Assign(name, call),))
    yield Assign(f"self.{name}", f"{maker.module}.get({name})")


def _kept_value(arg: Arg) -> str:
    match arg.type.name:
        case name if name in IDENTIFIED:
            return f"{IDENTIFIED[name]}.get({arg.name})"
        case "list" | "dict":
            text = f"{arg.type.name}({arg.name})"
        case "Shape":
            text = f"tuple({arg.name})"
        case "DType":
            text = f"keras.backend.standardize_dtype({arg.name})"
        case _:
            return arg.name
    return f"None if {arg.name} is None else {text}" if arg.type.optional else text


def _config_value(facts: Facts, name: str, makers: dict[str, MakerArgument]) -> str:
    if name in makers:
        return f"{makers[name].module}.serialize(self.{name})"
    if name not in facts.args:
        return f"activations.serialize(self.{name})"
    arg = facts.args[name]
    if arg.type.name in IDENTIFIED:
        return f"{IDENTIFIED[arg.type.name]}.serialize(self.{name})"
    if arg.type.name in SERIALIZED:
        return f"keras.saving.serialize_keras_object(self.{name})"
    if arg.type.name in ("list", "dict"):
        text = f"{arg.type.name}(self.{name})"
        return f"None if self.{name} is None else {text}" if arg.type.optional else text
    return f"self.{name}"
