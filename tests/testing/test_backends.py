"""Each backend offers all that the checks ask for, under the same names.

mypy compares types as well; this needs neither mypy nor any backend.
"""

import ast
from importlib.resources import files

import pytest

FOLDER = files("layergen.testing") / "backend"
ASKED = (FOLDER / "__init__.py").read_text("utf-8")
BACKENDS = {
    name: (FOLDER / f"{name}.py").read_text("utf-8")
    for name in ("on_tensorflow", "on_jax", "on_torch")
}


def signatures(text, of=None):
    """The public functions of a module, or of a class in it: name to parameters."""
    tree = ast.parse(text)
    if of is not None:
        (tree,) = (one for one in tree.body if getattr(one, "name", None) == of)
    return {
        one.name: [each.arg for each in one.args.args if each.arg != "self"]
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and one.name[0] != "_"
    }


@pytest.mark.parametrize("backend", BACKENDS)
def test_backend_offers_what_is_asked_and_no_more(backend):
    asked = signatures(ASKED, of="Backend")
    assert len(asked) > 10
    assert signatures(BACKENDS[backend]) == asked


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "change",
    [
        ("def is_tensor(", "def _is_tensor("),
        ("def serve(model: Any, ", "def serve(network: Any, "),
        ("def devices(", "def gpus() -> None: ...\n\n\ndef devices("),
    ],
)
def test_what_is_forgotten_renamed_or_asked_by_nobody_shows(backend, change):
    broken = BACKENDS[backend].replace(*change)
    assert broken != BACKENDS[backend]
    assert signatures(broken) != signatures(ASKED, of="Backend")


def test_another_backend_is_refused_by_name():
    from layergen.testing.backend import backend_named

    with pytest.raises(ImportError, match="KERAS_BACKEND is 'numpy'"):
        backend_named("numpy")
