"""Questions to the tables, which need no Keras."""

from __future__ import annotations

import subprocess
import sys

import pytest

from layergen.gradient.operations import DEFAULTS, PARAMETERS
from layergen.keras_tables.dtypes import UNKNOWN, common, result
from layergen.keras_tables.layers import having, layer
from layergen.keras_tables.operations import image, is_elementwise, op, random
from layergen.keras_tables.parameters import Parameter


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


def test_facts_of_layers() -> None:
    dense, gru = layer("Dense"), layer("GRU")
    assert dense and gru
    assert dense.weighted and dense.masking and dense.single and not dense.seeded
    assert gru.weighted and gru.seeded and not gru.masking
    assert {"Dropout", "RandomFlip"} <= having("seeded")


def test_dtypes() -> None:
    assert common(("int32", "float16")) == "float16"
    assert common(("float16", "float")) == "float16"
    assert result("float", ("int64",)) == "float32"
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
