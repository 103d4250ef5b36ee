"""Nothing that a gradient may need is changed in place, which PyTorch refuses or does."""

import pytest

from layergen.loading import read_spec
from layergen.rendering import render

SPEC = """
layer: Carried
inputs: [batch, features]
args: {{rate: float = 0.5}}
weights:
  decay: [features]
states:
  total: {{shape: [features]}}
  count: {{shape: [], dtype: int32}}
forward: |
  {}
  return y
"""


def call_of(*lines):
    spec = read_spec(SPEC.format("\n  ".join(lines)), "carried.yaml").spec
    return render(spec, "class")["carried.py"].partition("def call")[2]


@pytest.mark.parametrize(
    ("lines", "is_copied"),
    [
        (("y = x * total", "total = 0.9 * total"), True),
        (("y = x * ops.cast(total, x.dtype)", "total = 0.9 * total"), True),
        (("total = decay * total", "y = x * total"), True),
        (("total *= decay", "total += 1", "y = x * total"), True),
        # A sum keeps nothing, a product with a number no tensor.
        (("y = x - total", "total = 0.9 * total"), False),
        (("y = x + rate * total", "total = 0.9 * total"), False),
        (("total = rate * total", "y = x * total"), False),
        # What is assigned alone has no gradient, and integers have none.
        (("total = decay * total", "y = x"), False),
        (("y = x * count", "count += 1"), False),
    ],
)
def test_a_state_that_a_gradient_needs_is_copied_before_it_is_updated(lines, is_copied):
    assert ("ops.copy(self.total)" in call_of(*lines)) == is_copied
    assert "ops.copy(self.count)" not in call_of(*lines)


def test_an_augmented_assignment_to_a_tensor_is_spelled_out():
    call = call_of("y = x", "y += decay", "n = 1", "n += 1", "y **= n")
    assert "y = y + self.decay" in call and "y = y**n" in call
    assert "n += 1" in call
