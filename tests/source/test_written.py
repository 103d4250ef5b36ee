"""Code knows what it reads: said where it is made, kept where it is put together."""

import pytest

from layergen.problems import Place
from layergen.source.bodies import expression, function_body, numpy_body, unchanged
from layergen.source.code import Code
from layergen.source.conditions import negated
from layergen.source.functions import Function, broadcasting
from layergen.source.literals import literal
from layergen.source.rewrite import extended
from layergen.source.statements import AddWeight, Assign, Branch, Each, Run, reads_in
from layergen.source.written import Written, named, reads_of


def code(text):
    return Code(text, tuple(Place(n + 1, 1) for n in range(len(text.splitlines()))))


def bind(name):
    """Arguments are attributes; what is looked up says what it needs."""
    if name == "activation":
        return Written("activations.get(activation)", reads=["activations"])
    return f"self.{name}" if name in ("units", "x.shape") else name


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("ops.tanh(units)", {"ops"}),
        ("ops.shape(units)", {"ops"}),
        ("units + 1", set()),
        ("activation(units)", {"activations"}),
        ("a @ b", {"a", "b", "ops"}),
        ("[one * a for one in units]", {"a"}),
        ("f'{units} {math.pi}'", {"math"}),
        ("x.shape[-1]", set()),
        ("y.shape[-1]", {"y"}),
    ],
)
def test_an_expression_reads_what_stays_and_what_is_put_in(text, reads):
    assert expression(code(text), bind).reads == reads


def test_a_body_reads_what_goes_around_its_values():
    wrap = Written("ops.cast({}, dtype)", reads=["ops"])
    assert function_body(code("return units"), bind).reads == set()
    assert function_body(code("return units"), bind, wrap).reads == {"ops"}
    assert (
        function_body(code("units"), bind, wrap) == "return ops.cast(self.units, dtype)"
    )


def test_a_body_reads_what_is_added_to_calls_and_updates_of_states():
    added = function_body(
        code("draw(1)"), bind, extra=lambda call: (named("seed"), "k=1")
    )
    assert added == "return draw(1, seed, k=1)"
    assert added.reads == {"draw", "seed"}
    updated = function_body(
        code("count |= 1\nreturn units"), bind, states={"count": True}
    )
    assert "ops.bitwise_or(" in updated and "ops" in updated.reads


def test_code_of_numpy_arrays_needs_no_operations_of_keras():
    assert numpy_body(code("return a @ np.ones(3)"), bind).reads == {"a", "np"}


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("a < math.pi", {"a", "math"}),
        ("not f(a)", {"f", "a"}),
        ("a and math.e", {"a", "math"}),
        ("f(a)", {"f", "a"}),
    ],
)
def test_what_is_negated_or_left_as_it_is_reads_the_same(text, reads):
    assert negated(code(text), bind).reads == reads
    assert unchanged(code(text)).reads == reads


def test_values_hold_code_and_are_written_as_it():
    value = {"shape": (2, None), "fn": named("reference"), "all": [named("np"), "np"]}
    assert literal(value) == '{"shape": (2, None), "fn": reference, "all": [np, "np"]}'
    assert reads_of(value) == {"reference", "np"}
    assert extended(Written("f()", reads=["f"]), named("x")).reads == {"f", "x"}


def test_statements_and_functions_read_what_is_in_them():
    a, b, c, d = map(named, "abcd")
    inner = Branch(a, (Each("one", b, (Run(c),)),), (AddWeight("w", (("shape", d),)),))
    assert reads_in(inner) == {"a", "b", "c", "d"}
    nested = Function("g", (), (Assign("x", c),), (Written("@e", reads=["e"]),))
    outer = Function("f", (Written("p=d", reads=["d"]),), (nested, Run(a)))
    assert outer.reads == {"a", "c", "d", "e"}
    assert [function.reads for function in broadcasting()] == [{"ops"}, {"ops"}]
