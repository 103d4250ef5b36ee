"""The examples of the codes, run: the good ones work in Keras, and of the bad ones those
raise that are said to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import pytest

from layergen.codes import LAYER_CODES
from layergen.problems import UNREADABLE

# What raises as soon as a layer is made, built and called on a model's symbolic input,
# or made anew from its config.
RAISING = {
    *("LG702", "LG703", "LG705", "LG708", "LG711", "LG712", "LG731", "LG732", "LG740"),
    *("LG741", "LG742", "LG743", "LG744", "LG745", "LG746", "LG760", "LG761"),
    *("LG709", "LG762", "LG783", "LG785"),
}
REFUSALS = (TypeError, ValueError, AttributeError, RuntimeError)


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """What the examples register is forgotten."""
    known = keras.saving.get_custom_objects()
    before = dict(known)
    yield
    known.clear()
    known.update(before)


def use(text: str) -> list[dict[str, Any]]:
    """Make the last layer of a module, call it in a model, and make it anew.

    The configs of both layers come back.
    """
    module: dict[str, Any] = {}
    exec(text, module)
    makers = [one for one in module.values() if isinstance(one, type)]
    layer = makers[-1]()
    inputs = keras.Input((4,))
    keras.Model(inputs, layer(inputs))
    again = type(layer).from_config(layer.get_config())
    keras.Model(inputs, again(inputs))
    return [layer.get_config(), again.get_config()]


@pytest.mark.parametrize("code", LAYER_CODES)
def test_good_example_works(code: str) -> None:
    first, again = use(LAYER_CODES[code].good)
    assert first == again


def test_what_raises_is_explained() -> None:
    assert set(LAYER_CODES) > RAISING


@pytest.mark.parametrize("code", [one for one in LAYER_CODES if one != UNREADABLE])
def test_bad_example_raises_if_it_is_said_to(code: str) -> None:
    if code in RAISING:
        with pytest.raises(REFUSALS):
            use(LAYER_CODES[code].bad)
    else:
        use(LAYER_CODES[code].bad)
