"""The linter against the Keras that is installed: its source is read, not imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from layergen.keras_tables import retired
from layergen.keras_tables.names import BACKEND, READ_ONLY
from layergen.lint import keras_layers
from layergen.lint.check import check_file

FOUND = find_spec("keras")
assert FOUND is not None and FOUND.origin is not None
KERAS = Path(FOUND.origin).parent
LAYERS = KERAS / "src" / "layers"

# What is found in Keras' own layers, which it registers in a way of its own, and is true.
TRUE = {
    # Not in the config, so that it is lost in saving.
    ("multi_head_attention.py", "LG704", "`flash_attention`"),
    ("grouped_query_attention.py", "LG704", "`flash_attention`"),
    # Kept from one call for what is asked between calls.
    ("grouped_query_attention.py", "LG713", "`_return_attention_scores`"),
    # No `name` and `dtype`, and no `dtype` in the config.
    ("feature_space.py", "LG706", "`FeatureSpace`"),
    ("pipeline.py", "LG706", "`Pipeline`"),
    # Takes a mask, and is taken for a layer that destroys it.
    ("pipeline.py", "LG750", "`Pipeline`"),
    # Its layers follow the global policy, whatever its own.
    ("random_color_jitter.py", "LG722", "`RandomColorJitter`"),
}


def parsed(*parts: str) -> ast.Module:
    return ast.parse(KERAS.joinpath(*parts).read_text("utf-8"))


def imported(*parts: str) -> set[str]:
    """The names that a module of Keras offers."""
    nodes = (n for n in ast.walk(parsed(*parts)) if isinstance(n, ast.ImportFrom))
    return {one.asname or one.name for node in nodes for one in node.names}


def methods(tree: ast.Module, name: str) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == name:
            yield from (one for one in node.body if isinstance(one, ast.FunctionDef))


def test_what_is_found_in_keras_own_layers_is_true() -> None:
    files = [path for path in LAYERS.rglob("*.py") if "_test" not in path.name]
    assert len(files) > 150
    found = {
        (Path(problem.file).name, problem.code, problem.message)
        for path in files
        for problem in check_file(path)
        if problem.code != "LG701"
    }
    named = {
        (file, code, name)
        for file, code, message in found
        for other, true, name in TRUE
        if (file, code) == (other, true) and name in message
    }
    assert named == TRUE and len(found) == len(TRUE)


def test_layers_are_keras_own() -> None:
    known = imported("layers", "__init__.py")
    groups = (keras_layers.COMPUTING, keras_layers.WEIGHTED, keras_layers.SEEDED)
    assert not set().union(*groups) - known


def test_backend_is_keras_own() -> None:
    assert imported("backend", "__init__.py") == BACKEND


def test_read_only_properties_are_keras_own() -> None:
    operation = parsed("src", "ops", "operation.py")
    both = [*methods(parsed("src", "layers", "layer.py"), "Layer")]
    both += methods(operation, "Operation")
    decorated = {(m.name, ast.unparse(d)) for m in both for d in m.decorator_list}
    properties = {name for name, how in decorated if how == "property"}
    setters = {name for name, how in decorated if how == f"{name}.setter"}
    assert {n for n in properties - setters if n[0] != "_"} == READ_ONLY


def test_gone_methods_are_gone() -> None:
    own = {
        method.name: method
        for method in methods(parsed("src", "layers", "layer.py"), "Layer")
    }
    for name in retired.GONE_METHODS:
        assert name not in own or "NotImplementedError" in ast.unparse(own[name])


def test_initializers_that_draw_nothing_are_keras_own() -> None:
    known = imported("initializers", "__init__.py")
    identifiers = {"one", "zero"}
    assert keras_layers.CONSTANT_INITIALIZERS <= known | identifiers
