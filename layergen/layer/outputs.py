"""`compute_output_shape` and `compute_output_spec`: the outputs, symbolically."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from layergen.language.axes import Dim, Rest, Shape
from layergen.language.model import Input
from layergen.language.variables import created
from layergen.layer import joined
from layergen.layer.call import call_parameters
from layergen.layer.casts import keras_infers
from layergen.layer.facts import Facts
from layergen.layer.gathered import deciding, gather
from layergen.layer.inferred import ByLayer, Made, by_layer
from layergen.layer.shape_text import axis_index, named_axes, shape_reads
from layergen.source.bodies import expression, sized
from layergen.source.code import Code, Size
from layergen.source.functions import Function, method
from layergen.source.literals import literal
from layergen.source.statements import (
    Assign,
    Branch,
    Run,
    Statement,
)
from layergen.source.written import Written


def output_shape(facts: Facts) -> Function | None:
    """`compute_output_shape`: by arithmetic, or by going through `call`."""
    shapes: Sequence[Made] = _known(facts)
    if not shapes:
        made = by_layer(facts)
        shapes = [made] if made else []
    if not shapes:
        return _traced_shape(facts)
    computed = _computed_names(facts, [*_dims(shapes)])
    texts = [_text(facts, shape, computed) for shape in shapes]
    together = gather(facts, facts.in_method)
    whole = together(texts) if together else ", ".join(texts)
    return _shape_method(facts, [*_locals(facts, computed), Run(f"return {whole}")])


def _shape_method(facts: Facts, body: list[Statement]) -> Function:
    """`compute_output_shape`; it takes what of a call decides which outputs there are."""
    chosen = [
        arg.name if arg.required else f"{arg.name}={literal(arg.default)}"
        for arg in deciding(facts)
    ]
    parameters = (*joined.shapes(facts), *(["*", *chosen] if chosen else []))
    apart = joined.shapes_apart(facts, body)
    return method("compute_output_shape", parameters, tuple(apart))


def _traced_shape(facts: Facts) -> Function | None:
    """`compute_output_shape` where only `call` tells: Keras goes through it.

    None where a call must be told more than its tensors.
    """
    if any(arg.required for arg in facts.spec.call_args):
        return None
    body: list[Statement] = []
    if created(facts.spec) or facts.spec.layers:
        built = f"self.build({', '.join(joined.shape_names(facts))})"
        body.append(Branch("not self.built", (Run(built),)))
    tensors = [_placeholder(facts, tensor) for tensor in facts.spec.inputs]
    chosen = (f"{arg.name}={arg.name}" for arg in deciding(facts))
    given = (*joined.together(facts, tensors), *chosen)
    traced = f"self.compute_output_spec({', '.join(given)})"
    if len(facts.outputs or ()) == 1:
        body.append(Run(f"return {traced}.shape"))
    else:
        each = "lambda tensor: tensor.shape"
        body.append(Run(f"return keras.tree.map_structure({each}, {traced})"))
    return _shape_method(facts, body)


def _placeholder(facts: Facts, tensor: Input) -> str:
    """A symbolic tensor of the shape of an input."""
    dtype = literal(tensor.dtype) if tensor.dtype else "self.compute_dtype"
    shape = facts.shape_name(tensor.name)
    if tensor.many:
        one = facts.scope.fresh("one")
        return f"[keras.KerasTensor({one}, dtype={dtype}) for {one} in {shape}]"
    made = f"keras.KerasTensor({shape}, dtype={dtype})"
    return f"None if {shape} is None else {made}" if tensor.optional else made


def _known(facts: Facts) -> list[Shape]:
    """The shapes of the outputs, none unless every axis is known."""
    shapes = [output.shape for output in facts.outputs or ()]
    return shapes if all(shape.is_stated for shape in shapes) else []


def _dims(shapes: Iterable[Made]) -> Iterator[Dim]:
    """The axes of shapes, and of those that sublayers make others of."""
    for shape in shapes:
        if isinstance(shape, Shape):
            yield from shape.dims or ()
        else:
            yield from _dims(shape.given if isinstance(shape, ByLayer) else shape)


def output_spec(facts: Facts) -> Function | None:
    """`compute_output_spec`, needed where an output has not the compute dtype, or only
    `call` tells what it is."""
    outputs = facts.outputs or ()
    gathered = facts.spec.outputs_as == "dict" or facts.spec.leaves_out
    typed = any(output.dtype for output in outputs)
    needs = any(arg.required for arg in facts.spec.call_args)
    asked = (gathered and typed) or deciding(facts)
    if asked or (keras_infers(facts) and not needs):
        traced = "return keras.Operation.compute_output_spec(self, *args, **kwargs)"
        return method("compute_output_spec", ("*args", "**kwargs"), (Run(traced),))
    if not _known(facts) or not typed:
        return None
    given = joined.together(facts, facts.shapes_in_call)
    computed = f"self.compute_output_shape({', '.join(given)})"
    dtypes = [literal(o.dtype) if o.dtype else "self.compute_dtype" for o in outputs]
    body = joined.tensors_apart(facts, facts.inputs)
    if len(outputs) == 1:
        body.append(Run(f"return keras.KerasTensor({computed}, dtype={dtypes[0]})"))
    else:
        names = [facts.scope.fresh(f"{output.name}_shape") for output in outputs]
        tensors = [
            f"keras.KerasTensor({name}, dtype={dtype})"
            for name, dtype in zip(names, dtypes, strict=True)
        ]
        body.append(Assign(", ".join(names), computed))
        made = ", ".join(tensors)
        made = f"[{made}]" if facts.spec.outputs_as == "list" else made
        body.append(Run(f"return {made}"))
    return method("compute_output_spec", call_parameters(facts), tuple(body))


def _computed_names(facts: Facts, dims: list[Dim]) -> set[str]:
    """The names that arithmetic of the outputs needs in local variables."""
    sizes = [dim for dim in dims if isinstance(dim, Size)]
    used = {name for size in sizes if not size.is_name for name in size.names}
    used |= {size.text for size in sizes if size.text in facts.derived}
    found = {name for name in used if _is_size(facts, name) or _dynamic(facts, name)}
    for derived in reversed(facts.spec.derived):
        if derived.name in found:
            read = facts.reads(derived.code)
            found |= {n for n in read if _is_size(facts, n) or _dynamic(facts, n)}
    return found


def _is_size(facts: Facts, name: str) -> bool:
    return name in facts.axes or name in facts.counts


def _dynamic(facts: Facts, name: str) -> bool:
    return name in facts.derived and name not in facts.static


def _locals(facts: Facts, computed: set[str]) -> Iterator[Statement]:
    """Dimensions, then derived values made of them; unknown where a part is unknown."""
    for name in (*facts.axes, *facts.counts):
        if name in computed:
            yield Assign(name, facts.size(name))
    bind = facts.from_shapes(computed)
    for derived in facts.spec.derived:
        if derived.name in computed:
            parts = facts.reads(derived.code) & computed
            text = expression(derived.code, bind)
            yield Assign(derived.name, _unless_unknown(sorted(parts), text))


def _text(facts: Facts, shape: Made, computed: set[str]) -> str:
    if isinstance(shape, Shape):
        return _shape(facts, shape, computed)
    if isinstance(shape, list):
        return f"[{', '.join(_text(facts, one, computed) for one in shape)}]"
    given = ", ".join(_text(facts, one, computed) for one in shape.given)
    return f"self.{shape.layer}.compute_output_shape({given})"


def _shape(facts: Facts, shape: Shape, computed: set[str]) -> str:
    """A shape as a tuple built from the input shapes."""
    first = facts.tensor_shape(facts.first.name)
    if str(shape) == named_axes(facts.first):
        return first
    items = [_item(facts, dim, computed) for dim in shape.dims or ()]
    items = _joined(facts, items)
    if len(items) == 1:
        [alone] = items
        return alone[1:] if alone.startswith("*") else f"({alone},)"
    return f"({', '.join(items)})"


def _item(facts: Facts, dim: Dim, computed: set[str]) -> str:
    if isinstance(dim, Rest):
        return f"*{facts.rest_sizes}"
    if not isinstance(dim, Size):
        return "None"
    if _is_size(facts, dim.text) and dim.text not in computed:
        return facts.size(dim.text)
    bind = facts.from_shapes(computed)
    text = sized(dim, bind)
    if dim.is_name:
        return text
    read = shape_reads(Code(dim.text, ()))
    parts = [name for name in dim.names if name in computed]
    parts += [f"{bind(f'{tensor}.shape')}[{axis}]" for tensor, axis in read]
    return _unless_unknown(parts, text)


def _joined(facts: Facts, items: list[str]) -> list[str]:
    """Leading axes of the first input, when there are several, as one slice of it."""
    shape = facts.first.shape
    first = facts.tensor_shape(facts.first.name)
    count = 0
    for position, item in enumerate(items):
        if position >= len(shape.dims or ()):
            break
        if isinstance((shape.dims or ())[position], Rest):
            if item != f"*{facts.rest_sizes}":
                break
            after = len(shape.dims or ()) - position - 1
            return [
                f"*{first}[:{-after}]" if after else f"*{first}",
                *items[position + 1 :],
            ]
        if item != f"{first}[{axis_index(shape, position)}]":
            break
        count += 1
    if count < 2:
        return items
    whole = len(shape.dims or ())
    end = -1 if count == whole - 1 else count
    return [f"*{first}[:{end}]" if count < whole else f"*{first}", *items[count:]]


def _unless_unknown(parts: list[str], text: str) -> str:
    if not parts or parts == [text]:
        return text
    if len(parts) == 1:
        return Written(f"None if {parts[0]} is None else {text}", text)
    return Written(f"None if None in ({', '.join(parts)}) else {text}", text)
