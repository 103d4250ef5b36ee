"""The order in which Keras saves what generated layers create."""

from layergen.loading import read_spec
from layergen.project.variables import variables
from layergen.rendering import render

SPEC = """
layer: Mixed
args: {gated: bool = True, fine: bool = True}
inputs: [batch, features]
outputs: [batch, features]
weights:
  fixed: {shape: [2], trainable: false}
  kernel: [3]
  tuned: {shape: [4], trainable: fine}
  gate: {shape: [5], when: gated}
  anchor: {shape: [6], trainable: false}
  bias: [7]
states:
  count: {shape: [8]}
  total: {shape: [9]}
forward: |
  count += 1
  total += ops.sum(anchor)
  x = x + ops.sum(kernel) * ops.sum(fixed) + ops.sum(bias) + ops.sum(tuned)
  if gated:
    x = x + ops.sum(gate)
  return x
"""


def test_the_guard_lists_variables_as_keras_saves_them():
    reading = read_spec(SPEC, "mixed.yaml", "mixed")
    assert reading.spec, reading.problems
    found = {}
    exec(render(reading.spec)["mixed.py"], found)
    layer = found["Mixed"]()
    layer.build((2, 11))
    saved = {}
    layer.save_own_variables(saved)
    sizes = [saved[str(index)].shape[0] for index in range(len(saved))]
    assert sizes == [3, 4, 5, 7, 2, 6, 8, 9]
    listed = [one.text for one in variables(reading.spec)]
    by_size = {weight.shape[0]: weight.name for weight in layer.weights}
    assert [one.partition(": ")[0] for one in listed] == [by_size[n] for n in sizes]
