"""Questions to the tables, which need no Keras."""

from __future__ import annotations

import subprocess
import sys

import pytest

from layergen.gradient.operations import DEFAULTS, PARAMETERS
from layergen.keras_tables.dtypes import UNKNOWN, common, result
from layergen.keras_tables.layers import having, layer
from layergen.keras_tables.operations import image, is_elementwise, op, random
from layergen.keras_tables.parameters import Parameter, parameters_of
from layergen.keras_tables.signatures import ROWS, signature
from layergen.keras_tables.spellings import ELSEWHERE, meant


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sin", "elementwise"),
        ("add", "broadcast"),
        ("where", "broadcast"),
        ("sum", "reductions"),
        ("argmax", "reduction"),
        ("matmul", "contraction"),
        ("softmax", "along"),
        ("reshape", "reshape"),
        ("zeros", "creation"),
        ("scan", "higher"),
        ("concatenate", "own rule"),
        ("bitwise_and", "unknown"),
    ],
)
def test_kinds(name: str, kind: str) -> None:
    found = op(name)
    assert found is not None and found.kind == kind
    assert is_elementwise(name) is (kind in ("elementwise", "broadcast"))


def test_what_there_is_not() -> None:
    assert op("sine") is None and random("sin") is None and layer("Denze") is None
    assert image("resize") is not None and not is_elementwise("sine")


def test_parameters() -> None:
    found = layer("Dense")
    assert found is not None
    assert found.parameters[:2] == (Parameter("units"), Parameter("activation", "None"))
    assert found.parameters[-1] == Parameter("kwargs", how="**")
    assert found.parameters[0].required and not found.parameters[-1].required
    einsum = op("einsum")
    assert einsum is not None and einsum.parameters[1] == Parameter("operands", how="*")


def test_what_layers_take_by_name() -> None:
    dense, lookup, cross = (
        layer("Dense"),
        layer("IntegerLookup"),
        layer("HashedCrossing"),
    )
    norm, pipeline = layer("LayerNormalization"), layer("Pipeline")
    assert dense and lookup and cross and norm and pipeline
    assert (
        dense.takes("dtype") and dense.takes("trainable") and dense.takes("input_dim")
    )
    assert not dense.takes("activaton") and all(p.how != "**" for p in dense.accepted)
    assert norm.takes("rms_scaling") and not dense.takes("rms_scaling")
    assert lookup.takes("trainable") and not lookup.takes("activity_regularizer")
    assert cross.takes("anything")
    assert not pipeline.takes("dtype") and pipeline.takes("name")


def test_signatures() -> None:
    mean = (Parameter("x"), Parameter("axis", "None"), Parameter("keepdims", "False"))
    assert signature("keras.ops.mean") == signature("keras.ops.numpy.mean") == mean
    assert signature("keras.initializers.Zeros") == ()
    found = signature("keras.layers.Dense")
    assert found and found[0] == Parameter("units")
    for name in (
        "mean",
        "keras.ops.meen",
        "keras.ops",
        "numpy.mean",
        "",
        "keras.Model",
    ):
        assert signature(name) is None


def test_what_other_libraries_say() -> None:
    """Each is no name here where it is taken for another, which some function has."""
    rows = [row for module in ROWS.values() for row in module.values()]
    known = {one.name for row in rows for one in parameters_of(row[0])}
    for names in ELSEWHERE.values():
        assert known.issuperset(names)
    assert (
        meant("dim", ["x", "axis"]) == "axis" and meant("dim", ["x", "axes"]) == "axes"
    )
    assert meant("dim", ["units"]) == "" and meant("axis", ["axis"]) == ""


def test_facts_of_layers() -> None:
    dense, gru = layer("Dense"), layer("GRU")
    assert dense and gru
    assert dense.weighted and dense.masking and dense.single and not dense.seeded
    assert gru.weighted and gru.seeded and not gru.masking
    assert {"Dropout", "RandomFlip"} <= having("seeded")
    assert {"Activation", "Dropout"} <= having("buildless")
    holding = {"Attention", "Bidirectional", "Pipeline", "TimeDistributed"}
    assert having("buildless").isdisjoint(having("weighted") | holding)


def test_dtypes() -> None:
    assert common(("int32", "float16")) == "float16"
    assert common(("float16", "float")) == "float16"
    assert result("float", ("int64",)) == "float32"
    assert result("float", ("complex64",)) == UNKNOWN
    assert result("same; bool bool unknown", ("bool", "bool")) == UNKNOWN
    assert result("same; weak unknown", ("int8", "int")) == UNKNOWN
    assert result("floats", ("int32",)) == UNKNOWN
    where = op("where")
    assert where is not None
    given = {"condition": "bool", "x1": "float16", "x2": "int32"}
    assert where.result_dtype(given) == "float16"


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_of_derivatives(name: str) -> None:
    """The symbolic derivation calls its parameters and defaults as Keras does."""
    found = op(name)
    assert found is not None
    own = found.parameters[: len(PARAMETERS[name])]
    assert tuple(one.name for one in own) == PARAMETERS[name]
    for key, value in DEFAULTS.get(name, {}).items():
        [default] = [one.default for one in own if one.name == key]
        assert str(default) == str(value) or float(str(default)) == float(value)


def test_asking_imports_no_keras() -> None:
    code = (
        "import sys; from layergen.keras_tables import operations, layers, names, gaps; "
        "operations.op('sin'); layers.layer('Dense'); "
        "sys.exit('keras' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
