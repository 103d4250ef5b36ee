"""What a spec may hold that no model of built-in layers can, each as a problem."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import partial

from layergen.forward.asked import function_of_ops, path
from layergen.forward.vocabulary import own_words
from layergen.functional.builtin import WeightLayer
from layergen.functional.lowering import Lowering
from layergen.functional.masked import mask_lost_at
from layergen.functional.names import name_refusals
from layergen.functional.shapes import batch_names, has_batch, held_axes
from layergen.functional.weights import CLASS, Found, weight_refusals
from layergen.keras_tables.names import LAYERS
from layergen.keras_tables.operations import op
from layergen.language.along import axis_arguments
from layergen.language.given import waited_for
from layergen.language.methods import methods_of
from layergen.layer.facts import Facts
from layergen.layer.function_calls import check_calls
from layergen.layer.randomness import takes_seed
from layergen.layer.read_shapes import asked_late
from layergen.layer.shape_text import shape_reads
from layergen.problems import Problem, SpecError
from layergen.source.code import Code
from layergen.source.trees import names_in

FUNCTIONS = {
    "training": "`training` is read",
    "mask": "a mask is read",
    "random": "random numbers are drawn",
    "add_loss": "a loss is added",
    "tf": "TensorFlow is called directly",
    "own": "the layer's own dtype or flag is read",
}
HINTS = {
    "training": "leave it out: layers such as Dropout learn from Keras whether they "
    "train",
    "mask": f"leave the mask out of `forward`, or {CLASS}",
    "random": f"take a layer such as Dropout or GaussianNoise under `layers`, or {CLASS}",
    "add_loss": f"give a weight a regularizer instead, or {CLASS}",
    "tf": f"write it with `ops`, or {CLASS}",
    "own": CLASS,
}


def refuse(facts: Facts, lowering: Lowering, layers: Iterable[WeightLayer]) -> None:
    """Raise what stands in the way of the functional style, all of it.

    Raises:
        SpecError: If anything does.
    """
    found = [
        *_parts(facts),
        *_inputs(facts),
        *_gradients(facts),
        *weight_refusals(facts, lowering, tuple(layers)),
        *_words(facts),
        *name_refusals(facts),
        *_numbers(facts),
        *_chosen(facts),
        *_operations(facts),
        *_layers(facts),
        *_given(facts),
        *_masks(facts, lowering),
        *_autocast(facts),
        *_seeds(facts),
    ]
    if found:
        lines = facts.spec.text.splitlines()
        raise SpecError(
            Problem(
                facts.spec.file,
                place,
                code,
                f"not in functional style: {text}",
                hint,
                lines[place.line - 1] if place.line <= len(lines) else "",
            )
            for place, code, text, hint in found
        )
    check_calls(facts)


def _parts(facts: Facts) -> Iterator[Found]:
    spec = facts.spec
    if spec.kind == "cell":
        yield spec.inputs[0].place, "LG602", "there are no cells", CLASS
    for state in spec.states:
        yield state.place, "LG602", f"there is no state such as `{state.name}`", CLASS
    for alias in spec.aliases:
        text = f"saved files do not name the function, so that `{alias.name}` is no use"
        yield alias.place, "LG602", text, f"leave `aliases` out, or {CLASS}"
    for arg in axis_arguments(spec).values():
        text = f"the axes that `{arg.name}` chooses are found when a layer is built"
        yield arg.place, "LG606", text, CLASS
    for one in methods_of(spec):
        kind = "property" if one.is_property else "method"
        text = f"a model has no {kind} such as `{one.name}`"
        hint = f"build a second model of the same layers for it, or {CLASS}"
        yield one.place, "LG602", text, hint
    for arg in spec.call_args:
        text = f"a model takes no argument such as `{arg.name}` when it is called"
        yield arg.place, "LG603", text, f"make it one of `args`, or {CLASS}"


def _inputs(facts: Facts) -> Iterator[Found]:
    for tensor in facts.spec.inputs:
        text, hint = "", CLASS
        if tensor.optional:
            text = f"no input can be left out, as `{tensor.name}` may be"
        elif tensor.many:
            text = f"no input can be a list, as `{tensor.name}` is"
        elif not has_batch(facts, tensor):
            text = f"`{tensor.name}` must begin with the batch axis"
            hint = "write `batch` or `...` first"
        if text:
            yield tensor.place, "LG604", text, hint


def _gradients(facts: Facts) -> Iterator[Found]:
    spec = facts.spec
    text = "no gradient can be given"
    hint = f"leave it out, so that Keras derives it, or {CLASS}"
    for gradient in (spec.gradient, *(f.gradient for f in spec.functions)):
        if gradient is not None:
            yield gradient.place, "LG605", text, hint


def _words(facts: Facts) -> Iterator[Found]:
    """Names that Keras hands over in `call` alone."""
    masks = {f"{name}_mask" for name in facts.inputs} - {*facts.args, *facts.inputs}
    words = dict.fromkeys(masks, "mask") | dict.fromkeys(own_words(facts.spec), "own")
    for code in _code(facts):
        scope = code.names
        for node in scope.free:
            key = words.get(node.id, node.id)
            if path(facts.analysis, node).partition(".")[0] == "tensorflow":
                key = "tf"
            if key in FUNCTIONS:
                yield code.place(node), "LG603", FUNCTIONS[key], HINTS[key]


def _numbers(facts: Facts) -> Iterator[Found]:
    """Sizes that are unknown where the model is built, used as numbers."""
    unknown = batch_names(facts)
    text = "the size of the batch is not known"
    hint = f"use -1 in shapes, or {CLASS}"
    called = partial(function_of_ops, facts.analysis)
    for code in (*_code(facts), *(derived.code for derived in facts.spec.derived)):
        for node in code.names.free:
            if node.id in unknown:
                yield code.place(node), "LG606", text, hint
    better = "name the axis in `inputs` and use its name"
    for code in _code(facts):
        for inner in code.nodes:
            if isinstance(inner, ast.expr) and called(inner) == "shape":
                yield code.place(inner), "LG606", "`ops.shape` gives no numbers", better
        shapes = asked_late(facts, code)
        for shape in (one for one in shapes if isinstance(one, ast.Attribute)):
            said = f"`{ast.unparse(shape)}` may have sizes that are not known"
            yield code.place(shape), "LG606", said, better
    for weight in facts.spec.weights:
        used = {n for d in weight.shape.dims or () for n in getattr(d, "names", ())}
        if used & unknown:
            yield weight.place, "LG606", text, CLASS
    for tensor in facts.spec.inputs:
        for _, dim in held_axes(facts, tensor):
            if unknown & {*dim.names}:
                yield dim.place, "LG606", text, CLASS


def _operations(facts: Facts) -> Iterator[Found]:
    for code in _code(facts):
        for found in code.nodes:
            if not isinstance(found, ast.expr):
                continue
            operation = op(function_of_ops(facts.analysis, found))
            if operation is not None and operation.takes_function:
                text = f"`ops.{operation.name}` cannot be saved: it holds a Python"
                hint = f"write it out, or {CLASS}"
                yield code.place(found), "LG607", f"{text} function", hint


def _layers(facts: Facts) -> Iterator[Found]:
    """Sublayers that a process without the project's code could not load."""
    for layer in facts.spec.layers:
        whole = layer.make.expression
        if layer.is_chosen:
            text = f"arguments decide which layer `{layer.name}` is"
            yield layer.make.place(whole), "LG608", text, CLASS
        for call in (n for n in ast.walk(whole) if isinstance(n, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            outside = not name and "keras" not in {n.id for n in names_in(call.func)}
            foreign = outside or (name and name not in LAYERS)
            inside = name in facts.neighbours
            if name == "Lambda" or inside or (call is whole and foreign):
                shown = ast.unparse(call.func)
                text = f"`{shown}` is no built-in layer that loads anywhere"
                yield layer.make.place(call), "LG608", text, CLASS


def _given(facts: Facts) -> Iterator[Found]:
    """Weights that are read of layers given as arguments: the model would not hold them."""
    for arg in facts.spec.args:
        for read in waited_for(facts.spec, arg.name):
            text = (
                f"no model holds the `{read}` of `{arg.name}`, which it does not call"
            )
            yield arg.place, "LG601", text, CLASS


def _masks(facts: Facts, lowering: Lowering) -> Iterator[Found]:
    mask = facts.spec.mask
    place = facts.spec.forward.place(facts.spec.forward.body[0])
    if mask is None:
        return
    if mask != "pass":
        where = mask.place(mask.body[0]) if isinstance(mask, Code) else place
        yield where, "LG610", "a mask can only be passed on", f"write `mask: pass`, or {CLASS}"
    elif lost := mask_lost_at(facts, lowering):
        text = "the mask is lost here: few layers hand it on, operations none"
        hint = f"leave `mask` out, or {CLASS}"
        yield facts.spec.forward.place(lost), "LG610", text, hint


def _autocast(facts: Facts) -> Iterator[Found]:
    """Each built-in layer casts what it is called on."""
    if not facts.spec.autocast:
        place = facts.spec.forward.lines[0]
        yield place, "LG603", "`autocast` belongs to a layer of its own", CLASS


def _seeds(facts: Facts) -> Iterator[Found]:
    """The built-in layers of a model take seeds of their own."""
    if takes_seed(facts):
        for weight in facts.spec.weights:
            code = weight.initializer.code if weight.initializer else None
            if code is not None and "seed" in facts.reads(code):
                yield code.lines[0], "LG603", "`seed` is an argument of layers", CLASS


def _chosen(facts: Facts) -> Iterator[Found]:
    """Axes that are computed: shapes lack the batch axis here, and axes count with it."""
    for chosen in facts.chosen_axes:
        derived = facts.derived[chosen.name]
        leaves = sum(isinstance(n, ast.Subscript) for n in derived.code.nodes)
        if leaves != len(shape_reads(derived.code)):
            text = f"an argument chooses the axis whose size `{chosen.name}` is"
            yield derived.code.lines[0], "LG606", text, CLASS


def _code(facts: Facts) -> Iterator[Code]:
    yield facts.spec.forward
    for function in facts.spec.functions:
        yield function.forward
