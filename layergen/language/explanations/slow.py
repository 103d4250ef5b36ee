"""Slow and fragile code, and warnings: what each code means."""

from __future__ import annotations

from layergen.language.explanations.base import SCALED, explain, spec

LOOPED = """\
forward: |
  total = 0
  for i in range(features):
    total = total + x[:, i] * scale[i]
  return total"""
SLOW = (
    explain(
        "LG501",
        "a Python loop over an axis",
        "The loop is unrolled into as many operations as the axis is long, and breaks "
        "where the size is unknown. Work on the whole axis at once.",
        spec(LOOPED),
        spec("forward: ops.sum(x * scale, axis=-1)"),
    ),
    explain(
        "LG502",
        "assigning to a tensor's items",
        "Tensors cannot be changed in place.",
        spec(
            "forward: |\n  y = ops.zeros_like(x)\n  y[:, 0] = x[:, 0] * scale[0]\n"
            "  return y"
        ),
        spec("forward: |\n  y = x * scale\n  return ops.where(x > 0, y, 0)"),
    ),
    explain(
        "LG503",
        "Python's `if` on a tensor",
        "A tensor's value is not known while the graph is made, so that Python cannot "
        "decide by it; a size may be unknown then as well.",
        spec("forward: x * scale if ops.sum(x) > 0 else x"),
        spec("forward: ops.where(x > 0, x * scale, x)"),
    ),
    explain(
        "LG504",
        "NumPy on tensors",
        "It takes the tensor out of the graph: no gradient, no compiling.",
        spec("forward: np.exp(x) * scale"),
        spec("forward: ops.exp(x) * scale"),
    ),
    explain(
        "LG505",
        "a variable or layer made in `forward`",
        "It would be made anew at every call and never be trained or saved.",
        spec("forward: keras.layers.ReLU()(x) * scale"),
        spec("forward: ops.relu(x) * scale"),
    ),
    explain(
        "LG506",
        "a tensor turned into a number",
        "A tensor's value is not known while the graph is made.",
        spec("forward: x * scale * float(ops.sum(x))"),
        spec("forward: x * scale * ops.sum(x)"),
    ),
    explain(
        "LG507",
        "as many tensors as a size says that may be known only when the layer runs",
        "A graph has a fixed number of tensors. A size that a weight or a derived value "
        "rests on is known at build.",
        spec("forward: ops.unstack(x, axis=0)[0] * scale"),
        spec("forward: ops.unstack(x, axis=1)[0] * scale"),
    ),
    explain(
        "LG508",
        "several tensors carried by a scan",
        "On TensorFlow `ops.scan` carries one tensor.",
        spec(
            "forward: |\n"
            "  steps = ops.argsort(x)\n"
            "  add = lambda c, a: ((c[0] + a, c[1]), c[0])\n"
            "  return ops.scan(add, (steps[0], steps[0]), steps)[1] * scale"
        ),
        spec(
            "forward: |\n"
            "  steps = ops.argsort(x)\n"
            "  add = lambda c, a: (c + a, c)\n"
            "  return ops.scan(add, steps[0], steps)[1] * scale"
        ),
    ),
)

WARNINGS = (
    explain(
        "LGW01",
        "a number that overflows float16",
        "Under mixed precision it becomes infinite, and infinity minus infinity is not "
        "a number.",
        spec("forward: x * scale - 1e9"),
        spec("forward: x * scale - 1e4"),
    ),
    explain(
        "LGW02",
        "a copy that broadcasting makes needless",
        "Arithmetic stretches axes of size 1 by itself, without the memory.",
        spec("forward: x * ops.broadcast_to(scale, ops.shape(x))"),
    ),
    explain(
        "LGW03",
        "what is not trained under XLA",
        "TensorFlow cannot train `ops.scan`, `ops.associative_scan`, `ops.fori_loop` and, "
        "without `maximum_iterations`, `ops.while_loop` under XLA, nor `ops.repeat` inside "
        "of a loop, as the RNN around a cell is one. The layer has "
        "`supports_jit = False`, so that `fit` does without where nobody asks for it.",
        spec("forward: ops.associative_scan(ops.add, x * scale, axis=1)"),
        spec("forward: ops.cumsum(x * scale, axis=1)"),
    ),
    explain(
        "LGW04",
        "a built-in layer in disguise",
        "Say `equivalent`, and the tests compare with it; or use the built-in layer.",
        spec("weights:\n  kernel: [features, 4]", "forward: x @ kernel"),
        spec(
            "weights:\n  kernel: [features, 4]",
            "forward: x @ kernel",
            "equivalent: Dense(4, use_bias=False)",
        ),
    ),
    explain(
        "LGW05",
        "nothing uses it",
        "An argument, derived value or function without effect.",
        spec("args: {factor: float = 2.0}"),
        spec(*SCALED),
    ),
    explain(
        "LGW06",
        "a weight or layer without use",
        "`forward` never uses it: it gets no gradient.",
        spec("forward: x * 2"),
    ),
    explain(
        "LGW07",
        "a state that never changes",
        "`forward` never assigns to it.",
        spec("states: {offset: [features]}", "forward: x * scale + offset"),
        spec(
            "states: {offset: [features]}",
            "forward: |\n  offset = ops.mean(x, axis=0)\n  return x * scale + offset",
        ),
    ),
    explain(
        "LGW08",
        "a gradient that ignores what comes in",
        "By the chain rule a gradient is `upstream` times something; where it is meant "
        "not to be, `surrogate: true` says so.",
        spec(
            "functions: {double: {args: [y], forward: y * 2, gradient: 2 * y}}",
            "forward: double(x) * scale",
        ),
        spec(
            "functions: {double: {args: [y], forward: y * 2, gradient: 2 * upstream}}",
            "forward: double(x) * scale",
        ),
    ),
    explain(
        "LGW09",
        "a scan over several tensors that may be open",
        "On TensorFlow `ops.scan` goes over several tensors only where their first axis is "
        "known.",
        spec(
            "forward: |\n  i = ops.argmax(x, axis=-1)\n"
            "  found = ops.scan(lambda c, a: (c, a[0] + a[1]), i[0], (i, 2 * i))\n"
            "  return x * found[0] * scale"
        ),
        spec(
            "forward: |\n  i = ops.argmax(x, axis=-1)\n"
            "  found = ops.scan(lambda c, a: (c, 3 * a), i[0], i)\n"
            "  return x * found[0] * scale"
        ),
    ),
)
