"""What calls of Keras are held to: nothing that Keras itself writes is refused."""

from __future__ import annotations

import ast

import pytest

from layergen.forward.checks.arguments import misfits, unknown_identifiers
from layergen.keras_tables import table
from layergen.keras_tables.signatures import ROWS, signature


def call(text: str) -> ast.Call:
    found = ast.parse(text, mode="eval").body
    assert isinstance(found, ast.Call)
    return found


def all_names() -> list[str]:
    return [f"{module}.{name}" for module, rows in ROWS.items() for name in rows]


def test_every_signature_fits_itself() -> None:
    """Each called with all its parameters by name, and with those of a place by place."""
    for name in all_names():
        parameters = signature(name)
        assert parameters is not None, name
        named = [p for p in parameters if p.how in ("any", "name")]
        by_name = ", ".join(f"{p.name}={p.default or '0'}" for p in named)
        places = ", ".join(p.default or "0" for p in named if p.how == "any")
        alone = ", ".join(
            f"{p.name}={p.default or '0'}" for p in named if p.how == "name"
        )
        for given in (by_name, ", ".join(filter(None, [places, alone]))):
            node = call(f"f({given})")
            assert not [*misfits(node, name, parameters)], (name, given)
            if name.startswith("keras.layers."):
                assert not [*unknown_identifiers(node, parameters)], (name, given)


@pytest.mark.parametrize("name", sorted(table.OPS))
def test_what_is_missing_is_told(name: str) -> None:
    parameters = signature(f"keras.ops.{name}")
    assert parameters is not None
    required = [p.name for p in parameters if p.required]
    found = [message for _, message, _ in misfits(call("f()"), name, parameters)]
    assert bool(found) is bool(required)
    assert all(f"`{one}`" in found[0] for one in required)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("f(*x)", 0),
        ("f(*x, axis=1, dim=2)", 1),
        ("f(**x)", 0),
        ("f(x, 1, True, 4, 5)", 1),
        ("f(x, x=1)", 1),
        ("f(axis=1)", 1),
        ("f(input=x, dim=1)", 2),
        ("f(x, *y, *z)", 0),
        ("f(x, axis=1, **z)", 0),
    ],
)
def test_how_much_is_told(text: str, told: int) -> None:
    parameters = signature("keras.ops.mean")
    assert parameters is not None
    assert len([*misfits(call(text), "ops.mean", parameters)]) == told
