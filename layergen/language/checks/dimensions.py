"""The names of dimensions: they mean nothing else."""

from __future__ import annotations

import builtins

from layergen.language.axes import Rest, Shape
from layergen.language.context import Context
from layergen.language.dims import sizes
from layergen.language.model import Spec
from layergen.language.readers.mappings import is_identifier
from layergen.language.variables import declared
from layergen.language.words import AMBIGUOUS, IMPORTED, LANGUAGE_WORDS
from layergen.problems import Place


def check_dimension_names(spec: Spec, context: Context) -> None:
    """A dimension's name must mean nothing else, but for arguments and derived values."""
    others = {i.name: "an input" for i in spec.inputs}
    others |= {a.name: "a call argument" for a in spec.call_args}
    others |= {w.name: "a weight" for w in spec.weights}
    others |= {s.name: "a state" for s in spec.states}
    others |= {s.name: "a sublayer" for s in spec.layers}
    others |= {f.name: "a function" for f in spec.functions}
    others |= {m.name: "a method" for m in spec.methods}
    others |= {p.name: "a property" for p in spec.properties}
    others |= {name: "an import" for name in spec.imported}
    others |= dict.fromkeys(set(spec.masks.values()) - {"mask"}, "a mask")
    others |= dict.fromkeys(spec.made_classes, "a class that the module has")
    methods = {*spec.of_shapes, *(("states",) if spec.kind == "cell" else ())}
    for names in (*map(_names, _shapes(spec)), _counts(spec, context)):
        for name, place in names.items():
            if name in others:
                message = f"the dimension `{name}` has the name of {others[name]}"
                context.add("LG305", place, message, "rename one of them")
            elif not is_identifier(name) or name.startswith("_"):
                message = f"`{name}` is no name for a dimension"
                context.add("LG403", place, message)
            elif name in AMBIGUOUS:
                message = f"`{name}` is hard to tell from a digit"
                context.add("LG403", place, message, "choose a longer name")
            elif name in methods:
                message = f"`{name}` is no name for a dimension: methods of the class"
                context.add("LG403", place, f"{message} have a parameter of that name")
            elif name in IMPORTED:
                message = f"`{name}` is no name for a dimension: the module imports it"
                context.add("LG403", place, message, "choose another name")
            elif name in LANGUAGE_WORDS or hasattr(builtins, name):
                whose = "the language" if name in LANGUAGE_WORDS else "Python"
                message = f"`{name}` is no name for a dimension: it means something"
                context.add("LG403", place, f"{message} to {whose}")


def _names(shape: Shape) -> dict[str, Place]:
    found = {name: size.place for size in sizes(shape) for name in size.names}
    for dim in shape.dims or ():
        if isinstance(dim, Rest) and dim.name:
            found[dim.name] = shape.place
    return found


def _counts(spec: Spec, context: Context) -> dict[str, Place]:
    return {
        tensor.many: context.place("inputs", tensor.name, "many")
        for tensor in spec.inputs
        if isinstance(tensor.many, str)
    }


def _shapes(spec: Spec) -> list[Shape]:
    found = [arg.shape for arg in spec.args if arg.shape]
    found += [tensor.shape for tensor in spec.inputs]
    found += [variable.shape for variable in declared(spec)]
    return found + [output.shape for output in spec.outputs or ()]
