"""Names to try in every role of a spec."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

GENERATED = """
    added arguments args as_class by_class cls compute_dtype computed_mask config count
    d_a d_x dense dense_layer einsum_dense embedding expected forward grad gradient i
    index inner inputs item j k layer made_forward model n name dtype one other outputs
    outside pair pairs rank received reference reference_of_model rng same_as_builtin
    shape shapes sizes spread surrogate targets tensor tensors values value weights
    with_gradient check case f kernel a_shape b_shape x_shape y_shape input_shape a_mask
    kernel_initializer a_kernel_initializer kernel_dense batch_size states operation
    variable x_gradient a_gradient values_1 shape_1 index_1 name_1 inputs_1 outputs_1
    """
KERAS = """
    output input losses variables path build call built trainable metrics get_config
    weights compute_mask input_spec dtype_policy supports_masking activation seed
    seed_generator reset_state state_size output_size
    """
BUILTINS = """
    len sum list range max min tuple isinstance zip any all getattr hasattr str int bool
    float dict map type id input super ValueError enumerate filter next print object
    """
MODULES = """
    keras ops random math np tf numpy tensorflow activations initializers regularizers
    constraints pytest layergen json LayerCase Input parametrize_checks defaults_of
    check_gradient CASES FUNCTION_CASES assert_close test_contract request sys
    """
ODD = """
    l O I _ _a __a class lambda None True match case type_ self kwargs mask training
    upstream add_loss Made made Dense Dropout test_made Layer import is
    """
PLAIN = """
    a b c y z alpha beta units features width depth time gain scale rate flag
    query key hidden norm bias steps left right total half first last u v w
    """
POOL = {
    "generated": GENERATED.split(),
    "keras": KERAS.split(),
    "builtins": BUILTINS.split(),
    "modules": MODULES.split(),
    "odd": ODD.split(),
    "plain": PLAIN.split(),
}
# Most names are ones that may be used, so that most specs are told apart by few.
WEIGHTS = {
    "generated": 50,
    "keras": 1,
    "builtins": 1,
    "modules": 1.5,
    "odd": 0.7,
    "plain": 45,
}


def drawn(draw: Random) -> str:
    """One name of the pool."""
    [kind] = draw.choices(list(POOL), list(WEIGHTS.values()))
    return draw.choice(POOL[kind])


class Drawn:
    """Names for one spec: seldom the same twice."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.used: set[str] = set()

    def one(self, but: Collection[str] = ()) -> str:
        """A name, seldom one of `but`."""
        name = drawn(self.draw)
        for _ in range(30):
            if not (name in self.used or name in but) or self.draw.random() < 0.002:
                break
            name = drawn(self.draw)
        self.used.add(name)
        return name
