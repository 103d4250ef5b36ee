"""What a new layer's file and class are called."""

import pytest

from layergen.commands.new_names import module_name, pascal_case
from layergen.errors import UserError


@pytest.mark.parametrize(
    ("given", "module", "layer"),
    [
        ("swish_dense", "swish_dense", "SwishDense"),
        ("SwishDense", "swish_dense", "SwishDense"),
        ("GELUDense", "gelu_dense", "GELUDense"),
        ("conv2d_x", "conv2d_x", "Conv2dX"),
    ],
)
def test_both_spellings(given, module, layer):
    assert module_name(given) == module
    assert pascal_case(given) == layer


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a/b",
        "../a",
        "a.b",
        "2d",
        "_a",
        "a-b",
        "a b",
        "é",
        "class",
        "keras",
        "random",
    ],
)
def test_refused(name):
    with pytest.raises(UserError):
        module_name(name)
