"""The mend of a fault that a check has found, with the lines of the layer that have it."""

from layergen.keras_tables.effects import CHOOSING, ROUNDING

from .case import LayerCase
from .source import Called, Source, source_of

CUTTING = ("assign", "stop_gradient", "convert_to_numpy", "numpy", "numpy_function")
DRAWING = ("np.random", "numpy.random", "random.", "tf.random", "keras.random")


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
