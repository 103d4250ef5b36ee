"""Layers with one fault each, in masks, and the checks that catch them."""

import keras
from broken_cases import every_other, mean, sequence
from correct_layers import Affine, Joined, MaskedMean
from correct_stateful import EveryOther, Meets
from keras import ops

from layergen.testing import LayerCase

register = keras.saving.register_keras_serializable(package="broken_masks")


@register
class DropsMask(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.supports_masking = False


@register
class InvertsMask(Affine):
    def compute_mask(self, inputs, mask=None):
        return None if mask is None else ops.logical_not(mask)


@register
class MadeWhereOneIs(Affine):
    def compute_mask(self, inputs, mask=None):
        return None if mask is None else inputs[..., 0] > 0


@register
class KeepsMask(MaskedMean):
    def compute_mask(self, inputs, mask=None):
        return mask


@register
class Unsupporting(MaskedMean):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = False


@register
class IgnoresMask(MaskedMean):
    def call(self, x, mask=None):
        return ops.mean(x, axis=1)


@register
class WholeMask(EveryOther):
    def compute_mask(self, inputs, mask=None):
        return mask


@register
class InventsMask(EveryOther):
    def compute_mask(self, inputs, mask=None):
        if mask is None:
            return ops.ones(ops.shape(inputs)[:2], "bool")[:, ::2]
        return mask[:, ::2]


@register
class TrustsKeras(Meets):
    def call(self, query, value=None, query_mask=None, value_mask=None):
        y = query + self.mean(query, query_mask)
        return y if value is None else y + self.mean(value, value_mask)


@register
class ReducesMask(MaskedMean):
    def compute_mask(self, inputs, mask=None):
        return None if mask is None else ops.any(mask, axis=1)


@register
class UnsupportingSlice(EveryOther):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = False


@register
class PeeksAtPadding(MaskedMean):
    """Masks the mean, and scales it by what all steps hold."""

    def call(self, x, mask=None):
        return super().call(x, mask) * ops.max(x, axis=1)


@register
class TrustsTheTensor(Meets):
    """Looks for the mask on the tensor alone, whatever mask it is given."""

    def mean(self, x, mask):
        return super().mean(x, getattr(x, "_keras_mask", None))


@register
class OneMaskForBoth(Joined):
    """Takes the mask of the one for that of the other."""

    def call(self, inputs, mask=None):
        masks = mask or {}
        given = {"query": masks.get("value"), "value": masks.get("query")}
        return super().call(inputs, given)


@register
class TrustsTheMembers(Joined):
    """Looks for masks on the tensors alone, whatever masks it is given."""

    def mean(self, x, mask):
        return super().mean(x, getattr(x, "_keras_mask", None))


def joined(layer):
    inputs = {"query": (2, 5, 3), "value": (2, 5, 3)}
    return LayerCase(layer, {}, inputs, inputs_as="dict", mask="stop")


def meets(layer, **inputs):
    return LayerCase(layer, {}, {"query": (2, 5, 3), **inputs})


BROKEN = {
    "mask_is_passed_on": [
        (sequence(DropsMask, mask="pass"), "the output carries no mask"),
        (
            sequence(InvertsMask, mask="pass"),
            "the mask of the output is not the input's",
        ),
    ],
    "mask_is_used_up": [
        (mean(KeepsMask, mask="stop"), "the output still carries a mask"),
        (mean(ReducesMask, mask="stop"), "the output still carries a mask"),
    ],
    "mask_is_supported": [
        (mean(Unsupporting, mask="stop"), "supports_masking is False"),
        (every_other(UnsupportingSlice), "supports_masking is False"),
    ],
    "masked_steps_do_not_count": [
        (mean(IgnoresMask, mask="stop"), "what a masked step of `x` holds changes"),
        (mean(PeeksAtPadding, mask="stop"), "what a masked step of `x` holds changes"),
        (joined(OneMaskForBoth), "what a masked step of `query` holds changes"),
    ],
    "computed_mask_equals_its_function": [
        (every_other(WholeMask), "the output's mask is not the stated one"),
        (every_other(InventsMask), "carries a mask where no input carries one"),
        (
            sequence(DropsMask, mask=lambda _, x: x[..., 0] > 0),
            "the output carries no mask",
        ),
        (
            sequence(MadeWhereOneIs, mask=lambda _, x: x[..., 0] > 0),
            "carries no mask where no input carries one",
        ),
    ],
    "masks_are_delivered": [
        (meets(TrustsKeras, value=None), "the mask that `query` carries"),
        (meets(TrustsTheTensor, value=(2, 7, 3)), "the mask that `value` carries"),
        (joined(TrustsTheMembers), "the mask that `query` carries"),
    ],
}
