"""The mend of a fault, where one is known that works on the layer at hand.

What a check says by itself fits its most common fault; here, the exception and the
layer's own source say which fault it is.
"""

import re
from collections.abc import Callable

from layergen.keras_tables.effects import CHOOSING, ROUNDING
from layergen.keras_tables.retired import GONE_METHODS

from .case import LayerCase
from .causes import Cause
from .introspect import OF_EVERY_LAYER
from .source import Source, source_of

TAKE_KWARGS = (
    "Take `**kwargs` in the constructor, and pass them on: "
    "`super().__init__(**kwargs)`."
)
REGISTER = (
    "Put `@keras.saving.register_keras_serializable(package=...)` on the class and on "
    "every function and class that its config names."
)
CUTTING = ("assign", "stop_gradient", "convert_to_numpy", "numpy", "numpy_function")
DRAWING = ("np.random", "numpy.random", "random.", "tf.random", "keras.random")


def mend_of(cause: Cause, case: LayerCase) -> tuple[str, str]:
    """What to do about an exception, and a key that all of its kind have in common.

    Both are empty where nothing is known that is sure to fit.
    """
    for pattern, mend in _KINDS:
        match = re.search(pattern, cause.said)
        found = mend(match, case) if match else ""
        if found:
            return found, f"{mend.__name__} {found}"
    return "", ""


def _keyword(match: re.Match[str], case: LayerCase) -> str:
    """An argument that the constructor does not take: from the config, or Keras'."""
    name = match[1]
    if name in case.args or not case.is_class:
        return ""
    if name in OF_EVERY_LAYER:
        return TAKE_KWARGS
    if name in case.constructor:
        return ""
    return (
        f"`get_config` returns `{name}`, which the constructor does not take: leave it "
        "out of the config."
    )


def _lacking(match: re.Match[str], case: LayerCase) -> str:
    """An argument that the case gives, and the config does not."""
    name = match[1]
    return f"Return `{name}` from `get_config`." if name in case.args else ""


def _register(match: re.Match[str], case: LayerCase) -> str:
    return REGISTER


def _clash(match: re.Match[str], case: LayerCase) -> str:
    return dtype_mend(case)


def _bool(match: re.Match[str], case: LayerCase) -> str:
    return "Write that condition with `ops.where`, or with `ops.cond`."


def _scan(match: re.Match[str], case: LayerCase) -> str:
    if not source_of(case.layer).calls("associative_scan"):
        return ""
    return (
        "`ops.associative_scan` needs to know every size: write a step of the "
        "recurrence as a cell, and run it by `keras.layers.RNN`."
    )


def _variable_bool(match: re.Match[str], case: LayerCase) -> str:
    return "Ask whether the variable is there, not whether it is true: `is not None`."


def _items(match: re.Match[str], case: LayerCase) -> str:
    return (
        "A tensor cannot be changed: build it whole by `ops.concatenate`, `ops.where` or "
        "`ops.slice_update`."
    )


def _by_position(match: re.Match[str], case: LayerCase) -> str:
    return "`Layer.__init__` takes everything by name: `super().__init__(**kwargs)`."


def _made_in_graph(match: re.Match[str], case: LayerCase) -> str:
    return "`call` makes a variable: compute with tensors, or make a weight in `build`."


def _parent(match: re.Match[str], case: LayerCase) -> str:
    return "Begin `__init__` with `super().__init__(**kwargs)`: `super` takes nothing."


def _built_twice(match: re.Match[str], case: LayerCase) -> str:
    inner = [
        one for one in source_of(case.layer).calls("build") if "super" not in one.text
    ]
    if not inner:
        return ""
    owner = inner[0].text.rpartition(".")[0]
    return (
        f"What is given may be built already: `if not {owner}.built:` before that line."
    )


def _never_set(match: re.Match[str], case: LayerCase) -> str:
    """An attribute of the layer itself that is read, and that nothing sets."""
    owner, name = match.groups()
    if owner != case.name or name in source_of(case.layer).assigned_in(None):
        return ""
    return f"Nothing sets `self.{name}`: set it, or read what holds that value."


def _gone(match: re.Match[str], case: LayerCase) -> str:
    """A method that inner layers had in Keras 2."""
    mend = GONE_METHODS.get(match[1], "")
    return f"Keras 3 has no `{match[1]}`: {mend}." if mend else ""


_Mend = Callable[[re.Match[str], LayerCase], str]
_KINDS: tuple[tuple[str, _Mend], ...] = (
    (r"unexpected keyword argument '(\w+)'", _keyword),
    (r"Unrecognized keyword arguments passed to \w+: '(\w+)'", _keyword),
    (r"missing \d+ required [a-z-]+ arguments?: '(\w+)'", _lacking),
    (r"Could not locate (?:class|function)", _register),
    (r"expected to be an? \w+ tensor but is an? \w+ tensor", _clash),
    (r"has type \w+ that does not match type \w+", _clash),
    (r"requires? arguments to have (?:matching|the same) dtypes?", _clash),
    (r"as a Python `bool` is not allowed|TracerBoolConversionError", _bool),
    (r"you forgot to call `super\(\)\.__init__", _parent),
    (r"You cannot add new elements of state", _built_twice),
    (r"Variable cannot be used as a boolean", _variable_bool),
    (r"object does not support item assignment", _items),
    (r" Layer\.__init__\(\) takes 1 positional argument", _by_position),
    (r"could not be lifted out of a `tf.function`", _made_in_graph),
    (r"'\w+' object has no attribute '(\w+)'", _gone),
    (r"'(\w+)' object has no attribute '(\w+)'", _never_set),
    (r"as_list\(\) is not defined on an unknown TensorShape", _scan),
)


def dtype_mend(case: LayerCase) -> str:
    """What brings a computation back to the policy's dtype; "" where nothing is seen."""
    source = source_of(case.layer)
    first = next(iter(case.call_parameters[1:]), "x")
    dtype = f"{first}.dtype" if case.input_kinds[0] == "f" else "self.compute_dtype"
    makers = source.untyped()
    if makers:
        listed = ", ".join(f"`{one.text}` (line {one.line})" for one in makers[:3])
        return f"Give the call of {listed} `dtype={dtype}`."
    sublayers = source.made_without_dtype()
    if sublayers:
        listed = ", ".join(f"`{one.text}` (line {one.line})" for one in sublayers[:3])
        return f"Make {listed} with `dtype=self.dtype_policy`."
    return ""


def drawing_mend(case: LayerCase, otherwise: str) -> str:
    """What makes a layer's draws its own, with the calls that draw now."""
    found = [
        one
        for one in source_of(case.layer).all_calls
        if one.text.startswith(DRAWING)
        and "(" not in one.text
        and one.method not in ("__init__", "build")
    ]
    if not found:
        return otherwise
    listed = ", ".join(f"`{one.text}` (line {one.line})" for one in found[:3])
    return f"{listed}: {otherwise}"


def gradientless_mend(case: LayerCase) -> str:
    """What to do about operations that have no gradient; "" where none is seen."""
    source = source_of(case.layer)
    found = [
        one
        for one in source.calls(*ROUNDING, *CHOOSING, *CUTTING)
        if source.runs_at_calls(one.method)
    ]
    if not found:
        return ""
    names = {one.name for one in found}
    listed = ", ".join(f"`{one.text}` (line {one.line})" for one in found[:3])
    if names <= {*ROUNDING}:
        way = (
            "to train through it, add what it changes as a constant: `x + "
            "ops.stop_gradient(ops.round(x) - x)`, which is a surrogate gradient"
        )
    elif "assign" in names:
        way = "compute with the value that is assigned, and do not read it back"
    elif names & {*CUTTING}:
        way = "leave it out where the gradient is to flow"
    else:
        way = "to train through it, weigh by `ops.softmax` in its place"
    return f"{listed} has no gradient: {way}; else state `gradient=None`."


def assigning_mend(case: LayerCase) -> str:
    """What to do in place of assigning to a trained weight, with where it is done."""
    found = source_of(case.layer).calls("assign", "assign_add", "assign_sub")
    found = [one for one in found if one.method not in ("__init__", "build")]
    where = ", ".join(f"`{one.text}` (line {one.line})" for one in found[:3])
    way = "compute with the value, and leave the weight to the optimizer."
    return f"{where}: {way}" if where else way.capitalize()


def scratch_mend(case: LayerCase, attribute: str) -> str:
    """What to do about a tensor under an attribute, by the method that sets it."""
    source = source_of(case.layer)
    if attribute in source.assigned_in("call"):
        return f"`call` fills `self.{attribute}`: use a local variable there."
    if attribute in source.assigned_in("build"):
        return (
            f"`build` computes `self.{attribute}`: compute it in `call`, or keep what "
            "rests on no weight as a NumPy array."
        )
    return ""


def tracking_mend(case: LayerCase) -> str:
    """What to do about sublayers under a name that is Keras' own."""
    source: Source = source_of(case.layer)
    taken = [name for name in ("_layers",) if name in source.assigned_in(None)]
    if not taken:
        return ""
    return f"`self.{taken[0]}` is a list of Keras' own: take another name."
