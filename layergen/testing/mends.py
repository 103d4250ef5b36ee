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
from .source import Called, Source, source_of

TAKE_KWARGS = (
    "Take `**kwargs` in the constructor, and pass them on: "
    "`super().__init__(**kwargs)`."
)
REGISTER = (
    "Put `@keras.saving.register_keras_serializable(package=...)` on the class and on "
    "every function and class that its config names."
)
CAST = (
    "Bring both to the policy's dtype there: `ops.cast(value, self.compute_dtype)`, or "
    "`dtype=self.dtype_policy` for the sublayer that it comes from."
)
CUTTING = ("assign", "stop_gradient", "convert_to_numpy", "numpy", "numpy_function")
DRAWING = ("np.random", "numpy.random", "random.", "tf.random", "keras.random")


def mend_of(cause: Cause, case: LayerCase) -> tuple[str, str]:
    """What to do about an exception, and a key that all of its kind have in common.

    Both are empty where nothing is known that is sure to fit.
    """
    for pattern, mend in _KINDS:
        match = re.search(pattern, f"{cause.said}\n{cause.line}")
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


def _twice(match: re.Match[str], case: LayerCase) -> str:
    """An argument of a base class that the config gives, and the constructor too."""
    name = match[1]
    if name in case.args or name in case.constructor:
        return ""
    return (
        f"`get_config` returns `{name}`, which the constructor hands on by itself: leave "
        "it out of the config."
    )


def _lacking(match: re.Match[str], case: LayerCase) -> str:
    """An argument that the case gives, and the config does not."""
    name = match[1]
    return f"Return `{name}` from `get_config`." if name in case.args else ""


def _uncalled(match: re.Match[str], case: LayerCase) -> str:
    return "A method is used there, and not what it returns: call it, by `()`."


def _unkept(match: re.Match[str], case: LayerCase) -> str:
    """An argument that the layer reads, and has not kept."""
    name = match[1]
    if name not in case.constructor:
        return ""
    return f"Keep it in the constructor: `self.{name} = {name}`."


def _register(match: re.Match[str], case: LayerCase) -> str:
    return REGISTER


def _clash(match: re.Match[str], case: LayerCase) -> str:
    said, _, line = match.string.partition("\n")
    if re.search(r"\b(bool|u?int\d*)\b", said):
        return ""  # It is no matter of the policy.
    return dtype_mend(case, line) or (line and CAST)


def _unbuilt(match: re.Match[str], case: LayerCase) -> str:
    return (
        f"Build the sublayer `{match[1]}` in the layer's own `build`: what is loaded from "
        "a file is built by that, and not called."
    )


def _scope(match: re.Match[str], case: LayerCase) -> str:
    return (
        "A tensor that was made in one graph is used in another: keep none, on the layer "
        "or what it holds; compute it in `call`, or keep a NumPy array."
    )


def _kernel(match: re.Match[str], case: LayerCase) -> str:
    return (
        f"Compute it without `{match[1]}`, or say `self.supports_jit = False` in the "
        "constructor: models with the layer are then not compiled by XLA."
    )


def _unwritten(match: re.Match[str], case: LayerCase) -> str:
    return "It is not written there: write it, or take a class that has it."


def _unconfigured(match: re.Match[str], case: LayerCase) -> str:
    return (
        "Write a `get_config` that returns every argument, serialized where it is an "
        "object."
    )


def _wider(match: re.Match[str], case: LayerCase) -> str:
    return f"Cast to float32 for `{match[1]}`, and its result back to `self.compute_dtype`."


def _finfo(match: re.Match[str], case: LayerCase) -> str:
    if not source_of(case.layer).calls("finfo"):
        return ""
    return "NumPy's `finfo` knows no bfloat16: take `ml_dtypes.finfo`."


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
    (r"__init__\(\) got an unexpected keyword argument '(\w+)'", _keyword),
    (r"Unrecognized keyword arguments passed to \w+: '(\w+)'", _keyword),
    (r"__init__\(\) got multiple values for keyword argument '(\w+)'", _twice),
    (r"Layer '(\w+)' was never built", _unbuilt),
    (r"XLA has no kernel for `(\w+)`", _kernel),
    (r"must override `get_config\(\)`", _unconfigured),
    (r"^NotImplementedError", _unwritten),
    (r"is out of scope and cannot be used here", _scope),
    (r"\b(R?FFT\w*) requires tf.float32 or tf.float64", _wider),
    (r"`(\w+)` takes no b?float16", _wider),
    (r"data type .*bfloat16.* not inexact", _finfo),
    (r"missing \d+ required [a-z-]+ arguments?: '(\w+)'", _lacking),
    (
        r"'(?:method|function)' object is not (?:a mapping|iterable|subscriptable)",
        _uncalled,
    ),
    (r"object has no attribute '(\w+)'", _unkept),
    (r"Could not locate (?:class|function)", _register),
    (r"expected to be an? \w+ tensor but is an? \w+ tensor", _clash),
    (r"has type \w+ that does not match type \w+", _clash),
    (r"requires? arguments to have (?:matching|the same) dtypes?", _clash),
    (r"must have the same dtype, got", _clash),
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


def dtype_mend(case: LayerCase, line: str = "") -> str:
    """What brings a computation back to the policy's dtype; "" where nothing is seen.

    A tensor made in the `line` that fails is to blame, and else sublayers, which a tensor
    made elsewhere may only have gone into.
    """
    source = source_of(case.layer)
    first = next(iter(case.call_parameters[1:]), "x")
    dtype = f"{first}.dtype" if case.input_kinds[0] == "f" else "self.compute_dtype"
    makers, sublayers = source.untyped(), source.made_without_dtype()
    if makers and (not sublayers or any(one.text in line for one in makers)):
        return f"Give the call of {_listed(makers)} `dtype={dtype}`."
    found = []
    if casts := source.casts_to_a_float():
        found.append(f"Give the call of {_listed(casts)} `self.compute_dtype`.")
    if sublayers:
        found.append(f"Make {_listed(sublayers)} with `dtype=self.dtype_policy`.")
    return " ".join(found)


def _listed(found: list[Called]) -> str:
    """The first few calls, with their lines, and how many more there are."""
    listed = ", ".join(f"`{one.text}` (line {one.line})" for one in found[:3])
    return f"{listed} and {len(found) - 3} more" if len(found) > 3 else listed


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


def comparing_mend(case: LayerCase, text: str) -> str:
    """What to do about a value that is only compared; "" where no comparison is seen.

    `text` is how the layer's code writes the value.
    """
    found = source_of(case.layer).comparisons(text)
    if not found:
        return ""
    listed = ", ".join(f"`{one}` (line {line})" for one, line in found[:3])
    return (
        f"{listed} has no gradient: to train `{text}`, weigh by `ops.sigmoid` of the "
        "difference in its place; else state it in `zero_gradient`."
    )


def assigning_mend(case: LayerCase, weight: str) -> str:
    """What to do in place of assigning to a trained weight, with where it is done."""
    found = source_of(case.layer).calls("assign", "assign_add", "assign_sub")
    found = [
        one
        for one in found
        if one.method not in ("__init__", "build") and f"{weight}." in one.text
    ]
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
