"""Changing one value of a spec leaves every other byte as it is."""

import pytest

from layergen.language.edit import with_value

SPEC = "# top\ndoc: |\n  Long\nlayer: Old   # why\n# of args\nargs:\n  units: int\n"


def test_value_is_replaced():
    assert with_value(SPEC, "layer", "New") == SPEC.replace("Old", "New")


def test_key_is_added_below_layer():
    assert with_value(SPEC, "style", "both") == SPEC.replace(
        "# why\n", "# why\nstyle: both\n"
    )


def test_quoted_value():
    assert with_value("layer: 'Old'\n", "layer", "New") == "layer: New\n"


@pytest.mark.parametrize("text", ["layer: Old", "{layer: Old, inputs: [a]}\n"])
def test_key_is_added_anywhere(text):
    import yaml

    changed = yaml.safe_load(with_value(text, "style", "both"))
    assert changed == {**yaml.safe_load(text), "style": "both"}


@pytest.mark.parametrize("text", ["", "- a\n", "layer: [\n", "args: {}\n"])
def test_what_is_no_spec_is_left_alone(text):
    assert with_value(text, "style", "both") == text
