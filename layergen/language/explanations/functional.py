"""What the functional style refuses: what each code means."""

from __future__ import annotations

from layergen.language.explanations.base import explain, spec


def functional(*changes: str) -> str:
    """A spec in functional style with keys replaced or added."""
    weights = "weights: {kernel: [features, 4]}", "equivalent: Dense(4, use_bias=False)"
    return spec("style: functional", *weights, "forward: x @ kernel", *changes)


FUNCTIONAL = (
    explain(
        "LG601",
        "no built-in layer holds this weight",
        "A model in functional style has no weights but those of Dense (`x @ w + b`), EinsumDense (`ops.einsum(equation, x, w) + b`) and Embedding (`ops.take(w, x, axis=0)`). A weight that is used otherwise, or is made otherwise than theirs, needs a class.",
        functional("forward: x @ ops.relu(kernel)"),
        functional(),
    ),
    explain(
        "LG602",
        "a state, a cell or an old name in functional style",
        "What a model of built-in layers computes depends on its inputs and weights alone, and it is saved under their names, not under one of its own.",
        functional(
            "states: {count: []}", "forward: |\n  count += 1\n  return x @ kernel"
        ),
        functional(),
    ),
    explain(
        "LG603",
        "something that only a call can be given",
        "`training`, masks, random numbers, added losses and arguments of `call` belong to a layer of its own; a model takes tensors.",
        functional("forward: ops.relu(x @ kernel) if training else x @ kernel"),
        functional(),
    ),
    explain(
        "LG604",
        "an input that a model cannot take",
        "A model takes every input, each a single tensor that begins with the batch axis.",
        functional("inputs: [8, features]"),
        functional(),
    ),
    explain(
        "LG605",
        "a gradient in functional style",
        "A custom gradient does not work on the symbolic tensors that a model is built of.",
        functional(
            "functions: {gate: {args: [y], forward: ops.tanh(y), gradient: auto}}",
            "forward: gate(x @ kernel)",
        ),
        functional(),
    ),
    explain(
        "LG606",
        "a size that is not known when the model is built",
        "The batch has no size then. Other axes have one, by the name that `inputs` gives them, and the function asks for it.",
        functional("forward: x @ kernel * batch"),
        functional(),
    ),
    explain(
        "LG607",
        "an operation that holds a Python function",
        "A saved model cannot hold the function.",
        functional('forward: "ops.map(lambda row: row, x @ kernel)"'),
        functional(),
    ),
    explain(
        "LG608",
        "a sublayer that is not built in",
        "The model is to load without the code of the project, so it holds Keras' own layers only, and no Lambda.",
        functional("layers: {last: Lambda(len)}", "forward: last(x @ kernel)"),
        functional(),
    ),
    explain(
        "LG609",
        "a name of the function's own",
        "The function that builds the model has parameters besides the spec's names: `name`, `dtype`, `input_shape` (or `<input>_shape`) and the arguments. An input alone may be called so, if `forward` does not assign to it.",
        functional(
            "forward: |\n  dtype = x.dtype\n  return ops.cast(x @ kernel, dtype)"
        ),
        functional(),
    ),
    explain(
        "LG610",
        "a mask that would be lost",
        "Dense, Dropout, normalizations and activations hand a mask on; operations drop it. Other ways with masks need a class.",
        functional("mask: pass", "forward: ops.relu(x @ kernel)"),
        functional(),
    ),
)
