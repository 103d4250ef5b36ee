"""What the table predicts of random calls, against Keras, symbolically and on arrays."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy
import pytest
from msgspec.structs import replace

from layergen.keras_tables import own_rules, table
from layergen.keras_tables.dtypes import UNKNOWN
from layergen.keras_tables.operations import Operation, image, op
from layergen.keras_tables.operations import random as draw
from layergen.keras_tables.probe.calls import Call, Refused, Tensor
from layergen.keras_tables.probe.samples import DTYPES, SAMPLES

DRAWS = 8
SIZES = (1, 2, 3, 5)
Arguments = dict[str, Any]
Made = Callable[[random.Random], Arguments]


def tensor(rng: random.Random, ranks: tuple[int, ...] = (1, 2, 3, 4)) -> Tensor:
    return Tensor(sizes(rng, rng.choice(ranks)), rng.choice(DTYPES))


def sizes(rng: random.Random, count: int) -> tuple[int, ...]:
    return tuple(rng.choice(SIZES) for _ in range(count))


def floats(*shape: int) -> Tensor:
    return Tensor(shape)


def axis_of(rng: random.Random, found: Tensor) -> int:
    return rng.randrange(-len(found.shape), len(found.shape))


def of_axis(rng: random.Random) -> Arguments:
    x = tensor(rng)
    return {"x": x, "axis": axis_of(rng, x)}


def maybe_axis(rng: random.Random) -> Arguments:
    found = of_axis(rng)
    return found if rng.random() < 0.7 else {"x": found["x"]}


def product(rng: random.Random) -> Arguments:
    a, b, c, d = sizes(rng, 4)
    dtype = rng.choice(DTYPES)
    shapes = rng.choice(
        [
            ((a, b), (b, c)),
            ((d, a, b), (b, c)),
            ((b,), (b, c)),
            ((d, 1, a, b), (c, b, a)),
        ]
    )
    return dict(zip(("x1", "x2"), (Tensor(s, dtype) for s in shapes), strict=True))


def flat_product(rng: random.Random) -> Arguments:
    a, b, c = sizes(rng, 3)
    return {"x1": floats(a, b), "x2": floats(c, b)}


def permuted(rng: random.Random) -> Arguments:
    x = tensor(rng)
    axes = list(range(len(x.shape)))
    rng.shuffle(axes)
    return {"x": x, "axes": tuple(axes)} if rng.random() < 0.7 else {"x": x}


def pair(rng: random.Random) -> tuple[Tensor, Tensor, int]:
    one = tensor(rng)
    axis = axis_of(rng, one)
    shape = list(one.shape)
    shape[axis] = rng.choice(SIZES)
    return one, Tensor(tuple(shape), one.dtype), axis


def joined(rng: random.Random) -> Arguments:
    one, other, axis = pair(rng)
    return {"xs": [one, other, one], "axis": axis}


def stacked(rng: random.Random) -> Arguments:
    x = tensor(rng, (1, 2, 3))
    return {"x": [x, x, x], "axis": rng.randrange(-len(x.shape) - 1, len(x.shape) + 1)}


def parted(rng: random.Random) -> Arguments:
    x = Tensor((6, 12, 6), rng.choice(DTYPES))
    return {
        "x": x,
        "indices_or_sections": rng.choice([1, 2, 3, (1, 4), (2,)]),
        "axis": axis_of(rng, x),
    }


def reshaped(rng: random.Random) -> Arguments:
    x = Tensor((2, 3, 4), rng.choice(DTYPES))
    return {"x": x, "newshape": rng.choice([(-1,), (6, 4), (4, -1, 2), (2, -1)])}


def moved(rng: random.Random) -> Arguments:
    x = tensor(rng, (3, 4))
    several = rng.random() < 0.5
    source, destination = ((0, 1), (-1, 0)) if several else (1, -1)
    return {"x": x, "source": source, "destination": destination}


def squeezed(rng: random.Random) -> Arguments:
    x = Tensor((2, 1, 3, 1), rng.choice(DTYPES))
    return {"x": x, "axis": rng.choice([1, -1, (1, 3), None])}


def taken(rng: random.Random) -> Arguments:
    x, indices = Tensor((5, 6, 7)), Tensor(sizes(rng, rng.choice((1, 2))), "int32")
    return {"x": x, "indices": indices, "axis": rng.choice([0, 1, -1, None])}


def padded(rng: random.Random) -> Arguments:
    x = Tensor((2, 3), rng.choice(("float32", "int32")))
    return {"x": x, "pad_width": rng.choice([((0, 1), (2, 0)), ((1, 1),) * 2])}


def square(rng: random.Random) -> Arguments:
    return {"x": floats(*sizes(rng, rng.choice((0, 1))), 3, 3)}


def fixed(**arguments: Any) -> Made:
    return lambda rng: arguments


def pooled(rng: random.Random) -> Arguments:
    return {
        "inputs": floats(2, 5, 6, 3),
        "pool_size": rng.choice([1, 2, (1, 2)]),
        "strides": rng.choice([None, 1, 2]),
        "padding": rng.choice(["same", "valid"]),
    }


def adapted(rng: random.Random) -> Arguments:
    return {"inputs": floats(2, 5, 7, 3), "output_size": rng.choice([2, (1, 3)])}


def convolved(rng: random.Random) -> Arguments:
    return {
        "inputs": floats(2, 7, 8, 3),
        "kernel": floats(*rng.choice([(2, 3), (3, 3), (1, 2)]), 3, 4),
        "strides": rng.choice([1, 2]),
        "padding": rng.choice(["same", "valid"]),
    }


def convolved_back(rng: random.Random) -> Arguments:
    return convolved(rng) | {"kernel": floats(*rng.choice([(2, 3), (3, 3)]), 4, 3)}


def parts_of(*chosen: Any) -> Made:
    return lambda rng: {
        "x": floats(2, 3),
        "q": rng.choice(chosen),
        "axis": rng.choice([0, 1, None]),
        "keepdims": rng.choice([True, False]),
    }


def appended(rng: random.Random) -> Arguments:
    one, other, axis = pair(rng)
    return {"x1": one, "x2": other, "axis": rng.choice([axis, None])}


def several(rng: random.Random) -> Arguments:
    x = tensor(rng, (1, 2, 3))
    return {"xs": [x, x]}


def pictured(**others: Any) -> Made:
    return lambda rng: {"images": floats(1, 5, 6, 3), **others}


CORNERS = numpy.array([[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]])
MATRIX = floats(3, 3)
WHOLES = Tensor((3,), "int32")
X = floats(2, 4, 6)
OWN: dict[str, Made] = {
    **dict.fromkeys(("cumprod", "cumsum", "nancumprod", "nancumsum"), maybe_axis),
    **dict.fromkeys(("argsort", "sort"), maybe_axis),
    **dict.fromkeys(("det", "inv", "logdet"), square),
    **dict.fromkeys(("ravel", "size"), lambda rng: {"x": tensor(rng)}),
    **dict.fromkeys(("tril", "triu", "fliplr"), lambda rng: {"x": tensor(rng, (2, 3))}),
    **dict.fromkeys(("dot", "inner"), flat_product),
    "allclose": fixed(x1=floats(2, 3), x2=floats(2, 3)),
    "argpartition": fixed(x=floats(2, 5), kth=1),
    "broadcast_to": fixed(x=floats(3, 1), shape=(2, 3, 4)),
    "categorical": fixed(logits=floats(2, 3), num_samples=4),
    "concatenate": joined,
    "diagonal": fixed(x=floats(2, 3, 4)),
    "diff": fixed(a=X, n=2, axis=1),
    "dot": lambda rng: {
        "x1": floats(2, 3),
        "x2": rng.choice([floats(3, 4), floats(3)]),
    },
    "dropout": fixed(inputs=X, rate=0.5),
    "einsum": fixed(subscripts="bij,jk->bik", operands=(floats(2, 3, 4), floats(4, 5))),
    "expand_dims": lambda rng: {
        "x": tensor(rng, (1, 2)),
        "axis": rng.choice([0, 1, -1]),
    },
    "eye": fixed(N=3, M=4),
    "glu": fixed(x=X, axis=1),
    "identity": fixed(n=3),
    "isin": fixed(x1=floats(2, 3), x2=floats(4)),
    "matmul": product,
    "moments": fixed(x=X, axes=(0, 2)),
    "moveaxis": moved,
    "norm": of_axis,
    "one_hot": lambda rng: {
        "x": Tensor(sizes(rng, 2), "int32"),
        "num_classes": 4,
        "axis": rng.choice([-1, 0, 1]),
    },
    "outer": flat_product,
    "pad": padded,
    "repeat": lambda rng: rng.choice(
        [{**of_axis(rng), "repeats": 2}, {"x": X, "repeats": [1, 2], "axis": 0}]
    ),
    "reshape": reshaped,
    "searchsorted": fixed(sorted_sequence=floats(5), values=floats(3)),
    "shuffle": fixed(x=X),
    "slice_update": fixed(inputs=X, start_indices=(0, 0, 0), updates=floats(1, 2, 3)),
    "split": parted,
    "squeeze": squeezed,
    "stack": stacked,
    "swapaxes": lambda rng: {"x": tensor(rng, (2, 3)), "axis1": 0, "axis2": -1},
    "take": taken,
    "tensordot": lambda rng: {
        "x1": floats(2, 3, 4),
        "x2": floats(3, 4, 5),
        "axes": rng.choice([2, ([1, 2], [0, 1])]),
    },
    "tile": lambda rng: {
        "x": floats(2, 3),
        "repeats": rng.choice([2, (2, 1), (2, 1, 3)]),
    },
    "top_k": fixed(x=floats(2, 5), k=3),
    "trace": fixed(x=floats(2, 3, 4)),
    "transpose": permuted,
    "tri": fixed(N=3, M=4),
    "unstack": of_axis,
    "vdot": fixed(x1=floats(2, 3), x2=floats(2, 3)),
    **dict.fromkeys(
        ("bartlett", "blackman", "hamming", "hanning"),
        lambda rng: {"x": rng.choice(SIZES)},
    ),
    "affine_transform": pictured(transform=numpy.zeros((1, 8))),
    "rgb_to_hsv": pictured(),
    "gaussian_blur": pictured(),
    **dict.fromkeys(("hsv_to_rgb", "rgb_to_grayscale"), pictured()),
    "perspective_transform": pictured(start_points=CORNERS, end_points=CORNERS),
    "resize": pictured(size=(2, 3)),
    "scale_and_translate": pictured(
        output_shape=(1, 3, 4, 3),
        scale=numpy.ones(2),
        translation=numpy.zeros(2),
        spatial_dims=(1, 2),
        method="linear",
    ),
    **dict.fromkeys(("average_pool", "max_pool"), pooled),
    **dict.fromkeys(("adaptive_average_pool", "adaptive_max_pool"), adapted),
    **dict.fromkeys(("cholesky", "cholesky_inverse"), fixed(x=numpy.eye(3))),
    **dict.fromkeys(("eig", "lu_factor", "matrix_rank"), square),
    "eigh": square,
    **dict.fromkeys(("fft", "fft2", "ifft2"), fixed(x=(floats(2, 3), floats(2, 3)))),
    **dict.fromkeys(("geomspace", "logspace"), fixed(start=1.0, stop=2.0, num=4)),
    **dict.fromkeys(("nanpercentile", "percentile"), parts_of(50.0, [20.0, 80.0])),
    **dict.fromkeys(("nanquantile", "quantile"), parts_of(0.5, [0.2, 0.8])),
    "psnr": fixed(x1=floats(2, 3), x2=floats(2, 3), max_val=1.0),
    **dict.fromkeys(
        ("segment_max", "segment_min", "segment_prod", "segment_sum"),
        fixed(data=floats(3, 2), segment_ids=WHOLES, num_segments=4),
    ),
    **dict.fromkeys(("solve", "solve_triangular"), fixed(a=MATRIX, b=floats(3, 2))),
    "append": appended,
    "array_split": fixed(x=X, indices_or_sections=3, axis=1),
    "batch_normalization": fixed(
        x=floats(2, 3), mean=floats(3), variance=floats(3), axis=-1
    ),
    "binary_crossentropy": fixed(target=floats(2, 3), output=floats(2, 3)),
    "categorical_crossentropy": fixed(target=floats(2, 3), output=floats(2, 3)),
    "cdist": fixed(x=floats(2, 3, 4), y=floats(2, 5, 4)),
    "conv": convolved,
    "conv_transpose": convolved_back,
    "cross": fixed(x1=floats(2, 3), x2=floats(2, 3)),
    "depth_to_space": fixed(x=floats(1, 2, 3, 8), block_size=2),
    "depthwise_conv": fixed(inputs=floats(2, 5, 5, 3), kernel=floats(2, 2, 3, 2)),
    "diag": lambda rng: {"x": floats(3), "k": rng.choice([0, 1, -2])},
    "diagflat": fixed(x=floats(2, 3)),
    "dot_product_attention": fixed(
        query=floats(2, 3, 2, 4), key=floats(2, 5, 2, 4), value=floats(2, 5, 2, 4)
    ),
    "dsplit": fixed(x=X, indices_or_sections=2),
    "dstack": several,
    "extract_sequences": fixed(x=floats(2, 9), sequence_length=4, sequence_stride=2),
    "hsplit": fixed(x=X, indices_or_sections=2),
    "hstack": several,
    "in_top_k": fixed(targets=Tensor((2,), "int32"), predictions=floats(2, 4), k=2),
    "kaiser": fixed(x=3, beta=0.5),
    "kron": fixed(x1=floats(2, 3), x2=floats(3, 4)),
    "lstsq": fixed(a=floats(4, 3), b=floats(4, 2)),
    "meshgrid": fixed(x=(floats(2), floats(3))),
    "multi_hot": fixed(inputs=Tensor((2, 3), "int32"), num_classes=4),
    "pinv": fixed(x=floats(2, 3)),
    "rfft": fixed(x=floats(2, 6)),
    "rot90": lambda rng: {"array": X, "k": rng.choice([1, 2, 3])},
    "scatter": fixed(indices=Tensor((2, 1), "int32"), values=floats(2), shape=(4,)),
    "scatter_update": fixed(
        inputs=floats(4, 2), indices=Tensor((2, 1), "int32"), updates=floats(2, 2)
    ),
    "separable_conv": fixed(
        inputs=floats(2, 5, 5, 3),
        depthwise_kernel=floats(2, 2, 3, 1),
        pointwise_kernel=floats(1, 1, 3, 4),
    ),
    "slice": fixed(inputs=X, start_indices=(0, 1, 0), shape=(1, 2, 3)),
    "space_to_depth": fixed(x=floats(1, 4, 6, 3), block_size=2),
    "sparse_categorical_crossentropy": fixed(
        target=Tensor((2,), "int32"), output=floats(2, 4)
    ),
    "take_along_axis": fixed(x=floats(2, 3), indices=Tensor((2, 1), "int32"), axis=-1),
    "trapezoid": lambda rng: {"y": floats(2, 3), "axis": rng.choice([0, 1])},
    "vander": lambda rng: {"x": floats(3), "N": rng.choice([None, 2])},
    "view_as_complex": fixed(x=floats(3, 2)),
    "view_as_real": fixed(x=Tensor((3,), "complex64")),
    "vsplit": fixed(x=X, indices_or_sections=2),
    "vstack": several,
}
"""Arguments that fit together, for each rule that is written by hand."""


def arguments(found: Operation, rng: random.Random) -> Arguments:
    """Random arguments for what its kind says all of."""
    needed = [one.name for one in found.parameters if one.required]
    given = {n: SAMPLES[n][0] for n in needed if n in SAMPLES}
    x = tensor(rng)
    if found.dtype.startswith("wholes"):
        x = x.of("int32")
    elif found.dtype.startswith("floats") and rng.random() < 0.7:
        x = x.of(rng.choice(("float16", "float32")))
    if found.kind == "creation":
        return given | {"shape": sizes(rng, rng.randrange(4))}
    if found.kind == "broadcast":
        for name in found.tensors:
            kept = [rng.choice((size, 1)) for size in x.shape][rng.randrange(3) :]
            dtype = x.dtype if found.dtype[:6] == "wholes" else rng.choice(DTYPES)
            given[name] = Tensor(tuple(kept), dtype)
        if len(found.tensors) == 2 and rng.random() < 0.3:
            given[rng.choice(found.tensors)] = rng.choice((2, 0.5))
        return given
    given[found.tensors[0]] = x
    if found.reduces and rng.random() < 0.8:
        given["axis"] = axis_of(rng, x)
        if "keepdims" in found.signature and rng.random() < 0.5:
            given["keepdims"] = True
        if found.kind == "reductions" and len(x.shape) > 2 and rng.random() < 0.3:
            given["axis"] = (0, -1)
    return given


def mistakes(found: Operation, function: Any, made: Made) -> Iterator[str]:
    """What is predicted wrong; a function that is never called is a mistake too."""
    called = 0
    rng = random.Random(found.name)
    for _ in range(DRAWS):
        given = {k: v for k, v in made(rng).items() if v is not None}
        order = [one.name for one in found.parameters if one.name in given]
        rest = next((one.name for one in found.parameters if one.how == "*"), "")
        call = Call(function, rest, {name: given[name] for name in order})
        # Draws are no symbolic operations.
        asks = (call.symbolic, call.eager) if found.tensors else (call.eager,)
        answers = list(filter(None, map(asked, asks)))
        agreed = len(answers) == len(asks)
        called += agreed
        shapes = {name: bare(value) for name, value in given.items()}
        shapes |= {
            n: numbers(given[n]) for n in found.shaped if is_numbers(given.get(n))
        }
        dtypes = {n: dtype_in(given[n]) for n in given if dtype_in(given[n])}
        dtype = found.result_dtype(dtypes)
        shape = found.result_shape(shapes)
        if answers and not agreed and UNKNOWN != dtype != "":
            yield f"{given}: {dtype} where Keras refuses one way"
        for answer in answers if agreed else ():
            if shape is not None and not fits(shape, answer):
                yield f"{given}: {shape}, and Keras says {answer}"
            one = answer if isinstance(answer, Tensor) else None
            if one and dtype not in (UNKNOWN, "", one.dtype):
                yield f"{given}: {dtype}, and Keras says {answer}"
        yield from mistakes_when_open(found, call, rng)
    if not called:
        yield "never called"


def mistakes_when_open(
    found: Operation, call: Call, rng: random.Random
) -> Iterator[str]:
    """The same with unknown sizes: what is then known must still be right."""
    open_call = call.with_(**{n: opened(v, rng) for n, v in call.arguments.items()})
    shapes = {name: bare(value) for name, value in open_call.arguments.items()}
    shapes |= {
        n: numbers(shapes[n]) for n in found.shaped if is_numbers(call.arguments.get(n))
    }
    shape = found.result_shape(shapes)
    eager, symbolic = asked(call.eager), asked(open_call.symbolic)
    for answer in filter(None, (eager, symbolic if eager else None)):
        if shape is not None and not fits(shape, answer):
            yield f"{open_call.arguments}: {shape}, and Keras says {answer}"


def opened(value: Any, rng: random.Random) -> Any:
    """A tensor with one size unknown."""
    if isinstance(value, (list, tuple)):
        return type(value)(opened(one, rng) for one in value)
    if not isinstance(value, Tensor) or not value.shape:
        return value
    place = rng.randrange(len(value.shape))
    sizes = (None if i == place else size for i, size in enumerate(value.shape))
    return Tensor(tuple(sizes), value.dtype)


def asked(ask: Any) -> Any:
    try:
        return ask()
    except Refused:
        return None


def bare(value: Any) -> Any:
    """An argument as a rule takes it: a shape for a tensor, () for a number of two."""
    if isinstance(value, (Tensor, numpy.ndarray)):
        return value.shape
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], Tensor):
        return [one.shape for one in value]
    return value


def is_numbers(value: Any) -> bool:
    """Whether this is a number, or several, that a tensor may be made of."""
    return type(value) in (int, float) or (
        isinstance(value, list) and type(value[0]) in (int, float)
    )


def numbers(value: Any) -> tuple[int, ...]:
    """The shape of a number or several."""
    return (len(value),) if isinstance(value, list) else ()


def dtype_in(value: Any) -> str:
    if isinstance(value, Tensor):
        return value.dtype
    return type(value).__name__ if type(value) in (int, float) else value_dtype(value)


def value_dtype(value: Any) -> str:
    return value if isinstance(value, str) and value in DTYPES else ""


def fits(shape: Any, answer: Any) -> bool:
    if isinstance(shape, list):
        pairs = zip(shape, answer, strict=True) if len(shape) == len(answer) else ()
        return len(shape) == len(answer) and all(fits(a, b) for a, b in pairs)
    return (
        isinstance(answer, Tensor)
        and len(shape) == len(answer.shape)
        and all(
            mine is None or theirs in (None, mine)
            for mine, theirs in zip(shape, answer.shape, strict=True)
        )
    )


def known(found: Operation | None) -> bool:
    return found is not None and found.kind not in (
        "unknown",
        "higher",
        "own rule",
        "contraction",
        "reshape",
    )


def drawn_by_kind(found: Operation) -> Made:
    return lambda rng: arguments(found, rng)


FUNCTIONS = {
    **{
        name: (found, getattr(keras.ops, name))
        for name in table.OPS
        if (found := op(name))
    },
    **{
        name: (found, getattr(keras.random, name))
        for name in table.RANDOM
        if (found := draw(name))
    },
    **{
        name: (found, getattr(keras.ops.image, name))
        for name in table.IMAGE
        if (found := image(name))
    },
}


@pytest.mark.parametrize("name", [n for n, (o, _) in FUNCTIONS.items() if known(o)])
def test_kinds(name: str) -> None:
    found, function = FUNCTIONS[name]
    assert list(mistakes(found, function, drawn_by_kind(found))) == []


@pytest.mark.parametrize("name", sorted(own_rules.RULES))
def test_own_rules(name: str) -> None:
    found, function = FUNCTIONS[name]
    assert list(mistakes(found, function, OWN[name])) == []


BROKEN = {
    "a dtype": replace(op("sin"), dtype="same"),  # type: ignore[type-var]
    "a dtype of two": replace(op("add"), dtype="float"),  # type: ignore[type-var]
    "softmax reduces": replace(op("softmax"), kind="reductions"),  # type: ignore
    "sum keeps": replace(op("sum"), kind="elementwise"),  # type: ignore[type-var]
    "squeeze keeps": replace(op("squeeze"), kind="elementwise"),  # type: ignore
    "draws of integers": replace(op("zeros"), dtype="int32"),  # type: ignore[type-var]
    "what Keras refuses": replace(op("sigmoid"), dtype="same"),  # type: ignore
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_wrong_row_is_noticed(broken: Operation) -> None:
    function = getattr(keras.ops, broken.name)
    assert list(mistakes(broken, function, drawn_by_kind(broken)))


def test_a_wrong_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("transpose", "matmul", "concatenate", "split"):
        wrong = lambda **arguments: ()  # noqa: E731
        monkeypatch.setitem(own_rules.RULES, name, wrong)
        found, function = FUNCTIONS[name]
        assert list(mistakes(found, function, OWN[name]))
