"""What a layer is held to unasked, and what it is held to because a case says so."""

import broken_randomness as drawing
import broken_refusals as refusing
import keras
import pytest

from layergen.testing import CHECKS, LayerCase
from layergen.testing.registry import checks_for
from layergen.testing.runner import result_of

ONLY_WHEN_STRICT = {
    "wrong_argument_is_refused",
    "wrong_rank_is_refused_at_build",
    "unknown_size_is_refused_at_build",
    "wrong_size_is_refused_on_later_calls",
}


def case(layer, **stated):
    return LayerCase(layer, {"units": 7}, {"x": (2, 3)}, **stated)


def listed(one):
    return {check.name for check in checks_for(one)}


def test_a_case_is_lenient_unless_it_says_otherwise():
    lenient, strict = case(refusing.AnyRank), case(refusing.AnyRank, strict=True)
    assert not lenient.strict
    assert listed(strict) - listed(lenient) == ONLY_WHEN_STRICT
    assert listed(lenient) < listed(strict)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "name", ["draws_anew_in_every_step", "graph_draws_anew_in_every_step"]
)
def test_a_layer_that_is_stated_to_draw_must(name, strict):
    stated = case(drawing.FixedSeed, random=True, strict=strict)
    assert result_of(CHECKS[name], stated).outcome == "failed"


def test_a_layer_that_only_takes_a_seed_need_not_draw():
    unstated = case(drawing.FixedSeed)
    found = result_of(CHECKS["draws_anew_in_every_step"], unstated)
    assert found.outcome == "not applicable"
    assert "draws nothing with these arguments" in found.message


def test_a_layer_without_a_generator_that_is_stated_to_draw_must():
    dense = LayerCase(keras.layers.Dense, {"units": 2}, {"inputs": (2, 3)}, random=True)
    found = result_of(CHECKS["draws_anew_in_every_step"], dense)
    assert found.outcome == "failed"
