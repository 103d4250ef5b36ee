"""What the methods of a class call what the spec does not name."""

from __future__ import annotations

import ast
from functools import cached_property

from layergen.forward.analyse import Forward, analyse
from layergen.forward.environment import Environment
from layergen.forward.lists import Lists
from layergen.forward.rows import Rows
from layergen.forward.scope import Scope
from layergen.forward.values import Number
from layergen.forward.written import written_names
from layergen.keras_tables.names import LAYERS
from layergen.language.exposed import ROLES, argument_name
from layergen.language.given import called
from layergen.language.lookup import Lookup


class Named(Lookup, frozen=True, dict=True):
    """A spec with its names looked up, beside which others are made."""

    @cached_property
    def environment(self) -> Environment:
        """What the spec's names stand for."""
        return Environment(self)

    @cached_property
    def given_layers(self) -> tuple[str, ...]:
        """The arguments that are layers, and that `build` builds."""
        return tuple(called(self.spec))

    def says_shapes(self, layer: str) -> bool:
        """Whether `compute_output_shape` of a sublayer can be asked: Keras' own have it,
        and so has what users give. One that may be None cannot."""
        known = layer in self.args or bool(self.environment.layers[layer].keras)
        known = known or self._is_one_of_keras(layer)
        return known and not self.may_be_missing(layer)

    def _is_one_of_keras(self, layer: str) -> bool:
        """Whether a sublayer is surely one of Keras' own, whichever it is."""
        made = self.sublayers[layer].makes
        called = [ast.unparse(one.func) for one in made if isinstance(one, ast.Call)]
        return not {*called} & {*self.spec.imported} and {*called} <= LAYERS

    def may_be_missing(self, layer: str) -> bool:
        """Whether a sublayer, or a layer that comes as an argument, may be None, or
        something else."""
        if layer in self.args:
            type_ = self.args[layer].type
            return type_.optional or not type_.is_made
        return self.sublayers[layer].when is not None and not self.sublayers[layer].loop

    def is_there(self, layer: str) -> str:
        """The condition under which what may be missing is a layer."""
        arg, name = self.args.get(layer), f"self.{layer}"
        if arg is None or arg.type.is_made:
            return f"{name} is not None"
        return f"isinstance({name}, keras.layers.Layer)"

    @cached_property
    def analysis(self) -> Forward:
        """What the spec's code does."""
        return analyse(self.spec)

    @cached_property
    def inference(self) -> Forward:
        """What it does out of training."""
        return analyse(self.spec, {"training": Number("bool", False)})

    @cached_property
    def mixes_samples(self) -> bool:
        """Whether what it returns for one sample surely rests on others of the batch."""
        return Rows(self.spec, self.inference).mix

    @cached_property
    def lists(self) -> Lists:
        """What it reads of derived lists."""
        return Lists(self.spec, self.analysis)

    @cached_property
    def scope(self) -> Scope:
        """The names that mean something in the methods of the class: no made name is one."""
        variables = (*self.weights, *self.states)
        makers = (argument_name(one, role) for one in variables for role in ROLES)
        own = ("input_shape", "seed", "kwargs", "states", "batch_size")
        return Scope.of(written_names(self.spec), makers, own, self.shape_names)

    @cached_property
    def shape_names(self) -> tuple[str, ...]:
        """What methods call the shapes of the inputs."""
        return tuple(map(self.shape_name, self.inputs))
