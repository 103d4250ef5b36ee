"""Layers as public projects write them: the right ones are silent, whatever they look like."""

import pytest
from foreign_layers import RIGHT

from layergen.testing import check_layer
from layergen.testing.observing import observed_case


@pytest.mark.parametrize(
    ("layer", "args"), RIGHT, ids=[layer.__name__ for layer, _ in RIGHT]
)
def test_right_layers_are_silent(layer, args):
    check_layer(observed_case(layer, args)).raise_if_failed()
