"""A spec as the code of one of its methods sees it."""

from __future__ import annotations

from dataclasses import replace

from layergen.language.dims import bindings, closure, dimensions, pinned
from layergen.language.model import Arg, Derived, Method, Spec
from layergen.language.types.kinds.numbers import Int


def methods_of(spec: Spec) -> tuple[Method, ...]:
    """The methods and the properties of a layer."""
    return (*spec.methods, *spec.properties)


def sizes_kept(spec: Spec) -> dict[str, str]:
    """The sizes that a built layer knows, each with the input that has it."""
    known = pinned(spec)
    found = {name: axis for name, axis in bindings(spec).items() if name in known}
    return {name: axis.owner for name, axis in found.items() if axis.of_input}


def sizes_of_inputs(spec: Spec) -> set[str]:
    """The dimensions that no argument of the constructor binds."""
    of_arrays = {name for name, axis in bindings(spec).items() if not axis.of_input}
    return dimensions(spec) - of_arrays


def within(spec: Spec, method: Method, kept: bool = True) -> Spec:
    """The spec of a layer that computes what the method does and nothing else.

    Sizes that `build` has found are its arguments, unless they are not `kept`: then they
    are those of what it takes. A property takes nothing; the layer's inputs stand there.
    """
    sizes = sizes_kept(spec) if kept else {}
    args = tuple(Arg(name, Int(), method.place, min=1) for name in sizes)
    return replace(
        spec,
        args=(*spec.args, *args),
        inputs=method.inputs or spec.inputs,
        inputs_as="separate",
        call_args=method.args,
        outputs=method.outputs,
        outputs_as="tuple",
        states=(),
        forward=method.forward,
        gradient=None,
        activation=spec.activation if _activates(method) else None,
        mask=None,
        autocast=True,
        require=(),
        equivalent=None,
        reference=method.reference,
        aliases=(),
        methods=(),
        properties=(),
    )


def unseen(spec: Spec, method: Method) -> dict[str, str]:
    """What the layer has and the method does not see, each with what it is."""
    found = dict.fromkeys(sizes_of_inputs(spec), "a dimension of the layer's inputs")
    found |= {one.name: "an input of the layer" for one in spec.inputs}
    found |= {one.name: "an argument of `call`" for one in spec.call_args}
    found |= {one.name: "a state" for one in spec.states}
    own = dimensions(within(spec, method)) | {one.name for one in method.inputs}
    own |= {one.name for one in method.args} | sizes_kept(spec).keys()
    seen = set() if method.is_property else own
    seen |= sizes_kept(spec).keys()
    return {name: kind for name, kind in found.items() if name not in seen}


def is_made_of(spec: Spec, derived: Derived, known: set[str]) -> bool:
    """Whether a derived value rests on known values alone."""
    made = {one.name for one in spec.derived}
    return closure(spec, {derived.name}) - made - {"math"} <= known


def _activates(method: Method) -> bool:
    return any(node.id == "activation" for node in method.forward.names.free)
