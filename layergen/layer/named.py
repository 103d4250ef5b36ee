"""What the methods of a class call what the spec does not name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from layergen.forward.analyse import Forward, analyse
from layergen.forward.scope import Scope
from layergen.forward.written import written_names
from layergen.language.lookup import Lookup


@dataclass(frozen=True)
class Named(Lookup):
    """A spec with its names looked up, beside which others are made."""

    @cached_property
    def analysis(self) -> Forward:
        """What the spec's code does."""
        return analyse(self.spec)

    @cached_property
    def inference(self) -> Forward:
        """What it does out of training."""
        return analyse(self.spec, training=False)

    @cached_property
    def scope(self) -> Scope:
        """The names that mean something in the methods of the class: no made name is one."""
        roles = ("initializer", "regularizer", "constraint")
        makers = (f"{weight}_{role}" for weight in self.weights for role in roles)
        own = ("input_shape", "seed", "kwargs", "states", "batch_size")
        return Scope.of(written_names(self.spec), makers, own, self.shape_names)

    @cached_property
    def shape_names(self) -> tuple[str, ...]:
        """What methods call the shapes of the inputs."""
        return tuple(map(self.shape_name, self.inputs))
