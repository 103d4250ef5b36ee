"""`layergen schema`."""

from __future__ import annotations

import click

from layergen.commands.common import emit_json, quiet_option


@click.command(epilog="\b\nExample:\n  layergen schema > layergen.schema.json")
@quiet_option
def schema() -> None:
    """Print the JSON Schema of the spec, for editors."""
    from layergen.language.schema import schema as spec_schema

    emit_json(spec_schema())
