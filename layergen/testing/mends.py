"""The mend of an exception, where one is known that works on the layer at hand.

What a check says by itself fits its most common fault; here, the exception says which
fault it is.
"""

import re
from collections.abc import Callable

from layergen.keras_tables.retired import GONE_METHODS

from .case import LayerCase
from .causes import Cause
from .faulty_lines import dtype_mend
from .introspect import OF_EVERY_LAYER
from .source import source_of

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


def _list_for_tuple(match: re.Match[str], case: LayerCase) -> str:
    """A tuple among the arguments comes back from a file as a list."""
    kept = [*case.arguments.values()]
    if not any(isinstance(one, tuple) for one in kept):
        return ""
    return (
        "A file brings a list back for a tuple: make it one in the constructor, by "
        "`tuple(...)`."
    )


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
    (r'can only concatenate (?:tuple|\w*[lL]ist) \(not "', _list_for_tuple),
    (r"unhashable type: '\w*[lL]ist'", _list_for_tuple),
    (r"You cannot add new elements of state", _built_twice),
    (r"Variable cannot be used as a boolean", _variable_bool),
    (r"object does not support item assignment", _items),
    (r" Layer\.__init__\(\) takes 1 positional argument", _by_position),
    (r"could not be lifted out of a `tf.function`", _made_in_graph),
    (r"'\w+' object has no attribute '(\w+)'", _gone),
    (r"'(\w+)' object has no attribute '(\w+)'", _never_set),
    (r"as_list\(\) is not defined on an unknown TensorShape", _scan),
)
