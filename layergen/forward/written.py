"""Every name that the user has written in a spec, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.forward.vocabulary import kinds
from layergen.language.dims import dimensions
from layergen.language.methods import methods_of, within
from layergen.language.model import Spec
from layergen.language.words import IMPORTED, LANGUAGE_WORDS
from layergen.source.code import Code


def written_names(spec: Spec) -> frozenset[str]:
    """What the spec declares and what its code reads and binds, with the language's names."""
    found = {*kinds(spec), *spec.masks.values(), *LANGUAGE_WORDS, *IMPORTED}
    found |= {spec.layer, spec.stem}
    for function in spec.functions:
        found |= {*function.args}
    for method in methods_of(spec):
        found |= {tensor.name for tensor in method.inputs}
        found |= {arg.name for arg in method.args}
        found |= dimensions(within(spec, method))
    for layer in spec.layers:
        found |= {*layer.loop.target.split(", ")} if layer.loop else set()
    for code in codes_in(spec):
        found |= {node.id for node in code.names.free}
        found |= {name for name, _ in code.names.bound}
    return frozenset(found)


def codes_in(part: object) -> Iterator[Code]:
    """Every piece of code in a part of the model."""
    if isinstance(part, Code):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from codes_in(item)
    else:
        for name in getattr(part, "__dataclass_fields__", ()):
            yield from codes_in(getattr(part, name))
