"""What the checks of one case share: built layers, outputs, files."""

import atexit
import shutil
import tempfile
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from .backend import backend
from .building import Build, Policies
from .calling import RUNS, Call
from .case import Array, LayerCase
from .drawing import Draws
from .graphs import Graphs
from .making import Make
from .mends import mend_of
from .numerics import is_float, random_like
from .outcomes import Blame, CheckFailure
from .standing import is_the_right_kind, returns_tensors, takes_its_inputs
from .weights import Weights

PLACES = {
    "custom gradient": "Look at the custom gradient.",
    "stopped gradient": "`stop_gradient` lets none through.",
    "rounding": "`round`, `sign`, `argmax` and casts to integers have no gradient.",
}
NOWHERE = (
    "No operation of its own changes a gradient: look for a way through NumPy, and for "
    "values that a call keeps for the next."
)


class Context:
    """Layers, outputs and files of one case, each made when first asked for.

    Its parts make and call layers; each knows only those before it. No check may
    change `layer`, `twin` or their weights: the others look at them too.
    """

    def __init__(self, case: LayerCase) -> None:
        blame = Blame(case.name, lambda cause: mend_of(cause, case))
        self.case, self.name = case, case.name
        self.fail, self.blame = blame.fail, blame.during
        self.draws = Draws(case)
        self.make = Make(case, blame)
        self.call = Call(case, blame)
        self.weights = Weights(case, blame, self.make)
        self.graphs = Graphs(case, self.call, self.draws)
        self.build = Build(self.make, self.call, self.weights, self.draws)

    @cached_property
    def flaw(self) -> CheckFailure | None:
        """Why the layer cannot be made and called as stated; None where it can."""
        hint = "Correct their shapes and ranges."
        try:
            with self.blame("making and calling the layer", RUNS):
                is_the_right_kind(self.make)
                takes_its_inputs(self.call)
                with self.blame("drawing the case's inputs", hint):
                    self.inputs  # noqa: B018
                self.outputs  # noqa: B018
                returns_tensors(self.call, self.layer, self.inputs)
        except CheckFailure as failure:
            return failure
        return None

    @property
    def inputs(self) -> list[Array]:
        """The case's inputs, floats as float32."""
        return self.draws.inputs

    @property
    def inputs64(self) -> list[Array]:
        """The case's inputs, floats as float64."""
        return self.draws.inputs64

    @cached_property
    def layer(self) -> Any:
        """The layer in float32, built and with weights off their initial values."""
        layer = self.build.new()
        self.weights.perturb(layer)
        return layer

    @cached_property
    def outputs(self) -> list[Array]:
        """The outputs of `layer` for `inputs`, computed eagerly."""
        return self.call.run(self.layer, self.inputs)

    @cached_property
    def policies(self) -> Policies:
        """`layer` under every dtype policy."""
        return Policies(self.build, self.layer)

    @cached_property
    def twin(self) -> Any:
        """The layer in float64, with the weights of `layer`.

        Digits that float32 does not have are added, so that their loss can be seen.
        """
        twin, _ = self.policies.under("float64")
        rng = self.draws.rng(1)
        for one in twin.weights:
            value = backend.to_numpy(one)
            if is_float(value):
                one.assign(value * (1 + 1e-9 * rng.random(value.shape)))
        return twin

    @cached_property
    def outputs64(self) -> list[Array]:
        """The outputs of `twin` for `inputs64`."""
        return self.call.run(self.twin, self.inputs64)

    @cached_property
    def upstream(self) -> list[Array]:
        """A random upstream gradient for every float output of `twin`."""
        rng = self.draws.rng(0)
        return [random_like(one, rng) for one in self.outputs64 if is_float(one)]

    @cached_property
    def model(self) -> Any:
        """A functional model around `layer`."""
        return self.graphs.model(self.layer)

    def traits(self, layer: Any) -> frozenset[str]:
        """What is particular in a layer's program; nothing where it cannot be compiled."""
        try:
            return self.graphs.kept(layer).program.traits
        except Exception:  # That is for other checks to tell.
            return frozenset()

    @property
    def gradient_hint(self) -> str:
        """Where to look for what gives the layer another gradient."""
        found = self.traits(self.layer)
        places = [place for trait, place in PLACES.items() if trait in found]
        return " ".join(places) or NOWHERE

    @cached_property
    def folder(self) -> Path:
        """A temporary folder of this case."""
        path = Path(tempfile.mkdtemp(prefix="layer-case-"))
        atexit.register(shutil.rmtree, path, ignore_errors=True)
        return path

    @cached_property
    def saved(self) -> Path:
        """`model`, saved in Keras' own format."""
        path = self.folder / "model.keras"
        with self.blame(
            "saving a model with the layer in it",
            "`get_config` must return plain values; variables belong in `add_weight`.",
        ):
            self.model.save(path)
        return path


@lru_cache(maxsize=4)
def context_of(case: LayerCase) -> Context:
    """The context of a case; those of the last few cases are kept."""
    backend.prepare()
    return Context(case)
