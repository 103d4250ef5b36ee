"""The constructor and the config: what the layer takes, checks, keeps and gives back."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from layergen.forward.untrained import untrained
from layergen.layer import axes
from layergen.layer.arguments import argument_checks
from layergen.layer.cell import cell_sizes, is_cell
from layergen.layer.facts import Facts
from layergen.layer.masks import supports_masks
from layergen.layer.randomness import is_random, takes_seed
from layergen.layer.requirements import When, placed, requirement_check
from layergen.layer.sublayers import made_layers
from layergen.layer.weights import MakerArgument, made_if_none, maker_arguments
from layergen.source.bodies import expression
from layergen.source.functions import Function, method
from layergen.source.literals import literal
from layergen.source.statements import Assign, Run, Statement
from layergen.source.written import Written, named


class Parameter(Struct, frozen=True):
    """A parameter of a function that is generated, and its default, if it has one."""

    name: str
    required: bool = True
    default: object = None

    @property
    def text(self) -> str:
        """The parameter as the function's signature has it."""
        if self.required:
            return self.name
        return Written(f"{self.name}={literal(self.default)}", self.default)


def optional(name: str, default: object = None) -> Parameter:
    """A parameter that has a default."""
    return Parameter(name, False, default)


def parameters(facts: Facts) -> tuple[Parameter, ...]:
    """The parameters in Keras' order, without `**kwargs`."""
    spec = facts.spec
    found = [Parameter(arg.name) for arg in spec.args if arg.required]
    if spec.activation is not None:
        found.append(optional("activation", _default_activation(facts)))
    found += [optional(a.name, a.default) for a in spec.args if not a.required]
    found += [optional(maker.name, maker.default) for maker in maker_arguments(facts)]
    if takes_seed(facts):
        found.append(optional("seed"))
    return tuple(found)


def constructor(facts: Facts) -> Function | None:
    """`__init__`: the layer's own arguments are checked and kept, Keras takes the rest.

    A layer that does neither has none of its own.
    """
    taken = tuple(parameter.text for parameter in parameters(facts))
    body = _init_body(facts)
    if not taken and not body:
        return None
    begin = Run("super().__init__(**kwargs)")
    return method("__init__", (*taken, "**kwargs"), (begin, *body))


def _is_untrained(facts: Facts) -> bool:
    """Whether `fit` has to do without XLA, as Keras' default then does."""
    if facts.spec.gradient:
        return False
    plain = [one.forward for one in facts.spec.functions if not one.gradient]
    codes = (facts.spec.forward, *plain)
    return any(untrained(facts.analysis, one) for code in codes for one in code.nodes)


def _init_body(facts: Facts) -> tuple[Statement, ...]:
    """What the constructor does with the layer's own arguments."""
    bind = facts.in_constructor
    body: list[Statement] = [*argument_checks(facts, facts.spec.args)]
    body += [requirement_check(facts, r, bind) for r in placed(facts, When.ARGUMENTS)]
    body += [
        kept for parameter in parameters(facts) for kept in _kept(facts, parameter.name)
    ]
    body += [
        Assign(f"self.{derived.name}", expression(derived.code, bind))
        for derived in facts.spec.derived
        if derived.name in facts.static
    ]
    body += [requirement_check(facts, r, bind) for r in placed(facts, When.DERIVED)]
    input_spec = axes.constructor_spec(facts)
    if input_spec:
        body.append(Assign("self.input_spec", input_spec))
    body += [Assign(fixed.attribute, "None") for fixed in axes.kept(facts)]
    body += made_layers(facts, static=True, bind=bind)
    if is_cell(facts):
        body += cell_sizes(facts, bind)
    if is_random(facts):
        body.append(Assign("self.seed_generator", "keras.random.SeedGenerator(seed)"))
    if not facts.spec.autocast:
        body.append(Assign("self.autocast", "False"))
    if supports_masks(facts):
        body.append(Assign("self.supports_masking", "True"))
    if _is_untrained(facts):
        said = "# TensorFlow cannot train the loops of `call` under XLA."
        body.append(Run(f"{said}\nself.supports_jit = False"))
    return tuple(body)


def _default_activation(facts: Facts) -> object:
    """The activation's identifier, or the function of the spec that it is."""
    name = str(facts.spec.activation)
    return named(name) if name in facts.functions else name


def config(facts: Facts) -> tuple[tuple[str, str], ...]:
    """The entries that `get_config` adds, each with its expression."""
    makers = {maker.name: maker for maker in maker_arguments(facts)}
    return tuple(
        (parameter.name, _config_value(facts, parameter.name, makers))
        for parameter in parameters(facts)
    )


def deserialized(facts: Facts) -> tuple[str, ...]:
    """The arguments that `from_config` must turn back into objects."""
    return tuple(arg.name for arg in facts.spec.args if arg.type.restored)


def _kept(facts: Facts, name: str) -> Iterator[Statement]:
    """The statements that keep a constructor argument as an attribute."""
    makers = {maker.name: maker for maker in maker_arguments(facts)}
    if name in makers:
        yield from _kept_maker(facts, makers[name])
    elif name == "seed" and name not in facts.args:
        yield Assign("self.seed", "seed")
    elif name == "activation" and name not in facts.args:
        looked_up = Written("activations.get(activation)", reads=["activations"])
        yield Assign("self.activation", looked_up)
    else:
        yield Assign(f"self.{name}", facts.args[name].type.kept(name))


def _kept_maker(facts: Facts, maker: MakerArgument) -> Iterator[Statement]:
    name = maker.name
    yield from made_if_none(facts, maker, facts.in_constructor)
    looked_up = Written(f"{maker.module}.get({name})", reads=[maker.module])
    yield Assign(f"self.{name}", looked_up)


def _config_value(facts: Facts, name: str, makers: dict[str, MakerArgument]) -> str:
    if name in makers:
        module = makers[name].module
        return Written(f"{module}.serialize(self.{name})", reads=[module])
    if name == "seed" and name not in facts.args:
        return "self.seed"
    if name not in facts.args:
        return Written(f"activations.serialize(self.{name})", reads=["activations"])
    return facts.args[name].type.config(f"self.{name}")
