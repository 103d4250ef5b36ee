"""Arguments, shapes, inputs and outputs, as far as texts show."""

from __future__ import annotations

import pytest
from language.reading import HEAD, codes, module, spec_of, squeezed, texts

ARGS = HEAD + "forward: x\nargs: "


# spec: args-short
@pytest.mark.parametrize(
    ("text", "type_", "required", "default"),
    [
        ("int", "int", True, None),
        ("int = 3", "int", False, 3),
        (
            '\'Literal["mean", "max"] = "mean"\'',
            'Literal["mean", "max"]',
            False,
            "mean",
        ),
        ("int | None = None", "int | None", False, None),
        ("'list[int]'", "list[int]", True, None),
    ],
)
def test_short_form(text: str, type_: str, required: bool, default: object) -> None:
    [arg] = spec_of(ARGS + f"{{a: {text}}}\n").args
    assert (str(arg.type), arg.required, arg.default) == (type_, required, default)


# spec: args-long
def test_long_form() -> None:
    long = "{units: {type: int, default: 8, min: 1, doc: Output width.}}\n"
    [arg] = spec_of(ARGS + long).args
    assert (str(arg.type), arg.default, arg.min) == ("int", 8, 1)
    assert "units: Positive integer, output width. Defaults to `8`." in module(
        ARGS + long
    )


# spec: args-types
@pytest.mark.parametrize(
    "type_",
    'int,float,bool,str,Literal["a"],list[int],list[list[float]],dict,Shape,DType,Array,'
    "Initializer,Regularizer,Constraint,Activation,Layer".split(","),
)
def test_every_type_with_and_without_none(type_: str) -> None:
    for text in (type_, f"{type_} | None"):
        [arg] = spec_of(ARGS + f"{{a: '{text}'}}\n").args
        assert str(arg.type) == text
        assert "def __init__(self, a, **kwargs):" in module(ARGS + f"{{a: '{text}'}}\n")


# spec: args-unions
@pytest.mark.parametrize(
    ("type_", "kept", "config"),
    [
        ("int | list[int]", "list(a) if isinstance(a, (list, tuple)) else a", "list(self.a)"),
        ("str | Activation", "a if isinstance(a, str) else activations.get(a)", "activations.serialize(self.a)"),
        ("Activation | Layer", "a if isinstance(a, keras.layers.Layer) else activations.get(a)", "serialize_keras_object(self.a)"),
        ("bool | int | str", "a", '"a": self.a'),
        ("Literal[1] | dict", "dict(a) if isinstance(a, dict) else a", "dict(self.a)"),
    ],
)  # fmt: skip
def test_each_of_several_types_is_kept_as_it_is(
    type_: str, kept: str, config: str
) -> None:
    for text in (type_, f"{type_} | None"):
        [arg] = spec_of(ARGS + f"{{a: '{text}'}}\n").args
        assert str(arg.type) == text
    made = squeezed(module(ARGS + f"{{a: '{type_}'}}\n"))
    assert f"self.a = ( {kept} )" in made or f"self.a = {kept} " in made
    assert config in made


# spec: args-length
@pytest.mark.parametrize(
    ("arg", "check", "said"),
    [
        ("length: 2", "len(a) != 2", "a list of 2 integers"),
        ("length: 1", "len(a) != 1", "a list of one item, an integer"),
        ("length: {min: 1}", "or not a or", "a non-empty list of integers"),
        ("length: {min: 2}", "len(a) < 2", "a list of at least 2 integers"),
        ("length: {max: 2}", "len(a) > 2", "a list of at most 2 integers"),
        ("length: {min: 2, max: 4}", "not 2 <= len(a) <= 4", "a list of 2 to 4 integers"),
    ],
)  # fmt: skip
def test_a_list_is_as_long_as_it_is_said(arg: str, check: str, said: str) -> None:
    text = squeezed(module(ARGS + f"{{a: {{type: 'list[int]', {arg}}}}}\n"))
    assert check in text and f"`a` must be {said}" in text


# spec: args-length
@pytest.mark.parametrize(
    ("arg", "code", "check"),
    [
        ("list[float]", "x * a[2]", "len(a) < 3"),
        ("list[float]", "x * a[-2]", "len(a) < 2"),
        ("list[float]", "x * max(a)", "or not a or"),
        ("list[float]", "x * a[2] if len(a) > 2 else x", "isinstance(a, (list, tuple)) or any"),
        ("list[float]", "x * sum(a)", "isinstance(a, (list, tuple)) or any"),
        ("list[float] = []", "x * a[0]", "isinstance(a, (list, tuple)) or any"),
        ("list[float] | None = None", "x * a[0]", "isinstance(a, (list, tuple)) or any"),
    ],
)  # fmt: skip
def test_a_list_has_what_code_takes_of_it(arg: str, code: str, check: str) -> None:
    text = HEAD + f"args:\n  a: {arg}\nforward: {code}\n"
    assert check in squeezed(module(text))


# spec: shapes-members
def test_items_of_a_list_are_axes() -> None:
    text = module(
        "layer: Made\nargs: {size: {type: 'int | list[int]', length: 2}}\n"
        "inputs: [batch, h, w, d]\noutputs: [batch, ...size]\n"
        "weights: {kernel: [...size, d]}\nforward: ops.einsum('bhwd,xyd->bxy', x, kernel)\n"
    )
    assert "shape=(*self.size, d)" in text
    assert "`(batch, *size)`" in text and "or size < 1" in squeezed(text)
    assert "return (input_shape[0], self.size[0], self.size[1])" in text


# spec: args-sizes
@pytest.mark.parametrize(
    ("arg", "check"),
    [
        ("int", "not isinstance(n, int) or n < 1:"),
        ("{type: int, min: 0}", "not isinstance(n, int) or n < 0:"),
        ("{type: int, above: 2}", "not isinstance(n, int) or not n > 2:"),
    ],
)
def test_an_argument_that_is_an_axis_is_at_least_one(arg: str, check: str) -> None:
    text = f"layer: Made\nargs: {{n: {arg}}}\ninputs: [batch, n]\nforward: x\n"
    assert check in squeezed(module(text))


# spec: args-docs
def test_an_argument_is_described_by_what_is_done_with_it() -> None:
    text = module(
        "layer: Made\n"
        "args: {width: int, deep: 'list[int]', much: float, n: int, out: int, bias: bool,\n"
        "       rate: {type: float, doc: How fast.}}\n"
        "inputs: [batch, d]\noutputs: [batch, out]\n"
        "weights: {w: {shape: [out], when: bias}}\n"
        "layers:\n  hidden: Dense(width)\n  other: {make: Dense(width), when: bias}\n"
        "  many: {make: Dense(size), for: size in deep}\n"
        "  drop: {make: Dropout(much), for: _ in range(n)}\n  last: Dense(out)\n"
        "forward: last(drop[0](many[0](hidden(x)))) * rate\n"
    )
    for said in (
        "width: Positive integer, number of units of `hidden` and `other`.",
        "deep: List of positive integers, the number of units of each layer in `many`.",
        "much: Number, fraction of the input units that each layer in `drop` drops.",
        "n: Non-negative integer, number of layers in `drop`.",
        "out: Positive integer, dimensionality of the output space.",
        "bias: Boolean, whether the layer uses the `w` vector and `other`.",
        "rate: Number, how fast.",
    ):
        assert said in squeezed(text)


# spec: args-docs
def test_a_name_is_no_description() -> None:
    text = module(
        "layer: Halve\nargs: {rate: float = 0.1, units: int, axis: int}\n"
        "inputs: [batch, d]\nforward: x * rate * units * axis\n"
    )
    assert "rate: Number. Defaults to `0.1`.\n" in text
    assert "units: Integer.\n" in text and "axis: Integer.\n" in text


@pytest.mark.parametrize(
    ("arg", "rest", "check"),
    [
        ("n: int", "layers: {a: Dense(n)}\nforward: a(x)\n", "n < 1:"),
        ("n: int", "layers: {a: 'Conv1D(8, n)'}\nforward: a(x)\n", "n < 1:"),
        ("n: 'list[int]'", "layers: {a: {make: Dense(k), for: k in n}}\nforward: a[0](x)\n", "value < 1 for"),
        ("n: int", "layers: {a: {make: Dense(4), for: _ in range(n)}}\nforward: a[0](x)\n", "n < 0:"),
        ("n: int", "derived: {k: 'sum([i for i in range(n)])'}\nforward: x * k\n", "n < 0:"),
        ("n: int", "layers: {a: {make: Dense(n), when: n > 0}}\nforward: a(x) if n > 0 else x\n", ", int):"),
        ("n: {type: int, default: 0}", "layers: {a: Dense(n)}\nforward: a(x)\n", ", int):"),
        ("n: {type: int, max: 0}", "layers: {a: Dense(n)}\nforward: a(x)\n", "not n <= 0:"),
        ("n: {type: int, min: 2}", "layers: {a: Dense(n)}\nforward: a(x)\n", "n < 2:"),
        ("n: int", "forward: |\n  if n < 0:\n    return x\n  for i in range(n):\n    x = x * i\n  return x\n", ", int):"),
    ],
)  # fmt: skip
# spec: args-sizes
def test_what_is_taken_for_a_size_is_one(arg: str, rest: str, check: str) -> None:
    text = module(f"layer: Made\nargs: {{{arg}}}\ninputs: [batch, t, d]\n{rest}")
    assert check in squeezed(text)


# spec: args-order
def test_order_of_the_constructor() -> None:
    text = module(
        "layer: Made\nargs: {depth: int = 2, units: int}\ninputs: [batch, d]\n"
        "weights:\n"
        "  a: {shape: [d], constraint: null, regularizer: null}\n"
        "  b: {shape: [d], regularizer: l2}\n"
        "activation: relu\n"
        "forward: x * a * b * depth * units + random.normal(())\n"
    )
    start = squeezed(text).split("def __init__(self, ")[1].split(", **kwargs):")[0]
    assert [part.split("=")[0] for part in start.split(", ")] == [
        *("units", "activation", "depth", "a_initializer", "b_initializer"),
        *("a_regularizer", "b_regularizer", "a_constraint", "seed"),
    ]


# spec: shapes-any
def test_nothing_is_checked_of_a_shape_that_is_any() -> None:
    text = module("layer: Made\ninputs: any\nforward: x\n")
    assert "input_spec" not in text and "raise" not in text


# spec: shapes-grammar
def test_dimensions() -> None:
    text = "[batch, 3, ...space, 2 * (d + 1) // 2 - d, d, _]"
    [tensor] = spec_of(f"layer: Made\ninputs: {text}\nforward: x\n").inputs
    assert str(tensor.shape) == text


# spec: shapes-rest
def test_a_weight_may_have_the_axes_of_the_rest() -> None:
    text = (
        "layer: Made\ninputs: [batch, ..., d]\nweights: {w: [..., d]}\nforward: x * w\n"
    )
    assert "shape=(d,)" not in module(text)


# spec: shapes-rest
def test_a_rest_stands_in_the_first_input_whatever_its_name() -> None:
    text = "layer: Made\ninputs: {x: [batch, d], y: [batch, ...t]}\noutputs: [batch, ...t]\n"
    assert codes(text + "forward: y\n") == ["LG303", "LG303"]


# spec: shapes-values
def test_a_name_that_is_a_value_is_held_to_it() -> None:
    text = module(
        "layer: Made\nargs: {n: int}\ninputs: {x: [batch, n], y: [batch, k]}\n"
        "derived: {k: n * 2}\nforward: x[:, :1] * y\n"
    )
    assert "axes={-1: n}" in text
    assert "y_shape[-1] not in (None, self.k)" in text


# spec: shapes-rest-name
def test_the_name_of_a_rest_is_the_positions_of_its_axes() -> None:
    text = (
        "layer: Made\ninputs: [batch, ...space, d]\nforward: ops.mean(x, axis=space)\n"
    )
    assert "space = tuple(range(1, len(x.shape) - 1))" in module(text)


# spec: inputs-one
def test_one_input_is_x() -> None:
    assert "def call(self, x):" in module(HEAD + "forward: x\n")


# spec: inputs-several
def test_several_inputs_in_the_order_of_call() -> None:
    text = module(
        "layer: Made\ninputs: {b: [batch, q, d], a: [batch, v, d]}\n"
        "forward: b @ ops.transpose(a, (0, 2, 1))\n"
    )
    assert "def call(self, b, a):" in text
    assert "def build(self, b_shape, a_shape):" in text


# spec: inputs-long
def test_the_long_form_of_an_input() -> None:
    [tensor] = spec_of(
        "layer: Made\nargs: {codes: int}\n"
        "inputs: {shape: [batch], dtype: int32, min: 0, below: codes}\nforward: x\n"
    ).inputs
    assert (tensor.name, tensor.dtype, tensor.min, tensor.below) == (
        *("x", "int32", 0, "codes"),
    )


# spec: inputs-many
def test_the_number_of_tensors_may_be_an_argument() -> None:
    text = "layer: Made\nargs: {n: int}\ninputs: {xs: {shape: [batch, d], many: n}}\n"
    assert "len(input_shape) != self.n" in module(text + "forward: xs[0] * n\n")


# spec: call-args
def test_arguments_of_call_are_keywords_and_validated_there() -> None:
    text = module(
        HEAD + "call_args: {start: int, by: float = 0.5}\nforward: x * start * by\n"
    )
    assert "def call(self, x, *, start, by=0.5):" in text
    call = text.split("def call")[1]
    assert "`start` must be an integer" in call and "`by` must be a number" in call


# spec: outputs
def test_outputs() -> None:
    text = module(
        HEAD + "outputs: {a: [batch, d], b: {shape: [batch], dtype: int32}}\n"
        "forward: x, ops.argmax(x, axis=-1)\n"
    )
    assert "return input_shape, (input_shape[0],)" in text
    assert 'dtype="int32"' in text
    assert codes(HEAD + "outputs: {a: [batch], b: [batch]}\nforward: x, x, x\n") == [
        "LG415"
    ]


# spec: outputs-inferred
@pytest.mark.parametrize("outputs", ["", "outputs: [batch, _]\n", "outputs: any\n"])
def test_keras_infers_outputs_that_are_not_stated(outputs: str) -> None:
    code = "forward: next(iter([x]))\n"
    inferred = "keras.Operation.compute_output_spec(self, *args, **kwargs)"
    assert inferred in module(HEAD + outputs + code)
    assert inferred not in module(HEAD + outputs + "forward: x\n")
    assert inferred not in module(HEAD + "outputs: [batch, d]\nforward: x\n")


# spec: example-chosen
def test_sizes_that_are_chosen_differ_and_meet_the_requirements() -> None:
    _, test = texts(
        "layer: Made\nargs: {units: int}\ninputs: [batch, time, d]\n"
        "weights: {w: [d, units]}\nrequire: {time % 4 == 0: time is long}\n"
        "forward: ops.tanh(x @ w)\n"
    )
    shape = test.split('inputs={"x": (')[1].split(")")[0]
    batch, time, d = map(int, shape.split(", "))
    units = int(test.split('{"units": ')[1].split("}")[0])
    assert len({batch, time, d, units}) == 4
    assert time % 4 == 0


# spec: example
def test_an_example_says_what_the_tests_use() -> None:
    _, test = texts(
        "layer: Made\nargs: {units: int}\ninputs: [batch, d]\nweights: {w: [d, units]}\n"
        "forward: ops.tanh(x @ w)\nexample: {units: 11, batch: 4, d: 9}\n"
    )
    assert '{"units": 11}' in test and 'inputs={"x": (4, 9)}' in test


# spec: shapes-grammar, inputs-range
def test_docstrings_speak_of_shapes_as_keras_does() -> None:
    text = module(
        "layer: Made\n"
        "inputs:\n  x: [batch, ...space, d]\n"
        "  at: {shape: [batch, _, d], dtype: int32, min: 0, below: d}\n"
        "outputs: {y: [batch, ...space, d], z: any}\nforward: return x, at\n"
    )
    assert (
        squeezed(text.split("Input shape:")[1].split("Raises:")[0])
        == (
            "`x`: `(batch, ..., d)`. `at`: `(batch, any, d)`, where `any` is any size. "
            "Values are at least 0 and below `d`. Output shape: `y`: `(batch, ..., d)`. "
            "`z`: `(batch, any, d)`, where `any` is any size. "
        ).strip()
    )
    assert "must have 3 axes, (batch, any, d)" in squeezed(text)


# spec: shapes-unknown
def test_a_size_that_build_knows_is_kept() -> None:
    text = module(
        "layer: Made\ninputs: [batch, time, d]\nweights: {w: [d]}\n"
        "forward: x * w * ops.cast(d + time, x.dtype)\n"
    )
    assert "self._d_size = d\n" in text
    assert "d = self._d_size\n" in text
    assert "time = ops.shape(x)[1]\n" in text


# spec: shapes-unknown
def test_build_asks_for_no_shape_that_nothing_needs() -> None:
    weight = "layer: Made\nargs: {n: int}\ninputs: [batch, %s]\nweights: {w: [%s]}\n"
    plain = module(weight % ("n", "n") + "forward: x * w\n")
    assert "def build(self, input_shape=None):" in plain
    assert "def build(self, input_shape):" in module(
        weight % ("d", "d") + "forward: x * w * n\n"
    )


# spec: args-validated
def test_arguments_alike_are_checked_in_a_loop() -> None:
    text = squeezed(
        module(ARGS + "{argument: int, n: int, m: 'int | None', k: float}\n")
    )
    assert (
        'for argument_1, given in (("argument", argument), ("n", n)): '
        "if isinstance(given, bool) or not isinstance(given, int): "
        'raise ValueError(f"`{argument_1}` must be an integer. '
        'Received: {argument_1}={given}")'
    ) in text
    assert (
        "if m is not None and" in text and "`k` must be a number. Received: k" in text
    )
