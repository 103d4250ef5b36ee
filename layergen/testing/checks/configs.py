"""Config: it holds every argument, as plain data, and makes the same layer again."""

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import FunctionType
from typing import Any

import keras
import numpy as np

from ..case import LayerCase
from ..context import Context
from ..introspect import OF_EVERY_LAYER, sublayers, vars_of
from ..outcomes import NotApplicable
from ..plain import as_lists, first_apart, kind, named_anew, same_value, written
from ..registry import check

COMPLETE = "Return it from `get_config`, serialized where it is an object."
GIVEN = (
    "Return what the constructor was given, from which it makes the same again; if that "
    "is a function, one with a name, registered with Keras."
)


def has_arguments(case: LayerCase) -> bool:
    return case.is_class and bool(case.constructor)


def config_of(ctx: Context, layer: Any) -> dict[str, Any]:
    """The layer's config."""
    with ctx.blame("get_config", COMPLETE):
        config = layer.get_config()
    if not isinstance(config, Mapping):
        ctx.fail(
            f"`get_config` returns {config!r}, which is no dict.",
            "Let it return the config.",
        )
    return dict(config)


def left_out_by_keras(layer: Any) -> set[str]:
    """The constructor arguments of a layer of Keras that its own config lacks too.

    It leaves out what is not set, such as a `lora_rank`. A subclass of the layer has the
    same arguments, and returns of them what the base class does.
    """
    mro: tuple[Any, ...] = inspect.getmro(type(layer))
    kinds = [one for one in mro if one.__module__.startswith("keras.")]
    with suppress(Exception):  # The layer's own `get_config` shows what there is.
        returned = next(one for one in kinds if "get_config" in vars(one))
        taken = {
            name for one in kinds for name in inspect.signature(one.__init__).parameters
        }
        return taken - {*returned.get_config(layer)}
    return set()


@check("config", applies=has_arguments)
def config_has_every_argument(ctx: Context) -> None:
    """Guards against an argument that a saved model forgets.

    What is not in the config takes its default when the model is loaded.
    """
    layer = ctx.make.bare()
    config = config_of(ctx, layer)
    free = left_out_by_keras(layer)
    missing = [
        name
        for name in ctx.case.constructor
        if name not in config and name not in OF_EVERY_LAYER and name not in free
    ]
    if missing:
        ctx.fail(f"the config lacks the constructor arguments {missing}.", COMPLETE)


@check("config", applies=lambda case: case.is_class)
def config_survives_json(ctx: Context) -> None:
    """Guards against values that JSON refuses or changes.

    It has no tuples and no arrays, and its keys are strings: the argument that comes
    back must have its value and its type. A list may do for a tuple, unless the case
    is strict: that a layer asks for a tuple shows where it is loaded.
    """
    layer = ctx.make.bare()
    for place, one in nameless(config_of(ctx, layer), ctx.case):
        ctx.fail(
            f"the config holds {one} under {place}, which no file brings back.", GIVEN
        )
    hint = "Return plain numbers, strings, lists and dicts with string keys."
    with ctx.blame("saving the config as JSON and making the layer from it", hint):
        config = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
        with keras.saving.custom_object_scope({ctx.name: ctx.case.layer}):
            other = keras.saving.deserialize_keras_object(config)
    plain: Callable[[Any], Any] = _as_it_is if ctx.case.is_strict else as_lists
    for name in ctx.case.constructor:
        before, after = vars_of(layer).get(name), vars_of(other).get(name)
        if not same_value(plain(before), plain(after)):
            ctx.fail(
                f"`{name}` is {before!r} ({kind(before)}), and after a way through "
                f"JSON {after!r} ({kind(after)}).",
                _not_handed_on(name, before, config["config"], ctx)
                or f"{hint} Restore its type in the constructor or `from_config`.",
            )
    before, after = (plain(named_anew(config_of(ctx, one))) for one in (layer, other))
    if not all(same_value(before[name], after.get(name)) for name in before):
        place, one, now = first_apart(before, after)
        ctx.fail(
            f"made from its config, the layer has another config: `{place}` is {one!r} "
            f"({kind(one)}) in the first and {now!r} ({kind(now)}) in the second.",
            COMPLETE,
        )


def _as_it_is(value: Any) -> Any:
    return value


def _not_handed_on(name: str, before: Any, config: dict[str, Any], ctx: Context) -> str:
    """What to do where a config holds an argument, and a `from_config` drops it."""
    own = "from_config" in vars(ctx.case.layer)
    if not own or not same_value(config.get(name), before):
        return ""
    return f"`from_config` does not hand `{name}` on: `return cls(**config)`."


def nameless(config: dict[str, Any], case: LayerCase) -> Iterator[tuple[str, str]]:
    """Methods and lambdas in a config, none of which the case has given: place and name."""
    given = [*keras.tree.flatten(dict(case.args))]
    for path, one in keras.tree.flatten_with_path(config):
        if any(one is other for other in given):
            continue
        place = "".join(f"[{key!r}]" for key in path)
        if inspect.ismethod(one):
            yield f"`config{place}`", f"the method `{one.__qualname__}`"
        elif isinstance(one, FunctionType) and one.__name__ == "<lambda>":
            yield f"`config{place}`", "a lambda"


@check("config", applies=lambda case: case.is_class)
def config_keeps_what_every_layer_has(ctx: Context) -> None:
    """Guards against a `get_config` that forgets that of the base class.

    Loaded from a file, the layer then has another name, is trained though it was
    frozen, or computes in another dtype.
    """
    given: dict[str, Any] = {"name": "of_another_name"}
    if ctx.layer.trainable_weights:
        given["trainable"] = False
    layer = ctx.make.bare("float64", **given)
    with ctx.blame("from_config(get_config())", COMPLETE):
        clone = type(layer).from_config(layer.get_config())
    for name, before, after in (
        *((name, value, getattr(clone, name)) for name, value in given.items()),
        ("dtype", "float64", clone.dtype_policy.name),
    ):
        if before != after:
            ctx.fail(
                f"made with {name}={before!r}, a clone from the config has {after!r}.",
                "Begin the config with `**super().get_config()`, and pass `**kwargs` "
                "on to `super().__init__`.",
            )


def other_value(name: str, value: Any) -> Any:
    """A legal other value for an argument, where one is obvious; else the same."""
    if name.endswith("_initializer") and isinstance(value, str):
        return "zeros" if value == "ones" else "ones"
    if name.endswith("_initializer"):
        return keras.initializers.Constant(0.137)
    if name.endswith("_regularizer"):
        return keras.regularizers.L2(0.037)
    if name.endswith("_constraint"):
        return keras.constraints.MaxNorm(1.37)
    if name.endswith("activation") and isinstance(value, str | None):
        return "softsign"
    if name == "seed" and isinstance(value, int | None):
        return 137 if value is None else value + 1
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value / 2 if value else 0.5
    return value


@check("config", applies=has_arguments)
def config_differs_when_argument_differs(ctx: Context) -> None:
    """Guards against a config that holds a constant or a default, not the argument.

    Arguments for which no other legal value is obvious are left as they are; so are
    those whose other value the constructor refuses.
    """
    original = config_of(ctx, ctx.make.bare())
    tried = 0
    for name, value in ctx.case.arguments.items():
        other = other_value(name, value)
        if other is value or name not in original or name in OF_EVERY_LAYER:
            continue
        try:
            layer = ctx.make.bare(**{name: other})
        except AssertionError:
            continue
        tried += 1
        config = config_of(ctx, layer)
        if written(config.get(name)) == written(original[name]):
            ctx.fail(
                f"with {name}={other!r} instead of {value!r} the config still says "
                f"{config.get(name)!r}.",
                "Return what the constructor was given.",
            )
    if not tried:
        raise NotApplicable(f"no argument of {ctx.name} has another obvious value")


@check("config", applies=lambda case: case.is_class)
def clones_share_nothing(ctx: Context) -> None:
    """Guards against two layers that share weights, sublayers or initializers.

    A config that holds a live object hands it on to every clone; a list kept by
    reference changes in all of them.
    """
    layer = ctx.make.core(ctx.layer)
    with ctx.blame("from_config(get_config())", COMPLETE):
        clone = type(layer).from_config(layer.get_config())
    ctx.call.run(ctx.make.runnable(clone), ctx.inputs)
    for what, ours, theirs in (
        ("variable", layer.variables, clone.variables),
        ("sublayer", sublayers(layer), sublayers(clone)),
    ):
        shared = {id(one) for one in ours} & {id(one) for one in theirs}
        names = [one.name for one in ours if id(one) in shared]
        if names:
            ctx.fail(
                f"a clone made from the config shares each {what} of {names}.",
                "Serialize objects in `get_config`, make them anew in `from_config`.",
            )
    for name, value in vars_of(layer).items():
        if shareable(value) and vars_of(clone).get(name) is value:
            ctx.fail(
                f"a clone made from the config shares `self.{name}`: {value!r}.",
                "Serialize it in `get_config`, or copy it in the constructor.",
            )


MUTABLE = (
    dict,
    list,
    set,
    np.ndarray,
    keras.initializers.Initializer,
    keras.regularizers.Regularizer,
    keras.constraints.Constraint,
)


def shareable(value: Any) -> bool:
    """Whether sharing a value between layers would tie them together."""
    return isinstance(value, MUTABLE) and not (
        isinstance(value, dict | list | set) and not value
    )
