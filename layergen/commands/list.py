"""`layergen list`."""

from __future__ import annotations

import click

from layergen.commands.common import (
    emit_json,
    json_option,
    quiet_option,
    say,
)


@click.command("list", epilog="\b\nExamples:\n  layergen list\n  layergen list --json")
@json_option
@quiet_option
def list_gallery(as_json: bool) -> None:
    """List the layers that ship with layergen."""
    from layergen import gallery
    from layergen.loading import read_spec

    layers = []
    for name in gallery.names():
        spec = read_spec(gallery.text(name), f"{name}.yaml", name).spec
        assert spec is not None
        layers.append({"name": name, "doc": spec.doc or "", "style": spec.style})
    if as_json:
        emit_json(layers)
        return
    width = max(len(layer["name"]) for layer in layers)
    for layer in layers:
        summary = layer["doc"].strip().partition("\n")[0]
        say(f"{layer['name']:{width}}  {summary}")
