"""Precision: the dtype policy decides, in the layer and in its sublayers."""

from typing import Any

import keras

from ..context import Context
from ..digits import blind_output, digits_of
from ..faulty_lines import dtype_mend
from ..inputs import Array
from ..introspect import relative_path, sublayers
from ..numerics import ROUNDING, difference, is_float
from ..outcomes import CheckFailure, NotApplicable
from ..reach import is_within_reach
from ..registry import check
from ..scopes import global_policy
from ..source import source_of

# Policy, dtype of the computation, dtype of the variables.
POLICIES = (
    ("float32", "float32", "float32"),
    ("mixed_float16", "float16", "float32"),
    ("mixed_bfloat16", "bfloat16", "float32"),
    ("float64", "float64", "float64"),
)


def only_casts(ctx: Context) -> bool:
    """Whether a layer does nothing but cast to a dtype by its name."""
    return not ctx.case.is_strict and source_of(ctx.case.layer).only_casts()


@check("precision")
def outputs_have_compute_dtype(ctx: Context) -> None:
    """Guards against constants and casts that leave the policy's compute dtype.

    A float32 constant meets a float16 tensor: an error, or a result that is float32
    from there on, and twice the memory. An output that a `compute_output_spec` of the
    layer's own declares to be of one dtype under every policy is meant to be of that. A
    layer that does nothing but cast to a dtype by its name means it, unless it is
    strictly held.
    """
    for policy, compute, _ in POLICIES:
        failure = ctx.policies.failure(policy)
        if failure:
            said = f"{failure}\nThis is under the dtype policy {policy}."
            raise CheckFailure(said, failure.cause)
        for number, one in enumerate(ctx.policies.outputs(policy)):
            if _strays(ctx, number, one, compute):
                ctx.fail(
                    f"under {policy}, output {number} is {one.dtype.name}; expected is "
                    f"{compute}.",
                    dtype_mend(ctx.case)
                    or "Cast constants to `self.compute_dtype`, and give every sublayer "
                    "`dtype=self.dtype_policy`.",
                )


def _strays(ctx: Context, number: int, output: Array, dtype: str) -> bool:
    """Whether an output has another dtype than it is to have, and does not mean to."""
    received = output.dtype.name
    if not is_float(output) or received == dtype or only_casts(ctx):
        return False
    return bool(received != declared(ctx, number))


def declared(ctx: Context, number: int) -> str:
    """The dtype that a layer declares of an output whatever its policy; "" for none."""
    case = ctx.case
    method = getattr(case.layer, "compute_output_spec", None)
    if not case.is_class or method is keras.layers.Layer.compute_output_spec:
        return ""
    found = set()
    for policy, _, _ in POLICIES:
        layer, _ = ctx.policies.under(policy)
        doing = f"calling the layer on symbolic inputs of shape {case.shapes}"
        with ctx.blame(doing, "`compute_output_spec` must work without values."):
            found.add(str(ctx.graphs.symbolic(layer, case.shapes)[number].dtype))
    return found.pop() if len(found) == 1 else ""


@check("precision")
def variables_have_variable_dtype(ctx: Context) -> None:
    """Guards against weights kept in half precision, where small updates vanish.

    `add_weight` takes the policy's variable dtype where it is given none: float32 under
    mixed_float16. A `dtype` written there stays under every policy; what sublayers have
    that compute in another dtype is for `sublayers_follow_the_policy` to tell.
    """
    stated = ctx.case.dtypes or {}
    for policy, compute, variable in POLICIES:
        layer, given = ctx.policies.under(policy)
        other = [one for one in sublayers(layer) if one.compute_dtype != compute]
        given = given | {id(weight) for one in other for weight in one.weights}
        for one in layer.trainable_weights:
            dtype = keras.backend.standardize_dtype(one.dtype)
            expected = stated.get(one.name, variable)
            floating = "float" in dtype
            if id(one) not in given and floating and dtype != expected:
                ctx.fail(
                    f"under {policy}, the weight `{relative_path(one, layer)}` is "
                    f"{dtype}; expected is {expected}.",
                    "Leave `dtype` out of `add_weight`; if the weight is meant to have "
                    "one of its own, state it in `dtypes`.",
                )


@check("precision", applies=lambda case: case.is_class)
def sublayers_follow_the_policy(ctx: Context) -> None:
    """Guards against sublayers that compute in the global policy's dtype.

    A sublayer made without `dtype=self.dtype_policy` takes the global one. Layers
    given as arguments keep their own, as do those that have it under every global one.
    """
    for policy, compute, _ in (POLICIES[1], POLICIES[3]):
        layer, _ = ctx.policies.under(policy)
        exempt = {id(one) for one in ctx.policies.given_to(layer)}
        other = [one for one in sublayers(layer) if one.compute_dtype != compute]
        for one in other:
            if id(one) not in exempt and takes_the_global_policy(
                ctx, policy, layer, one
            ):
                ctx.fail(
                    f"under {policy}, the sublayer `{one.name}` computes in "
                    f"{one.compute_dtype}; expected is {compute}.",
                    "Make it with `dtype=self.dtype_policy`.",
                )


def takes_the_global_policy(ctx: Context, policy: str, layer: Any, one: Any) -> bool:
    """Whether a sublayer computes in another dtype under another global policy."""
    for world in ("mixed_bfloat16", "float64"):
        with global_policy(world):
            twin = ctx.build.twin_of(ctx.layer, policy)
        there = sublayers(twin)
        place = next(i for i, own in enumerate(sublayers(layer)) if own is one)
        if place >= len(there) or there[place].compute_dtype != one.compute_dtype:
            return True
    return False


@check("precision", applies=lambda case: not case.draws_at_inference)
def values_are_close_to_float64(ctx: Context) -> None:
    """Guards against overflow and cancellation in lower precision.

    A mask of -1e9 is -inf in float16, a variance below 1e-7 is zero, and a float32
    constant inside a float64 layer costs half its digits. What float64 gives as well
    for inputs that are a little off, at an edge where a value jumps, is right.
    """
    for policy, compute, _ in POLICIES:
        for number, (one, expected) in enumerate(
            zip(ctx.policies.outputs(policy), ctx.outputs64, strict=True)
        ):
            if not is_float(expected):
                continue
            found = difference(one.astype("float64"), expected, ROUNDING[compute])
            if found and not is_within_reach(ctx, compute, number, one):
                ctx.fail(
                    f"under {policy}, output {number} is far from float64's: {found}.",
                    "Keep intermediate values in range; compute sums, means and "
                    "exponentials that need it in float32.",
                )


@check("precision")
def float64_keeps_its_digits(ctx: Context) -> None:
    """Guards against float64 values that pass through float32 on the way.

    `ops.cast(x, "float32")` stays what it says. A step that float32 cannot see must be
    seen in the output, where a larger step is. A layer that computes in float32, as what has
    no form in float64 must, is not held to this.
    """
    if not ctx.case.has_float_input:
        raise NotApplicable(f"{ctx.name} has no float input")
    if digits_of(ctx) != "float64":
        raise NotApplicable(f"{ctx.name} computes in {digits_of(ctx)} on the way")
    if only_casts(ctx):
        raise NotApplicable(f"{ctx.name} does nothing but cast")
    number = blind_output(ctx)
    if number is not None:
        ctx.fail(
            f"under float64, output {number} does not see a step of 1e-11 in the inputs.",
            "Somewhere in `call` values pass through float32; cast to "
            "`self.compute_dtype`.",
        )


@check("precision", applies=lambda case: case.is_class)
def global_policy_is_followed(ctx: Context) -> None:
    """Guards against a layer that fixes its own dtype.

    Without a `dtype` argument the policy is that of `keras.config`.
    """
    ctx.policies.require_floats()
    with global_policy("mixed_bfloat16"):
        layer = ctx.make.new()
        received = [
            ctx.make.core(layer).compute_dtype,
            ctx.make.core(layer).variable_dtype,
        ]
        outputs = ctx.call.run(layer, ctx.inputs)
    if received != ["bfloat16", "float32"]:
        ctx.fail(
            f"under the global policy mixed_bfloat16 the layer's compute and variable "
            f"dtypes are {received}.",
            "Pass `**kwargs` on to `super().__init__` and set no `dtype` there.",
        )
    for number, one in enumerate(outputs):
        if _strays(ctx, number, one, "bfloat16"):
            ctx.fail(
                f"under the global policy mixed_bfloat16 output {number} is "
                f"{one.dtype.name}.",
                "Cast constants to `self.compute_dtype`.",
            )
