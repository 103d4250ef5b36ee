"""Saving: everything that matters is in the file, and comes back out of it."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

from .. import fresh
from ..backend import backend
from ..causes import Cause
from ..context import Context
from ..faulty_lines import scratch_mend, tracking_mend
from ..introspect import held, is_variable, relative_path, sublayers
from ..mends import mend_of
from ..numerics import first_difference
from ..outcomes import NotApplicable
from ..registry import check
from ..weights import copy_draws
from .shapes import shape_method

SAME = 1e-6


def load(ctx: Context, path: Path) -> Any:
    """A saved model; whether the layer in it is registered is another check."""
    with keras.saving.custom_object_scope({ctx.name: ctx.case.layer}):
        return keras.saving.load_model(path, compile=False)


@check("saving")
def keras_file_round_trip(ctx: Context) -> None:
    """Guards against weights and arguments that a `.keras` file does not hold.

    The weights are off their initial values, so that a weight made anew shows.
    """
    path = ctx.saved
    with ctx.blame(
        "loading the model from its .keras file",
        "`from_config(get_config())` must make the same layer, and `build` must create "
        "every weight from the shapes alone.",
    ):
        received = ctx.call.model(load(ctx, path), ctx.inputs)
    found = first_difference(received, ctx.outputs, SAME)
    if found:
        ctx.fail(
            f"loaded from its .keras file, the layer computes something else: {found}.",
            "Create every weight by `add_weight` in `build`, and return every "
            "constructor argument from `get_config`.",
        )


@check("saving")
def weights_file_round_trip(ctx: Context) -> None:
    """Guards against variables that `save_weights` does not see.

    Keras saves what it tracks: weights made by `add_weight`, and layers kept as
    attributes. What a constructor draws or loads by itself is in no file.
    """
    path = ctx.folder / "only.weights.h5"
    hint = "Create every weight by `add_weight`, and keep sublayers as attributes."
    other = ctx.graphs.model(ctx.build.new())
    with ctx.blame("saving and loading weights", hint):
        ctx.model.save_weights(path)
        other.load_weights(path)
        copy_draws(ctx.model, other)
        received = ctx.call.model(other, ctx.inputs)
    found = first_difference(received, ctx.outputs, SAME)
    if found:
        ctx.fail(
            f"with its weights loaded from a file, the layer computes something else: "
            f"{found}.",
            tracking_mend(ctx.case) or hint,
        )


@check("saving")
def loads_in_fresh_process(ctx: Context) -> None:
    """Guards against a class that only the process that defined it can load.

    Keras finds a class by its registered name alone: without
    `@keras.saving.register_keras_serializable` users need `custom_objects`. A model
    that a function builds must load without the function's module, too: it is to
    consist of built-in layers.
    """
    built_in = not ctx.case.is_class and isinstance(ctx.layer, keras.Model)
    received, error = fresh.load_and_call(
        ctx.saved, ctx.case.layer, ctx.inputs, imports=not built_in
    )
    if received is None and built_in:
        ctx.fail(
            f"a process that knows Keras alone cannot load the model: {error}",
            "Build it of Keras' own layers and operations, and name no function of "
            "your own in it.",
        )
    if received is None:
        ctx.fail(
            f"a process that imports `{ctx.case.layer.__module__}` cannot load it: "
            f"{error}",
            mend_of(Cause("", error), ctx.case)[0]
            or "All that it needs must be in its config, and come with its module.",
        )
    # The process has no GPU, which rounds otherwise.
    found = first_difference(received, ctx.outputs, 1e-5)
    if found:
        ctx.fail(
            f"loaded in another process, the layer computes something else: {found}.",
            "Let nothing depend on the process: no `hash`, no `id`, no environment.",
        )


@check("saving", applies=lambda case: case.is_class)
def build_creates_every_weight(ctx: Context) -> None:
    """Guards against weights, sublayers' too, that only a first call creates.

    Keras loads a file by calling `build`; what is not there by then stays unloaded.
    """
    if ctx.case.layer.build is keras.layers.Layer.build:  # type: ignore[attr-defined]
        raise NotApplicable(f"{ctx.name} has no `build`: Keras builds it by a call")
    layer = ctx.make.new()
    hint = "Build every sublayer in `build`, from the shapes that it will see."
    with ctx.blame(f"build for inputs of shape {ctx.case.shapes}", hint):
        shape_method(ctx, layer, "build", ctx.case.shapes)
    received = paths_below(ctx, layer)
    expected = paths_below(ctx, ctx.layer)
    missing, extra = expected - received, received - expected
    if missing or extra:
        come = f"; {sorted(extra)} do not come from a call" if extra else ""
        ctx.fail(
            f"`build` alone leaves out the weights {sorted(missing)}{come}.",
            building_mend(layer) or hint,
        )
    # A sublayer that the call leaves out, or that has nothing to load, needs not be built.
    pairs = zip(sublayers(layer), sublayers(ctx.layer), strict=False)
    unbuilt = [
        one.name
        for one, called in pairs
        if called.built and not one.built and (called.variables or ctx.case.is_strict)
    ]
    if unbuilt:
        ctx.fail(
            f"after `build` alone, the sublayers {unbuilt} are not built.",
            building_mend(layer) or hint,
        )


def building_mend(layer: Any) -> str:
    """How `build` builds the first sublayer that it leaves out, or a list of them."""
    waiting = {id(one) for one in sublayers(layer) if not one.built}
    for place, value in held(layer):
        if isinstance(value, list | tuple) and waiting & {id(one) for one in value}:
            return (
                f"In `build`: `for inner in {place}: inner.build(shape); shape = "
                "inner.compute_output_shape(shape)`, with the shape that the first is "
                "called on."
            )
        if id(value) in waiting and "[" not in place:
            return f"In `build`: `{place}.build(...)`, with the shape it is called on."
    return ""


def paths_below(ctx: Context, layer: Any) -> Counter[str]:
    """The paths of a layer's weights, without the layer's own name."""
    return Counter(relative_path(one, ctx.make.core(layer)) for one in layer.weights)


@check("saving", applies=lambda case: case.is_class)
def every_variable_is_tracked(ctx: Context) -> None:
    """Guards against a variable or sublayer that Keras does not know of.

    Inside a plain object, or made directly by the backend, it is neither trained nor
    saved.
    """
    layer = ctx.make.core(ctx.layer)
    known = {id(one) for one in layer.variables}
    known |= {id(one) for inner in sublayers(layer) for one in inner.variables}
    layers = {id(one) for one in [layer, *sublayers(layer)]}
    for place, value in held(layer):
        is_layer = isinstance(value, keras.layers.Layer)
        if is_variable(value) and id(value) not in known:
            ctx.fail(
                f"{place} is a variable that Keras does not track.",
                "Create it by `self.add_weight` and keep it as an attribute.",
            )
        if is_layer and id(value) not in layers:
            ctx.fail(
                f"{place} is a layer that Keras does not track.",
                "Keep it as an attribute, or in a list or dict that is one.",
            )


def held_throughout(layer: Any) -> Iterator[tuple[str, Any]]:
    """All that a layer keeps, and the sublayers that are not of Keras."""
    yield from held(layer)
    for one in sublayers(layer):
        if not type(one).__module__.startswith("keras."):
            for place, value in held(one):
                yield f"`{one.name}`: {place}", value


@check("saving", applies=lambda case: case.is_class)
def no_tensor_is_kept(ctx: Context) -> None:
    """Guards against tensors kept on the layer.

    Made while a graph is traced, as in a model first built inside `fit`, such a
    tensor belongs to that graph, and the next use fails with "out of scope".
    """
    layer = ctx.make.new()
    ctx.call.run(layer, ctx.inputs)
    ctx.call.run(layer, ctx.inputs)
    for place, value in held_throughout(ctx.make.core(layer)):
        if backend.is_tensor(value) or isinstance(value, keras.KerasTensor):
            attribute = re.split(r"\W", place.partition("self.")[2])[0]
            ctx.fail(
                f"{place} is a tensor that the layer keeps.",
                scratch_mend(ctx.case, attribute)
                or "Keep constants as NumPy arrays and make them tensors in `call`; what "
                "changes belongs in a weight.",
            )


@check("saving")
def weight_paths_are_unique(ctx: Context) -> None:
    """Guards against two weights under one path, which tools take for the same one.

    Keras makes a path of the names of layers and weight, and makes none of them unique
    inside of a layer; optimizers and quantization look variables up by it.
    """
    paths = Counter(one.path for one in ctx.layer.weights)
    twice = sorted(path for path, count in paths.items() if count > 1)
    if twice:
        ctx.fail(
            f"several weights share the paths {twice}.",
            "Give every `add_weight` and every sublayer its own `name`.",
        )


@check("saving")
def saved_model_serves_same_values(ctx: Context) -> None:
    """Guards against a layer that cannot be exported, or is served differently.

    `model.export` traces `call` once more, with an unknown batch, and saves that graph;
    what it needs of Python is not in it.
    """
    path = str(ctx.folder / "exported")
    with ctx.blame(
        "exporting a SavedModel",
        "`call` must be traceable with an unknown batch, and hold no foreign state.",
    ):
        received = backend.serve(ctx.model, path, ctx.call.of_model(ctx.inputs))
    found = first_difference(received, ctx.outputs, 1e-4)
    if found:
        ctx.fail(
            f"the exported SavedModel serves something else: {found}.",
            "Let `call` compute the same in a graph as eagerly.",
        )
