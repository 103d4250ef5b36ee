"""Which layer classes of an installed project can be made, and with which arguments.

    python benchmarks/public_layers/finding.py IMPORT_NAME...

prints a line of JSON a project: a mapping from `module:Class` to constructor arguments.
Of a class whose constructor demands arguments, values that people give are tried by
their names.
"""

import contextlib
import importlib
import inspect
import io
import itertools
import json
import os
import pkgutil
import re
import sys
import warnings
from collections.abc import Iterator
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402

DENSE = {"class_name": "Dense", "config": {"units": 8}}
LSTM = {"class_name": "LSTMCell", "config": {"units": 8}}
# A pattern of a parameter's name, and what is tried, the first that works.
VALUES: tuple[tuple[str, list[Any]], ...] = (
    (r"^(layer|module|block|base_layer|wrapped_layer|inner_layer|fn)$", [DENSE]),
    (r"^cell$", [LSTM]),
    (r"layers|blocks|modules$", [[DENSE], 2]),
    (r"prob|rate|alpha|epsilon|eps|factor|temperature|ratio|scale|slope", [0.25, 2]),
    (r"kernel_size|pool_size|window|patch|stride", [2, [2, 2], [2, 2, 2]]),
    (r"heads|groups|experts|depth|num_layers|order|degree|num_blocks", [2]),
    (r"shape|image_size|grid", [[4, 4], [8], 4, [4, 4, 3]]),
    (r"axis|axes", [-1, 1]),
    (r"activation", ["relu"]),
    (r"initializer", ["glorot_uniform"]),
    (r"equation", ["ab,bc->ac"]),
    (r"vocab|tokens|classes|input_dim|num_embeddings", [12]),
    (r"length|steps|max_len", [8]),
    (r"^(use|is|has|add|with|return)_", [True]),
    (
        r"units|dim|channels|filters|features|width|size|hidden|output|num_|^n_",
        [8, [8]],
    ),
    (r"mode|method|type|name", ["mean", "sum", "a"]),
)
ANYTHING = [8, 2, 0.5, "relu", [8], [2, 2], True]
MOST_TRIES = 40
# What is no part of what a project offers.
LEFT_OUT = re.compile(r"test|bench|example|setup|script|convert|__main__|torch|jax")


def modules(name: str) -> Iterator[Any]:
    """A module and all below it that can be imported."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            module = importlib.import_module(name)
    except BaseException:  # A module may do anything, also end the process.
        return
    yield module
    for one in pkgutil.iter_modules(getattr(module, "__path__", [])):
        if not LEFT_OUT.search(one.name):
            yield from modules(f"{name}.{one.name}")


def layers(top: str) -> dict[str, Any]:
    """The layer classes that a project defines, by `module:Class`."""
    found = {}
    for module in modules(top):
        for name, one in vars(module).items():
            if is_layer(one, top) and not name.startswith("_"):
                found[f"{one.__module__}:{one.__name__}"] = one
    return dict(sorted(found.items()))


def is_layer(one: Any, top: str) -> bool:
    """Whether something is a layer class of the project with a `call` of its own."""
    return (
        inspect.isclass(one)
        and one.__module__.split(".")[0] == top
        and issubclass(one, keras.layers.Layer)
        and not issubclass(one, keras.Model)
        and not inspect.isabstract(one)
        and any(
            "call" in vars(kind)
            for kind in one.__mro__
            if not kind.__module__.startswith("keras.")
        )
    )


def arguments(layer: Any) -> dict[str, Any] | None:
    """Constructor arguments that a layer can be made with; None where none are found."""
    from layergen.commands.verify_target import arguments as made

    parameters = [*inspect.signature(layer.__init__).parameters.values()][1:]
    names = [
        one.name
        for one in parameters
        if one.default is one.empty
        and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    tries = itertools.product(*(tried(name) for name in names))
    for values in itertools.islice(tries, MOST_TRIES):
        args = dict(zip(names, values, strict=True))
        with contextlib.suppress(BaseException), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with contextlib.redirect_stdout(io.StringIO()):
                layer(**made(json.dumps(args)))
            return args
    return None


def tried(name: str) -> list[Any]:
    """What is tried for a parameter of this name."""
    for pattern, values in VALUES:
        if re.search(pattern, name):
            return values
    return ANYTHING


def main() -> None:
    """Print what can be made of the projects that the command line names."""
    for top in sys.argv[1:]:
        found = {place: arguments(one) for place, one in layers(top).items()}
        made = {place: one for place, one in found.items() if one is not None}
        print(json.dumps({top: made}), flush=True)


if __name__ == "__main__":
    main()
