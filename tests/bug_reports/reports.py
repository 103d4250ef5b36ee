"""The reports that are rebuilt: their layers, and what is needed to make and call them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import reported_configs as configs
import reported_later as later
import reported_masks as masks
import reported_randomness as randomness
import reported_shapes as shapes
import reported_states as states
import reported_sublayers as sublayers

HERE = Path(__file__).parent
FLAT, STEPS = (4, 6), (4, 3, 6)


@dataclass(frozen=True)
class Report:
    """One of the list: the layer with the fault, that without, and what they are given.

    `shape` is the input's; `stated` what is stated of both beside it.
    """

    number: int
    broken: Any
    mended: Any
    shape: Any
    args: dict[str, Any] = field(default_factory=dict)
    stated: dict[str, Any] = field(default_factory=dict)


REPORTS = [
    Report(1, randomness.RandomGain, randomness.RandomGainMended, FLAT),
    Report(2, shapes.ChannelScale, shapes.ChannelScaleMended, FLAT),
    Report(3, shapes.FeaturePool, shapes.FeaturePoolMended, FLAT),
    Report(4, sublayers.Growing, sublayers.GrowingMended, FLAT),
    Report(
        5, randomness.FixedPrecisionNoise, randomness.FixedPrecisionNoiseMended, FLAT
    ),
    Report(6, shapes.CausalSum, shapes.CausalSumMended, STEPS),
    Report(7, configs.MaskedScale, configs.MaskedScaleMended, FLAT, {"threshold": 0.1}),
    Report(8, sublayers.TokenHead, sublayers.TokenHeadMended, FLAT),
    Report(10, shapes.Canvas, shapes.CanvasMended, FLAT),
    Report(11, masks.SkipFirst, masks.SkipFirstMended, STEPS),
    Report(12, shapes.OuterProducts, shapes.OuterProductsMended, FLAT),
    Report(
        13, configs.Capsules, configs.CapsulesMended, FLAT, {"capsules": 2, "size": 3}
    ),
    Report(14, states.LastFeatures, states.LastFeaturesMended, FLAT),
    Report(15, sublayers.LateBlocks, sublayers.LateBlocksMended, FLAT),
    Report(17, states.SignDense, states.SignDenseMended, FLAT),
    Report(18, configs.DenseBlock, configs.DenseBlockMended, FLAT),
    Report(21, configs.LocalResponse, configs.LocalResponseMended, FLAT),
    Report(22, masks.SmallestOverTime, masks.SmallestOverTimeMended, STEPS),
    Report(23, states.Buckets, states.BucketsMended, FLAT, stated={"gradient": None}),
    Report(
        24,
        configs.Metric,
        configs.MetricMended,
        FLAT,
        {"metric": [1.0, -1.0, 2.0, 0.5, 3.0, 1.5]},
    ),
    Report(25, states.LengthAndDirection, states.LengthAndDirectionMended, FLAT),
    Report(26, states.MinimalCell, states.MinimalCellMended, FLAT),
    Report(27, states.Matrix, states.MatrixMended, FLAT),
    Report(28, sublayers.FeedForward, sublayers.FeedForwardMended, FLAT),
    Report(29, states.GraphConvolution, states.GraphConvolutionMended, STEPS),
    Report(30, later.Stacked, later.StackedMended, FLAT),
    Report(31, later.LayerScale, later.LayerScaleMended, FLAT),
    Report(32, later.CausalAttention, later.CausalAttentionMended, STEPS),
    Report(33, later.NoiseAtTimes, later.NoiseAtTimesMended, FLAT),
    Report(34, later.GroupScale, later.GroupScaleMended, FLAT),
    Report(35, later.LastStep, later.LastStepMended, STEPS),
    Report(36, later.WordVectors, later.WordVectorsMended, FLAT),
    Report(
        37,
        later.FilterBank,
        later.FilterBankMended,
        FLAT,
        {"trainable_filters": False},
    ),
    Report(38, later.Gather, later.GatherMended, FLAT),
    Report(39, later.ConvBlock, later.ConvBlockMended, STEPS, {"num_layers": 2}),
]
